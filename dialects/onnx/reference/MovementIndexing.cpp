//===- MovementIndexing.cpp - Reference gathering and scattering ----------===//

#include "dialects/onnx/Movement.h"
#include "dialects/onnx/reference/Movement.h"
#include "llvm/ADT/TypeSwitch.h"
#include <cmath>
#include <cstring>

using namespace mlir;
using namespace assay::onnx;

/// `index` as a position in a dimension of size `dim`, negative ones from its
/// end.
static FailureOr<int64_t> resolveIndex(Operation *op, int64_t index,
                                       int64_t dim) {
  if (index < -dim || index >= dim)
    return op->emitError() << "index " << index << " is outside [" << -dim
                           << ", " << dim - 1 << "]";
  return index < 0 ? index + dim : index;
}

/// All indices resolved against one dimension.
static FailureOr<SmallVector<int64_t>>
resolveIndices(Operation *op, const Tensor &indices, int64_t dim) {
  SmallVector<int64_t> resolved;
  for (int64_t index : indices.toInts()) {
    FailureOr<int64_t> position = resolveIndex(op, index, dim);
    if (failed(position))
      return failure();
    resolved.push_back(*position);
  }
  return resolved;
}

/// Indices of rank q as row-major positions of the slices of `data` that their
/// tuples, along the last dimension, select. `batch` leading dimensions of
/// both advance together.
static FailureOr<SmallVector<int64_t>> resolveTuples(Operation *op,
                                                     const Tensor &data,
                                                     const Tensor &indices,
                                                     int64_t batch) {
  int64_t length = indices.getShape().back();
  if (length < 1 || batch + length > data.getRank())
    return op->emitError() << "index tuples of length " << length
                           << " do not fit data of rank " << data.getRank();
  SmallVector<int64_t> strides = computeStrides(data.getShape());
  SmallVector<int64_t> positions;
  LogicalResult valid = success();
  int64_t next = 0;
  forEachIndex(indices.getShape().drop_back(), [&](ArrayRef<int64_t> outer) {
    int64_t position = 0;
    for (int64_t d = 0; d < batch; ++d)
      position += outer[d] * strides[d];
    for (int64_t i = 0; i < length && succeeded(valid); ++i) {
      FailureOr<int64_t> index =
          resolveIndex(op, indices.getInt(next++), data.getDim(batch + i));
      if (failed(index))
        valid = failure();
      else
        position += *index * strides[batch + i];
    }
    positions.push_back(position);
  });
  if (failed(valid))
    return failure();
  return positions;
}

static FailureOr<Tensors> single(FailureOr<Tensor> tensor) {
  if (failed(tensor))
    return failure();
  return Tensors{*tensor};
}

static int64_t normalize(int64_t axis, int64_t rank) {
  return axis < 0 ? axis + rank : axis;
}

//===----------------------------------------------------------------------===//
// Gathering
//===----------------------------------------------------------------------===//

static FailureOr<Tensors> evaluateOp(GatherOp op, Inputs inputs) {
  const Tensor &data = *inputs[0], &indices = *inputs[1];
  int64_t axis = normalize(static_cast<int64_t>(op.getAxis()), data.getRank());
  FailureOr<SmallVector<int64_t>> resolved =
      resolveIndices(op, indices, data.getDim(axis));
  if (failed(resolved))
    return failure();
  SmallVector<int64_t> shape(data.getShape().take_front(axis));
  llvm::append_range(shape, indices.getShape());
  llvm::append_range(shape, data.getShape().drop_front(axis + 1));
  SmallVector<int64_t> strides = computeStrides(data.getShape());
  SmallVector<int64_t> indexStrides = computeStrides(indices.getShape());
  int64_t count = indices.getRank();
  return single(gatherElements(op, data, shape, [&](ArrayRef<int64_t> i) {
    int64_t entry = (*resolved)[flatten(i.slice(axis, count), indexStrides)];
    return flatten(i.take_front(axis), ArrayRef(strides).take_front(axis)) +
           entry * strides[axis] +
           flatten(i.drop_front(axis + count),
                   ArrayRef(strides).drop_front(axis + 1));
  }));
}

