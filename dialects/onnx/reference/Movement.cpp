//===- Movement.cpp - Reference evaluation of movement ops
//-----------------===//

#include "dialects/onnx/reference/Interpreter.h"

using namespace mlir;
using namespace assay::onnx;

FailureOr<Tensors> assay::onnx::evaluateMovement(Operation *op, Inputs inputs) {
  return noEvaluation(op);
}
