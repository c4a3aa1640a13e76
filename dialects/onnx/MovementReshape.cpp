//===- MovementReshape.cpp - Types of reshaping operators -----------------===//

#include "dialects/onnx/Movement.h"
#include "dialects/onnx/ShapeUtils.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace assay::onnx;

static Type elementOf(Value value) {
  return getElementTypeOrSelf(value.getType());
}

/// Product of `dims`: dynamic when one is, nullopt when it does not fit.
static std::optional<int64_t> multiplyDims(ArrayRef<int64_t> dims) {
  int64_t product = 1;
  if (llvm::is_contained(dims, 0))
    return 0;
  if (ShapedType::isDynamicShape(dims))
    return ShapedType::kDynamic;
  for (int64_t dim : dims)
    if (llvm::MulOverflow(product, dim, product))
      return std::nullopt;
  return product;
}

//===----------------------------------------------------------------------===//
// Reshape
//===----------------------------------------------------------------------===//

/// Checks the values of a constant shape by themselves; gives the position of
/// -1, or the length of the shape when there is none.
static FailureOr<size_t> findInferredDim(ReshapeOp op,
                                         ArrayRef<int64_t> target) {
  size_t inferred = target.size();
  for (auto [position, dim] : llvm::enumerate(target)) {
    if (dim >= 0)
      continue;
    if (dim != -1)
      return op.emitOpError()
             << "shape values must be -1 or more, but one is " << dim;
    if (inferred != target.size())
      return op.emitOpError() << "shape may hold one -1 only";
    inferred = position;
  }
  if (op.getAllowzero() && inferred != target.size() &&
      llvm::is_contained(target, 0))
    return op.emitOpError() << "shape may not hold both 0 and -1 when "
                               "allowzero is set";
  return inferred;
}

/// Replaces 0 by the dimension of the input; dimensions copied on both sides
/// are marked in `copied`.
static LogicalResult copyZeros(ReshapeOp op, ArrayRef<int64_t> input,
                               MutableArrayRef<int64_t> target,
                               SmallVectorImpl<bool> &copied) {
  copied.assign(input.size(), false);
  if (op.getAllowzero())
    return success();
  for (auto [position, dim] : llvm::enumerate(target)) {
    if (dim != 0)
      continue;
    if (position >= input.size())
      return op.emitOpError()
             << "shape has 0 at position " << position
             << ", but the input has only " << input.size() << " dimensions";
    dim = input[position];
    copied[position] = true;
  }
  return success();
}

LogicalResult ReshapeOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  if (failed(verifyRank(*this, getShape(), "shape", 1)))
    return failure();
  std::optional<SmallVector<int64_t>> target = getConstantInts(getShape());
  if (!target) {
    std::optional<int64_t> length = getRankFromLength(getShape());
    if (!length)
      return inferUnranked(*this, types);
    SmallVector<int64_t> dims(*length, ShapedType::kDynamic);
    return addResult(*this, dims, elementOf(getData()), types);
  }
  FailureOr<size_t> inferred = findInferredDim(*this, *target);
  if (failed(inferred))
    return failure();
  auto input = getRankedShape(getData());
  if (!input) {
    for (int64_t &dim : *target)
      if (dim < 0 || (dim == 0 && !getAllowzero()))
        dim = ShapedType::kDynamic;
    return addResult(*this, *target, elementOf(getData()), types);
  }

  SmallVector<bool> copied;
  if (failed(copyZeros(*this, *input, *target, copied)))
    return failure();
  // Dimensions copied from the input cancel, so they may be dynamic.
  SmallVector<int64_t> given, wanted;
  bool zero = *inferred == target->size() && llvm::is_contained(*input, 0);
  for (auto [position, dim] : llvm::enumerate(*input))
    if (zero || !copied[position])
      given.push_back(dim);
  for (auto [position, dim] : llvm::enumerate(*target))
    if (position != *inferred &&
        (zero || position >= copied.size() || !copied[position]))
      wanted.push_back(dim);
  std::optional<int64_t> have = multiplyDims(given),
                         want = multiplyDims(wanted);
  if (!have || !want)
    return emitOpError() << "the element count does not fit 63 bits";

  bool known = !ShapedType::isDynamic(*have) && !ShapedType::isDynamic(*want);
  auto mismatch = [&]() -> LogicalResult {
    return emitOpError() << getData().getType() << " cannot be reshaped to "
                         << shapeToString(*getConstantInts(getShape()))
                         << ": the element counts differ";
  };
  if (*inferred != target->size()) {
    int64_t &dim = (*target)[*inferred];
    dim = ShapedType::kDynamic;
    if (known) {
      if (*want == 0 ? *have != 0 : *have % *want != 0)
        return mismatch();
      dim = *want == 0 ? 0 : *have / *want;
    }
  } else if (known && *have != *want) {
    return mismatch();
  }
  return addResult(*this, *target, elementOf(getData()), types);
}

