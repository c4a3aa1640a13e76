//===- Elementwise.cpp - Elementwise operators of the onnx dialect --------===//

#include "dialects/onnx/Elementwise.h"
#include "dialects/onnx/ShapeUtils.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace assay::onnx;

#define GET_OP_CLASSES
#include "dialects/onnx/Elementwise.cpp.inc"

void OnnxDialect::registerElementwiseOps() {
  addOperations<
#define GET_OP_LIST
#include "dialects/onnx/Elementwise.cpp.inc"
      >();
}

//===----------------------------------------------------------------------===//
// The result has the shape of the input
//===----------------------------------------------------------------------===//

LogicalResult AbsOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferSameShape(*this, 0, types);
}

LogicalResult AcosOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferSameShape(*this, 0, types);
}

LogicalResult AcoshOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferSameShape(*this, 0, types);
}

LogicalResult AsinOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferSameShape(*this, 0, types);
}

LogicalResult AsinhOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferSameShape(*this, 0, types);
}

LogicalResult AtanOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferSameShape(*this, 0, types);
}

LogicalResult AtanhOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferSameShape(*this, 0, types);
}

LogicalResult BitwiseNotOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferSameShape(*this, 0, types);
}

LogicalResult CeilOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferSameShape(*this, 0, types);
}

LogicalResult CosOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferSameShape(*this, 0, types);
}

LogicalResult CoshOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferSameShape(*this, 0, types);
}

LogicalResult ErfOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferSameShape(*this, 0, types);
}

LogicalResult ExpOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferSameShape(*this, 0, types);
}

LogicalResult FloorOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferSameShape(*this, 0, types);
}

LogicalResult IdentityOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferSameShape(*this, 0, types);
}

LogicalResult IsNaNOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferSameShape(*this, 0, types);
}

LogicalResult LogOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferSameShape(*this, 0, types);
}

LogicalResult NegOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferSameShape(*this, 0, types);
}

LogicalResult NotOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferSameShape(*this, 0, types);
}

LogicalResult ReciprocalOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferSameShape(*this, 0, types);
}

LogicalResult RoundOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferSameShape(*this, 0, types);
}

LogicalResult SignOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferSameShape(*this, 0, types);
}

LogicalResult SinOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferSameShape(*this, 0, types);
}

LogicalResult SinhOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferSameShape(*this, 0, types);
}

LogicalResult SqrtOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferSameShape(*this, 0, types);
}

LogicalResult TanOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferSameShape(*this, 0, types);
}

LogicalResult IsInfOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  if (failed(checkFlag(*this, "detect_negative", getDetectNegative())) ||
      failed(checkFlag(*this, "detect_positive", getDetectPositive())))
    return failure();
  return inferSameShape(*this, 0, types);
}

/// Cast: the shape of the input with another element type.
static LogicalResult inferCast(OnnxOp op, Type element, StringRef roundMode,
                               int64_t saturate, SmallVectorImpl<Type> &types) {
  if (failed(checkFlag(op, "saturate", saturate)) ||
      failed(
          checkChoice(op, "round_mode", roundMode, {"up", "down", "nearest"})))
    return failure();
  types.push_back(cast<TensorType>(op->getOperand(0).getType()).clone(element));
  return success();
}

LogicalResult CastOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  if (!getTo())
    return emitOpError("needs attribute to, the element type of the result");
  return inferCast(*this, *getTo(), getRoundMode(), getSaturate(), types);
}

LogicalResult CastLikeOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferCast(*this, getElementTypeOrSelf(getTargetType().getType()),
                   getRoundMode(), getSaturate(), types);
}

//===----------------------------------------------------------------------===//
// The result has the shape of the inputs broadcast together
//===----------------------------------------------------------------------===//

LogicalResult AddOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferBroadcast(*this, types);
}

LogicalResult AndOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferBroadcast(*this, types);
}

LogicalResult BitwiseAndOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferBroadcast(*this, types);
}

LogicalResult BitwiseOrOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferBroadcast(*this, types);
}

LogicalResult BitwiseXorOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferBroadcast(*this, types);
}

LogicalResult DivOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferBroadcast(*this, types);
}

LogicalResult EqualOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferBroadcast(*this, types);
}

LogicalResult GreaterOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferBroadcast(*this, types);
}

LogicalResult GreaterOrEqualOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferBroadcast(*this, types);
}

LogicalResult LessOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferBroadcast(*this, types);
}

LogicalResult LessOrEqualOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferBroadcast(*this, types);
}

LogicalResult MulOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferBroadcast(*this, types);
}

LogicalResult OrOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferBroadcast(*this, types);
}

LogicalResult SubOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferBroadcast(*this, types);
}

LogicalResult WhereOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferBroadcast(*this, types);
}

LogicalResult XorOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferBroadcast(*this, types);
}

LogicalResult BitShiftOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  if (failed(
          checkChoice(*this, "direction", getDirection(), {"LEFT", "RIGHT"})))
    return failure();
  return inferBroadcast(*this, types);
}

LogicalResult ModOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  if (failed(checkFlag(*this, "fmod", getFmod())))
    return failure();
  return inferBroadcast(*this, types);
}

LogicalResult PowOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferBroadcast(*this, types);
}

/// Variadic operators take one input or more.
static LogicalResult inferVariadic(OnnxOp op, SmallVectorImpl<Type> &types) {
  if (op->getNumOperands() == 0)
    return op->emitOpError("needs at least one input");
  return inferBroadcast(op, types);
}

LogicalResult MaxOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferVariadic(*this, types);
}

LogicalResult MeanOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferVariadic(*this, types);
}

LogicalResult MinOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferVariadic(*this, types);
}

LogicalResult SumOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferVariadic(*this, types);
}
