//===- Activation.td - Activation operators ---------------------------*- tablegen -*-===//

#ifndef ASSAY_DIALECTS_ONNX_ACTIVATION_TD
#define ASSAY_DIALECTS_ONNX_ACTIVATION_TD

include "dialects/onnx/OnnxBase.td"

def Onnx_CeluOp : Onnx_Op<"Celu", 28, "T->T"> {
  let summary = "Celu";
  let arguments = (ins Onnx_FloatTensor:$X,
                       DefaultValuedAttr<F32Attr, "1.0f">:$alpha);
  let results = (outs Onnx_FloatTensor:$Y);
}

def Onnx_ClipOp : Onnx_Op<"Clip", 13, "T,T?,T?->T", [AttrSizedOperandSegments]> {
  let summary = "Clip";
  let arguments = (ins Onnx_NumericTensor:$input,
                       Optional<Onnx_NumericTensor>:$min,
                       Optional<Onnx_NumericTensor>:$max);
  let results = (outs Onnx_NumericTensor:$output);
}

def Onnx_DropoutOp : Onnx_Op<"Dropout", 22, "T,T1?,i1?->T,i1", [AttrSizedOperandSegments]> {
  let summary = "Dropout";
  let arguments = (ins Onnx_TensorOf<[F16, BF16, F32, F64, F8E4M3FN, F8E4M3FNUZ, F8E5M2, F8E5M2FNUZ]>:$data,
                       Optional<Onnx_TensorOf<[F16, BF16, F32, F64, F8E4M3FN, F8E4M3FNUZ, F8E5M2, F8E5M2FNUZ]>>:$ratio,
                       Optional<Onnx_BoolTensor>:$training_mode,
                       OptionalAttr<I64Attr>:$seed);
  let results = (outs Onnx_TensorOf<[F16, BF16, F32, F64, F8E4M3FN, F8E4M3FNUZ, F8E5M2, F8E5M2FNUZ]>:$output,
                       Onnx_BoolTensor:$mask);
}

def Onnx_EluOp : Onnx_Op<"Elu", 22, "T->T"> {
  let summary = "Elu";
  let arguments = (ins Onnx_FloatTensor:$X,
                       DefaultValuedAttr<F32Attr, "1.0f">:$alpha);
  let results = (outs Onnx_FloatTensor:$Y);
}

def Onnx_GeluOp : Onnx_Op<"Gelu", 20, "T->T"> {
  let summary = "Gelu";
  let arguments = (ins Onnx_FloatTensor:$X,
                       DefaultValuedStrAttr<StrAttr, "none">:$approximate);
  let results = (outs Onnx_FloatTensor:$Y);
}

def Onnx_HardSigmoidOp : Onnx_Op<"HardSigmoid", 22, "T->T"> {
  let summary = "HardSigmoid";
  let arguments = (ins Onnx_FloatTensor:$X,
                       DefaultValuedAttr<F32Attr, "0.2f">:$alpha,
                       DefaultValuedAttr<F32Attr, "0.5f">:$beta);
  let results = (outs Onnx_FloatTensor:$Y);
}

def Onnx_HardSwishOp : Onnx_Op<"HardSwish", 22, "T->T"> {
  let summary = "HardSwish";
  let arguments = (ins Onnx_FloatTensor:$X);
  let results = (outs Onnx_FloatTensor:$Y);
}

def Onnx_HardmaxOp : Onnx_Op<"Hardmax", 13, "T->T"> {
  let summary = "Hardmax";
  let arguments = (ins Onnx_FloatTensor:$input,
                       DefaultValuedAttr<I64Attr, "-1">:$axis);
  let results = (outs Onnx_FloatTensor:$output);
}

def Onnx_LeakyReluOp : Onnx_Op<"LeakyRelu", 16, "T->T"> {
  let summary = "LeakyRelu";
  let arguments = (ins Onnx_FloatTensor:$X,
                       DefaultValuedAttr<F32Attr, "0.01f">:$alpha);
  let results = (outs Onnx_FloatTensor:$Y);
}

