//===- Activation.cpp - Reference evaluation of activation ops
//-------------===//

#include "dialects/onnx/reference/Interpreter.h"

using namespace mlir;
using namespace assay::onnx;

FailureOr<Tensors> assay::onnx::evaluateActivation(Operation *op,
                                                   Inputs inputs) {
  return noEvaluation(op);
}
