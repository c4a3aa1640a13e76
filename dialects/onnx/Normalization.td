//===- Normalization.td - Normalization operators ---------------------------*- tablegen -*-===//

#ifndef ASSAY_DIALECTS_ONNX_NORMALIZATION_TD
#define ASSAY_DIALECTS_ONNX_NORMALIZATION_TD

include "dialects/onnx/OnnxBase.td"

def Onnx_BatchNormalizationOp : Onnx_Op<"BatchNormalization", 15, "T,T1,T1,T2,T2->T,T2,T2"> {
  let summary = "BatchNormalization";
  let arguments = (ins Onnx_FloatTensor:$X,
                       Onnx_FloatTensor:$scale,
                       Onnx_FloatTensor:$B,
                       Onnx_FloatTensor:$input_mean,
                       Onnx_FloatTensor:$input_var,
                       DefaultValuedAttr<F32Attr, "1e-05f">:$epsilon,
                       DefaultValuedAttr<F32Attr, "0.9f">:$momentum,
                       DefaultValuedAttr<I64Attr, "0">:$training_mode);
  let results = (outs Onnx_FloatTensor:$Y,
                       Onnx_FloatTensor:$running_mean,
                       Onnx_FloatTensor:$running_var);
}

def Onnx_GroupNormalizationOp : Onnx_Op<"GroupNormalization", 21, "T,T,T->T"> {
  let summary = "GroupNormalization";
  let arguments = (ins Onnx_FloatTensor:$X,
                       Onnx_FloatTensor:$scale,
                       Onnx_FloatTensor:$bias,
                       DefaultValuedAttr<F32Attr, "1e-05f">:$epsilon,
                       I64Attr:$num_groups,
                       DefaultValuedAttr<I64Attr, "1">:$stash_type);
  let results = (outs Onnx_FloatTensor:$Y);
}

def Onnx_InstanceNormalizationOp : Onnx_Op<"InstanceNormalization", 22, "T,T,T->T"> {
  let summary = "InstanceNormalization";
  let arguments = (ins Onnx_FloatTensor:$input,
                       Onnx_FloatTensor:$scale,
                       Onnx_FloatTensor:$B,
                       DefaultValuedAttr<F32Attr, "1e-05f">:$epsilon);
  let results = (outs Onnx_FloatTensor:$output);
}

def Onnx_LayerNormalizationOp : Onnx_Op<"LayerNormalization", 17, "T,T,T?->T,U,U"> {
  let summary = "LayerNormalization";
  let arguments = (ins Onnx_FloatTensor:$X,
                       Onnx_FloatTensor:$Scale,
                       Optional<Onnx_FloatTensor>:$B,
                       DefaultValuedAttr<I64Attr, "-1">:$axis,
                       DefaultValuedAttr<F32Attr, "1e-05f">:$epsilon,
                       DefaultValuedAttr<I64Attr, "1">:$stash_type);
  let results = (outs Onnx_FloatTensor:$Y,
                       Onnx_TensorOf<[BF16, F32]>:$Mean,
                       Onnx_TensorOf<[BF16, F32]>:$InvStdDev);
}

def Onnx_LpNormalizationOp : Onnx_Op<"LpNormalization", 22, "T->T"> {
  let summary = "LpNormalization";
  let arguments = (ins Onnx_FloatTensor:$input,
                       DefaultValuedAttr<I64Attr, "-1">:$axis,
                       DefaultValuedAttr<I64Attr, "2">:$p);
  let results = (outs Onnx_FloatTensor:$output);
}

def Onnx_LRNOp : Onnx_Op<"LRN", 13, "T->T"> {
  let summary = "LRN";
  let arguments = (ins Onnx_FloatTensor:$X,
                       DefaultValuedAttr<F32Attr, "0.0001f">:$alpha,
                       DefaultValuedAttr<F32Attr, "0.75f">:$beta,
                       DefaultValuedAttr<F32Attr, "1.0f">:$bias,
                       I64Attr:$size);
  let results = (outs Onnx_FloatTensor:$Y);
}

def Onnx_MeanVarianceNormalizationOp : Onnx_Op<"MeanVarianceNormalization", 13, "T->T"> {
  let summary = "MeanVarianceNormalization";
  let arguments = (ins Onnx_FloatTensor:$X,
                       OptionalAttr<DenseI64ArrayAttr>:$axes);
  let results = (outs Onnx_FloatTensor:$Y);
}

def Onnx_RMSNormalizationOp : Onnx_Op<"RMSNormalization", 23, "T,V->V"> {
  let summary = "RMSNormalization";
  let arguments = (ins Onnx_FloatTensor:$X,
                       Onnx_FloatTensor:$scale,
                       DefaultValuedAttr<I64Attr, "-1">:$axis,
                       DefaultValuedAttr<F32Attr, "1e-05f">:$epsilon,
                       DefaultValuedAttr<I64Attr, "1">:$stash_type);
  let results = (outs Onnx_FloatTensor:$Y);
}

#endif
