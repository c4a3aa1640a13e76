//===- TransposedOps.cpp - Ops computed before a transpose ----------------===//

#include "dialects/onnx/Creation.h"
#include "dialects/onnx/Movement.h"
#include "dialects/onnx/Normalization.h"
#include "dialects/onnx/Reduction.h"
#include "dialects/onnx/Resampling.h"
#include "mlir/IR/TypeUtilities.h"
#include "passes/layout/TransposeUtils.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace assay;

namespace {

/// One rewrite: the op, the permutation and the attributes of the new op.
class Sink {
public:
  Sink(PatternRewriter &rewriter, onnx::OnnxOp op, unsigned transposed,
       ArrayRef<int64_t> perm)
      : rewriter(rewriter), op(op), transposed(transposed), perm(perm),
        inputs(op.getOnnxInputs()) {
    for (NamedAttribute attribute : op->getAttrs())
      if (attribute.getName() != "operandSegmentSizes")
        attributes.push_back(attribute);
  }

  LogicalResult run();

private:
  int64_t getRank() const { return perm.size(); }
  Location getLoc() { return op->getLoc(); }
  int64_t getInt(StringRef name, int64_t otherwise) {
    auto attribute = op->getAttrOfType<IntegerAttr>(name);
    return attribute ? attribute.getInt() : otherwise;
  }
  void setInt(StringRef name, int64_t value) {
    set(name, rewriter.getI64IntegerAttr(value));
  }
  void set(StringRef name, Attribute value) {
    llvm::erase_if(attributes,
                   [&](NamedAttribute a) { return a.getName() == name; });
    attributes.push_back(rewriter.getNamedAttr(name, value));
  }
  /// The source's dimension for `axis` of the transposed tensor.
  std::optional<int64_t> mapAxis(int64_t axis) {
    if (axis < 0)
      axis += getRank();
    if (axis < 0 || axis >= getRank())
      return std::nullopt;
    return perm[axis];
  }
  std::optional<SmallVector<int64_t>> mapAxes(ArrayRef<int64_t> axes) {
    SmallVector<int64_t> mapped;
    for (int64_t axis : axes) {
      std::optional<int64_t> dim = mapAxis(axis);
      if (!dim)
        return std::nullopt;
      mapped.push_back(*dim);
    }
    return mapped;
  }
  /// Makes `axis` that of the source.
  LogicalResult remapAxisAttribute(int64_t otherwise) {
    std::optional<int64_t> axis = mapAxis(getInt("axis", otherwise));
    if (!axis)
      return failure();
    setInt("axis", *axis);
    return success();
  }

  /// Whether adaptInput can give `input` in the source's layout.
  bool isAdaptable(Value input);
  void adaptInput(Value &input);
  /// The permutation that is left after `removed` dimensions of the source go.
  Permutation withoutDims(ArrayRef<int64_t> removed);
  LogicalResult build(ArrayRef<int64_t> resultPerm);

  LogicalResult sinkElementwise();
  LogicalResult sinkConcat();
  LogicalResult sinkPad();
  LogicalResult sinkReduction();
  LogicalResult sinkAlongAxis();
  LogicalResult sinkSlice();
  LogicalResult sinkSqueeze();
  LogicalResult sinkReshape();
  LogicalResult sinkResize();
  LogicalResult sinkBatchNormalization();