static FailureOr<Tensors> evaluateOp(GatherElementsOp op, Inputs inputs) {
  const Tensor &data = *inputs[0], &indices = *inputs[1];
  int64_t axis = normalize(static_cast<int64_t>(op.getAxis()), data.getRank());
  FailureOr<SmallVector<int64_t>> resolved =
      resolveIndices(op, indices, data.getDim(axis));
  if (failed(resolved))
    return failure();
  for (int64_t d = 0; d < data.getRank(); ++d)
    if (d != axis && indices.getDim(d) > data.getDim(d))
      return op.emitError() << "indices exceed data in dimension " << d;
  SmallVector<int64_t> strides = computeStrides(data.getShape());
  int64_t next = 0;
  return single(gatherElements(
      op, data, indices.getShape(), [&](ArrayRef<int64_t> index) {
        return flatten(index, strides) +
               ((*resolved)[next++] - index[axis]) * strides[axis];
      }));
}

static FailureOr<Tensors> evaluateOp(GatherNDOp op, Inputs inputs) {
  const Tensor &data = *inputs[0], &indices = *inputs[1];
  int64_t batch = op.getBatchDims();
  if (indices.getShape().take_front(batch) != data.getShape().take_front(batch))
    return op.emitError() << "the batch dimensions differ";
  FailureOr<SmallVector<int64_t>> positions =
      resolveTuples(op, data, indices, batch);
  if (failed(positions))
    return failure();
  ArrayRef<int64_t> slice =
      data.getShape().drop_front(batch + indices.getShape().back());
  SmallVector<int64_t> shape(indices.getShape().drop_back());
  llvm::append_range(shape, slice);
  int64_t sliceSize = llvm::product_of(slice), next = 0;
  return single(gatherElements(op, data, shape, [&](ArrayRef<int64_t>) {
    int64_t position = (*positions)[next / sliceSize] + next % sliceSize;
    ++next;
    return position;
  }));
}

static FailureOr<Tensors> evaluateOp(ReverseSequenceOp op, Inputs inputs) {
  const Tensor &data = *inputs[0], &lengths = *inputs[1];
  int64_t batch = op.getBatchAxis(), time = op.getTimeAxis();
  if (lengths.getNumElements() != data.getDim(batch))
    return op.emitError() << "needs one length for each sequence";
  for (int64_t length : lengths.toInts())
    if (length < 0 || length > data.getDim(time))
      return op.emitError()
             << "length " << length << " is outside 0 to " << data.getDim(time);
  SmallVector<int64_t> strides = computeStrides(data.getShape());
  return single(
      gatherElements(op, data, data.getShape(), [&](ArrayRef<int64_t> index) {
        SmallVector<int64_t> from(index);
        int64_t length = lengths.getInt(index[batch]);
        if (index[time] < length)
          from[time] = length - 1 - index[time];
        return flatten(from, strides);
      }));
}

static FailureOr<Tensors> evaluateOp(CompressOp op, Inputs inputs) {
  Tensor data = *inputs[0];
  if (!op.getAxis())
    data = data.reshaped(data.getNumElements());
  int64_t axis =
      normalize(static_cast<int64_t>(op.getAxis().value_or(0)), data.getRank());
  SmallVector<int64_t> kept;
  for (auto [position, selected] : llvm::enumerate(inputs[1]->toInts()))
    if (selected)
      kept.push_back(position);
  if (inputs[1]->getNumElements() > data.getDim(axis))
    return op.emitError() << "condition is longer than the axis";
  SmallVector<int64_t> shape(data.getShape());
  shape[axis] = kept.size();
  SmallVector<int64_t> strides = computeStrides(data.getShape());
  return single(gatherElements(op, data, shape, [&](ArrayRef<int64_t> index) {
    return flatten(index, strides) +
           (kept[index[axis]] - index[axis]) * strides[axis];
  }));
}

//===----------------------------------------------------------------------===//
// Scattering
//===----------------------------------------------------------------------===//

