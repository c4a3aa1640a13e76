//===- ResizeTables.h - What Resize reads, and how much of it ---*- C++ -*-===//

#ifndef ASSAY_PASSES_LOWERING_RESIZETABLES_H
#define ASSAY_PASSES_LOWERING_RESIZETABLES_H

#include "dialects/onnx/Resampling.h"
#include "passes/lowering/RealMath.h"

namespace assay {

/// One axis to resize, in the terms of the operator specification.
struct ResizedAxis {
  int64_t axis;
  mlir::OpFoldResult inSize;
  mlir::OpFoldResult outSize;
  Real scale; ///< Output over input.
  Real width; ///< inSize * scale, before rounding to outSize.
  Real roiStart = 0.0;
  Real roiEnd = 1.0;

  bool isKnown() const;
};

/// For each output position (first dimension) and tap (second): which input
/// position is read, i64, already inside the axis, and its weight in the
/// compute type. `weight` is null in mode nearest, which has one tap. `outside`
/// is i1 by output position, true where the extrapolation value stands instead;
/// null unless tf_crop_and_resize.
struct ResizeTables {
  mlir::Value index;
  mlir::Value weight;
  mlir::Value outside;
  mlir::OpFoldResult taps;
};

/// Constants when all of `axis` is known, else linalg ops that compute them.
ResizeTables createResizeTables(mlir::OpBuilder &builder, onnx::ResizeOp op,
                                const ResizedAxis &axis,
                                mlir::Type computeType);

} // namespace assay

#endif // ASSAY_PASSES_LOWERING_RESIZETABLES_H
