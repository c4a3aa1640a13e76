//===- Movement.h - Parts of the evaluation of movement ops -----*- C++ -*-===//

#ifndef ASSAY_DIALECTS_ONNX_REFERENCE_MOVEMENT_H
#define ASSAY_DIALECTS_ONNX_REFERENCE_MOVEMENT_H

#include "dialects/onnx/reference/Interpreter.h"

namespace assay::onnx {

/// Gather, GatherElements, GatherND, ScatterElements, ScatterND,
/// ReverseSequence, Compress.
llvm::FailureOr<Tensors> evaluateIndexing(mlir::Operation *op, Inputs inputs);

/// A tensor of `shape` whose element at an index is the element of `source` at
/// the row-major position that `locate` gives for it, or `filler` (null: zero)
/// where that is negative.
llvm::FailureOr<Tensor>
gatherElements(mlir::Operation *op, const Tensor &source,
               llvm::ArrayRef<int64_t> shape,
               llvm::function_ref<int64_t(llvm::ArrayRef<int64_t>)> locate,
               const char *filler = nullptr);

/// Row-major position of `index`.
int64_t flatten(llvm::ArrayRef<int64_t> index, llvm::ArrayRef<int64_t> strides);

} // namespace assay::onnx

#endif // ASSAY_DIALECTS_ONNX_REFERENCE_MOVEMENT_H
