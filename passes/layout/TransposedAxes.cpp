//===- TransposedAxes.cpp - Ops whose axes a transpose renames ------------===//

#include "dialects/onnx/Creation.h"
#include "dialects/onnx/Movement.h"
#include "dialects/onnx/Normalization.h"
#include "dialects/onnx/Reduction.h"
#include "dialects/onnx/Resampling.h"
#include "mlir/IR/TypeUtilities.h"
#include "passes/layout/TransposeSink.h"

using namespace mlir;
using namespace assay;

LogicalResult TransposeSink::sinkConcat() {
  for (Value input : inputs) {
    auto type = dyn_cast<RankedTensorType>(input.getType());
    if (!isAdaptable(input) || !type || type.getRank() != getRank())
      return failure();
  }
  if (failed(remapAxisAttribute(0)))
    return failure();
  for (Value &input : inputs) {
    Value source = getTransposeSource(input, perm);
    if (!source && !onnx::getConstant(input))
      source = createTranspose(rewriter, getLoc(), input, invert(perm));
    input =
        source ? source : transposeConstant(rewriter, getLoc(), input, perm);
  }
  return build(perm);
}

/// Pad: pads are the begins and then the ends of all dimensions or of `axes`.
LogicalResult TransposeSink::sinkPad() {
  if (transposed != 0)
    return failure();
  inputs[0] = getTransposeSource(inputs[0], perm);
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

LogicalResult TransposeSink::sinkReduction() {
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
  inputs[0] = getTransposeSource(inputs[0], perm);
  inputs.resize(2);
  inputs[1] = createInts(rewriter, getLoc(), reduced);
  if (getInt("keepdims", 1) != 0)
    return build(perm);
  return build(withoutDims(reduced));
}

/// Softmax and the like, unless their axis would leave the last dimension.
LogicalResult TransposeSink::sinkAlongAxis() {
  int64_t axis = getInt("axis", -1);
  std::optional<int64_t> mapped = mapAxis(axis);
  if (!mapped)
    return failure();
  bool wasLast = axis == -1 || axis == getRank() - 1;
  if (wasLast && *mapped != getRank() - 1)
    return failure();
  inputs[0] = getTransposeSource(inputs[0], perm);
  setInt("axis", *mapped);
  return build(perm);
}

LogicalResult TransposeSink::sinkSlice() {
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
  inputs[0] = getTransposeSource(inputs[0], perm);
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

LogicalResult TransposeSink::sinkSqueeze() {
  if (transposed != 0 || inputs.size() < 2 || !inputs[1])
    return failure();
  auto axes = onnx::getConstantInts(inputs[1]);
  auto mapped = axes ? mapAxes(*axes) : std::nullopt;
  if (!mapped)
    return failure();
  inputs[0] = getTransposeSource(inputs[0], perm);
  inputs[1] = createInts(rewriter, getLoc(), *mapped);
  return build(withoutDims(*mapped));
}

/// A Reshape to products of neighbouring dimensions that are neighbours in the
/// source, too.
LogicalResult TransposeSink::sinkReshape() {
  if (transposed != 0)
    return failure();
  Value source = getTransposeSource(inputs[0], perm);
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
LogicalResult TransposeSink::sinkResize() {
  if (transposed != 0)
    return failure();
  inputs.resize(4);
  auto resize = cast<onnx::ResizeOp>(op);
  Value source = getTransposeSource(inputs[0], perm);
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
LogicalResult TransposeSink::sinkBatchNormalization() {
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
  Value source = getTransposeSource(inputs[0], perm);
  Value result = apply("Add", {apply("Mul", {source, scale}), shift});
  Value transposedResult = createTranspose(rewriter, loc, result, perm,
                                           norm->getResult(0).getType());
  rewriter.replaceAllUsesWith(norm->getResult(0), transposedResult);
  rewriter.eraseOp(norm);
  return success();
}
