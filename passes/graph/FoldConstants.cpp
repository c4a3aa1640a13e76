//===- FoldConstants.cpp - Evaluate ops on constants ----------------------===//
//
//   %s = onnx.Shape(%x) : (tensor<?x8x4xf32>) -> tensor<3xi64>
//   %n = onnx.Gather(%s, %one)                  // dimension 1
//   %c = onnx.Concat(%zero, %n, %minus1)
//   %y = onnx.Reshape(%x, %c)
//
// becomes
//
//   %c = onnx.Constant() {value = dense<[0, 8, -1]> : tensor<3xi64>}
//   %y = onnx.Reshape(%x, %c)
//
//===----------------------------------------------------------------------===//

#include "dialects/onnx/Creation.h"
#include "dialects/onnx/Movement.h"
#include "dialects/onnx/reference/Interpreter.h"
#include "passes/graph/GraphUtils.h"
#include "passes/graph/Passes.h"
#include "passes/graph/ShapeValues.h"

namespace assay {
#define GEN_PASS_DEF_FOLDONNXCONSTANTS
#include "passes/graph/Passes.h.inc"
} // namespace assay

using namespace mlir;
using namespace assay;
using onnx::Tensor;

/// Whether the results are small enough, or no larger than the operands, so
/// that folding cannot let the module grow much.
static bool isWorthFolding(onnx::OnnxOp op, int64_t maxBytes) {
  int64_t operandBytes = 0;
  for (Value operand : op->getOperands())
    if (auto elements = onnx::getConstant(operand))
      operandBytes +=
          elements.isSplat()
              ? 0
              : elements.getNumElements() *
                    onnx::getElementBytes(elements.getElementType());
  for (Value result : op->getResults()) {
    RankedTensorType type = getStaticType(result);
    if (!type || !onnx::checkSize(type.getElementType(), type.getShape()))
      return false;
    int64_t bytes = *onnx::countElements(type.getShape()) *
                    onnx::getElementBytes(type.getElementType());
    if (bytes > std::max(maxBytes, operandBytes))
      return false;
  }
  return true;
}

/// Evaluates an op whose inputs are constants; empty when that is not possible.
static onnx::Tensors evaluate(onnx::OnnxOp op) {
  std::vector<Tensor> inputs;
  SmallVector<const Tensor *> pointers;
  SmallVector<Value> values = op.getOnnxInputs();
  inputs.reserve(values.size());
  for (Value value : values) {
    if (!value) {
      pointers.push_back(nullptr);
      continue;
    }
    ElementsAttr elements = onnx::getConstant(value);
    std::string reason;
    if (!elements)
      return {};
    FailureOr<Tensor> tensor = Tensor::fromAttr(elements, reason);
    if (failed(tensor))
      return {};
    inputs.push_back(*tensor);
    pointers.push_back(&inputs.back());
  }
  // An op that cannot be evaluated stays and fails when it runs, if it does.
  ScopedDiagnosticHandler silence(op->getContext(),
                                  [](Diagnostic &) { return success(); });
  FailureOr<onnx::Tensors> results = onnx::interpret(op, pointers);
  return succeeded(results) ? *results : onnx::Tensors();
}

static void replaceByConstants(Operation *op, ArrayRef<Tensor> tensors) {
  OpBuilder builder(op);
  for (auto [result, tensor] : llvm::zip_equal(op->getResults(), tensors)) {
    if (result.use_empty())
      continue;
    ElementsAttr elements = tensor.toAttr();
    result.replaceAllUsesWith(onnx::ConstantOp::create(
        builder, op->getLoc(), elements.getType(), elements));
  }
  op->erase();
}

namespace {
struct FoldOnnxConstants
    : assay::impl::FoldOnnxConstantsBase<FoldOnnxConstants> {
  using FoldOnnxConstantsBase::FoldOnnxConstantsBase;

  void runOnOperation() override {
    ShapeValues shapes;
    for (Operation &operation : llvm::make_early_inc_range(llvm::make_range(
             getOperation().getOps().begin(), getOperation().getOps().end()))) {
      auto op = dyn_cast<onnx::OnnxOp>(operation);
      if (!op || isa<onnx::ConstantOp>(op))
        continue;
      shapes.simplifyOperands(op);
      if (failed(refineResultTypes(op)))
        return signalPassFailure();
      shapes.refineResult(op);
      fold(op, shapes);
    }
    updateResultTypes(getOperation());
  }

  void fold(onnx::OnnxOp op, ShapeValues &shapes) {
    if (std::optional<SmallVector<int64_t>> known = shapes.getKnown(op)) {
      Type element =
          cast<TensorType>(op->getResult(0).getType()).getElementType();
      RankedTensorType type = getStaticType(op->getResult(0));
      shapes.forget(op);
      replaceByConstants(op,
                         Tensor::fromInts(element, type.getShape(), *known));
      ++numFolded;
      return;
    }
    if (!llvm::all_of(op->getOperands(),
                      [](Value operand) {
                        return static_cast<bool>(onnx::getConstant(operand));
                      }) ||
        !isWorthFolding(op, maxBytes))
      return;
    onnx::Tensors results = evaluate(op);
    if (results.empty())
      return;
    shapes.forget(op);
    replaceByConstants(op, results);
    ++numFolded;
  }
};
} // namespace
