//===- Normalization.cpp - Reference evaluation of normalization ops ------===//

#include "dialects/onnx/Normalization.h"
#include "dialects/onnx/reference/Interpreter.h"
#include "llvm/ADT/TypeSwitch.h"
#include <cmath>

using namespace mlir;
using namespace assay::onnx;

namespace {
/// Mean and population variance of each slice of some data.
struct Moments {
  std::vector<double> mean, variance;
};
} // namespace

/// Moments of the elements that `slice` gives the same number.
static Moments computeMoments(ArrayRef<double> values,
                              ArrayRef<int64_t> sliceOf, int64_t numSlices) {
  Moments moments{std::vector<double>(numSlices),
                  std::vector<double>(numSlices)};
  std::vector<int64_t> count(numSlices);
  for (auto [value, slice] : llvm::zip_equal(values, sliceOf)) {
    moments.mean[slice] += value;
    ++count[slice];
  }
  for (int64_t slice = 0; slice < numSlices; ++slice)
    moments.mean[slice] /= count[slice];
  for (auto [value, slice] : llvm::zip_equal(values, sliceOf)) {
    double distance = value - moments.mean[slice];
    moments.variance[slice] += distance * distance;
  }
  for (int64_t slice = 0; slice < numSlices; ++slice)
    moments.variance[slice] /= count[slice];
  return moments;
}

/// A number for each element of `shape`: that of its index with the dimensions
/// in `reduced` dropped.
static std::vector<int64_t> numberSlices(ArrayRef<int64_t> shape,
                                         ArrayRef<bool> reduced) {
  std::vector<int64_t> numbers;
  forEachIndex(shape, [&](ArrayRef<int64_t> index) {
    int64_t number = 0;
    for (auto [position, size, drop] : llvm::zip_equal(index, shape, reduced))
      if (!drop)
        number = number * size + position;
    numbers.push_back(number);
  });
  return numbers;
}

static int64_t countSlices(ArrayRef<int64_t> shape, ArrayRef<bool> reduced) {
  int64_t count = 1;
  for (auto [size, drop] : llvm::zip_equal(shape, reduced))
    count *= drop ? 1 : size;
  return count;
}

/// For each element of `shape` the element of `tensor` that broadcasts to it.
static std::vector<double> broadcast(const Tensor &tensor,
                                     ArrayRef<int64_t> shape) {
  std::vector<double> values;
  forEachIndex(shape, [&](ArrayRef<int64_t> index) {
    int64_t offset = 0;
    for (auto [position, size] :
         llvm::zip_equal(index.take_back(tensor.getRank()), tensor.getShape()))
      offset = offset * size + (size == 1 ? 0 : position);
    values.push_back(tensor.getDouble(offset));
  });
  return values;
}

/// The channel (dimension 1) of each element; 0 for rank 1.
static std::vector<int64_t> numberChannels(ArrayRef<int64_t> shape) {
  SmallVector<bool> reduced(shape.size(), true);
  if (shape.size() > 1)
    reduced[1] = false;
  return numberSlices(shape, reduced);
}

static void batchNorm(BatchNormalizationOp op, Inputs inputs, Tensors &out) {
  const Tensor &x = *inputs[0];
  std::vector<double> values = x.toDoubles();
  std::vector<int64_t> channel = numberChannels(x.getShape());
  Moments moments{inputs[3]->toDoubles(), inputs[4]->toDoubles()};
  if (op.getTrainingMode()) {
    double momentum = op.getMomentum().convertToFloat();
    Moments batch =
        computeMoments(values, channel, inputs[1]->getNumElements());
    for (auto [c, mean, variance] :
         llvm::enumerate(moments.mean, moments.variance)) {
      mean = mean * momentum + batch.mean[c] * (1 - momentum);
      variance = variance * momentum + batch.variance[c] * (1 - momentum);
    }
    std::swap(moments, batch);
    out[1] = Tensor::fromDoubles(out[1].getElementType(), out[1].getShape(),
                                 batch.mean);
    out[2] = Tensor::fromDoubles(out[2].getElementType(), out[2].getShape(),
                                 batch.variance);
  } else {
    out[1] = *inputs[3];
    out[2] = *inputs[4];
  }
  double epsilon = op.getEpsilon().convertToFloat();
  for (auto [i, value, c] : llvm::enumerate(values, channel))
    out[0].setDouble(i, (value - moments.mean[c]) /
                                std::sqrt(moments.variance[c] + epsilon) *
                                inputs[1]->getDouble(c) +
                            inputs[2]->getDouble(c));
}

