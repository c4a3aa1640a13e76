//===- Creation.cpp - Creation operators of the onnx dialect --------------===//

#include "dialects/onnx/Creation.h"
#include "dialects/onnx/ShapeUtils.h"
#include "mlir/IR/TypeUtilities.h"
#include <cmath>

using namespace mlir;
using namespace assay::onnx;

#define GET_OP_CLASSES
#include "dialects/onnx/Creation.cpp.inc"

void OnnxDialect::registerCreationOps() {
  addOperations<
#define GET_OP_LIST
#include "dialects/onnx/Creation.cpp.inc"
      >();
}

OpFoldResult ConstantOp::fold(FoldAdaptor) { return getValue(); }

LogicalResult ConstantOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  types.push_back(getValue().getType());
  return success();
}

LogicalResult
ConstantOfShapeOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  if (failed(verifyRank(*this, getInput(), "input", 1)))
    return failure();
  std::optional<ElementsAttr> value = getValue();
  if (value && value->getNumElements() != 1)
    return emitOpError() << "value must hold one element, but is "
                         << value->getType();
  Type element =
      value ? value->getElementType() : Type(Float32Type::get(getContext()));
  std::optional<SmallVector<int64_t>> shape = getConstantInts(getInput());
  if (!shape) {
    std::optional<int64_t> rank = getRankFromLength(getInput());
    if (!rank) {
      types.push_back(UnrankedTensorType::get(element));
      return success();
    }
    shape.emplace(*rank, ShapedType::kDynamic);
  } else if (llvm::any_of(*shape, [](int64_t dim) { return dim < 0; })) {
    return emitOpError() << "the shape must be non-negative, but is "
                         << shapeToString(*shape);
  }
  return addResult(*this, *shape, element, types);
}

LogicalResult EyeLikeOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  if (failed(verifyRank(*this, getInput(), "input", 2)))
    return failure();
  Type element =
      getDtype().value_or(getElementTypeOrSelf(getInput().getType()));
  auto shape = getRankedShape(getInput());
  SmallVector<int64_t> result(2, ShapedType::kDynamic);
  if (shape)
    result.assign(shape->begin(), shape->end());
  return addResult(*this, result, element, types);
}

LogicalResult OneHotOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  if (failed(checkScalar(*this, "depth", getDepth())) ||
      failed(verifyRank(*this, getValues(), "values", 1)))
    return failure();
  std::optional<int64_t> numValues = getVectorLength(getValues());
  if (numValues && *numValues != 2)
    return emitOpError() << "values must hold the off and the on value, but "
                            "has "
                         << *numValues << " elements";
  int64_t size = ShapedType::kDynamic;
  std::optional<SmallVector<double>> depth = getConstantDoubles(getDepth());
  if (depth && depth->size() == 1) {
    if (!(depth->front() >= 0 && depth->front() < 0x1p62))
      return emitOpError() << "depth must be 0 to 2^62, but is "
                           << depth->front();
    size = static_cast<int64_t>(depth->front());
  }
  auto shape = getRankedShape(getIndices());
  if (!shape)
    return inferUnranked(*this, types);
  FailureOr<int64_t> axis =
      normalizeAxis(*this, static_cast<int64_t>(getAxis()), shape->size() + 1);
  if (failed(axis))
    return failure();
  SmallVector<int64_t> result(*shape);
  result.insert(result.begin() + *axis, size);
  return addResult(*this, result, getElementTypeOrSelf(getValues().getType()),
                   types);
}

/// max(ceil((limit - start) / delta), 0), or nullopt when it does not fit.
static std::optional<int64_t> countIntRange(int64_t start, int64_t limit,
                                            int64_t delta) {
  if (delta > 0 ? start >= limit : start <= limit)
    return 0;
  // Differences as unsigned numbers: they may need 64 bits.
  uint64_t span =
      delta > 0 ? static_cast<uint64_t>(limit) - static_cast<uint64_t>(start)
                : static_cast<uint64_t>(start) - static_cast<uint64_t>(limit);
  uint64_t step = delta > 0 ? static_cast<uint64_t>(delta)
                            : 0 - static_cast<uint64_t>(delta);
  uint64_t count = (span - 1) / step + 1;
  if (count > static_cast<uint64_t>(std::numeric_limits<int64_t>::max()))
    return std::nullopt;
  return static_cast<int64_t>(count);
}

static std::optional<int64_t> countFloatRange(double start, double limit,
                                              double delta) {
  double count = std::ceil((limit - start) / delta);
  if (!(count < 0x1p62))
    return std::nullopt;
  return count > 0 ? static_cast<int64_t>(count) : 0;
}

LogicalResult RangeOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  if (failed(checkScalar(*this, "start", getStart())) ||
      failed(checkScalar(*this, "limit", getLimit())) ||
      failed(checkScalar(*this, "delta", getDelta())))
    return failure();
  Type element = getElementTypeOrSelf(getStart().getType());
  if (std::optional<SmallVector<double>> delta = getConstantDoubles(getDelta());
      delta && delta->size() == 1 && delta->front() == 0)
    return emitOpError() << "delta must not be zero";

  std::optional<int64_t> count = ShapedType::kDynamic;
  if (isa<FloatType>(element)) {
    auto start = getConstantDoubles(getStart()),
         limit = getConstantDoubles(getLimit()),
         delta = getConstantDoubles(getDelta());
    if (start && limit && delta)
      count = countFloatRange(start->front(), limit->front(), delta->front());
  } else {
    auto start = getConstantInts(getStart()),
         limit = getConstantInts(getLimit()),
         delta = getConstantInts(getDelta());
    if (start && limit && delta)
      count = countIntRange(start->front(), limit->front(), delta->front());
  }
  if (!count)
    return emitOpError()
           << "(limit - start) / delta must be a number below 2^62";
  return addResult(*this, {*count}, element, types);
}

std::pair<int64_t, int64_t> ShapeOp::getBounds(int64_t rank) {
  auto clamp = [&](int64_t position) {
    return std::clamp<int64_t>(position < 0 ? position + rank : position, 0,
                               rank);
  };
  int64_t start = clamp(static_cast<int64_t>(getStart()));
  int64_t end = clamp(static_cast<int64_t>(getEnd().value_or(rank)));
  return {start, std::max(start, end)};
}

LogicalResult ShapeOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  int64_t length = ShapedType::kDynamic;
  if (auto shape = getRankedShape(getData())) {
    auto [start, end] = getBounds(shape->size());
    length = end - start;
  }
  return addResult(*this, {length}, IntegerType::get(getContext(), 64), types);
}

LogicalResult SizeOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return addResult(*this, {}, IntegerType::get(getContext(), 64), types);
}
