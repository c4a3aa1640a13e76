//===- Movement.td - Movement operators ---------------------------*- tablegen -*-===//

#ifndef ASSAY_DIALECTS_ONNX_MOVEMENT_TD
#define ASSAY_DIALECTS_ONNX_MOVEMENT_TD

include "dialects/onnx/OnnxBase.td"

def Onnx_CompressOp : Onnx_Op<"Compress", 28, "T,i1->T"> {
  let summary = "Compress";
  let arguments = (ins Onnx_AnyTensor:$input,
                       Onnx_BoolTensor:$condition,
                       OptionalAttr<I64Attr>:$axis);
  let results = (outs Onnx_AnyTensor:$output);
}

def Onnx_ConcatOp : Onnx_Op<"Concat", 13, "T...->T"> {
  let summary = "Concat";
  let arguments = (ins Variadic<Onnx_AnyTensor>:$inputs,
                       I64Attr:$axis);
  let results = (outs Onnx_AnyTensor:$concat_result);
}

def Onnx_DepthToSpaceOp : Onnx_Op<"DepthToSpace", 28, "T->T"> {
  let summary = "DepthToSpace";
  let arguments = (ins Onnx_AnyTensor:$input,
                       I64Attr:$blocksize,
                       DefaultValuedStrAttr<StrAttr, "DCR">:$mode);
  let results = (outs Onnx_AnyTensor:$output);
}

def Onnx_ExpandOp : Onnx_Op<"Expand", 13, "T,i64->T"> {
  let summary = "Expand";
  let arguments = (ins Onnx_AnyTensor:$input,
                       Onnx_I64Tensor:$shape);
  let results = (outs Onnx_AnyTensor:$output);
}

def Onnx_FlattenOp : Onnx_Op<"Flatten", 25, "T->T"> {
  let summary = "Flatten";
  let arguments = (ins Onnx_AnyTensor:$input,
                       DefaultValuedAttr<I64Attr, "1">:$axis);
  let results = (outs Onnx_AnyTensor:$output);
}

def Onnx_GatherOp : Onnx_Op<"Gather", 13, "T,Tind->T"> {
  let summary = "Gather";
  let arguments = (ins Onnx_AnyTensor:$data,
                       Onnx_IndexTensor:$indices,
                       DefaultValuedAttr<I64Attr, "0">:$axis);
  let results = (outs Onnx_AnyTensor:$output);
}

def Onnx_GatherElementsOp : Onnx_Op<"GatherElements", 13, "T,Tind->T"> {
  let summary = "GatherElements";
  let arguments = (ins Onnx_AnyTensor:$data,
                       Onnx_IndexTensor:$indices,
                       DefaultValuedAttr<I64Attr, "0">:$axis);
  let results = (outs Onnx_AnyTensor:$output);
}

def Onnx_GatherNDOp : Onnx_Op<"GatherND", 13, "T,i64->T"> {
  let summary = "GatherND";
  let arguments = (ins Onnx_AnyTensor:$data,
                       Onnx_I64Tensor:$indices,
                       DefaultValuedAttr<I64Attr, "0">:$batch_dims);
  let results = (outs Onnx_AnyTensor:$output);
}

def Onnx_PadOp : Onnx_Op<"Pad", 25, "T,i64,T?,Tind?->T", [AttrSizedOperandSegments]> {
  let summary = "Pad";
  let arguments = (ins Onnx_AnyTensor:$data,
                       Onnx_I64Tensor:$pads,
                       Optional<Onnx_AnyTensor>:$constant_value,
                       Optional<Onnx_IndexTensor>:$axes,
                       DefaultValuedStrAttr<StrAttr, "constant">:$mode);
  let results = (outs Onnx_AnyTensor:$output);
}

def Onnx_ReshapeOp : Onnx_Op<"Reshape", 25, "T,i64->T"> {
  let summary = "Reshape";
  let arguments = (ins Onnx_AnyTensor:$data,
                       Onnx_I64Tensor:$shape,
                       DefaultValuedAttr<I64Attr, "0">:$allowzero);
  let results = (outs Onnx_AnyTensor:$reshaped);
}

def Onnx_ReverseSequenceOp : Onnx_Op<"ReverseSequence", 28, "T,i64->T"> {
  let summary = "ReverseSequence";
  let arguments = (ins Onnx_AnyTensor:$input,
                       Onnx_I64Tensor:$sequence_lens,
                       DefaultValuedAttr<I64Attr, "1">:$batch_axis,
                       DefaultValuedAttr<I64Attr, "0">:$time_axis);
  let results = (outs Onnx_AnyTensor:$Y);
}

