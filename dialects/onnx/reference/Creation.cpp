//===- Creation.cpp - Reference evaluation of creation ops
//-----------------===//

#include "dialects/onnx/Creation.h"
#include "dialects/onnx/reference/Interpreter.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace assay::onnx;

static FailureOr<Tensors> evaluateOp(ConstantOp op, Inputs) {
  std::string error;
  FailureOr<Tensor> tensor = Tensor::fromAttr(op.getValue(), error);
  if (failed(tensor))
    return op.emitError() << error;
  return Tensors{*tensor};
}

FailureOr<Tensors> assay::onnx::evaluateCreation(Operation *op, Inputs inputs) {
  return llvm::TypeSwitch<Operation *, FailureOr<Tensors>>(op)
      .Case<ConstantOp>([&](auto typed) { return evaluateOp(typed, inputs); })
      .Default([](Operation *other) { return noEvaluation(other); });
}
