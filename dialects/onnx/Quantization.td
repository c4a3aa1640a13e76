//===- Quantization.td - Quantization operators ---------------------------*- tablegen -*-===//

#ifndef ASSAY_DIALECTS_ONNX_QUANTIZATION_TD
#define ASSAY_DIALECTS_ONNX_QUANTIZATION_TD

include "dialects/onnx/OnnxBase.td"

def Onnx_QuantizedTensor
    : Onnx_TensorOf<[I<2>, I<4>, I8, I16, UI<2>, UI<4>, UI8, UI16, F4E2M1FN,
                     F6E2M3FN, F6E3M2FN, F8E4M3FN, F8E4M3FNUZ, F8E5M2,
                     F8E5M2FNUZ]>;
def Onnx_DequantizableTensor
    : Onnx_TensorOf<[I<2>, I<4>, I8, I16, I32, UI<2>, UI<4>, UI8, UI16,
                     F4E2M1FN, F6E2M3FN, F6E3M2FN, F8E4M3FN, F8E4M3FNUZ, F8E5M2,
                     F8E5M2FNUZ]>;

def Onnx_DequantizeLinearOp : Onnx_Op<"DequantizeLinear", 28, "T1,T2,T1?->T3"> {
  let summary = "DequantizeLinear";
  let arguments = (ins Onnx_DequantizableTensor:$x,
                       Onnx_TensorOf<[F16, BF16, F32, F8E8M0FNU]>:$x_scale,
                       Optional<Onnx_DequantizableTensor>:$x_zero_point,
                       DefaultValuedAttr<I64Attr, "1">:$axis,
                       DefaultValuedAttr<I64Attr, "0">:$block_size,
                       OptionalAttr<TypeAttr>:$output_dtype);
  let results = (outs Onnx_TensorOf<[F16, BF16, F32]>:$y);
}

def Onnx_DynamicQuantizeLinearOp : Onnx_Op<"DynamicQuantizeLinear", 11, "f32->ui8,f32,ui8"> {
  let summary = "DynamicQuantizeLinear";
  let arguments = (ins Onnx_TensorOf<[F32]>:$x);
  let results = (outs Onnx_TensorOf<[UI8]>:$y,
                       Onnx_TensorOf<[F32]>:$y_scale,
                       Onnx_TensorOf<[UI8]>:$y_zero_point);
}

def Onnx_QuantizeLinearOp : Onnx_Op<"QuantizeLinear", 28, "T1,T2,T3?->T3"> {
  let summary = "QuantizeLinear";
  let arguments = (ins Onnx_TensorOf<[I32, F16, BF16, F32]>:$x,
                       Onnx_TensorOf<[I32, F16, BF16, F32, F8E8M0FNU]>:$y_scale,
                       Optional<Onnx_QuantizedTensor>:$y_zero_point,
                       DefaultValuedAttr<I64Attr, "1">:$axis,
                       DefaultValuedAttr<I64Attr, "0">:$block_size,
                       OptionalAttr<TypeAttr>:$output_dtype,
                       DefaultValuedAttr<I64Attr, "0">:$precision,
                       DefaultValuedAttr<I64Attr, "1">:$saturate);
  let results = (outs Onnx_QuantizedTensor:$y);
}

#endif
