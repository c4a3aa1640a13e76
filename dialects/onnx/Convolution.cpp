//===- Convolution.cpp - Convolution operators of the onnx dialect ------------===//

#include "dialects/onnx/Convolution.h"
#include "dialects/onnx/ShapeUtils.h"

using namespace mlir;
using namespace assay::onnx;

#define GET_OP_CLASSES
#include "dialects/onnx/Convolution.cpp.inc"

void OnnxDialect::registerConvolutionOps() {
  addOperations<
#define GET_OP_LIST
#include "dialects/onnx/Convolution.cpp.inc"
      >();
}

LogicalResult ConvOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult ConvTransposeOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

