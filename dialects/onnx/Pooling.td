//===- Pooling.td - Pooling operators ---------------------------*- tablegen -*-===//

#ifndef ASSAY_DIALECTS_ONNX_POOLING_TD
#define ASSAY_DIALECTS_ONNX_POOLING_TD

include "dialects/onnx/OnnxBase.td"

def Onnx_AveragePoolOp : Onnx_Op<"AveragePool", 22, "T->T"> {
  let summary = "AveragePool";
  // channels_last is ours, set by layout planning and never exported: X and the
  // result are N x spatial x C instead of N x C x spatial; W stays as it is.
  let arguments = (ins Onnx_FloatTensor:$X,
                       DefaultValuedStrAttr<StrAttr, "NOTSET">:$auto_pad,
                       DefaultValuedAttr<I64Attr, "0">:$ceil_mode,
                       DefaultValuedAttr<I64Attr, "0">:$count_include_pad,
                       OptionalAttr<DenseI64ArrayAttr>:$dilations,
                       DenseI64ArrayAttr:$kernel_shape,
                       OptionalAttr<DenseI64ArrayAttr>:$pads,
                       OptionalAttr<DenseI64ArrayAttr>:$strides,
                       UnitAttr:$channels_last);
  let results = (outs Onnx_FloatTensor:$Y);
}

def Onnx_GlobalAveragePoolOp : Onnx_Op<"GlobalAveragePool", 22, "T->T"> {
  let summary = "GlobalAveragePool";
  let arguments = (ins Onnx_FloatTensor:$X);
  let results = (outs Onnx_FloatTensor:$Y);
}

def Onnx_GlobalMaxPoolOp : Onnx_Op<"GlobalMaxPool", 22, "T->T"> {
  let summary = "GlobalMaxPool";
  let arguments = (ins Onnx_FloatTensor:$X);
  let results = (outs Onnx_FloatTensor:$Y);
}

def Onnx_LpPoolOp : Onnx_Op<"LpPool", 22, "T->T"> {
  let summary = "LpPool";
  let arguments = (ins Onnx_FloatTensor:$X,
                       DefaultValuedStrAttr<StrAttr, "NOTSET">:$auto_pad,
                       DefaultValuedAttr<I64Attr, "0">:$ceil_mode,
                       OptionalAttr<DenseI64ArrayAttr>:$dilations,
                       DenseI64ArrayAttr:$kernel_shape,
                       DefaultValuedAttr<I64Attr, "2">:$p,
                       OptionalAttr<DenseI64ArrayAttr>:$pads,
                       OptionalAttr<DenseI64ArrayAttr>:$strides);
  let results = (outs Onnx_FloatTensor:$Y);
}

def Onnx_MaxPoolOp : Onnx_Op<"MaxPool", 22, "T->T,i64"> {
  let summary = "MaxPool";
  // channels_last is ours, set by layout planning and never exported: X and the
  // result are N x spatial x C instead of N x C x spatial; W stays as it is.
  let arguments = (ins Onnx_TensorOf<[I8, UI8, F16, BF16, F32, F64]>:$X,
                       DefaultValuedStrAttr<StrAttr, "NOTSET">:$auto_pad,
                       DefaultValuedAttr<I64Attr, "0">:$ceil_mode,
                       OptionalAttr<DenseI64ArrayAttr>:$dilations,
                       DenseI64ArrayAttr:$kernel_shape,
                       OptionalAttr<DenseI64ArrayAttr>:$pads,
                       DefaultValuedAttr<I64Attr, "0">:$storage_order,
                       OptionalAttr<DenseI64ArrayAttr>:$strides,
                       UnitAttr:$channels_last);
  let results = (outs Onnx_TensorOf<[I8, UI8, F16, BF16, F32, F64]>:$Y,
                       Onnx_I64Tensor:$Indices);
}

#endif
