//===- MovementIndexing.cpp - Types of gathering and scattering operators -===//

#include "dialects/onnx/Movement.h"
#include "dialects/onnx/ShapeUtils.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace assay::onnx;

static Type elementOf(Value value) {
  return getElementTypeOrSelf(value.getType());
}

/// Constant indices must lie in [-dim, dim). Large tables are left to the
/// checks at run time.
static LogicalResult verifyIndices(OnnxOp op, Value indices, int64_t dim) {
  ElementsAttr constant = getConstant(indices);
  if (!constant || constant.getNumElements() > 65536)
    return success();
  std::optional<SmallVector<int64_t>> values = getConstantInts(indices);
  if (!values || ShapedType::isDynamic(dim))
    return success();
  for (int64_t index : *values)
    if (index < -dim || index >= dim)
      return op->emitOpError() << "index " << index << " is outside [" << -dim
                               << ", " << dim - 1 << "]";
  return success();
}

static LogicalResult verifyReduction(OnnxOp op, StringRef reduction) {
  if (llvm::is_contained({"none", "add", "mul", "max", "min"}, reduction))
    return success();
  return op->emitOpError()
         << "reduction must be none, add, mul, max or min, but is '"
         << reduction << "'";
}

/// Checks that the types of `left` and `right` describe one shape.
static LogicalResult verifySameShape(OnnxOp op, StringRef leftName,
                                     ArrayRef<int64_t> left,
                                     StringRef rightName,
                                     ArrayRef<int64_t> right) {
  if (succeeded(verifyCompatibleShape(left, right)))
    return success();
  return op->emitOpError() << leftName << " must have the shape of "
                           << rightName << ", but it is " << shapeToString(left)
                           << " against " << shapeToString(right);
}

//===----------------------------------------------------------------------===//
// Gather, GatherElements, GatherND
//===----------------------------------------------------------------------===//

LogicalResult GatherOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  if (failed(checkRankAtLeast(*this, "data", getData(), 1)))
    return failure();
  auto data = getRankedShape(getData());
  auto indices = getRankedShape(getIndices());
  if (!data || !indices)
    return inferUnranked(*this, types);
  FailureOr<int64_t> axis =
      normalizeAxis(*this, static_cast<int64_t>(getAxis()), data->size());
  if (failed(axis) ||
      failed(verifyIndices(*this, getIndices(), (*data)[*axis])))
    return failure();
  SmallVector<int64_t> result(data->take_front(*axis));
  llvm::append_range(result, *indices);
  llvm::append_range(result, data->drop_front(*axis + 1));
  return addResult(*this, result, elementOf(getData()), types);
}

/// Indices of GatherElements and ScatterElements have the rank of data and, but
/// for the axis, no larger dimensions.
static LogicalResult verifyElementIndices(OnnxOp op, Value data, Value indices,
                                          int64_t axisAttr) {
  if (failed(checkRankAtLeast(op, "data", data, 1)))
    return failure();
  auto shape = getRankedShape(data), index = getRankedShape(indices);
  if (!shape || !index)
    return success();
  if (shape->size() != index->size())
    return op->emitOpError()
           << "indices must have the rank of data, but is " << indices.getType()
           << " against " << data.getType();
  FailureOr<int64_t> axis = normalizeAxis(op, axisAttr, shape->size());
  if (failed(axis) || failed(verifyIndices(op, indices, (*shape)[*axis])))
    return failure();
  for (auto [d, pair] : llvm::enumerate(llvm::zip_equal(*shape, *index))) {
    auto [have, want] = pair;
    if (static_cast<int64_t>(d) != *axis && !ShapedType::isDynamic(have) &&
        want > have)
      return op->emitOpError() << "dimension " << d << " of indices is " << want
                               << ", but data has " << have << " there";
  }
  return success();
}

LogicalResult GatherElementsOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  if (failed(verifyElementIndices(*this, getData(), getIndices(),
                                  static_cast<int64_t>(getAxis()))))
    return failure();
  auto shape = getRankedShape(getIndices());
  if (!shape)
    return inferUnranked(*this, types);
  return addResult(*this, *shape, elementOf(getData()), types);
}

/// The length of the index tuples of GatherND and ScatterND: in [1, limit], or
/// dynamic.
static FailureOr<int64_t> getTupleLength(OnnxOp op, ArrayRef<int64_t> indices,
                                         int64_t limit) {
  int64_t length = indices.back();
  if (ShapedType::isDynamic(length) || (length >= 1 && length <= limit))
    return length;
  return op->emitOpError() << "the last dimension of indices must be 1 to "
                           << limit << ", but is " << length;
}

LogicalResult GatherNDOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  if (failed(checkRankAtLeast(*this, "data", getData(), 1)) ||
      failed(checkRankAtLeast(*this, "indices", getIndices(), 1)))
    return failure();
  auto data = getRankedShape(getData());
  auto indices = getRankedShape(getIndices());
  if (!data || !indices)
    return inferUnranked(*this, types);
  int64_t batch = getBatchDims();
  int64_t limit = std::min(data->size(), indices->size());
  if (batch < 0 || batch >= limit)
    return emitOpError() << "batch_dims must be 0 to " << limit - 1
                         << ", but is " << batch;
  if (failed(verifySameShape(*this, "the batch part of indices",
                             indices->take_front(batch), "that of data",
                             data->take_front(batch))))
    return failure();
  FailureOr<int64_t> tuple =
      getTupleLength(*this, *indices, data->size() - batch);
  if (failed(tuple))
    return failure();
  if (ShapedType::isDynamic(*tuple))
    return inferUnranked(*this, types);
  SmallVector<int64_t> result(indices->drop_back());
  for (int64_t d = 0; d < batch; ++d)
    result[d] = *unifyDims(result[d], (*data)[d]);
  llvm::append_range(result, data->drop_front(batch + *tuple));
  return addResult(*this, result, elementOf(getData()), types);
}

//===----------------------------------------------------------------------===//
// ScatterElements, ScatterND
//===----------------------------------------------------------------------===//

LogicalResult
ScatterElementsOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  if (failed(verifyReduction(*this, getReduction())) ||
      failed(verifyElementIndices(*this, getData(), getIndices(),
                                  static_cast<int64_t>(getAxis()))))
    return failure();
  auto indices = getRankedShape(getIndices());
  auto updates = getRankedShape(getUpdates());
  if (indices && updates &&
      failed(verifySameShape(*this, "updates", *updates, "indices", *indices)))
    return failure();
  return inferSameShape(*this, 0, types);
}

LogicalResult ScatterNDOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  if (failed(verifyReduction(*this, getReduction())) ||
      failed(checkRankAtLeast(*this, "data", getData(), 1)) ||
      failed(checkRankAtLeast(*this, "indices", getIndices(), 1)))
    return failure();
  auto data = getRankedShape(getData());
  auto indices = getRankedShape(getIndices());
  auto updates = getRankedShape(getUpdates());
  if (!data || !indices)
    return inferSameShape(*this, 0, types);
  FailureOr<int64_t> tuple = getTupleLength(*this, *indices, data->size());
  if (failed(tuple))
    return failure();
  if (updates && !ShapedType::isDynamic(*tuple)) {
    SmallVector<int64_t> expected(indices->drop_back());
    llvm::append_range(expected, data->drop_front(*tuple));
    if (failed(verifySameShape(*this, "updates", *updates,
                               "the index tuples and their slices", expected)))
      return failure();
  }
  return inferSameShape(*this, 0, types);
}
