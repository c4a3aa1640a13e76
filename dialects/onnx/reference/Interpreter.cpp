//===- Interpreter.cpp - Reference evaluation of onnx ops -----------------===//

#include "dialects/onnx/reference/Interpreter.h"
#include "dialects/onnx/Activation.h"
#include "dialects/onnx/Contraction.h"
#include "dialects/onnx/Convolution.h"
#include "dialects/onnx/Creation.h"
#include "dialects/onnx/Elementwise.h"
#include "dialects/onnx/Movement.h"
#include "dialects/onnx/Normalization.h"
#include "dialects/onnx/OnnxOp.h"
#include "dialects/onnx/Pooling.h"
#include "dialects/onnx/Quantization.h"
#include "dialects/onnx/Recurrent.h"
#include "dialects/onnx/Reduction.h"
#include "dialects/onnx/Resampling.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/DenseMap.h"

using namespace mlir;
using namespace assay::onnx;

LogicalResult assay::onnx::noEvaluation(Operation *op) {
  return op->emitError() << "operator " << op->getName().stripDialect()
                         << " has no reference evaluation";
}

FailureOr<Tensor> assay::onnx::makeTensor(Operation *op, Type elementType,
                                          ArrayRef<int64_t> shape) {
  if (checkSize(elementType, shape))
    return Tensor(elementType, shape);
  InFlightDiagnostic diagnostic = op->emitError()
                                  << "operator " << op->getName().stripDialect()
                                  << " gives a tensor of shape [";
  llvm::interleaveComma(shape, diagnostic);
  return diagnostic << "] of " << elementType
                    << ", which does not fit memory: sizes must be "
                       "non-negative and the tensor below 1 TiB";
}

FailureOr<Tensors> assay::onnx::makeResults(Operation *op, Inputs inputs) {
  // A copy of the op over inputs of static types, so that inference checks
  // them.
  Block block;
  IRMapping mapping;
  for (auto [value, tensor] :
       llvm::zip_equal(cast<OnnxOp>(op).getOnnxInputs(), inputs))
    if (value && !mapping.contains(value))
      mapping.map(value, block.addArgument(tensor->getType(), op->getLoc()));
  Operation *copy = op->cloneWithoutRegions(mapping);
  SmallVector<Type> types;
  LogicalResult inferred = cast<OnnxOp>(copy).inferResultTypes(types);
  copy->destroy();
  if (failed(inferred))
    return failure();
  Tensors results;
  for (Type type : types) {
    auto tensor = cast<TensorType>(type);
    FailureOr<Tensor> result =
        makeTensor(op, tensor.getElementType(), tensor.getShape());
    if (failed(result))
      return failure();
    results.push_back(std::move(*result));
  }
  return results;
}

void assay::onnx::forEachIndex(ArrayRef<int64_t> shape,
                               function_ref<void(ArrayRef<int64_t>)> body) {
  if (llvm::is_contained(shape, 0))
    return;
  SmallVector<int64_t> index(shape.size(), 0);
  while (true) {
    body(index);
    int64_t axis = static_cast<int64_t>(shape.size()) - 1;
    while (axis >= 0 && ++index[axis] == shape[axis])
      index[axis--] = 0;
    if (axis < 0)
      return;
  }
}

static FailureOr<Tensors> evaluate(Operation *op, Inputs inputs) {
  if (isa<
#define GET_OP_LIST
#include "dialects/onnx/Activation.cpp.inc"
          >(op))
    return evaluateActivation(op, inputs);
  if (isa<
#define GET_OP_LIST
#include "dialects/onnx/Contraction.cpp.inc"
          >(op))
    return evaluateContraction(op, inputs);
  if (isa<
#define GET_OP_LIST
#include "dialects/onnx/Convolution.cpp.inc"
          >(op))
    return evaluateConvolution(op, inputs);
  if (isa<
#define GET_OP_LIST
#include "dialects/onnx/Creation.cpp.inc"
          >(op))
    return evaluateCreation(op, inputs);
  if (isa<
#define GET_OP_LIST
#include "dialects/onnx/Elementwise.cpp.inc"
          >(op))
    return evaluateElementwise(op, inputs);
  if (isa<
#define GET_OP_LIST
#include "dialects/onnx/Movement.cpp.inc"
          >(op))
    return evaluateMovement(op, inputs);
  if (isa<
#define GET_OP_LIST
#include "dialects/onnx/Normalization.cpp.inc"
          >(op))
    return evaluateNormalization(op, inputs);
  if (isa<
#define GET_OP_LIST
#include "dialects/onnx/Pooling.cpp.inc"
          >(op))
    return evaluatePooling(op, inputs);
  if (isa<
#define GET_OP_LIST
#include "dialects/onnx/Quantization.cpp.inc"
          >(op))
    return evaluateQuantization(op, inputs);
  if (isa<
#define GET_OP_LIST
#include "dialects/onnx/Recurrent.cpp.inc"
          >(op))
    return evaluateRecurrent(op, inputs);
  if (isa<
#define GET_OP_LIST
#include "dialects/onnx/Reduction.cpp.inc"
          >(op))
    return evaluateReduction(op, inputs);
  if (isa<
#define GET_OP_LIST
#include "dialects/onnx/Resampling.cpp.inc"
          >(op))
    return evaluateResampling(op, inputs);
  return noEvaluation(op);
}

