//===- Normalization.cpp - Reference evaluation of normalization ops
//-------===//

#include "dialects/onnx/reference/Interpreter.h"

using namespace mlir;
using namespace assay::onnx;

FailureOr<Tensors> assay::onnx::evaluateNormalization(Operation *op,
                                                      Inputs inputs) {
  return noEvaluation(op);
}
