//===- Reduction.cpp - Reduction operators of the onnx dialect ------------===//

#include "dialects/onnx/Reduction.h"
#include "dialects/onnx/ShapeUtils.h"

using namespace mlir;
using namespace assay::onnx;

#define GET_OP_CLASSES
#include "dialects/onnx/Reduction.cpp.inc"

void OnnxDialect::registerReductionOps() {
  addOperations<
#define GET_OP_LIST
#include "dialects/onnx/Reduction.cpp.inc"
      >();
}

FailureOr<ReductionAxes> ReductionAxes::get(OnnxOp op, int64_t rank, Value axes,
                                            bool noopWithEmptyAxes) {
  ReductionAxes result;
  auto type = axes ? dyn_cast<RankedTensorType>(axes.getType()) : nullptr;
  if (type && type.getRank() != 1)
    return op->emitOpError()
           << "axes is " << type << ", but rank 1 is expected";
  std::optional<SmallVector<int64_t>> values = getConstantInts(axes);
  if (!axes || (type && type.getDimSize(0) == 0))
    values.emplace();
  if (!values)
    return result;
  result.mask.emplace(rank, values->empty() && !noopWithEmptyAxes);
  for (int64_t value : *values) {
    FailureOr<int64_t> axis = normalizeAxis(op, value, rank);
    if (failed(axis))
      return failure();
    if ((*result.mask)[*axis])
      return op->emitOpError() << "axis " << value << " is given twice";
    (*result.mask)[*axis] = true;
  }
  return result;
}

/// The result of Reduce* over `data`. With axes that are only known at run time
/// any dimension may be reduced, and without keepdims the length of `axes`
/// gives the rank.
static LogicalResult inferReduce(OnnxOp op, Value data, Value axes,
                                 bool keepDims, bool noopWithEmptyAxes,
                                 SmallVectorImpl<Type> &types) {
  auto type = dyn_cast<RankedTensorType>(data.getType());
  if (!type)
    return inferUnranked(op, types);
  int64_t rank = type.getRank();
  FailureOr<ReductionAxes> reduction =
      ReductionAxes::get(op, rank, axes, noopWithEmptyAxes);
  if (failed(reduction))
    return failure();
  SmallVector<int64_t> shape;
  if (reduction->mask) {
    for (auto [dim, reduced] :
         llvm::zip_equal(type.getShape(), *reduction->mask))
      if (!reduced || keepDims)
        shape.push_back(reduced ? 1 : dim);
  } else if (keepDims) {
    for (int64_t dim : type.getShape())
      shape.push_back(dim == 1 ? 1 : ShapedType::kDynamic);
  } else {
    int64_t count = getDimOrDynamic(axes, 0);
    if (ShapedType::isDynamic(count))
      return inferUnranked(op, types);
    if (count > rank)
      return op->emitOpError()
             << "has " << count << " axes, but data of rank " << rank;
    shape.assign(rank - count, ShapedType::kDynamic);
  }
  types.push_back(RankedTensorType::get(shape, type.getElementType()));
  return success();
}

/// The result of ArgMax and ArgMin over `data`.
static LogicalResult inferArgReduce(OnnxOp op, Value data, int64_t axis,
                                    bool keepDims,
                                    SmallVectorImpl<Type> &types) {
  auto type = dyn_cast<RankedTensorType>(data.getType());
  if (!type)
    return inferUnranked(op, types);
  FailureOr<int64_t> reduced = normalizeAxis(op, axis, type.getRank());
  if (failed(reduced))
    return failure();
  if (type.getDimSize(*reduced) == 0)
    return op->emitOpError()
           << "dimension " << *reduced << " is 0, but 1 or more is expected";
  SmallVector<int64_t> shape(type.getShape());
  if (keepDims)
    shape[*reduced] = 1;
  else
    shape.erase(shape.begin() + *reduced);
  types.push_back(RankedTensorType::get(shape, getResultElementType(op, 0)));
  return success();
}