static double reduceFloats(StringRef kind, double present, double update) {
  if (kind == "add")
    return present + update;
  if (kind == "mul")
    return present * update;
  // NaN wins over every number.
  if (std::isnan(present) || std::isnan(update))
    return std::nan("");
  return kind == "max" ? std::max(present, update) : std::min(present, update);
}

static int64_t reduceInts(StringRef kind, int64_t present, int64_t update,
                          bool isUnsigned) {
  uint64_t a = present, b = update;
  if (kind == "add")
    return static_cast<int64_t>(a + b);
  if (kind == "mul")
    return static_cast<int64_t>(a * b);
  bool less = isUnsigned ? a < b : present < update;
  return less == (kind == "max") ? update : present;
}

/// Combines element `from` of `updates` into element `to` of `result`.
static void scatterOne(StringRef kind, Tensor &result, int64_t to,
                       const Tensor &updates, int64_t from) {
  int64_t bytes = result.getElementBytes();
  Type element = result.getElementType();
  if (kind == "none")
    std::memcpy(result.getMutableData().data() + to * bytes,
                updates.getData().data() + from * bytes, bytes);
  else if (isa<FloatType>(element))
    result.setDouble(
        to, reduceFloats(kind, result.getDouble(to), updates.getDouble(from)));
  else
    result.setInt(to, reduceInts(kind, result.getInt(to), updates.getInt(from),
                                 element.isUnsignedInteger()));
}

static FailureOr<Tensors> evaluateOp(ScatterElementsOp op, Inputs inputs) {
  const Tensor &data = *inputs[0], &indices = *inputs[1], &updates = *inputs[2];
  int64_t axis = normalize(static_cast<int64_t>(op.getAxis()), data.getRank());
  FailureOr<SmallVector<int64_t>> resolved =
      resolveIndices(op, indices, data.getDim(axis));
  if (failed(resolved))
    return failure();
  if (indices.getShape() != updates.getShape())
    return op.emitError() << "indices and updates differ in shape";
  for (int64_t d = 0; d < data.getRank(); ++d)
    if (d != axis && indices.getDim(d) > data.getDim(d))
      return op.emitError() << "indices exceed data in dimension " << d;
  Tensor result = data;
  SmallVector<int64_t> strides = computeStrides(data.getShape());
  int64_t next = 0;
  forEachIndex(indices.getShape(), [&](ArrayRef<int64_t> index) {
    int64_t to = flatten(index, strides) +
                 ((*resolved)[next] - index[axis]) * strides[axis];
    scatterOne(op.getReduction(), result, to, updates, next++);
  });
  return Tensors{result};
}

static FailureOr<Tensors> evaluateOp(ScatterNDOp op, Inputs inputs) {
  const Tensor &data = *inputs[0], &indices = *inputs[1], &updates = *inputs[2];
  FailureOr<SmallVector<int64_t>> positions =
      resolveTuples(op, data, indices, /*batch=*/0);
  if (failed(positions))
    return failure();
  int64_t sliceSize =
      llvm::product_of(data.getShape().drop_front(indices.getShape().back()));
  int64_t count = positions->size();
  if (updates.getNumElements() != count * sliceSize)
    return op.emitError() << "updates must hold a slice for each index tuple";
  Tensor result = data;
  for (int64_t i = 0; i < updates.getNumElements(); ++i)
    scatterOne(op.getReduction(), result,
               (*positions)[i / sliceSize] + i % sliceSize, updates, i);
  return Tensors{result};
}

FailureOr<Tensors> assay::onnx::evaluateIndexing(Operation *op, Inputs inputs) {
  return llvm::TypeSwitch<Operation *, FailureOr<Tensors>>(op)
      .Case<CompressOp, GatherElementsOp, GatherNDOp, GatherOp,
            ReverseSequenceOp, ScatterElementsOp, ScatterNDOp>(
          [&](auto typed) { return evaluateOp(typed, inputs); })
      .Default([](Operation *other) { return noEvaluation(other); });
}
