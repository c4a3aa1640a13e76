//===- Reduction.td - Reduction operators ---------------------------*- tablegen -*-===//

#ifndef ASSAY_DIALECTS_ONNX_REDUCTION_TD
#define ASSAY_DIALECTS_ONNX_REDUCTION_TD

include "dialects/onnx/OnnxBase.td"

def Onnx_ArgMaxOp : Onnx_Op<"ArgMax", 13, "T->i64"> {
  let summary = "ArgMax";
  let arguments = (ins Onnx_NumericTensor:$data,
                       DefaultValuedAttr<I64Attr, "0">:$axis,
                       DefaultValuedAttr<I64Attr, "1">:$keepdims,
                       DefaultValuedAttr<I64Attr, "0">:$select_last_index);
  let results = (outs Onnx_I64Tensor:$reduced);
}

def Onnx_ArgMinOp : Onnx_Op<"ArgMin", 13, "T->i64"> {
  let summary = "ArgMin";
  let arguments = (ins Onnx_NumericTensor:$data,
                       DefaultValuedAttr<I64Attr, "0">:$axis,
                       DefaultValuedAttr<I64Attr, "1">:$keepdims,
                       DefaultValuedAttr<I64Attr, "0">:$select_last_index);
  let results = (outs Onnx_I64Tensor:$reduced);
}

def Onnx_CumSumOp : Onnx_Op<"CumSum", 14, "T,T2->T"> {
  let summary = "CumSum";
  let arguments = (ins Onnx_FloatOrBigIntTensor:$x,
                       Onnx_IndexTensor:$axis,
                       DefaultValuedAttr<I64Attr, "0">:$exclusive,
                       DefaultValuedAttr<I64Attr, "0">:$reverse);
  let results = (outs Onnx_FloatOrBigIntTensor:$y);
}

def Onnx_ReduceL1Op : Onnx_Op<"ReduceL1", 18, "T,i64?->T"> {
  let summary = "ReduceL1";
  let arguments = (ins Onnx_FloatOrBigIntTensor:$data,
                       Optional<Onnx_I64Tensor>:$axes,
                       DefaultValuedAttr<I64Attr, "1">:$keepdims,
                       DefaultValuedAttr<I64Attr, "0">:$noop_with_empty_axes);
  let results = (outs Onnx_FloatOrBigIntTensor:$reduced);
}

def Onnx_ReduceL2Op : Onnx_Op<"ReduceL2", 18, "T,i64?->T"> {
  let summary = "ReduceL2";
  let arguments = (ins Onnx_FloatOrBigIntTensor:$data,
                       Optional<Onnx_I64Tensor>:$axes,
                       DefaultValuedAttr<I64Attr, "1">:$keepdims,
                       DefaultValuedAttr<I64Attr, "0">:$noop_with_empty_axes);
  let results = (outs Onnx_FloatOrBigIntTensor:$reduced);
}

def Onnx_ReduceLogSumOp : Onnx_Op<"ReduceLogSum", 28, "T,i64?->T"> {
  let summary = "ReduceLogSum";
  let arguments = (ins Onnx_FloatTensor:$data,
                       Optional<Onnx_I64Tensor>:$axes,
                       DefaultValuedAttr<I64Attr, "1">:$keepdims,
                       DefaultValuedAttr<I64Attr, "0">:$noop_with_empty_axes);
  let results = (outs Onnx_FloatTensor:$reduced);
}

def Onnx_ReduceLogSumExpOp : Onnx_Op<"ReduceLogSumExp", 28, "T,i64?->T"> {
  let summary = "ReduceLogSumExp";
  let arguments = (ins Onnx_FloatTensor:$data,
                       Optional<Onnx_I64Tensor>:$axes,
                       DefaultValuedAttr<I64Attr, "1">:$keepdims,
                       DefaultValuedAttr<I64Attr, "0">:$noop_with_empty_axes);
  let results = (outs Onnx_FloatTensor:$reduced);
}

