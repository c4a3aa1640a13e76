//===- Recurrent.td - Recurrent operators ---------------------------*- tablegen -*-===//

#ifndef ASSAY_DIALECTS_ONNX_RECURRENT_TD
#define ASSAY_DIALECTS_ONNX_RECURRENT_TD

include "dialects/onnx/OnnxBase.td"

def Onnx_GRUOp : Onnx_Op<"GRU", 22, "T,T,T,T?,i32?,T?->T,T", [AttrSizedOperandSegments]> {
  let summary = "GRU";
  let arguments = (ins Onnx_FloatTensor:$X,
                       Onnx_FloatTensor:$W,
                       Onnx_FloatTensor:$R,
                       Optional<Onnx_FloatTensor>:$B,
                       Optional<Onnx_I32Tensor>:$sequence_lens,
                       Optional<Onnx_FloatTensor>:$initial_h,
                       OptionalAttr<DenseF32ArrayAttr>:$activation_alpha,
                       OptionalAttr<DenseF32ArrayAttr>:$activation_beta,
                       OptionalAttr<StrArrayAttr>:$activations,
                       OptionalAttr<F32Attr>:$clip,
                       DefaultValuedStrAttr<StrAttr, "forward">:$direction,
                       OptionalAttr<I64Attr>:$hidden_size,
                       DefaultValuedAttr<I64Attr, "0">:$layout,
                       DefaultValuedAttr<I64Attr, "0">:$linear_before_reset);
  let results = (outs Onnx_FloatTensor:$Y,
                       Onnx_FloatTensor:$Y_h);
}

def Onnx_LSTMOp : Onnx_Op<"LSTM", 22, "T,T,T,T?,i32?,T?,T?,T?->T,T,T", [AttrSizedOperandSegments]> {
  let summary = "LSTM";
  let arguments = (ins Onnx_FloatTensor:$X,
                       Onnx_FloatTensor:$W,
                       Onnx_FloatTensor:$R,
                       Optional<Onnx_FloatTensor>:$B,
                       Optional<Onnx_I32Tensor>:$sequence_lens,
                       Optional<Onnx_FloatTensor>:$initial_h,
                       Optional<Onnx_FloatTensor>:$initial_c,
                       Optional<Onnx_FloatTensor>:$P,
                       OptionalAttr<DenseF32ArrayAttr>:$activation_alpha,
                       OptionalAttr<DenseF32ArrayAttr>:$activation_beta,
                       OptionalAttr<StrArrayAttr>:$activations,
                       OptionalAttr<F32Attr>:$clip,
                       DefaultValuedStrAttr<StrAttr, "forward">:$direction,
                       OptionalAttr<I64Attr>:$hidden_size,
                       DefaultValuedAttr<I64Attr, "0">:$input_forget,
                       DefaultValuedAttr<I64Attr, "0">:$layout);
  let results = (outs Onnx_FloatTensor:$Y,
                       Onnx_FloatTensor:$Y_h,
                       Onnx_FloatTensor:$Y_c);
}

def Onnx_RNNOp : Onnx_Op<"RNN", 22, "T,T,T,T?,i32?,T?->T,T", [AttrSizedOperandSegments]> {
  let summary = "RNN";
  let arguments = (ins Onnx_FloatTensor:$X,
                       Onnx_FloatTensor:$W,
                       Onnx_FloatTensor:$R,
                       Optional<Onnx_FloatTensor>:$B,
                       Optional<Onnx_I32Tensor>:$sequence_lens,
                       Optional<Onnx_FloatTensor>:$initial_h,
                       OptionalAttr<DenseF32ArrayAttr>:$activation_alpha,
                       OptionalAttr<DenseF32ArrayAttr>:$activation_beta,
                       OptionalAttr<StrArrayAttr>:$activations,
                       OptionalAttr<F32Attr>:$clip,
                       DefaultValuedStrAttr<StrAttr, "forward">:$direction,
                       OptionalAttr<I64Attr>:$hidden_size,
                       DefaultValuedAttr<I64Attr, "0">:$layout);
  let results = (outs Onnx_FloatTensor:$Y,
                       Onnx_FloatTensor:$Y_h);
}

#endif
