//===- Activation.cpp - Activation operators of the onnx dialect ----------===//

#include "dialects/onnx/Activation.h"
#include "dialects/onnx/ShapeUtils.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace assay::onnx;

#define GET_OP_CLASSES
#include "dialects/onnx/Activation.cpp.inc"

void OnnxDialect::registerActivationOps() {
  addOperations<
#define GET_OP_LIST
#include "dialects/onnx/Activation.cpp.inc"
      >();
}

LogicalResult CeluOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferSameShape(*this, 0, types);
}

LogicalResult EluOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferSameShape(*this, 0, types);
}

LogicalResult HardSigmoidOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferSameShape(*this, 0, types);
}

LogicalResult HardSwishOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferSameShape(*this, 0, types);
}

LogicalResult LeakyReluOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferSameShape(*this, 0, types);
}

LogicalResult MishOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferSameShape(*this, 0, types);
}

LogicalResult ReluOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferSameShape(*this, 0, types);
}

LogicalResult SeluOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferSameShape(*this, 0, types);
}

LogicalResult ShrinkOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferSameShape(*this, 0, types);
}

LogicalResult SigmoidOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferSameShape(*this, 0, types);
}

LogicalResult SoftplusOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferSameShape(*this, 0, types);
}

LogicalResult SoftsignOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferSameShape(*this, 0, types);
}

LogicalResult SwishOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferSameShape(*this, 0, types);
}

LogicalResult TanhOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferSameShape(*this, 0, types);
}

LogicalResult
ThresholdedReluOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferSameShape(*this, 0, types);
}

LogicalResult GeluOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  if (failed(checkChoice(*this, "approximate", getApproximate(),
                         {"none", "tanh"})))
    return failure();
  return inferSameShape(*this, 0, types);
}

LogicalResult ClipOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  if (failed(checkScalar(*this, "min", getMin())) ||
      failed(checkScalar(*this, "max", getMax())))
    return failure();
  return inferSameShape(*this, 0, types);
}

LogicalResult DropoutOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  if (failed(checkScalar(*this, "ratio", getRatio())) ||
      failed(checkScalar(*this, "training_mode", getTrainingMode())))
    return failure();
  auto data = cast<TensorType>(getData().getType());
  types.push_back(data);
  types.push_back(data.clone(IntegerType::get(getContext(), 1)));
  return success();
}

/// Softmax and its kin: `axis` names a dimension of the input.
static LogicalResult inferAlongAxis(OnnxOp op, int64_t axis,
                                    SmallVectorImpl<Type> &types) {
  if (auto input = dyn_cast<RankedTensorType>(op->getOperand(0).getType()))
    if (failed(normalizeAxis(op, axis, input.getRank())))
      return failure();
  return inferSameShape(op, 0, types);
}

LogicalResult HardmaxOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferAlongAxis(*this, getAxis(), types);
}

LogicalResult LogSoftmaxOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferAlongAxis(*this, getAxis(), types);
}

LogicalResult SoftmaxOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferAlongAxis(*this, getAxis(), types);
}

/// The slope broadcasts to X, never X to the slope.
LogicalResult PReluOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  if (auto x = dyn_cast<RankedTensorType>(getX().getType()))
    if (failed(checkBroadcastsTo(*this, "slope", getSlope(), x.getShape())))
      return failure();
  return inferSameShape(*this, 0, types);
}