/// Every type that has to be made must be held and fit memory.
static LogicalResult checkResultTypes(Operation *op) {
  for (Type type : op->getResultTypes()) {
    auto tensor = cast<TensorType>(type);
    Type element = tensor.getElementType();
    if (!getElementBytes(element))
      return op->emitError() << "operator " << op->getName().stripDialect()
                             << " gives elements of type " << element
                             << "; only numbers and bools are evaluated";
    if (tensor.hasStaticShape() && !checkSize(element, tensor.getShape()))
      return op->emitError()
             << "operator " << op->getName().stripDialect() << " gives " << type
             << ", which is larger than 1 TiB";
  }
  return success();
}

/// The evaluators must keep what inference promised.
static LogicalResult checkResults(Operation *op, const Tensors &results) {
  if (results.size() != op->getNumResults())
    return op->emitError() << "evaluation gave " << results.size()
                           << " results, expected " << op->getNumResults();
  for (auto [tensor, value] : llvm::zip_equal(results, op->getResults())) {
    Type element = getElementTypeOrSelf(value.getType());
    if (!tensor || tensor.getElementType() != element ||
        failed(verifyCompatibleShape(tensor.getType(), value.getType())))
      return op->emitError() << "evaluation gave "
                             << (tensor ? Type(tensor.getType())
                                        : Type(NoneType::get(op->getContext())))
                             << ", but the op promises " << value.getType();
  }
  return success();
}

FailureOr<Tensors> assay::onnx::interpret(Operation *onnxOp, Inputs inputs) {
  if (!isa<OnnxOp>(onnxOp))
    return onnxOp->emitError() << "is no op of the onnx dialect";
  if (failed(checkResultTypes(onnxOp)))
    return failure();
  FailureOr<Tensors> results = evaluate(onnxOp, inputs);
  if (failed(results) || failed(checkResults(onnxOp, *results)))
    return failure();
  return results;
}

namespace {
/// The values that later ops still need, with their number of uses.
class LiveValues {
public:
  void define(Value value, Tensor tensor) {
    int64_t uses = std::distance(value.use_begin(), value.use_end());
    if (uses)
      live[value] = {std::move(tensor), uses};
  }
  const Tensor *lookup(Value value) const {
    return &live.find(value)->second.first;
  }
  void release(OperandRange operands) {
    for (Value value : operands) {
      auto entry = live.find(value);
      if (--entry->second.second == 0)
        live.erase(entry);
    }
  }

private:
  llvm::DenseMap<Value, std::pair<Tensor, int64_t>> live;
};
} // namespace

static LogicalResult checkInput(func::FuncOp function, unsigned index,
                                const Tensor &tensor) {
  Type expected = function.getArgumentTypes()[index];
  if (tensor && tensor.getElementType() == getElementTypeOrSelf(expected) &&
      succeeded(verifyCompatibleShape(tensor.getType(), expected)))
    return success();
  InFlightDiagnostic diagnostic = function.emitError()
                                  << "input " << index << " takes " << expected;
  if (tensor)
    diagnostic << ", but is given " << tensor.getType();
  return diagnostic;
}

FailureOr<Tensors> assay::onnx::interpret(func::FuncOp function,
                                          ArrayRef<Tensor> inputs) {
  if (function.isExternal() || !function.getBody().hasOneBlock())
    return function.emitError() << "has no body of one block to interpret";
  if (inputs.size() != function.getNumArguments())
    return function.emitError() << "takes " << function.getNumArguments()
                                << " inputs, but is given " << inputs.size();
  LiveValues live;
  for (auto [index, argument] : llvm::enumerate(function.getArguments())) {
    if (failed(checkInput(function, index, inputs[index])))
      return failure();
    live.define(argument, inputs[index]);
  }
  for (Operation &op : function.getBody().front()) {
    if (auto ret = dyn_cast<func::ReturnOp>(op)) {
      Tensors outputs;
      for (Value value : ret.getOperands())
        outputs.push_back(*live.lookup(value));
      return outputs;
    }
    auto onnxOp = dyn_cast<OnnxOp>(op);
    if (!onnxOp)
      return op.emitError() << "only onnx ops are interpreted";
    SmallVector<const Tensor *> arguments;
    for (Value value : onnxOp.getOnnxInputs())
      arguments.push_back(value ? live.lookup(value) : nullptr);
    FailureOr<Tensors> results = interpret(&op, arguments);
    if (failed(results))
      return failure();
    live.release(op.getOperands());
    for (auto [value, tensor] : llvm::zip_equal(op.getResults(), *results))
      live.define(value, std::move(tensor));
  }
  return function.emitError() << "does not end with a return";
}