def Onnx_LogSoftmaxOp : Onnx_Op<"LogSoftmax", 13, "T->T"> {
  let summary = "LogSoftmax";
  let arguments = (ins Onnx_FloatTensor:$input,
                       DefaultValuedAttr<I64Attr, "-1">:$axis);
  let results = (outs Onnx_FloatTensor:$output);
}

def Onnx_MishOp : Onnx_Op<"Mish", 22, "T->T"> {
  let summary = "Mish";
  let arguments = (ins Onnx_FloatTensor:$X);
  let results = (outs Onnx_FloatTensor:$Y);
}

def Onnx_PReluOp : Onnx_Op<"PRelu", 16, "T,T->T"> {
  let summary = "PRelu";
  let arguments = (ins Onnx_FloatOrBigIntTensor:$X,
                       Onnx_FloatOrBigIntTensor:$slope);
  let results = (outs Onnx_FloatOrBigIntTensor:$Y);
}

def Onnx_ReluOp : Onnx_Op<"Relu", 14, "T->T"> {
  let summary = "Relu";
  let arguments = (ins Onnx_SignedTensor:$X);
  let results = (outs Onnx_SignedTensor:$Y);
}

def Onnx_SeluOp : Onnx_Op<"Selu", 22, "T->T"> {
  let summary = "Selu";
  let arguments = (ins Onnx_FloatTensor:$X,
                       DefaultValuedAttr<F32Attr, "1.6732632f">:$alpha,
                       DefaultValuedAttr<F32Attr, "1.050701f">:$gamma);
  let results = (outs Onnx_FloatTensor:$Y);
}

def Onnx_ShrinkOp : Onnx_Op<"Shrink", 9, "T->T"> {
  let summary = "Shrink";
  let arguments = (ins Onnx_TensorOf<[I8, I16, I32, I64, UI8, UI16, UI32, UI64, F16, F32, F64]>:$input,
                       DefaultValuedAttr<F32Attr, "0.0f">:$bias,
                       DefaultValuedAttr<F32Attr, "0.5f">:$lambd);
  let results = (outs Onnx_TensorOf<[I8, I16, I32, I64, UI8, UI16, UI32, UI64, F16, F32, F64]>:$output);
}

def Onnx_SigmoidOp : Onnx_Op<"Sigmoid", 13, "T->T"> {
  let summary = "Sigmoid";
  let arguments = (ins Onnx_FloatTensor:$X);
  let results = (outs Onnx_FloatTensor:$Y);
}

def Onnx_SoftmaxOp : Onnx_Op<"Softmax", 13, "T->T"> {
  let summary = "Softmax";
  let arguments = (ins Onnx_FloatTensor:$input,
                       DefaultValuedAttr<I64Attr, "-1">:$axis);
  let results = (outs Onnx_FloatTensor:$output);
}

def Onnx_SoftplusOp : Onnx_Op<"Softplus", 22, "T->T"> {
  let summary = "Softplus";
  let arguments = (ins Onnx_FloatTensor:$X);
  let results = (outs Onnx_FloatTensor:$Y);
}

def Onnx_SoftsignOp : Onnx_Op<"Softsign", 22, "T->T"> {
  let summary = "Softsign";
  let arguments = (ins Onnx_FloatTensor:$input);
  let results = (outs Onnx_FloatTensor:$output);
}

def Onnx_SwishOp : Onnx_Op<"Swish", 24, "T->T"> {
  let summary = "Swish";
  let arguments = (ins Onnx_FloatTensor:$X,
                       DefaultValuedAttr<F32Attr, "1.0f">:$alpha);
  let results = (outs Onnx_FloatTensor:$Y);
}

def Onnx_TanhOp : Onnx_Op<"Tanh", 13, "T->T"> {
  let summary = "Tanh";
  let arguments = (ins Onnx_FloatTensor:$input);
  let results = (outs Onnx_FloatTensor:$output);
}

def Onnx_ThresholdedReluOp : Onnx_Op<"ThresholdedRelu", 22, "T->T"> {
  let summary = "ThresholdedRelu";
  let arguments = (ins Onnx_FloatTensor:$X,
                       DefaultValuedAttr<F32Attr, "1.0f">:$alpha);
  let results = (outs Onnx_FloatTensor:$Y);
}

#endif