def Onnx_ScatterElementsOp : Onnx_Op<"ScatterElements", 18, "T,Tind,T->T"> {
  let summary = "ScatterElements";
  let arguments = (ins Onnx_AnyTensor:$data,
                       Onnx_IndexTensor:$indices,
                       Onnx_AnyTensor:$updates,
                       DefaultValuedAttr<I64Attr, "0">:$axis,
                       DefaultValuedStrAttr<StrAttr, "none">:$reduction);
  let results = (outs Onnx_AnyTensor:$output);
}

def Onnx_ScatterNDOp : Onnx_Op<"ScatterND", 18, "T,i64,T->T"> {
  let summary = "ScatterND";
  let arguments = (ins Onnx_AnyTensor:$data,
                       Onnx_I64Tensor:$indices,
                       Onnx_AnyTensor:$updates,
                       DefaultValuedStrAttr<StrAttr, "none">:$reduction);
  let results = (outs Onnx_AnyTensor:$output);
}

def Onnx_SliceOp : Onnx_Op<"Slice", 13, "T,Tind,Tind,Tind?,Tind?->T", [AttrSizedOperandSegments]> {
  let summary = "Slice";
  let arguments = (ins Onnx_AnyTensor:$data,
                       Onnx_IndexTensor:$starts,
                       Onnx_IndexTensor:$ends,
                       Optional<Onnx_IndexTensor>:$axes,
                       Optional<Onnx_IndexTensor>:$steps);
  let results = (outs Onnx_AnyTensor:$output);
}

def Onnx_SpaceToDepthOp : Onnx_Op<"SpaceToDepth", 28, "T->T"> {
  let summary = "SpaceToDepth";
  let arguments = (ins Onnx_AnyTensor:$input,
                       I64Attr:$blocksize,
                       DefaultValuedStrAttr<StrAttr, "DCR">:$mode);
  let results = (outs Onnx_AnyTensor:$output);
}

def Onnx_SplitOp : Onnx_Op<"Split", 18, "T,i64?->T..."> {
  let summary = "Split";
  let arguments = (ins Onnx_AnyTensor:$input,
                       Optional<Onnx_I64Tensor>:$split,
                       DefaultValuedAttr<I64Attr, "0">:$axis,
                       OptionalAttr<I64Attr>:$num_outputs);
  let results = (outs Variadic<Onnx_AnyTensor>:$outputs);
  let extraClassDeclaration = [{
    /// Sizes of the results along the axis, whose size is `dim`; dynamic where
    /// not known. Emits an error when they do not fit.
    ::llvm::FailureOr<::llvm::SmallVector<int64_t>> getSizes(int64_t dim);
  }];
}

def Onnx_SqueezeOp : Onnx_Op<"Squeeze", 25, "T,i64?->T"> {
  let summary = "Squeeze";
  let arguments = (ins Onnx_AnyTensor:$data,
                       Optional<Onnx_I64Tensor>:$axes);
  let results = (outs Onnx_AnyTensor:$squeezed);
}

def Onnx_TileOp : Onnx_Op<"Tile", 13, "T,i64->T"> {
  let summary = "Tile";
  let arguments = (ins Onnx_AnyTensor:$input,
                       Onnx_I64Tensor:$repeats);
  let results = (outs Onnx_AnyTensor:$output);
}

def Onnx_TransposeOp : Onnx_Op<"Transpose", 25, "T->T"> {
  let summary = "Transpose";
  let arguments = (ins Onnx_AnyTensor:$data,
                       OptionalAttr<DenseI64ArrayAttr>:$perm);
  let results = (outs Onnx_AnyTensor:$transposed);
}

def Onnx_TriluOp : Onnx_Op<"Trilu", 14, "T,i64?->T"> {
  let summary = "Trilu";
  let arguments = (ins Onnx_AnyTensor:$input,
                       Optional<Onnx_I64Tensor>:$k,
                       DefaultValuedAttr<I64Attr, "1">:$upper);
  let results = (outs Onnx_AnyTensor:$output);
}

def Onnx_UnsqueezeOp : Onnx_Op<"Unsqueeze", 25, "T,i64->T"> {
  let summary = "Unsqueeze";
  let arguments = (ins Onnx_AnyTensor:$data,
                       Onnx_I64Tensor:$axes);
  let results = (outs Onnx_AnyTensor:$expanded);
}

#endif
