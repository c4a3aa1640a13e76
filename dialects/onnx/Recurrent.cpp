//===- Recurrent.cpp - Recurrent operators of the onnx dialect ------------===//

#include "dialects/onnx/Recurrent.h"
#include "dialects/onnx/ShapeUtils.h"

using namespace mlir;
using namespace assay::onnx;

#define GET_OP_CLASSES
#include "dialects/onnx/Recurrent.cpp.inc"

void OnnxDialect::registerRecurrentOps() {
  addOperations<
#define GET_OP_LIST
#include "dialects/onnx/Recurrent.cpp.inc"
      >();
}

LogicalResult GRUOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult LSTMOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult RNNOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