  PatternRewriter &rewriter;
  onnx::OnnxOp op;
  unsigned transposed;
  ArrayRef<int64_t> perm;
  SmallVector<Value> inputs;
  SmallVector<NamedAttribute> attributes;
};

} // namespace

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
static Value getSource(Value value, ArrayRef<int64_t> perm) {
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

bool Sink::isAdaptable(Value input) {
  if (!input || getSource(input, perm))
    return true;
  auto type = dyn_cast<RankedTensorType>(input.getType());
  if (!type || type.getRank() > getRank())
    return false;
  ElementsAttr constant = onnx::getConstant(input);
  return isSingleElement(type) ||
         isa_and_present<DenseElementsAttr, DenseResourceElementsAttr>(
             constant);
}

void Sink::adaptInput(Value &input) {
  if (!input)
    return;
  if (Value source = getSource(input, perm))
    input = source;
  else if (!isSingleElement(cast<RankedTensorType>(input.getType())))
    input = transposeConstant(rewriter, getLoc(), input, perm);
}

Permutation Sink::withoutDims(ArrayRef<int64_t> removed) {
  Permutation rest;
  for (int64_t dim : perm)
    if (!llvm::is_contained(removed, dim))
      rest.push_back(dim - llvm::count_if(removed, [&](int64_t other) {
                       return other < dim;
                     }));
  return rest;
}

/// Replaces the op by one on `inputs` with all results transposed.
LogicalResult Sink::build(ArrayRef<int64_t> resultPerm) {
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

LogicalResult Sink::sinkElementwise() {
  auto type = dyn_cast<RankedTensorType>(op->getResult(0).getType());
  if (!type || type.getRank() != getRank())
    return failure();
  if (!llvm::all_of(inputs, [&](Value input) { return isAdaptable(input); }))
    return failure();
  for (Value &input : inputs)
    adaptInput(input);
  return build(perm);
}

LogicalResult Sink::sinkConcat() {
  for (Value input : inputs) {
    auto type = dyn_cast<RankedTensorType>(input.getType());
    if (!isAdaptable(input) || !type || type.getRank() != getRank())
      return failure();
  }
  if (failed(remapAxisAttribute(0)))
    return failure();
  for (Value &input : inputs) {
    Value source = getSource(input, perm);
    if (!source && !onnx::getConstant(input))
      source = createTranspose(rewriter, getLoc(), input, invert(perm));
    input =
        source ? source : transposeConstant(rewriter, getLoc(), input, perm);
  }
  return build(perm);
}

/// Pad: pads are the begins and then the ends of all dimensions or of `axes`.
LogicalResult Sink::sinkPad() {
  if (transposed != 0)
    return failure();
  inputs[0] = getSource(inputs[0], perm);
  inputs.resize(4);
  if (inputs[3]) {
    auto axes = onnx::getConstantInts(inputs[3]);
    auto mapped = axes ? mapAxes(*axes) : std::nullopt;
    if (!mapped)
      return failure();
    inputs[3] = createInts(rewriter, getLoc(), *mapped);
    return build(perm);
  }
  auto pads = onnx::getConstantInts(inputs[1]);
  if (!pads || static_cast<int64_t>(pads->size()) != 2 * getRank())
    return failure();
  SmallVector<int64_t> mapped(pads->size());
  for (int64_t i = 0; i < getRank(); ++i) {
    mapped[perm[i]] = (*pads)[i];
    mapped[getRank() + perm[i]] = (*pads)[getRank() + i];
  }
  inputs[1] = createInts(rewriter, getLoc(), mapped);
  return build(perm);
}

LogicalResult Sink::sinkReduction() {
  if (transposed != 0)
    return failure();
  SmallVector<int64_t> reduced;
  if (inputs.size() > 1 && inputs[1]) {
    auto axes = onnx::getConstantInts(inputs[1]);
    auto mapped = axes ? mapAxes(*axes) : std::nullopt;
    if (!mapped)
      return failure();
    reduced = *mapped;
  }
  if (reduced.empty()) {
    if (getInt("noop_with_empty_axes", 0) != 0)
      return failure();
    reduced.assign(perm.begin(), perm.end());
  }
  inputs[0] = getSource(inputs[0], perm);
  inputs.resize(2);
  inputs[1] = createInts(rewriter, getLoc(), reduced);
  if (getInt("keepdims", 1) != 0)
    return build(perm);
  return build(withoutDims(reduced));
}

/// Softmax and the like, unless their axis would leave the last dimension.
LogicalResult Sink::sinkAlongAxis() {
  int64_t axis = getInt("axis", -1);
  std::optional<int64_t> mapped = mapAxis(axis);
  if (!mapped)
    return failure();
  bool wasLast = axis == -1 || axis == getRank() - 1;
  if (wasLast && *mapped != getRank() - 1)
    return failure();
  inputs[0] = getSource(inputs[0], perm);
  setInt("axis", *mapped);
  return build(perm);
}

LogicalResult Sink::sinkSlice() {
  if (transposed != 0)
    return failure();
  SmallVector<int64_t> axes;
  inputs.resize(5);
  if (inputs[3]) {
    auto given = onnx::getConstantInts(inputs[3]);
    if (!given)
      return failure();
    axes = *given;
  } else {
    auto starts = dyn_cast<RankedTensorType>(inputs[1].getType());
    if (!starts || !starts.hasStaticShape())
      return failure();
    llvm::append_range(axes, llvm::seq<int64_t>(0, starts.getNumElements()));
  }
  auto mapped = mapAxes(axes);
  if (!mapped)
    return failure();
  inputs[0] = getSource(inputs[0], perm);
  inputs[3] = createInts(rewriter, getLoc(), *mapped);
  // Slice wants its indices of one type.
  Type indexType = getElementTypeOrSelf(inputs[1].getType());
  if (!indexType.isInteger(64)) {
    NamedAttribute to = rewriter.getNamedAttr("to", TypeAttr::get(indexType));
    Operation *cast =
        onnx::buildOnnxOp(rewriter, getLoc(), "Cast", inputs[3], to);
    if (!cast)
      return failure();
    inputs[3] = cast->getResult(0);
  }
  return build(perm);
}

LogicalResult Sink::sinkSqueeze() {
  if (transposed != 0 || inputs.size() < 2 || !inputs[1])
    return failure();
  auto axes = onnx::getConstantInts(inputs[1]);
  auto mapped = axes ? mapAxes(*axes) : std::nullopt;
  if (!mapped)
    return failure();
  inputs[0] = getSource(inputs[0], perm);
  inputs[1] = createInts(rewriter, getLoc(), *mapped);
  return build(withoutDims(*mapped));
}

/// A Reshape to products of neighbouring dimensions that are neighbours in the
/// source, too.
LogicalResult Sink::sinkReshape() {
  if (transposed != 0)
    return failure();
  Value source = getSource(inputs[0], perm);
  auto from = dyn_cast<RankedTensorType>(inputs[0].getType());
  auto to = dyn_cast<RankedTensorType>(op->getResult(0).getType());
  auto sourceType = dyn_cast<RankedTensorType>(source.getType());
  if (!from || !to || !sourceType || !sourceType.hasStaticShape() ||
      !to.hasStaticShape() || to.getNumElements() == 0 ||
      to.getRank() >= from.getRank() || to.getRank() == 0)
    return failure();
  // Dimensions [first, end) of the transposed tensor for each of the result.
  SmallVector<std::pair<int64_t, int64_t>> groups;
  int64_t next = 0;
  for (int64_t size : to.getShape()) {
    int64_t first = next, product = 1;
    do
      product *= next < getRank() ? from.getDimSize(next++) : 0;
    while (product != 0 && product < size);
    if (product != size)
      return failure();
    groups.emplace_back(first, next);
  }
  for (; next < getRank(); ++next)
    if (from.getDimSize(next) != 1)
      return failure();
    else
      groups.back().second = next + 1;
  for (auto [first, end] : groups)
    for (int64_t dim = first + 1; dim < end; ++dim)
      if (perm[dim] != perm[dim - 1] + 1)
        return failure();
  // The order of the groups in the source.
  SmallVector<int64_t> order =
      llvm::to_vector(llvm::seq<int64_t>(0, groups.size()));
  llvm::sort(order, [&](int64_t a, int64_t b) {
    return perm[groups[a].first] < perm[groups[b].first];
  });
  SmallVector<int64_t> shape;
  for (int64_t group : order)
    shape.push_back(to.getDimSize(group));
  inputs[0] = source;
  inputs[1] = createInts(rewriter, getLoc(), shape);
  return build(invert(order));
}

/// Resize: scales, sizes and roi hold a value for each dimension or each axis.
LogicalResult Sink::sinkResize() {
  if (transposed != 0)
    return failure();
  inputs.resize(4);
  auto resize = cast<onnx::ResizeOp>(op);
  Value source = getSource(inputs[0], perm);
  if (std::optional<ArrayRef<int64_t>> axes = resize.getAxes()) {
    auto mapped = mapAxes(*axes);
    if (!mapped)
      return failure();
    set("axes", rewriter.getDenseI64ArrayAttr(*mapped));
  } else {
    if (inputs[1] &&
        cast<ShapedType>(inputs[1].getType()).getNumElements() != 0 &&
        resize.getCoordinateTransformationMode() == "tf_crop_and_resize")
      return failure();
    // Axis i of the parameters is now dimension perm[i].
    set("axes", rewriter.getDenseI64ArrayAttr(perm));
  }
  inputs[0] = source;
  return build(perm);
}

/// Inference with constant parameters: x * scale + shift along the channels.
LogicalResult Sink::sinkBatchNormalization() {
  auto norm = cast<onnx::BatchNormalizationOp>(op);
  if (transposed != 0 || norm.getTrainingMode() != 0 || getRank() < 2 ||
      !norm->getResult(1).use_empty() || !norm->getResult(2).use_empty())
    return failure();
  for (Value parameter : ArrayRef(inputs).drop_front())
    if (!onnx::getConstant(parameter))
      return failure();
  Location loc = getLoc();
  Type element = cast<ShapedType>(inputs[0].getType()).getElementType();
  for (Value parameter : ArrayRef(inputs).drop_front())
    if (cast<ShapedType>(parameter.getType()).getElementType() != element)
      return failure();
  auto apply = [&](StringRef name, ArrayRef<Value> operands) {
    Operation *built = onnx::buildOnnxOp(rewriter, loc, name, operands);
    return built ? built->getResult(0) : Value();
  };
  auto scalar = RankedTensorType::get({}, element);
  Value epsilon = onnx::ConstantOp::create(
      rewriter, loc, scalar,
      DenseElementsAttr::get(
          scalar,
          rewriter.getFloatAttr(element, norm.getEpsilon().convertToDouble())));
  Value deviation = apply("Sqrt", apply("Add", {inputs[4], epsilon}));
  Value scale = apply("Div", {inputs[1], deviation});
  Value shift = apply("Sub", {inputs[2], apply("Mul", {inputs[3], scale})});
  // Along the source's channel dimension.
  SmallVector<int64_t> shape(getRank() - perm[1], 1);
  shape[0] = -1;
  Value target = createInts(rewriter, loc, shape);
  scale = apply("Reshape", {scale, target});
  shift = apply("Reshape", {shift, target});
  Value source = getSource(inputs[0], perm);
  Value result = apply("Add", {apply("Mul", {source, scale}), shift});
  Value transposedResult = createTranspose(rewriter, loc, result, perm,
                                           norm->getResult(0).getType());
  rewriter.replaceAllUsesWith(norm->getResult(0), transposedResult);
  rewriter.eraseOp(norm);
  return success();
}

LogicalResult Sink::run() {
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
    inputs[0] = getSource(inputs[0], perm);
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
  return Sink(rewriter, op, transposed, perm).run();
}
