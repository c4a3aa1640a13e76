//===- Movement.cpp - Reference evaluation of movement ops ----------------===//

#include "dialects/onnx/reference/Movement.h"
#include "dialects/onnx/Movement.h"
#include "llvm/ADT/TypeSwitch.h"
#include <cstring>

using namespace mlir;
using namespace assay::onnx;

//===----------------------------------------------------------------------===//
// Shared
//===----------------------------------------------------------------------===//

int64_t assay::onnx::flatten(ArrayRef<int64_t> index,
                             ArrayRef<int64_t> strides) {
  int64_t position = 0;
  for (auto [i, stride] : llvm::zip_equal(index, strides))
    position += i * stride;
  return position;
}

FailureOr<Tensor> assay::onnx::gatherElements(
    Operation *op, const Tensor &source, ArrayRef<int64_t> shape,
    function_ref<int64_t(ArrayRef<int64_t>)> locate, const char *filler) {
  FailureOr<Tensor> result = makeTensor(op, source.getElementType(), shape);
  if (failed(result))
    return failure();
  int64_t bytes = source.getElementBytes();
  const char *from = source.getData().data();
  char *to = result->getMutableData().data();
  forEachIndex(shape, [&](ArrayRef<int64_t> index) {
    int64_t position = locate(index);
    const char *element = position < 0 ? filler : from + position * bytes;
    if (element)
      std::memcpy(to, element, bytes);
    to += bytes;
  });
  return result;
}

/// One result, or the failure.
static FailureOr<Tensors> single(FailureOr<Tensor> tensor) {
  if (failed(tensor))
    return failure();
  return Tensors{*tensor};
}

/// The axes of `tensor` as numbers in [0, rank), each at most once; all axes
/// up to `count` when the input is absent.
static FailureOr<SmallVector<int64_t>>
readAxes(Operation *op, const Tensor *tensor, int64_t count, int64_t rank) {
  if (!tensor)
    return llvm::to_vector(llvm::seq<int64_t>(count));
  SmallVector<int64_t> axes;
  for (int64_t axis : tensor->toInts()) {
    if (axis < -rank || axis >= rank)
      return op->emitError() << "axis " << axis << " is outside [" << -rank
                             << ", " << rank - 1 << "]";
    axis += axis < 0 ? rank : 0;
    if (llvm::is_contained(axes, axis))
      return op->emitError() << "axis " << axis << " is given twice";
    axes.push_back(axis);
  }
  return axes;
}

static int64_t normalize(int64_t axis, int64_t rank) {
  return axis < 0 ? axis + rank : axis;
}

/// The elements of `source` in another shape.
static FailureOr<Tensors> reshape(Operation *op, const Tensor &source,
                                  ArrayRef<int64_t> shape) {
  if (countElements(shape) != source.getNumElements())
    return op->emitError() << "cannot reshape " << source.getType()
                           << ": the element counts differ";
  return Tensors{source.reshaped(shape)};
}

//===----------------------------------------------------------------------===//
// Reshaping
//===----------------------------------------------------------------------===//

static FailureOr<Tensors> evaluateOp(ReshapeOp op, Inputs inputs) {
  const Tensor &data = *inputs[0];
  SmallVector<int64_t> shape = llvm::to_vector(inputs[1]->toInts());
  int64_t known = 1, inferred = -1;
  for (auto [position, dim] : llvm::enumerate(shape)) {
    if (dim == 0 && !op.getAllowzero()) {
      if (static_cast<int64_t>(position) >= data.getRank())
        return op.emitError() << "shape has 0 past the rank of the input";
      dim = data.getDim(position);
    }
    if (dim == -1 && inferred < 0)
      inferred = position;
    else if (dim < 0)
      return op.emitError()
             << "shape holds " << dim << "; one -1 and sizes are accepted";
    else if (llvm::MulOverflow(known, dim, known))
      return op.emitError() << "shape holds too many elements";
  }
  if (inferred >= 0)
    shape[inferred] = known ? data.getNumElements() / known : 0;
  return reshape(op, data, shape);
}

static FailureOr<Tensors> evaluateOp(FlattenOp op, Inputs inputs) {
  const Tensor &data = *inputs[0];
  int64_t axis = normalize(static_cast<int64_t>(op.getAxis()), data.getRank());
  auto product = [](ArrayRef<int64_t> dims) { return llvm::product_of(dims); };
  return reshape(op, data,
                 {product(data.getShape().take_front(axis)),
                  product(data.getShape().drop_front(axis))});
}

