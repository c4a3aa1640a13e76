//===- Resampling.td - Resampling operators ---------------------------*- tablegen -*-===//

#ifndef ASSAY_DIALECTS_ONNX_RESAMPLING_TD
#define ASSAY_DIALECTS_ONNX_RESAMPLING_TD

include "dialects/onnx/OnnxBase.td"

def Onnx_ResizeOp : Onnx_Op<"Resize", 19, "T1,T2?,f32?,i64?->T1", [AttrSizedOperandSegments]> {
  let summary = "Resize";
  let arguments = (ins Onnx_AnyTensor:$X,
                       Optional<Onnx_TensorOf<[F16, F32, F64]>>:$roi,
                       Optional<Onnx_TensorOf<[F32]>>:$scales,
                       Optional<Onnx_I64Tensor>:$sizes,
                       DefaultValuedAttr<I64Attr, "0">:$antialias,
                       OptionalAttr<DenseI64ArrayAttr>:$axes,
                       DefaultValuedStrAttr<StrAttr, "half_pixel">:$coordinate_transformation_mode,
                       DefaultValuedAttr<F32Attr, "-0.75f">:$cubic_coeff_a,
                       DefaultValuedAttr<I64Attr, "0">:$exclude_outside,
                       DefaultValuedAttr<F32Attr, "0.0f">:$extrapolation_value,
                       DefaultValuedStrAttr<StrAttr, "stretch">:$keep_aspect_ratio_policy,
                       DefaultValuedStrAttr<StrAttr, "nearest">:$mode,
                       DefaultValuedStrAttr<StrAttr, "round_prefer_floor">:$nearest_mode);
  let results = (outs Onnx_AnyTensor:$Y);
  let extraClassDeclaration = [{
    /// The axes that scales, sizes and roi refer to, of an input of `rank`.
    /// Emits an error when they are out of range or repeated.
    ::llvm::FailureOr<::llvm::SmallVector<int64_t>> getResizedAxes(int64_t rank);
    /// The scales, sizes or roi input; null when it is absent or, as up to
    /// opset 12, an empty tensor.
    ::mlir::Value getScalesOrNull();
    ::mlir::Value getSizesOrNull();
    ::mlir::Value getRoiOrNull();
  }];
}

#endif
