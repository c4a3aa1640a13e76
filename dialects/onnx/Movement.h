//===- Movement.h - Movement operators of the onnx dialect ------*- C++ -*-===//
//-*-===//

#ifndef ASSAY_DIALECTS_ONNX_MOVEMENT_H
#define ASSAY_DIALECTS_ONNX_MOVEMENT_H

#include "dialects/onnx/OnnxDialect.h"

#define GET_OP_CLASSES
#include "dialects/onnx/Movement.h.inc"

namespace assay::onnx {

/// The elements `start`, `start + step`, ... of a dimension, `length` of them.
struct SliceBounds {
  int64_t start;
  int64_t length;
};

/// What Slice takes of a dimension of size `dim` once negative positions are
/// counted from its end and out-of-range ones are clamped. `step` is not 0.
SliceBounds clampSlice(int64_t dim, int64_t start, int64_t end, int64_t step);

} // namespace assay::onnx

#endif // ASSAY_DIALECTS_ONNX_MOVEMENT_H