def Onnx_ReduceMaxOp : Onnx_Op<"ReduceMax", 20, "T,i64?->T"> {
  let summary = "ReduceMax";
  let arguments = (ins Onnx_TensorOf<[I1, I8, I32, I64, UI8, UI32, UI64, F16, BF16, F32, F64]>:$data,
                       Optional<Onnx_I64Tensor>:$axes,
                       DefaultValuedAttr<I64Attr, "1">:$keepdims,
                       DefaultValuedAttr<I64Attr, "0">:$noop_with_empty_axes);
  let results = (outs Onnx_TensorOf<[I1, I8, I32, I64, UI8, UI32, UI64, F16, BF16, F32, F64]>:$reduced);
}

def Onnx_ReduceMeanOp : Onnx_Op<"ReduceMean", 18, "T,i64?->T"> {
  let summary = "ReduceMean";
  let arguments = (ins Onnx_FloatOrBigIntTensor:$data,
                       Optional<Onnx_I64Tensor>:$axes,
                       DefaultValuedAttr<I64Attr, "1">:$keepdims,
                       DefaultValuedAttr<I64Attr, "0">:$noop_with_empty_axes);
  let results = (outs Onnx_FloatOrBigIntTensor:$reduced);
}

def Onnx_ReduceMinOp : Onnx_Op<"ReduceMin", 20, "T,i64?->T"> {
  let summary = "ReduceMin";
  let arguments = (ins Onnx_TensorOf<[I1, I8, I32, I64, UI8, UI32, UI64, F16, BF16, F32, F64]>:$data,
                       Optional<Onnx_I64Tensor>:$axes,
                       DefaultValuedAttr<I64Attr, "1">:$keepdims,
                       DefaultValuedAttr<I64Attr, "0">:$noop_with_empty_axes);
  let results = (outs Onnx_TensorOf<[I1, I8, I32, I64, UI8, UI32, UI64, F16, BF16, F32, F64]>:$reduced);
}

def Onnx_ReduceProdOp : Onnx_Op<"ReduceProd", 18, "T,i64?->T"> {
  let summary = "ReduceProd";
  let arguments = (ins Onnx_FloatOrBigIntTensor:$data,
                       Optional<Onnx_I64Tensor>:$axes,
                       DefaultValuedAttr<I64Attr, "1">:$keepdims,
                       DefaultValuedAttr<I64Attr, "0">:$noop_with_empty_axes);
  let results = (outs Onnx_FloatOrBigIntTensor:$reduced);
}

def Onnx_ReduceSumOp : Onnx_Op<"ReduceSum", 13, "T,i64?->T"> {
  let summary = "ReduceSum";
  let arguments = (ins Onnx_FloatOrBigIntTensor:$data,
                       Optional<Onnx_I64Tensor>:$axes,
                       DefaultValuedAttr<I64Attr, "1">:$keepdims,
                       DefaultValuedAttr<I64Attr, "0">:$noop_with_empty_axes);
  let results = (outs Onnx_FloatOrBigIntTensor:$reduced);
}

def Onnx_ReduceSumSquareOp : Onnx_Op<"ReduceSumSquare", 18, "T,i64?->T"> {
  let summary = "ReduceSumSquare";
  let arguments = (ins Onnx_FloatOrBigIntTensor:$data,
                       Optional<Onnx_I64Tensor>:$axes,
                       DefaultValuedAttr<I64Attr, "1">:$keepdims,
                       DefaultValuedAttr<I64Attr, "0">:$noop_with_empty_axes);
  let results = (outs Onnx_FloatOrBigIntTensor:$reduced);
}

def Onnx_TopKOp : Onnx_Op<"TopK", 24, "T,i64->T,i64"> {
  let summary = "TopK";
  let arguments = (ins Onnx_NumericTensor:$X,
                       Onnx_I64Tensor:$K,
                       DefaultValuedAttr<I64Attr, "-1">:$axis,
                       DefaultValuedAttr<I64Attr, "1">:$largest,
                       DefaultValuedAttr<I64Attr, "1">:$sorted);
  let results = (outs Onnx_NumericTensor:$Values,
                       Onnx_I64Tensor:$Indices);
}

#endif
