//===- Quantization.cpp - Quantization operators of the onnx dialect ------------===//

#include "dialects/onnx/Quantization.h"
#include "dialects/onnx/ShapeUtils.h"

using namespace mlir;
using namespace assay::onnx;

#define GET_OP_CLASSES
#include "dialects/onnx/Quantization.cpp.inc"

void OnnxDialect::registerQuantizationOps() {
  addOperations<
#define GET_OP_LIST
#include "dialects/onnx/Quantization.cpp.inc"
      >();
}

LogicalResult DequantizeLinearOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult DynamicQuantizeLinearOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

LogicalResult QuantizeLinearOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferUnranked(*this, types);
}

