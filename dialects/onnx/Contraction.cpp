//===- Contraction.cpp - Contraction operators of the onnx dialect ------------===//

#include "dialects/onnx/Contraction.h"
#include "dialects/onnx/ShapeUtils.h"

using namespace mlir;
using namespace assay::onnx;

#define GET_OP_CLASSES
#include "dialects/onnx/Contraction.cpp.inc"

void OnnxDialect::registerContractionOps() {
  addOperations<
#define GET_OP_LIST
#include "dialects/onnx/Contraction.cpp.inc"
      >();
}

LogicalResult EinsumOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult GemmOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult MatMulOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

