//===- Movement.cpp - Movement operators of the onnx dialect --------------===//
//
// Transpose, joining, cutting, padding, repeating. Reshaping ops are in
// MovementReshape.cpp, gathering and scattering ones in MovementIndexing.cpp.
//
//===----------------------------------------------------------------------===//

#include "dialects/onnx/Movement.h"
#include "dialects/onnx/ShapeUtils.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace assay::onnx;

#define GET_OP_CLASSES
#include "dialects/onnx/Movement.cpp.inc"

void OnnxDialect::registerMovementOps() {
  addOperations<
#define GET_OP_LIST
#include "dialects/onnx/Movement.cpp.inc"
      >();
}

static Type elementOf(Value value) {
  return getElementTypeOrSelf(value.getType());
}

static SmallVector<int64_t> dynamicDims(int64_t rank) {
  return SmallVector<int64_t>(rank, ShapedType::kDynamic);
}

//===----------------------------------------------------------------------===//
// Transpose, Concat, Split
//===----------------------------------------------------------------------===//

LogicalResult TransposeOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  std::optional<ArrayRef<int64_t>> perm = getPerm();
  auto shape = getRankedShape(getData());
  if (!shape)
    return perm ? addResult(*this, dynamicDims(perm->size()),
                            elementOf(getData()), types)
                : inferUnranked(*this, types);
  SmallVector<int64_t> order =
      perm ? SmallVector<int64_t>(*perm)
           : llvm::to_vector(llvm::reverse(llvm::seq<int64_t>(shape->size())));
  SmallVector<bool> seen(shape->size(), false);
  bool valid = order.size() == shape->size();
  SmallVector<int64_t> result;
  for (int64_t axis : order) {
    valid = valid && axis >= 0 && axis < static_cast<int64_t>(shape->size()) &&
            !seen[axis];
    if (!valid)
      return emitOpError() << "perm must be a permutation of 0 to "
                           << static_cast<int64_t>(shape->size()) - 1;
    seen[axis] = true;
    result.push_back((*shape)[axis]);
  }
  if (!valid)
    return emitOpError() << "perm must be a permutation of 0 to "
                         << static_cast<int64_t>(shape->size()) - 1;
  return addResult(*this, result, elementOf(getData()), types);
}

LogicalResult ConcatOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  if (getInputs().empty())
    return emitOpError() << "needs at least one input";
  Value first = getInputs().front();
  for (Value input : getInputs())
    if (isa<RankedTensorType>(input.getType())) {
      first = input;
      break;
    }
  auto firstShape = getRankedShape(first);
  if (!firstShape)
    return inferUnranked(*this, types);
  int64_t rank = firstShape->size();
  FailureOr<int64_t> axis = normalizeAxis(*this, getAxis(), rank);
  if (failed(axis))
    return failure();
  SmallVector<int64_t> result = dynamicDims(rank);
  result[*axis] = 0;
  for (auto [position, input] : llvm::enumerate(getInputs())) {
    auto shape = getRankedShape(input);
    if (!shape) {
      result[*axis] = ShapedType::kDynamic;
      continue;
    }
    if (static_cast<int64_t>(shape->size()) != rank)
      return emitOpError() << "inputs must have one rank, but input "
                           << position << " is " << input.getType()
                           << " next to " << first.getType();
    for (int64_t d = 0; d < rank; ++d) {
      int64_t dim = (*shape)[d];
      if (d != *axis) {
        FailureOr<int64_t> merged = unifyDims(result[d], dim);
        if (failed(merged))
          return emitOpError()
                 << "inputs may differ along axis " << *axis
                 << " only, but dimension " << d << " of input " << position
                 << " is " << dim << " where another has " << result[d];
        result[d] = *merged;
      } else if (ShapedType::isDynamic(dim) ||
                 ShapedType::isDynamic(result[d])) {
        result[d] = ShapedType::kDynamic;
      } else if (llvm::AddOverflow(result[d], dim, result[d])) {
        return emitOpError() << "the joined dimension does not fit 63 bits";
      }
    }
  }
  return addResult(*this, result, elementOf(first), types);
}

/// Sizes along the axis when `split` is absent: equal chunks, the last ones
/// smaller.
static SmallVector<int64_t> splitEvenly(int64_t dim, int64_t count) {
  int64_t chunk = llvm::divideCeil(dim, count);
  SmallVector<int64_t> sizes;
  for (int64_t i = 0; i < count; ++i) {
    sizes.push_back(std::min(chunk, dim));
    dim -= sizes.back();
  }
  return sizes;
}

