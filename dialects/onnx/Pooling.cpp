//===- Pooling.cpp - Pooling operators of the onnx dialect ------------===//

#include "dialects/onnx/Pooling.h"
#include "dialects/onnx/ShapeUtils.h"
#include "dialects/onnx/Window.h"

using namespace mlir;
using namespace assay::onnx;

#define GET_OP_CLASSES
#include "dialects/onnx/Pooling.cpp.inc"

void OnnxDialect::registerPoolingOps() {
  addOperations<
#define GET_OP_LIST
#include "dialects/onnx/Pooling.cpp.inc"
      >();
}

/// Appends the types of all results of pool `op` over X: one shape, element
/// types by the signature.
static LogicalResult inferPool(OnnxOp op, Value input, ArrayRef<int64_t> kernel,
                               bool channelsLast,
                               SmallVectorImpl<Type> &types) {
  FailureOr<Window> window = getWindow(op, kernel);
  if (failed(window) || failed(checkRankAtLeast(op, "X", input, 3)))
    return failure();
  auto x = dyn_cast<RankedTensorType>(input.getType());
  if (!x)
    return inferUnranked(op, types);
  int64_t spatialRank = x.getRank() - 2;
  if (static_cast<int64_t>(kernel.size()) != spatialRank)
    return op->emitOpError()
           << "kernel_shape has " << kernel.size() << " values, but X has "
           << spatialRank << " spatial dimensions";
  unsigned first = channelsLast ? 1 : 2;
  FailureOr<SmallVector<int64_t>> sizes =
      inferWindowSizes(op, *window, x.getShape().slice(first, spatialRank));
  if (failed(sizes))
    return failure();
  SmallVector<int64_t> shape(x.getShape());
  llvm::copy(*sizes, shape.begin() + first);
  for (unsigned result = 0; result < op->getNumResults(); ++result)
    types.push_back(
        RankedTensorType::get(shape, getResultElementType(op, result)));
  return success();
}

/// A pool over all spatial dimensions, each of which becomes 1.
static LogicalResult inferGlobalPool(OnnxOp op, Value input,
                                     SmallVectorImpl<Type> &types) {
  if (failed(checkRankAtLeast(op, "X", input, 3)))
    return failure();
  auto x = dyn_cast<RankedTensorType>(input.getType());
  if (!x)
    return inferUnranked(op, types);
  SmallVector<int64_t> shape(x.getRank(), 1);
  llvm::copy(x.getShape().take_front(2), shape.begin());
  types.push_back(RankedTensorType::get(shape, x.getElementType()));
  return success();
}

LogicalResult AveragePoolOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferPool(*this, getX(), getKernelShape(), getChannelsLast(), types);
}

LogicalResult
GlobalAveragePoolOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferGlobalPool(*this, getX(), types);
}

LogicalResult GlobalMaxPoolOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferGlobalPool(*this, getX(), types);
}

LogicalResult LpPoolOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  if (static_cast<int64_t>(getP()) < 1)
    return emitOpError() << "p is " << static_cast<int64_t>(getP())
                         << ", but 1 or more is expected";
  return inferPool(*this, getX(), getKernelShape(), /*channelsLast=*/false,
                   types);
}

LogicalResult MaxPoolOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  if (getStorageOrder() > 1)
    return emitOpError() << "storage_order is "
                         << static_cast<int64_t>(getStorageOrder())
                         << ", but 0 or 1 is expected";
  return inferPool(*this, getX(), getKernelShape(), getChannelsLast(), types);
}
