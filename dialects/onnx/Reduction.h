//===- Reduction.h - Reduction operators of the onnx dialect ----*- C++ -*-===//
//-*-===//

#ifndef ASSAY_DIALECTS_ONNX_REDUCTION_H
#define ASSAY_DIALECTS_ONNX_REDUCTION_H

#include "dialects/onnx/OnnxDialect.h"

namespace assay::onnx {

/// Which dimensions a Reduce* operator reduces.
struct ReductionAxes {
  /// One flag for each dimension of the data; unset when the axes are only
  /// known at run time.
  std::optional<llvm::SmallVector<bool>> mask;

  /// Reads the `axes` input (null if absent) for data of rank `rank`. Emits an
  /// error on `op` for an axis out of range or given twice.
  static llvm::FailureOr<ReductionAxes>
  get(OnnxOp op, int64_t rank, mlir::Value axes, bool noopWithEmptyAxes);
};

} // namespace assay::onnx

#define GET_OP_CLASSES
#include "dialects/onnx/Reduction.h.inc"

#endif // ASSAY_DIALECTS_ONNX_REDUCTION_H