static FailureOr<Tensors> evaluateOp(SqueezeOp op, Inputs inputs) {
  const Tensor &data = *inputs[0];
  FailureOr<SmallVector<int64_t>> axes =
      readAxes(op, inputs[1], 0, data.getRank());
  if (failed(axes))
    return failure();
  SmallVector<int64_t> shape;
  for (auto [axis, dim] : llvm::enumerate(data.getShape())) {
    bool listed = llvm::is_contained(*axes, static_cast<int64_t>(axis));
    if (inputs[1] ? !listed : dim != 1)
      shape.push_back(dim);
    else if (dim != 1)
      return op.emitError() << "dimension " << axis << " is " << dim
                            << ", but only dimensions of 1 can be removed";
  }
  return reshape(op, data, shape);
}

static FailureOr<Tensors> evaluateOp(UnsqueezeOp op, Inputs inputs) {
  const Tensor &data = *inputs[0];
  int64_t rank = data.getRank() + inputs[1]->getNumElements();
  FailureOr<SmallVector<int64_t>> axes = readAxes(op, inputs[1], 0, rank);
  if (failed(axes))
    return failure();
  SmallVector<int64_t> shape;
  const int64_t *next = data.getShape().begin();
  for (int64_t axis = 0; axis < rank; ++axis)
    shape.push_back(llvm::is_contained(*axes, axis) ? 1 : *next++);
  return reshape(op, data, shape);
}

//===----------------------------------------------------------------------===//
// Transpose, blocks
//===----------------------------------------------------------------------===//

static FailureOr<Tensor> transpose(Operation *op, const Tensor &data,
                                   ArrayRef<int64_t> perm) {
  SmallVector<int64_t> strides = computeStrides(data.getShape());
  SmallVector<int64_t> shape, permuted;
  for (int64_t axis : perm) {
    shape.push_back(data.getDim(axis));
    permuted.push_back(strides[axis]);
  }
  return gatherElements(op, data, shape, [&](ArrayRef<int64_t> index) {
    return flatten(index, permuted);
  });
}

static FailureOr<Tensors> evaluateOp(TransposeOp op, Inputs inputs) {
  SmallVector<int64_t> perm =
      llvm::to_vector(llvm::reverse(llvm::seq<int64_t>(inputs[0]->getRank())));
  if (op.getPerm())
    perm.assign(op.getPerm()->begin(), op.getPerm()->end());
  return single(transpose(op, *inputs[0], perm));
}

static FailureOr<Tensors> evaluateOp(DepthToSpaceOp op, Inputs inputs) {
  ArrayRef<int64_t> in = inputs[0]->getShape();
  int64_t b = op.getBlocksize(), c = in[1] / (b * b);
  if (c * b * b != in[1])
    return op.emitError() << in[1] << " channels are no multiple of " << b * b;
  SmallVector<int64_t> shape = {in[0], c, in[2] * b, in[3] * b};
  SmallVector<int64_t> strides = computeStrides(in);
  bool depthFirst = op.getMode() == "DCR";
  return single(gatherElements(op, *inputs[0], shape, [&](ArrayRef<int64_t> i) {
    int64_t row = i[2] % b, column = i[3] % b;
    int64_t channel = depthFirst ? (row * b + column) * c + i[1]
                                 : (i[1] * b + row) * b + column;
    return flatten({i[0], channel, i[2] / b, i[3] / b}, strides);
  }));
}

static FailureOr<Tensors> evaluateOp(SpaceToDepthOp op, Inputs inputs) {
  ArrayRef<int64_t> in = inputs[0]->getShape();
  int64_t b = op.getBlocksize(), c = in[1];
  if (in[2] % b || in[3] % b)
    return op.emitError() << in[2] << "x" << in[3] << " is no multiple of "
                          << b;
  SmallVector<int64_t> shape = {in[0], c * b * b, in[2] / b, in[3] / b};
  SmallVector<int64_t> strides = computeStrides(in);
  bool depthFirst = op.getMode() == "DCR";
  return single(gatherElements(op, *inputs[0], shape, [&](ArrayRef<int64_t> i) {
    int64_t block = depthFirst ? i[1] / c : i[1] % (b * b);
    int64_t channel = depthFirst ? i[1] % c : i[1] / (b * b);
    return flatten({i[0], channel, i[2] * b + block / b, i[3] * b + block % b},
                   strides);
  }));
}

//===----------------------------------------------------------------------===//
// Joining and cutting
//===----------------------------------------------------------------------===//

