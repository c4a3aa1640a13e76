//===- Contraction.td - Contraction operators ---------------------------*- tablegen -*-===//

#ifndef ASSAY_DIALECTS_ONNX_CONTRACTION_TD
#define ASSAY_DIALECTS_ONNX_CONTRACTION_TD

include "dialects/onnx/OnnxBase.td"

def Onnx_EinsumOp : Onnx_Op<"Einsum", 28, "T...->T"> {
  let summary = "Einsum";
  let arguments = (ins Variadic<Onnx_NumericTensor>:$Inputs,
                       StrAttr:$equation);
  let results = (outs Onnx_NumericTensor:$Output);
}

def Onnx_GemmOp : Onnx_Op<"Gemm", 13, "T,T,T?->T"> {
  let summary = "Gemm";
  let arguments = (ins Onnx_FloatOrBigIntTensor:$A,
                       Onnx_FloatOrBigIntTensor:$B,
                       Optional<Onnx_FloatOrBigIntTensor>:$C,
                       DefaultValuedAttr<F32Attr, "1.0f">:$alpha,
                       DefaultValuedAttr<F32Attr, "1.0f">:$beta,
                       DefaultValuedAttr<I64Attr, "0">:$transA,
                       DefaultValuedAttr<I64Attr, "0">:$transB);
  let results = (outs Onnx_FloatOrBigIntTensor:$Y);
}

def Onnx_MatMulOp : Onnx_Op<"MatMul", 13, "T,T->T"> {
  let summary = "MatMul";
  let arguments = (ins Onnx_FloatOrBigIntTensor:$A,
                       Onnx_FloatOrBigIntTensor:$B);
  let results = (outs Onnx_FloatOrBigIntTensor:$Y);
}

#endif
