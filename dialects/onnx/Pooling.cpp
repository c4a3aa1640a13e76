//===- Pooling.cpp - Pooling operators of the onnx dialect ------------===//

#include "dialects/onnx/Pooling.h"
#include "dialects/onnx/ShapeUtils.h"

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

LogicalResult AveragePoolOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult GlobalAveragePoolOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult GlobalMaxPoolOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult LpPoolOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult MaxPoolOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

