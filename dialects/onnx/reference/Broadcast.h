//===- Broadcast.h - Functions mapped over broadcast tensors ----*- C++ -*-===//

#ifndef ASSAY_DIALECTS_ONNX_REFERENCE_BROADCAST_H
#define ASSAY_DIALECTS_ONNX_REFERENCE_BROADCAST_H

#include "dialects/onnx/reference/Interpreter.h"
#include <functional>

namespace assay::onnx {

/// A result element from one element of each input.
using FloatFunction = std::function<double(llvm::ArrayRef<double>)>;
using IntFunction = std::function<int64_t(llvm::ArrayRef<int64_t>)>;

/// Calls `body` for each element of `shape`, in row-major order, with the
/// element of each input that broadcasting puts there. `inputs` must broadcast
/// to `shape`.
void forEachBroadcast(
    llvm::ArrayRef<int64_t> shape, Inputs inputs,
    llvm::function_ref<void(int64_t, llvm::ArrayRef<int64_t>)> body);

/// Sets every element of `result`, whose shape the inputs broadcast to.
/// Computes in double or in int64.
void mapFloats(Inputs inputs, const FloatFunction &function, Tensor &result);
void mapInts(Inputs inputs, const IntFunction &function, Tensor &result);

/// `value` rounded to `type` (ties to even) and back.
double roundTo(mlir::Type type, double value);

/// `value` truncated toward zero and saturated to the integer `type`; NaN
/// gives 0.
int64_t saturateToInt(mlir::Type type, double value);

} // namespace assay::onnx

#endif // ASSAY_DIALECTS_ONNX_REFERENCE_BROADCAST_H