//===----------------------------------------------------------------------===//
// Flatten, Squeeze, Unsqueeze
//===----------------------------------------------------------------------===//

LogicalResult FlattenOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  int64_t axis = getAxis();
  auto shape = getRankedShape(getInput());
  if (!shape)
    return addResult(*this, {ShapedType::kDynamic, ShapedType::kDynamic},
                     elementOf(getInput()), types);
  int64_t rank = shape->size();
  if (axis < -rank || axis > rank)
    return emitOpError() << "axis " << axis << " is outside [" << -rank << ", "
                         << rank << "]";
  if (axis < 0)
    axis += rank;
  std::optional<int64_t> outer = multiplyDims(shape->take_front(axis));
  std::optional<int64_t> inner = multiplyDims(shape->drop_front(axis));
  if (!outer || !inner)
    return emitOpError() << "the element count does not fit 63 bits";
  return addResult(*this, {*outer, *inner}, elementOf(getInput()), types);
}

/// Without axes every dimension of size 1 goes, so all must be known.
static LogicalResult inferSqueezeAll(SqueezeOp op, ArrayRef<int64_t> shape,
                                     SmallVectorImpl<Type> &types) {
  if (ShapedType::isDynamicShape(shape))
    return inferUnranked(op, types);
  SmallVector<int64_t> result;
  llvm::copy_if(shape, std::back_inserter(result),
                [](int64_t dim) { return dim != 1; });
  return addResult(op, result, elementOf(op.getData()), types);
}

LogicalResult SqueezeOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  if (failed(verifyRank(*this, getAxes(), "axes", 1)))
    return failure();
  auto shape = getRankedShape(getData());
  if (!shape)
    return inferUnranked(*this, types);
  if (!getAxes())
    return inferSqueezeAll(*this, *shape, types);
  std::optional<SmallVector<int64_t>> axes = getConstantInts(getAxes());
  int64_t rank = shape->size();
  if (!axes) {
    std::optional<int64_t> length = getVectorLength(getAxes());
    if (!length)
      return inferUnranked(*this, types);
    if (*length > rank)
      return emitOpError() << "cannot remove " << *length << " dimensions of "
                           << getData().getType();
    return addResult(*this,
                     SmallVector<int64_t>(rank - *length, ShapedType::kDynamic),
                     elementOf(getData()), types);
  }
  FailureOr<SmallVector<int64_t>> removed = normalizeAxes(*this, *axes, rank);
  if (failed(removed))
    return failure();
  SmallVector<int64_t> result;
  for (auto [axis, dim] : llvm::enumerate(*shape)) {
    if (!llvm::is_contained(*removed, static_cast<int64_t>(axis))) {
      result.push_back(dim);
      continue;
    }
    if (dim != 1 && !ShapedType::isDynamic(dim))
      return emitOpError()
             << "removes dimensions of size 1 only, but dimension " << axis
             << " is " << dim;
  }
  return addResult(*this, result, elementOf(getData()), types);
}