/// InstanceNormalization and GroupNormalization: each of `groups` groups of
/// channels is normalized by itself, then scaled and shifted by channel.
static void groupNorm(int64_t groups, double epsilon, Inputs inputs,
                      Tensor &out) {
  const Tensor &x = *inputs[0];
  std::vector<double> values = x.toDoubles();
  std::vector<int64_t> channel = numberChannels(x.getShape());
  int64_t perGroup =
      x.getNumElements() / std::max<int64_t>(x.getDim(0) * groups, 1);
  std::vector<int64_t> slice;
  for (int64_t i = 0; i < x.getNumElements(); ++i)
    slice.push_back(i / perGroup);
  Moments moments = computeMoments(values, slice, x.getDim(0) * groups);
  for (auto [i, value, s, c] : llvm::enumerate(values, slice, channel))
    out.setDouble(i, (value - moments.mean[s]) /
                             std::sqrt(moments.variance[s] + epsilon) *
                             inputs[1]->getDouble(c) +
                         inputs[2]->getDouble(c));
}

static int64_t wrapAxis(int64_t axis, int64_t rank) {
  return axis < 0 ? axis + rank : axis;
}

static void layerNorm(LayerNormalizationOp op, Inputs inputs, Tensors &out) {
  const Tensor &x = *inputs[0];
  std::vector<double> values = x.toDoubles();
  SmallVector<bool> reduced(x.getRank(), false);
  std::fill(reduced.begin() + wrapAxis(op.getAxis(), x.getRank()),
            reduced.end(), true);
  std::vector<int64_t> slice = numberSlices(x.getShape(), reduced);
  Moments moments =
      computeMoments(values, slice, countSlices(x.getShape(), reduced));
  std::vector<double> scale = broadcast(*inputs[1], x.getShape());
  std::vector<double> bias(values.size(), 0.0);
  if (inputs[2])
    bias = broadcast(*inputs[2], x.getShape());
  double epsilon = op.getEpsilon().convertToFloat();
  auto invStdDev = [&](int64_t s) {
    return 1 / std::sqrt(moments.variance[s] + epsilon);
  };
  for (auto [i, value, s] : llvm::enumerate(values, slice))
    out[0].setDouble(i, (value - moments.mean[s]) * invStdDev(s) * scale[i] +
                            bias[i]);
  for (auto [s, mean] : llvm::enumerate(moments.mean)) {
    out[1].setDouble(s, mean);
    out[2].setDouble(s, invStdDev(s));
  }
}

static void rmsNorm(RMSNormalizationOp op, Inputs inputs, Tensor &out) {
  const Tensor &x = *inputs[0];
  std::vector<double> values = x.toDoubles();
  int64_t axis = wrapAxis(op.getAxis(), x.getRank());
  int64_t size = 1;
  for (int64_t dim : x.getShape().drop_front(axis))
    size *= dim;
  std::vector<double> scale = broadcast(*inputs[1], x.getShape());
  double epsilon = op.getEpsilon().convertToFloat();
  for (size_t first = 0; first < values.size(); first += size) {
    double squares = 0;
    for (int64_t i = 0; i < size; ++i)
      squares += values[first + i] * values[first + i];
    double rms = std::sqrt(squares / size + epsilon);
    for (int64_t i = 0; i < size; ++i)
      out.setDouble(first + i, values[first + i] / rms * scale[first + i]);
  }
}