static FailureOr<Tensors> evaluateOp(ConcatOp op, Inputs inputs) {
  int64_t axis =
      normalize(static_cast<int64_t>(op.getAxis()), inputs[0]->getRank());
  SmallVector<int64_t> shape(inputs[0]->getShape());
  shape[axis] = 0;
  for (const Tensor *input : inputs) {
    for (auto [d, dim] : llvm::enumerate(input->getShape()))
      if (static_cast<int64_t>(d) != axis && dim != shape[d])
        return op.emitError() << "inputs differ in dimension " << d;
    shape[axis] += input->getDim(axis);
  }
  FailureOr<Tensor> result = makeTensor(op, inputs[0]->getElementType(), shape);
  if (failed(result))
    return failure();
  char *to = result->getMutableData().data();
  int64_t outer = llvm::product_of(ArrayRef(shape).take_front(axis));
  for (int64_t i = 0; i < outer; ++i)
    for (const Tensor *input : inputs) {
      int64_t bytes = input->getData().size() / outer;
      if (bytes)
        std::memcpy(to, input->getData().data() + i * bytes, bytes);
      to += bytes;
    }
  return Tensors{*result};
}

static FailureOr<Tensors> evaluateOp(SplitOp op, Inputs inputs) {
  const Tensor &data = *inputs[0];
  int64_t axis = normalize(static_cast<int64_t>(op.getAxis()), data.getRank());
  int64_t count = op->getNumResults(), dim = data.getDim(axis);
  SmallVector<int64_t> sizes;
  if (inputs[1])
    sizes = llvm::to_vector(inputs[1]->toInts());
  else
    for (int64_t i = 0, chunk = (dim + count - 1) / count; i < count; ++i)
      sizes.push_back(std::clamp<int64_t>(dim - i * chunk, 0, chunk));
  int64_t sum = 0;
  for (int64_t size : sizes)
    sum = size < 0 ? -1 : sum + size;
  if (static_cast<int64_t>(sizes.size()) != count || sum != dim)
    return op.emitError() << "split sizes do not add up to " << dim;
  SmallVector<int64_t> strides = computeStrides(data.getShape());
  SmallVector<int64_t> shape(data.getShape());
  Tensors results;
  int64_t offset = 0;
  for (int64_t size : sizes) {
    shape[axis] = size;
    FailureOr<Tensor> part =
        gatherElements(op, data, shape, [&](ArrayRef<int64_t> index) {
          return flatten(index, strides) + offset * strides[axis];
        });
    if (failed(part))
      return failure();
    results.push_back(*part);
    offset += size;
  }
  return results;
}

static FailureOr<Tensors> evaluateOp(SliceOp op, Inputs inputs) {
  const Tensor &data = *inputs[0];
  std::vector<int64_t> starts = inputs[1]->toInts(), ends = inputs[2]->toInts();
  FailureOr<SmallVector<int64_t>> axes =
      readAxes(op, inputs[3], starts.size(), data.getRank());
  if (failed(axes))
    return failure();
  std::vector<int64_t> steps(starts.size(), 1);
  if (inputs[4])
    steps = inputs[4]->toInts();
  if (ends.size() != starts.size() || axes->size() != starts.size() ||
      steps.size() != starts.size())
    return op.emitError() << "starts, ends, axes and steps differ in length";
  SmallVector<int64_t> shape(data.getShape());
  SmallVector<int64_t> strides = computeStrides(shape);
  int64_t origin = 0;
  for (auto [i, axis] : llvm::enumerate(*axes)) {
    if (steps[i] == 0)
      return op.emitError() << "a step is zero";
    SliceBounds bounds = clampSlice(shape[axis], starts[i], ends[i], steps[i]);
    origin += bounds.start * strides[axis];
    shape[axis] = bounds.length;
    // A single element needs no stride, and a huge one would overflow.
    strides[axis] = bounds.length > 1 ? strides[axis] * steps[i] : 0;
  }
  return single(gatherElements(op, data, shape, [&](ArrayRef<int64_t> index) {
    return origin + flatten(index, strides);
  }));
}

//===----------------------------------------------------------------------===//
// Padding and repeating
//===----------------------------------------------------------------------===//

/// Where in a dimension of size `dim` the padded position `i` comes from; -1
/// for the constant.
static int64_t unpad(StringRef mode, int64_t i, int64_t dim) {
  if (i >= 0 && i < dim)
    return i;
  if (mode == "constant")
    return -1;
  if (mode == "edge")
    return i < 0 ? 0 : dim - 1;
  if (mode == "wrap")
    return ((i % dim) + dim) % dim;
  // Walk back and forth.
  if (dim == 1)
    return 0;
  while (i < 0 || i >= dim)
    i = i < 0 ? -i : 2 * (dim - 1) - i;
  return i;
}