LogicalResult UnsqueezeOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  if (failed(verifyRank(*this, getAxes(), "axes", 1)))
    return failure();
  auto shape = getRankedShape(getData());
  std::optional<int64_t> length = getRankFromLength(getAxes());
  if (!shape || !length)
    return inferUnranked(*this, types);
  int64_t rank = shape->size() + *length;
  std::optional<SmallVector<int64_t>> axes = getConstantInts(getAxes());
  SmallVector<int64_t> result(rank, ShapedType::kDynamic);
  if (!axes)
    return addResult(*this, result, elementOf(getData()), types);
  FailureOr<SmallVector<int64_t>> added = normalizeAxes(*this, *axes, rank);
  if (failed(added))
    return failure();
  const int64_t *next = shape->begin();
  for (int64_t axis = 0; axis < rank; ++axis)
    result[axis] = llvm::is_contained(*added, axis) ? 1 : *next++;
  return addResult(*this, result, elementOf(getData()), types);
}

//===----------------------------------------------------------------------===//
// DepthToSpace, SpaceToDepth
//===----------------------------------------------------------------------===//

template <typename Op> static LogicalResult verifyBlocks(Op op) {
  if (static_cast<int64_t>(op.getBlocksize()) < 1)
    return op.emitOpError() << "blocksize must be 1 or more, but is "
                            << static_cast<int64_t>(op.getBlocksize());
  if (static_cast<int64_t>(op.getBlocksize()) > INT32_MAX)
    return op.emitOpError() << "blocksize must fit 31 bits, but is "
                            << static_cast<int64_t>(op.getBlocksize());
  if (op.getMode() != "DCR" && op.getMode() != "CRD")
    return op.emitOpError()
           << "mode must be DCR or CRD, but is '" << op.getMode() << "'";
  return verifyRank(op, op.getInput(), "input", 4);
}

/// dim / divisor, or an error that names the axis.
static FailureOr<int64_t> divideDim(Operation *op, StringRef axis, int64_t dim,
                                    int64_t divisor) {
  if (ShapedType::isDynamic(dim))
    return dim;
  if (dim % divisor != 0)
    return op->emitOpError()
           << axis << ' ' << dim << " must be a multiple of " << divisor;
  return dim / divisor;
}

static FailureOr<int64_t> multiplyDim(Operation *op, StringRef axis,
                                      int64_t dim, int64_t factor) {
  if (ShapedType::isDynamic(dim))
    return dim;
  int64_t product;
  if (llvm::MulOverflow(dim, factor, product))
    return op->emitOpError() << axis << ' ' << dim << " times " << factor
                             << " does not fit 63 bits";
  return product;
}

/// `rescaleChannels` and `rescaleSpace` are the two functions above.
template <typename Op, typename Rescale>
static LogicalResult inferBlocks(Op op, Rescale rescaleChannels,
                                 Rescale rescaleSpace,
                                 SmallVectorImpl<Type> &types) {
  if (failed(verifyBlocks(op)))
    return failure();
  Type element = elementOf(op.getInput());
  auto shape = getRankedShape(op.getInput());
  if (!shape)
    return addResult(op, SmallVector<int64_t>(4, ShapedType::kDynamic), element,
                     types);
  int64_t block = op.getBlocksize();
  FailureOr<int64_t> channels =
      rescaleChannels(op, "channels", (*shape)[1], block * block);
  FailureOr<int64_t> height = rescaleSpace(op, "height", (*shape)[2], block);
  FailureOr<int64_t> width = rescaleSpace(op, "width", (*shape)[3], block);
  if (failed(channels) || failed(height) || failed(width))
    return failure();
  return addResult(op, {(*shape)[0], *channels, *height, *width}, element,
                   types);
}

LogicalResult DepthToSpaceOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferBlocks(*this, divideDim, multiplyDim, types);
}

LogicalResult SpaceToDepthOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferBlocks(*this, multiplyDim, divideDim, types);
}