FailureOr<SmallVector<int64_t>> SplitOp::getSizes(int64_t dim) {
  int64_t count = (*this)->getNumResults();
  if (getNumOutputs() && static_cast<int64_t>(*getNumOutputs()) != count)
    return emitOpError() << "num_outputs is "
                         << static_cast<int64_t>(*getNumOutputs())
                         << ", but the op has " << count << " results";
  if (!getSplit()) {
    if (ShapedType::isDynamic(dim) && count > 1)
      return dynamicDims(count);
    return splitEvenly(dim, count);
  }
  if (getNumOutputs())
    return emitOpError()
           << "takes either the input split or num_outputs, not both";
  if (failed(verifyRank(*this, getSplit(), "split", 1)))
    return failure();
  std::optional<int64_t> length = getVectorLength(getSplit());
  if (length && *length != count)
    return emitOpError() << "split has " << *length << " sizes, but the op has "
                         << count << " results";
  std::optional<SmallVector<int64_t>> sizes = getConstantInts(getSplit());
  if (!sizes)
    return dynamicDims(count);
  int64_t sum = 0;
  for (int64_t size : *sizes)
    if (size < 0 || llvm::AddOverflow(sum, size, sum))
      return emitOpError() << "split sizes must be non-negative, but one is "
                           << size;
  if (!ShapedType::isDynamic(dim) && sum != dim)
    return emitOpError() << "split sizes must add up to the dimension " << dim
                         << ", but add up to " << sum;
  return *sizes;
}

LogicalResult SplitOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  if ((*this)->getNumResults() == 0)
    return emitOpError() << "needs at least one result";
  auto shape = getRankedShape(getInput());
  if (!shape)
    return inferUnranked(*this, types);
  FailureOr<int64_t> axis =
      normalizeAxis(*this, static_cast<int64_t>(getAxis()), shape->size());
  if (failed(axis))
    return failure();
  FailureOr<SmallVector<int64_t>> sizes = getSizes((*shape)[*axis]);
  if (failed(sizes))
    return failure();
  SmallVector<int64_t> result(*shape);
  for (int64_t size : *sizes) {
    result[*axis] = size;
    if (failed(addResult(*this, result, elementOf(getInput()), types)))
      return failure();
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Slice, Pad, Compress
//===----------------------------------------------------------------------===//

SliceBounds assay::onnx::clampSlice(int64_t dim, int64_t start, int64_t end,
                                    int64_t step) {
  if (start < 0)
    start += dim;
  if (end < 0)
    end += dim;
  if (step > 0) {
    start = std::clamp<int64_t>(start, 0, dim);
    end = std::clamp<int64_t>(end, 0, dim);
    return {start, end > start ? (end - start - 1) / step + 1 : 0};
  }
  if (dim == 0)
    return {0, 0};
  start = std::clamp<int64_t>(start, 0, dim - 1);
  end = std::clamp<int64_t>(end, -1, dim - 1);
  // Negated as unsigned: the least step has no positive counterpart.
  uint64_t stride = 0 - static_cast<uint64_t>(step);
  uint64_t span = start > end ? start - end : 0;
  return {start, span ? static_cast<int64_t>((span - 1) / stride + 1) : 0};
}

LogicalResult SliceOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  std::optional<int64_t> count;
  std::pair<StringRef, Value> vectors[] = {{"starts", getStarts()},
                                           {"ends", getEnds()},
                                           {"axes", getAxes()},
                                           {"steps", getSteps()}};
  for (auto [name, value] : vectors) {
    if (failed(verifyRank(*this, value, name, 1)))
      return failure();
    std::optional<int64_t> length = getVectorLength(value);
    if (count && length && *count != *length)
      return emitOpError() << "starts, ends, axes and steps must have one "
                              "length, but "
                           << name << " has " << *length << " next to "
                           << *count;
    if (length)
      count = length;
  }
  std::optional<SmallVector<int64_t>> steps;
  if (getSteps())
    steps = getConstantInts(getSteps());
  if (steps && llvm::is_contained(*steps, 0))
    return emitOpError() << "steps must not be zero";
  auto shape = getRankedShape(getData());
  if (!shape)
    return inferUnranked(*this, types);

  int64_t rank = shape->size();
  std::optional<SmallVector<int64_t>> axes;
  if (getAxes())
    axes = getConstantInts(getAxes());
  else if (count)
    axes = llvm::to_vector(llvm::seq<int64_t>(*count));
  if (!axes)
    return addResult(*this, dynamicDims(rank), elementOf(getData()), types);
  FailureOr<SmallVector<int64_t>> normalized =
      normalizeAxes(*this, *axes, rank);
  if (failed(normalized))
    return failure();

  std::optional<SmallVector<int64_t>> starts = getConstantInts(getStarts());
  std::optional<SmallVector<int64_t>> ends = getConstantInts(getEnds());
  bool known = starts && ends && (steps || !getSteps());
  SmallVector<int64_t> result(*shape);
  for (auto [i, axis] : llvm::enumerate(*normalized)) {
    if (!known || ShapedType::isDynamic(result[axis])) {
      result[axis] = ShapedType::kDynamic;
      continue;
    }
    result[axis] = clampSlice(result[axis], (*starts)[i], (*ends)[i],
                              steps ? (*steps)[i] : 1)
                       .length;
  }
  return addResult(*this, result, elementOf(getData()), types);
}