static void lpNorm(LpNormalizationOp op, const Tensor &x, Tensor &out) {
  std::vector<double> values = x.toDoubles();
  SmallVector<bool> reduced(x.getRank(), false);
  reduced[wrapAxis(op.getAxis(), x.getRank())] = true;
  std::vector<int64_t> slice = numberSlices(x.getShape(), reduced);
  std::vector<double> norms(countSlices(x.getShape(), reduced));
  for (auto [value, s] : llvm::zip_equal(values, slice))
    norms[s] += op.getP() == 1 ? std::fabs(value) : value * value;
  for (auto [i, value, s] : llvm::enumerate(values, slice)) {
    double norm = op.getP() == 1 ? norms[s] : std::sqrt(norms[s]);
    out.setDouble(i, norm == 0 ? 0 : value / norm);
  }
}

static void lrn(LRNOp op, const Tensor &x, Tensor &out) {
  int64_t channels = x.getDim(1);
  int64_t size = op.getSize();
  int64_t before = (size - 1) / 2, after = size - 1 - before;
  double alpha = op.getAlpha().convertToFloat();
  double beta = op.getBeta().convertToFloat();
  double bias = op.getBias().convertToFloat();
  int64_t plane = 1;
  for (int64_t dim : x.getShape().drop_front(2))
    plane *= dim;
  forEachIndex({x.getDim(0), channels, plane}, [&](ArrayRef<int64_t> index) {
    auto offset = [&](int64_t channel) {
      return (index[0] * channels + channel) * plane + index[2];
    };
    double squares = 0;
    for (int64_t c = std::max<int64_t>(index[1] - before, 0);
         c <= std::min(index[1] + after, channels - 1); ++c)
      squares += std::pow(x.getDouble(offset(c)), 2);
    out.setDouble(offset(index[1]),
                  x.getDouble(offset(index[1])) /
                      std::pow(bias + alpha / size * squares, beta));
  });
}

static void meanVarianceNorm(MeanVarianceNormalizationOp op, const Tensor &x,
                             Tensor &out) {
  SmallVector<int64_t> axes = {0, 2, 3};
  if (op.getAxes())
    axes.assign(op.getAxes()->begin(), op.getAxes()->end());
  SmallVector<bool> reduced(x.getRank(), false);
  for (int64_t axis : axes)
    reduced[wrapAxis(axis, x.getRank())] = true;
  std::vector<double> values = x.toDoubles();
  std::vector<int64_t> slice = numberSlices(x.getShape(), reduced);
  Moments moments =
      computeMoments(values, slice, countSlices(x.getShape(), reduced));
  // The specification's function body adds 1e-9 to the standard deviation.
  for (auto [i, value, s] : llvm::enumerate(values, slice))
    out.setDouble(i, (value - moments.mean[s]) /
                         (std::sqrt(moments.variance[s]) + 1e-9));
}

FailureOr<Tensors> assay::onnx::evaluateNormalization(Operation *op,
                                                      Inputs inputs) {
  FailureOr<Tensors> results = makeResults(op, inputs);
  if (failed(results))
    return failure();
  Tensor &y = results->front();
  if (auto norm = dyn_cast<BatchNormalizationOp>(op))
    batchNorm(norm, inputs, *results);
  else if (auto norm = dyn_cast<GroupNormalizationOp>(op))
    groupNorm(norm.getNumGroups(), norm.getEpsilon().convertToFloat(), inputs,
              y);
  else if (auto norm = dyn_cast<InstanceNormalizationOp>(op))
    groupNorm(inputs[0]->getDim(1), norm.getEpsilon().convertToFloat(), inputs,
              y);
  else if (auto norm = dyn_cast<LayerNormalizationOp>(op))
    layerNorm(norm, inputs, *results);
  else if (auto norm = dyn_cast<RMSNormalizationOp>(op))
    rmsNorm(norm, inputs, y);
  else if (auto norm = dyn_cast<LpNormalizationOp>(op))
    lpNorm(norm, *inputs[0], y);
  else if (auto norm = dyn_cast<LRNOp>(op))
    lrn(norm, *inputs[0], y);
  else if (auto norm = dyn_cast<MeanVarianceNormalizationOp>(op))
    meanVarianceNorm(norm, *inputs[0], y);
  else
    return noEvaluation(op);
  return results;
}
