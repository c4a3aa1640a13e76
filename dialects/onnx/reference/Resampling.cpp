//===- Resampling.cpp - Reference evaluation of resampling ops
//-------------===//

#include "dialects/onnx/reference/Interpreter.h"

using namespace mlir;
using namespace assay::onnx;

FailureOr<Tensors> assay::onnx::evaluateResampling(Operation *op,
                                                   Inputs inputs) {
  return noEvaluation(op);
}
