//===- Creation.td - Creation operators ---------------------------*- tablegen -*-===//

#ifndef ASSAY_DIALECTS_ONNX_CREATION_TD
#define ASSAY_DIALECTS_ONNX_CREATION_TD

include "dialects/onnx/OnnxBase.td"

// Every form of ONNX Constant (value, value_int, sparse_value, ...) becomes one
// elements attribute; large ones are dense_resource blobs.
def Onnx_ConstantOp : Onnx_Op<"Constant", 25, "->T", [ConstantLike]> {
  let summary = "A tensor known at compile time";
  let arguments = (ins ElementsAttr:$value);
  let results = (outs Onnx_AnyTensor:$output);
  let hasFolder = 1;
}

def Onnx_ConstantOfShapeOp : Onnx_Op<"ConstantOfShape", 25, "i64->T2"> {
  let summary = "ConstantOfShape";
  let arguments = (ins Onnx_I64Tensor:$input,
                       OptionalAttr<ElementsAttr>:$value);
  let results = (outs Onnx_AnyTensor:$output);
}

def Onnx_EyeLikeOp : Onnx_Op<"EyeLike", 22, "T1->T2"> {
  let summary = "EyeLike";
  let arguments = (ins Onnx_TensorOf<[I1, I8, I16, I32, I64, UI8, UI16, UI32, UI64, F16, BF16, F32, F64]>:$input,
                       OptionalAttr<TypeAttr>:$dtype,
                       DefaultValuedAttr<I64Attr, "0">:$k);
  let results = (outs Onnx_TensorOf<[I1, I8, I16, I32, I64, UI8, UI16, UI32, UI64, F16, BF16, F32, F64]>:$output);
}

def Onnx_OneHotOp : Onnx_Op<"OneHot", 28, "T1,T2,T3->T3"> {
  let summary = "OneHot";
  let arguments = (ins Onnx_TensorOf<[I8, I16, I32, I64, UI8, UI16, UI32, UI64, F16, F32, F64]>:$indices,
                       Onnx_TensorOf<[I8, I16, I32, I64, UI8, UI16, UI32, UI64, F16, F32, F64]>:$depth,
                       Onnx_AnyTensor:$values,
                       DefaultValuedAttr<I64Attr, "-1">:$axis);
  let results = (outs Onnx_AnyTensor:$output);
}

def Onnx_RangeOp : Onnx_Op<"Range", 27, "T,T,T->T"> {
  let summary = "Range";
  let arguments = (ins Onnx_TensorOf<[I16, I32, I64, F16, BF16, F32, F64]>:$start,
                       Onnx_TensorOf<[I16, I32, I64, F16, BF16, F32, F64]>:$limit,
                       Onnx_TensorOf<[I16, I32, I64, F16, BF16, F32, F64]>:$delta,
                       DefaultValuedAttr<I64Attr, "1">:$stash_type);
  let results = (outs Onnx_TensorOf<[I16, I32, I64, F16, BF16, F32, F64]>:$output);
}

def Onnx_ShapeOp : Onnx_Op<"Shape", 25, "T->i64"> {
  let summary = "Shape";
  let arguments = (ins Onnx_AnyTensor:$data,
                       OptionalAttr<I64Attr>:$end,
                       DefaultValuedAttr<I64Attr, "0">:$start);
  let results = (outs Onnx_I64Tensor:$shape);
  let extraClassDeclaration = [{
    /// First and past-the-end dimension that is given, of a tensor of `rank`.
    std::pair<int64_t, int64_t> getBounds(int64_t rank);
  }];
}

def Onnx_SizeOp : Onnx_Op<"Size", 25, "T->i64"> {
  let summary = "Size";
  let arguments = (ins Onnx_AnyTensor:$data);
  let results = (outs Onnx_I64Tensor:$size);
}

#endif