static FailureOr<Tensors> evaluateOp(PadOp op, Inputs inputs) {
  const Tensor &data = *inputs[0];
  std::vector<int64_t> pads = inputs[1]->toInts();
  FailureOr<SmallVector<int64_t>> axes =
      readAxes(op, inputs[3], data.getRank(), data.getRank());
  if (failed(axes))
    return failure();
  if (pads.size() != 2 * axes->size())
    return op.emitError() << "pads must hold two values for each axis";
  SmallVector<int64_t> shape(data.getShape());
  SmallVector<int64_t> begins(shape.size(), 0);
  for (auto [i, axis] : llvm::enumerate(*axes)) {
    int64_t end = pads[i + axes->size()];
    begins[axis] = pads[i];
    if (shape[axis] == 0 && op.getMode() != "constant" &&
        (pads[i] > 0 || end > 0))
      return op.emitError() << "cannot pad an empty dimension";
    if (llvm::AddOverflow(shape[axis], pads[i], shape[axis]) ||
        llvm::AddOverflow(shape[axis], end, shape[axis]))
      return op.emitError() << "pads are too large";
  }
  SmallVector<int64_t> strides = computeStrides(data.getShape());
  const char *filler = inputs[2] ? inputs[2]->getData().data() : nullptr;
  return single(gatherElements(
      op, data, shape,
      [&](ArrayRef<int64_t> index) -> int64_t {
        int64_t position = 0;
        for (int64_t d = 0; d < data.getRank(); ++d) {
          int64_t from =
              unpad(op.getMode(), index[d] - begins[d], data.getDim(d));
          if (from < 0)
            return -1;
          position += from * strides[d];
        }
        return position;
      },
      filler));
}

static FailureOr<Tensors> evaluateOp(ExpandOp op, Inputs inputs) {
  const Tensor &data = *inputs[0];
  SmallVector<int64_t> shape = llvm::to_vector(inputs[1]->toInts());
  if (static_cast<int64_t>(shape.size()) < data.getRank())
    shape.insert(shape.begin(), data.getRank() - shape.size(), 1);
  SmallVector<int64_t> dims(data.getShape());
  dims.insert(dims.begin(), shape.size() - dims.size(), 1);
  SmallVector<int64_t> strides = computeStrides(dims);
  for (auto [dim, size, stride] : llvm::zip_equal(dims, shape, strides)) {
    if (size == 1)
      size = dim;
    if (dim != 1 && dim != size)
      return op.emitError()
             << data.getType() << " does not broadcast to the shape";
    if (dim == 1)
      stride = 0;
  }
  return single(gatherElements(op, data, shape, [&](ArrayRef<int64_t> index) {
    return flatten(index, strides);
  }));
}

static FailureOr<Tensors> evaluateOp(TileOp op, Inputs inputs) {
  const Tensor &data = *inputs[0];
  std::vector<int64_t> repeats = inputs[1]->toInts();
  SmallVector<int64_t> shape(data.getShape());
  if (repeats.size() != shape.size())
    return op.emitError() << "repeats must have one value for each dimension";
  for (auto [dim, repeat] : llvm::zip_equal(shape, repeats))
    if (repeat < 0 || llvm::MulOverflow(dim, repeat, dim))
      return op.emitError() << "repeats must be non-negative and small";
  SmallVector<int64_t> strides = computeStrides(data.getShape());
  return single(gatherElements(op, data, shape, [&](ArrayRef<int64_t> index) {
    int64_t position = 0;
    for (int64_t d = 0; d < data.getRank(); ++d)
      position += index[d] % data.getDim(d) * strides[d];
    return position;
  }));
}

static FailureOr<Tensors> evaluateOp(TriluOp op, Inputs inputs) {
  const Tensor &data = *inputs[0];
  int64_t k = inputs[1] ? inputs[1]->getInt(0) : 0;
  bool upper = op.getUpper() != 0;
  SmallVector<int64_t> strides = computeStrides(data.getShape());
  return single(gatherElements(
      op, data, data.getShape(), [&](ArrayRef<int64_t> index) -> int64_t {
        int64_t distance = index.back() - index[index.size() - 2];
        return (upper ? distance >= k : distance <= k) ? flatten(index, strides)
                                                       : -1;
      }));
}

FailureOr<Tensors> assay::onnx::evaluateMovement(Operation *op, Inputs inputs) {
  return llvm::TypeSwitch<Operation *, FailureOr<Tensors>>(op)
      .Case<ConcatOp, DepthToSpaceOp, ExpandOp, FlattenOp, PadOp, ReshapeOp,
            SliceOp, SpaceToDepthOp, SplitOp, SqueezeOp, TileOp, TransposeOp,
            TriluOp, UnsqueezeOp>(
          [&](auto typed) { return evaluateOp(typed, inputs); })
      .Default(
          [&](Operation *other) { return evaluateIndexing(other, inputs); });
}
