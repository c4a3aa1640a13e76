//===- Resampling.cpp - Resampling operators of the onnx dialect ------------===//

#include "dialects/onnx/Resampling.h"
#include "dialects/onnx/ShapeUtils.h"

using namespace mlir;
using namespace assay::onnx;

#define GET_OP_CLASSES
#include "dialects/onnx/Resampling.cpp.inc"

void OnnxDialect::registerResamplingOps() {
  addOperations<
#define GET_OP_LIST
#include "dialects/onnx/Resampling.cpp.inc"
      >();
}

LogicalResult ResizeOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

