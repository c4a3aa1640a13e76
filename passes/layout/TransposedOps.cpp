//===- TransposedOps.cpp - Ops computed before a transpose ----------------===//

#include "dialects/onnx/Movement.h"
#include "passes/layout/TransposeSink.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace assay;

static bool isElementwise(StringRef name) {
  static const llvm::StringSet<> names = {"Abs",
                                          "Acos",
                                          "Acosh",
                                          "Add",
                                          "And",
                                          "Asin",
                                          "Asinh",
                                          "Atan",
                                          "Atanh",
                                          "BitShift",
                                          "BitwiseAnd",
                                          "BitwiseNot",
                                          "BitwiseOr",
                                          "BitwiseXor",
                                          "Cast",
                                          "Ceil",
                                          "Celu",
                                          "Clip",
                                          "Cos",
                                          "Cosh",
                                          "Div",
                                          "Elu",
                                          "Equal",
                                          "Erf",
                                          "Exp",
                                          "Floor",
                                          "Gelu",
                                          "Greater",
                                          "GreaterOrEqual",
                                          "HardSigmoid",
                                          "HardSwish",
                                          "Identity",
                                          "IsInf",
                                          "IsNaN",
                                          "LeakyRelu",
                                          "Less",
                                          "LessOrEqual",
                                          "Log",
                                          "Max",
                                          "Mean",
                                          "Min",
                                          "Mish",
                                          "Mod",
                                          "Mul",
                                          "Neg",
                                          "Not",
                                          "Or",
                                          "PRelu",
                                          "Pow",
                                          "Reciprocal",
                                          "Relu",
                                          "Round",
                                          "Selu",
                                          "Shrink",
                                          "Sigmoid",
                                          "Sign",
                                          "Sin",
                                          "Sinh",
                                          "Softplus",
                                          "Softsign",
                                          "Sqrt",
                                          "Sub",
                                          "Sum",
                                          "Swish",
                                          "Tan",
                                          "Tanh",
                                          "ThresholdedRelu",
                                          "Where",
                                          "Xor"};
  return names.contains(name);
}

/// The source of `value` if it is transposed by `perm`.
Value assay::getTransposeSource(Value value, ArrayRef<int64_t> perm) {
  auto transpose = value ? value.getDefiningOp<onnx::TransposeOp>() : nullptr;
  if (!transpose)
    return {};
  std::optional<Permutation> own = getPermutation(transpose);
  return own && ArrayRef(*own) == perm ? transpose.getData() : Value();
}

/// One element is the same in every layout.
static bool isSingleElement(RankedTensorType type) {
  return llvm::all_of(type.getShape(), [](int64_t size) { return size == 1; });
}

bool TransposeSink::isAdaptable(Value input) {
  if (!input || getTransposeSource(input, perm))
    return true;
  auto type = dyn_cast<RankedTensorType>(input.getType());
  if (!type || type.getRank() > getRank())
    return false;
  ElementsAttr constant = onnx::getConstant(input);
  return isSingleElement(type) ||
         isa_and_present<DenseElementsAttr, DenseResourceElementsAttr>(
             constant);
}

void TransposeSink::adaptInput(Value &input) {
  if (!input)
    return;
  if (Value source = getTransposeSource(input, perm))
    input = source;
  else if (!isSingleElement(cast<RankedTensorType>(input.getType())))
    input = transposeConstant(rewriter, getLoc(), input, perm);
}

Permutation TransposeSink::withoutDims(ArrayRef<int64_t> removed) {
  Permutation rest;
  for (int64_t dim : perm)
    if (!llvm::is_contained(removed, dim))
      rest.push_back(dim - llvm::count_if(removed, [&](int64_t other) {
                       return other < dim;
                     }));
  return rest;
}

/// Replaces the op by one on `inputs` with all results transposed.
LogicalResult TransposeSink::build(ArrayRef<int64_t> resultPerm) {
  Operation *built = onnx::buildOnnxOp(rewriter, getLoc(), op.getOnnxName(),
                                       inputs, attributes, op->getNumResults());
  if (!built)
    return failure();
  SmallVector<Value> results;
  for (auto [before, after] :
       llvm::zip_equal(op->getResults(), built->getResults()))
    results.push_back(createTranspose(rewriter, getLoc(), after, resultPerm,
                                      before.getType()));
  rewriter.replaceOp(op, results);
  return success();
}

LogicalResult TransposeSink::sinkElementwise() {
  auto type = dyn_cast<RankedTensorType>(op->getResult(0).getType());
  if (!type || type.getRank() != getRank())
    return failure();
  if (!llvm::all_of(inputs, [&](Value input) { return isAdaptable(input); }))
    return failure();
  for (Value &input : inputs)
    adaptInput(input);
  return build(perm);
}

LogicalResult TransposeSink::run() {
  StringRef name = op.getOnnxName();
  if (isElementwise(name))
    return sinkElementwise();
  if (name.starts_with("Reduce"))
    return sinkReduction();
  if (name == "Softmax" || name == "LogSoftmax" || name == "Hardmax")
    return sinkAlongAxis();
  if (name == "Concat")
    return sinkConcat();
  if (name == "Pad")
    return sinkPad();
  if (name == "Slice")
    return sinkSlice();
  if (name == "Split") {
    if (transposed != 0 || failed(remapAxisAttribute(0)))
      return failure();
    inputs[0] = getTransposeSource(inputs[0], perm);
    return build(perm);
  }
  if (name == "Squeeze")
    return sinkSqueeze();
  if (name == "Reshape")
    return sinkReshape();
  if (name == "Resize")
    return sinkResize();
  if (name == "BatchNormalization")
    return sinkBatchNormalization();
  return failure();
}

LogicalResult assay::sinkTranspose(PatternRewriter &rewriter, onnx::OnnxOp op,
                                   unsigned transposed,
                                   ArrayRef<int64_t> perm) {
  return TransposeSink(rewriter, op, transposed, perm).run();
}