/// pads.size() must be twice the number of padded axes.
static LogicalResult verifyPadsLength(PadOp op, int64_t numAxes) {
  std::optional<int64_t> length = getVectorLength(op.getPads());
  if (length && *length != 2 * numAxes)
    return op.emitOpError()
           << "pads must hold a begin and an end for each of " << numAxes
           << " axes, but has " << *length << " elements";
  return success();
}

LogicalResult PadOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  StringRef mode = getMode();
  if (!llvm::is_contained({"constant", "reflect", "edge", "wrap"}, mode))
    return emitOpError() << "mode must be constant, reflect, edge or wrap, but "
                            "is '"
                         << mode << "'";
  if (failed(verifyRank(*this, getPads(), "pads", 1)) ||
      failed(verifyRank(*this, getAxes(), "axes", 1)) ||
      failed(checkScalar(*this, "constant_value", getConstantValue())))
    return failure();
  auto shape = getRankedShape(getData());
  if (!shape)
    return inferUnranked(*this, types);
  int64_t rank = shape->size();
  std::optional<SmallVector<int64_t>> axes =
      getAxes() ? getConstantInts(getAxes())
                : llvm::to_vector(llvm::seq<int64_t>(rank));
  if (!axes)
    return addResult(*this, dynamicDims(rank), elementOf(getData()), types);
  FailureOr<SmallVector<int64_t>> normalized =
      normalizeAxes(*this, *axes, rank);
  if (failed(normalized) || failed(verifyPadsLength(*this, normalized->size())))
    return failure();
  std::optional<SmallVector<int64_t>> pads = getConstantInts(getPads());
  SmallVector<int64_t> result(*shape);
  for (auto [i, axis] : llvm::enumerate(*normalized)) {
    if (!pads) {
      result[axis] = ShapedType::kDynamic;
      continue;
    }
    int64_t begin = (*pads)[i], end = (*pads)[i + normalized->size()];
    if (ShapedType::isDynamic(result[axis])) {
      continue;
    }
    if (result[axis] == 0 && mode != "constant" && (begin > 0 || end > 0))
      return emitOpError() << "cannot pad dimension " << axis
                           << " of size 0 in mode " << mode;
    if (llvm::AddOverflow(result[axis], begin, result[axis]) ||
        llvm::AddOverflow(result[axis], end, result[axis]) || result[axis] < 0)
      return emitOpError() << "pads " << begin << " and " << end
                           << " do not fit dimension " << axis << " of size "
                           << (*shape)[axis];
  }
  return addResult(*this, result, elementOf(getData()), types);
}

LogicalResult CompressOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  if (failed(verifyRank(*this, getCondition(), "condition", 1)))
    return failure();
  std::optional<int64_t> length = getVectorLength(getCondition());
  int64_t kept = ShapedType::kDynamic;
  if (std::optional<SmallVector<int64_t>> condition =
          getConstantInts(getCondition()))
    kept = condition->size() - llvm::count(*condition, 0);
  std::optional<int64_t> axisAttr = getAxis();
  auto shape = getRankedShape(getInput());
  int64_t available = ShapedType::kDynamic;
  SmallVector<int64_t> result = {kept};
  if (axisAttr) {
    if (!shape)
      return inferUnranked(*this, types);
    FailureOr<int64_t> axis = normalizeAxis(*this, *axisAttr, shape->size());
    if (failed(axis))
      return failure();
    available = (*shape)[*axis];
    result.assign(shape->begin(), shape->end());
    result[*axis] = kept;
  } else if (shape && !ShapedType::isDynamicShape(*shape)) {
    available = ShapedType::getNumElements(*shape);
  }
  if (length && !ShapedType::isDynamic(available) && *length > available)
    return emitOpError() << "condition has " << *length
                         << " elements, but only " << available
                         << " can be selected from";
  return addResult(*this, result, elementOf(getInput()), types);
}