LogicalResult ArgMaxOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferArgReduce(*this, getData(), getAxis(), getKeepdims(), types);
}

LogicalResult ArgMinOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferArgReduce(*this, getData(), getAxis(), getKeepdims(), types);
}

/// Checks that `value`, if ranked, holds a single element.
static LogicalResult checkSingleElement(OnnxOp op, StringRef name,
                                        Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type || type.getRank() == 0 ||
      (type.getRank() == 1 &&
       (type.isDynamicDim(0) || type.getDimSize(0) == 1)))
    return success();
  return op->emitOpError() << name << " is " << type
                           << ", but a single element is expected";
}

LogicalResult CumSumOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  if (failed(checkSingleElement(*this, "axis", getAxis())))
    return failure();
  auto type = dyn_cast<RankedTensorType>(getX().getType());
  std::optional<SmallVector<int64_t>> axis = getConstantInts(getAxis());
  if (type && axis && axis->size() == 1 &&
      failed(normalizeAxis(*this, axis->front(), type.getRank())))
    return failure();
  types.push_back(getX().getType());
  return success();
}

LogicalResult TopKOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  if (failed(checkSingleElement(*this, "K", getK())))
    return failure();
  auto type = dyn_cast<RankedTensorType>(getX().getType());
  if (!type)
    return inferUnranked(*this, types);
  FailureOr<int64_t> axis = normalizeAxis(*this, getAxis(), type.getRank());
  if (failed(axis))
    return failure();
  SmallVector<int64_t> shape(type.getShape());
  int64_t size = shape[*axis];
  shape[*axis] = ShapedType::kDynamic;
  std::optional<SmallVector<int64_t>> k = getConstantInts(getK());
  if (k && k->size() == 1) {
    shape[*axis] = k->front();
    if (k->front() < 0 || (!ShapedType::isDynamic(size) && k->front() > size))
      return emitOpError() << "K is " << k->front() << ", but dimension "
                           << *axis << " of X has " << size << " elements";
  }
  types.push_back(RankedTensorType::get(shape, type.getElementType()));
  types.push_back(RankedTensorType::get(shape, getResultElementType(*this, 1)));
  return success();
}

LogicalResult ReduceL1Op::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferReduce(*this, getData(), getAxes(), getKeepdims(),
                     getNoopWithEmptyAxes(), types);
}

LogicalResult ReduceL2Op::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferReduce(*this, getData(), getAxes(), getKeepdims(),
                     getNoopWithEmptyAxes(), types);
}

LogicalResult ReduceLogSumOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferReduce(*this, getData(), getAxes(), getKeepdims(),
                     getNoopWithEmptyAxes(), types);
}

LogicalResult
ReduceLogSumExpOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferReduce(*this, getData(), getAxes(), getKeepdims(),
                     getNoopWithEmptyAxes(), types);
}

LogicalResult ReduceMaxOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferReduce(*this, getData(), getAxes(), getKeepdims(),
                     getNoopWithEmptyAxes(), types);
}

LogicalResult ReduceMeanOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferReduce(*this, getData(), getAxes(), getKeepdims(),
                     getNoopWithEmptyAxes(), types);
}

LogicalResult ReduceMinOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferReduce(*this, getData(), getAxes(), getKeepdims(),
                     getNoopWithEmptyAxes(), types);
}

LogicalResult ReduceProdOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferReduce(*this, getData(), getAxes(), getKeepdims(),
                     getNoopWithEmptyAxes(), types);
}

LogicalResult ReduceSumOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferReduce(*this, getData(), getAxes(), getKeepdims(),
                     getNoopWithEmptyAxes(), types);
}

LogicalResult
ReduceSumSquareOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferReduce(*this, getData(), getAxes(), getKeepdims(),
                     getNoopWithEmptyAxes(), types);
}
