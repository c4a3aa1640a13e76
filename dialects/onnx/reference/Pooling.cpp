//===- Pooling.cpp - Reference evaluation of pooling ops ------------------===//

#include "dialects/onnx/Pooling.h"
#include "dialects/onnx/Window.h"
#include "dialects/onnx/reference/ChannelsLast.h"
#include "dialects/onnx/reference/Interpreter.h"
#include "llvm/ADT/TypeSwitch.h"
#include <cmath>

using namespace mlir;
using namespace assay::onnx;

namespace {
/// The taps of one window in one channel plane.
struct WindowTaps {
  SmallVector<int64_t> offsets; ///< Within the plane, row-major.
  int64_t numInside = 0;        ///< Taps on input elements.
  int64_t numPadded = 0;        ///< Taps on input elements or given padding.
};
} // namespace

static WindowTaps collectTaps(const Window &window, ArrayRef<int64_t> input,
                              ArrayRef<int64_t> output) {
  SmallVector<int64_t> kernel;
  for (const WindowDim &dim : window.dims)
    kernel.push_back(dim.kernel);
  WindowTaps taps;
  forEachIndex(kernel, [&](ArrayRef<int64_t> tap) {
    bool inside = true, padded = true;
    int64_t offset = 0;
    for (auto [i, dim] : llvm::enumerate(window.dims)) {
      auto [begin, end] = window.padding(i, input[i]);
      int64_t position = output[i] * dim.stride + tap[i] * dim.dilation - begin;
      inside &= position >= 0 && position < input[i];
      padded &= position < input[i] + end;
      offset = offset * input[i] + position;
    }
    taps.numPadded += padded;
    if (inside)
      taps.offsets.push_back(offset);
  });
  taps.numInside = taps.offsets.size();
  return taps;
}

/// Calls `body(plane, window number, taps)` for each window of each channel
/// plane of x (N x C x spatial).
static void
forEachWindow(const Window &window, ArrayRef<int64_t> xShape,
              ArrayRef<int64_t> yShape,
              function_ref<void(int64_t, int64_t, const WindowTaps &)> body) {
  int64_t planes = xShape[0] * xShape[1];
  int64_t number = 0;
  forEachIndex(yShape.drop_front(2), [&](ArrayRef<int64_t> output) {
    WindowTaps taps = collectTaps(window, xShape.drop_front(2), output);
    for (int64_t plane = 0; plane < planes; ++plane)
      body(plane, number, taps);
    ++number;
  });
}

static int64_t planeSize(const Tensor &tensor) {
  int64_t size = 1;
  for (int64_t dim : tensor.getShape().drop_front(2))
    size *= dim;
  return size;
}

/// Row-major `offset` in a plane of `sizes` as a column-major one.
static int64_t toColumnMajor(int64_t offset, ArrayRef<int64_t> sizes) {
  int64_t result = 0;
  int64_t stride = 1;
  for (int64_t size : sizes)
    stride *= size;
  for (int64_t size : llvm::reverse(sizes)) {
    stride /= size;
    result += offset % size * stride;
    offset /= size;
  }
  return result;
}

static void maxPool(MaxPoolOp op, const Window &window, const Tensor &x,
                    Tensor &y, Tensor &indices) {
  int64_t xPlane = planeSize(x), yPlane = planeSize(y);
  forEachWindow(window, x.getShape(), y.getShape(),
                [&](int64_t plane, int64_t number, const WindowTaps &taps) {
                  double best = -std::numeric_limits<double>::infinity();
                  int64_t where = -1;
                  for (int64_t offset : taps.offsets) {
                    double value = x.getDouble(plane * xPlane + offset);
                    if (where >= 0 && !(value > best) && !std::isnan(value))
                      continue;
                    if (std::isnan(best))
                      break;
                    best = value;
                    where = offset;
                  }
                  if (op.getStorageOrder() && where >= 0)
                    where = toColumnMajor(where, x.getShape().drop_front(2));
                  y.setDouble(plane * yPlane + number, best);
                  indices.setInt(plane * yPlane + number,
                                 plane * xPlane + where);
                });
}

static void averagePool(AveragePoolOp op, const Window &window, const Tensor &x,
                        Tensor &y) {
  int64_t xPlane = planeSize(x), yPlane = planeSize(y);
  forEachWindow(window, x.getShape(), y.getShape(),
                [&](int64_t plane, int64_t number, const WindowTaps &taps) {
                  double sum = 0;
                  for (int64_t offset : taps.offsets)
                    sum += x.getDouble(plane * xPlane + offset);
                  int64_t count =
                      op.getCountIncludePad() ? taps.numPadded : taps.numInside;
                  y.setDouble(plane * yPlane + number, sum / count);
                });
}

static void lpPool(LpPoolOp op, const Window &window, const Tensor &x,
                   Tensor &y) {
  double p = op.getP();
  int64_t xPlane = planeSize(x), yPlane = planeSize(y);
  forEachWindow(window, x.getShape(), y.getShape(),
                [&](int64_t plane, int64_t number, const WindowTaps &taps) {
                  double sum = 0;
                  for (int64_t offset : taps.offsets)
                    sum += std::pow(
                        std::fabs(x.getDouble(plane * xPlane + offset)), p);
                  y.setDouble(plane * yPlane + number, std::pow(sum, 1 / p));
                });
}

/// Folds each channel plane of x into one element.
static void globalPool(const Tensor &x, Tensor &y, bool isMax) {
  int64_t plane = planeSize(x);
  for (int64_t channel = 0; channel < y.getNumElements(); ++channel) {
    double result = isMax ? -std::numeric_limits<double>::infinity() : 0;
    for (int64_t offset = 0; offset < plane; ++offset) {
      double value = x.getDouble(channel * plane + offset);
      result = isMax ? std::max(result, value) : result + value;
    }
    y.setDouble(channel, isMax ? result : result / plane);
  }
}

FailureOr<Tensors> assay::onnx::evaluatePooling(Operation *op, Inputs inputs) {
  FailureOr<Tensors> results = makeResults(op, inputs);
  if (failed(results))
    return failure();
  if (isa<GlobalAveragePoolOp, GlobalMaxPoolOp>(op)) {
    globalPool(*inputs[0], results->front(), isa<GlobalMaxPoolOp>(op));
    return results;
  }
  FailureOr<Window> window = getWindow(
      cast<OnnxOp>(op),
      op->getAttrOfType<DenseI64ArrayAttr>("kernel_shape").asArrayRef());
  if (failed(window))
    return failure();
  bool channelsLast = op->hasAttr("channels_last");
  Tensor x = channelsLast ? toChannelsFirst(*inputs[0]) : *inputs[0];
  if (channelsLast)
    for (Tensor &result : *results)
      result = toChannelsFirst(result);
  Tensors &y = *results;
  if (auto pool = dyn_cast<MaxPoolOp>(op))
    maxPool(pool, *window, x, y[0], y[1]);
  else if (auto pool = dyn_cast<AveragePoolOp>(op))
    averagePool(pool, *window, x, y[0]);
  else if (auto pool = dyn_cast<LpPoolOp>(op))
    lpPool(pool, *window, x, y[0]);
  else
    return noEvaluation(op);
  if (channelsLast)
    for (Tensor &result : *results)
      result = toChannelsLast(result);
  return results;
}