//===----------------------------------------------------------------------===//
// Expand, Tile
//===----------------------------------------------------------------------===//

LogicalResult ExpandOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  if (failed(verifyRank(*this, getShape(), "shape", 1)))
    return failure();
  auto input = getRankedShape(getInput());
  std::optional<SmallVector<int64_t>> target = getConstantInts(getShape());
  std::optional<int64_t> length = getRankFromLength(getShape());
  if (!input || (!target && !length))
    return inferUnranked(*this, types);
  if (target && llvm::any_of(*target, [](int64_t dim) { return dim < 0; }))
    return emitOpError() << "shape must be non-negative, but is "
                         << shapeToString(*target);
  // A run-time dimension may be 1, so it never fixes the result: it acts as a
  // dynamic one, and only input dimensions above 1 are certain.
  FailureOr<SmallVector<int64_t>> result =
      broadcastShapes({*input, target ? *target : dynamicDims(*length)});
  if (failed(result))
    return emitOpError() << getInput().getType() << " does not broadcast to "
                         << shapeToString(*target);
  return addResult(*this, *result, elementOf(getInput()), types);
}

LogicalResult TileOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  if (failed(verifyRank(*this, getRepeats(), "repeats", 1)))
    return failure();
  std::optional<int64_t> length = getRankFromLength(getRepeats());
  auto shape = getRankedShape(getInput());
  if (!shape)
    return length ? addResult(*this, dynamicDims(*length),
                              elementOf(getInput()), types)
                  : inferUnranked(*this, types);
  int64_t rank = shape->size();
  if (length && *length != rank)
    return emitOpError() << "repeats must have one element for each of " << rank
                         << " dimensions, but has " << *length;
  std::optional<SmallVector<int64_t>> repeats = getConstantInts(getRepeats());
  SmallVector<int64_t> result = dynamicDims(rank);
  for (int64_t axis = 0; repeats && axis < rank; ++axis) {
    if ((*repeats)[axis] < 0)
      return emitOpError() << "repeats must be non-negative, but one is "
                           << (*repeats)[axis];
    if (!ShapedType::isDynamic((*shape)[axis]) &&
        llvm::MulOverflow((*shape)[axis], (*repeats)[axis], result[axis]))
      return emitOpError() << "dimension " << axis << " repeated "
                           << (*repeats)[axis] << " times does not fit 63 bits";
  }
  return addResult(*this, result, elementOf(getInput()), types);
}

//===----------------------------------------------------------------------===//
// Trilu, ReverseSequence
//===----------------------------------------------------------------------===//

LogicalResult TriluOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  if (failed(checkScalar(*this, "k", getK())))
    return failure();
  auto shape = getRankedShape(getInput());
  if (shape && shape->size() < 2)
    return emitOpError() << "input must be of rank 2 or more, but is "
                         << getInput().getType();
  return inferSameShape(*this, 0, types);
}

LogicalResult
ReverseSequenceOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  int64_t batch = getBatchAxis(), time = getTimeAxis();
  if (batch < 0 || batch > 1 || time != 1 - batch)
    return emitOpError() << "batch_axis and time_axis must be 0 and 1 or 1 and "
                            "0, but are "
                         << batch << " and " << time;
  if (failed(verifyRank(*this, getSequenceLens(), "sequence_lens", 1)))
    return failure();
  auto shape = getRankedShape(getInput());
  if (!shape)
    return inferUnranked(*this, types);
  if (shape->size() < 2)
    return emitOpError() << "input must be of rank 2 or more, but is "
                         << getInput().getType();
  std::optional<int64_t> length = getVectorLength(getSequenceLens());
  if (length && failed(unifyDims(*length, (*shape)[batch])))
    return emitOpError() << "sequence_lens must have one element for each of "
                         << (*shape)[batch] << " sequences, but has "
                         << *length;
  std::optional<SmallVector<int64_t>> lengths =
      getConstantInts(getSequenceLens());
  int64_t limit = (*shape)[time];
  for (int64_t i = 0; lengths && i < static_cast<int64_t>(lengths->size()); ++i)
    if ((*lengths)[i] < 0 ||
        (!ShapedType::isDynamic(limit) && (*lengths)[i] > limit))
      return emitOpError() << "sequence length " << (*lengths)[i]
                           << " is outside 0 to the time dimension";
  return inferSameShape(*this, 0, types);
}
