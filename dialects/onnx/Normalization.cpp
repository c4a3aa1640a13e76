//===- Normalization.cpp - Normalization operators of the onnx dialect ------------===//

#include "dialects/onnx/Normalization.h"
#include "dialects/onnx/ShapeUtils.h"

using namespace mlir;
using namespace assay::onnx;

#define GET_OP_CLASSES
#include "dialects/onnx/Normalization.cpp.inc"

void OnnxDialect::registerNormalizationOps() {
  addOperations<
#define GET_OP_LIST
#include "dialects/onnx/Normalization.cpp.inc"
      >();
}

LogicalResult BatchNormalizationOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult GroupNormalizationOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult InstanceNormalizationOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult LayerNormalizationOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult LpNormalizationOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult LRNOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult MeanVarianceNormalizationOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult RMSNormalizationOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

