//===- Activation.cpp - Activation operators of the onnx dialect ------------===//

#include "dialects/onnx/Activation.h"
#include "dialects/onnx/ShapeUtils.h"

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
  return inferUnranked(*this, types);
}

LogicalResult ClipOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult DropoutOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult EluOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult GeluOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult HardSigmoidOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult HardSwishOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult HardmaxOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult LeakyReluOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult LogSoftmaxOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult MishOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult PReluOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult ReluOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult SeluOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult ShrinkOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult SigmoidOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult SoftmaxOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult SoftplusOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult SoftsignOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult SwishOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult TanhOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult ThresholdedReluOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

