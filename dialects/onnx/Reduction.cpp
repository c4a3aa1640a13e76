//===- Reduction.cpp - Reduction operators of the onnx dialect ------------===//

#include "dialects/onnx/Reduction.h"
#include "dialects/onnx/ShapeUtils.h"

using namespace mlir;
using namespace assay::onnx;

#define GET_OP_CLASSES
#include "dialects/onnx/Reduction.cpp.inc"

void OnnxDialect::registerReductionOps() {
  addOperations<
#define GET_OP_LIST
#include "dialects/onnx/Reduction.cpp.inc"
      >();
}

LogicalResult ArgMaxOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult ArgMinOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult CumSumOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult ReduceL1Op::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult ReduceL2Op::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult ReduceLogSumOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult ReduceLogSumExpOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult ReduceMaxOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult ReduceMeanOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult ReduceMinOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult ReduceProdOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult ReduceSumOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult ReduceSumSquareOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult TopKOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

