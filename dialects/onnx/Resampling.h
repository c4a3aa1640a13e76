//===- Resampling.h - Resampling operators of the onnx dialect --*- C++ -*-===//

#ifndef ASSAY_DIALECTS_ONNX_RESAMPLING_H
#define ASSAY_DIALECTS_ONNX_RESAMPLING_H

#include "dialects/onnx/OnnxDialect.h"

#define GET_OP_CLASSES
#include "dialects/onnx/Resampling.h.inc"

namespace assay::onnx {

/// Length of an axis of size `dim` scaled by `scale`: floor(dim * scale) in
/// single precision, the type of scales.
int64_t scaleDim(int64_t dim, float scale);

/// Resizes `dims` to `sizes` under a keep_aspect_ratio_policy. Gives the scale
/// of each axis and rewrites `sizes` to the sizes that result.
llvm::SmallVector<double>
applyAspectPolicy(llvm::StringRef policy, llvm::ArrayRef<int64_t> dims,
                  llvm::MutableArrayRef<int64_t> sizes);

} // namespace assay::onnx

#endif // ASSAY_DIALECTS_ONNX_RESAMPLING_H
