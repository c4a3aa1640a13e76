//===- Convolution.cpp - Reference evaluation of convolution ops ----------===//

#include "dialects/onnx/Convolution.h"
#include "dialects/onnx/Window.h"
#include "dialects/onnx/reference/ChannelsLast.h"
#include "dialects/onnx/reference/Interpreter.h"

using namespace mlir;
using namespace assay::onnx;

static int64_t product(ArrayRef<int64_t> sizes) {
  int64_t result = 1;
  for (int64_t size : sizes)
    result *= size;
  return result;
}

/// The outputs [first, last) along one dimension whose tap falls on input.
static std::pair<int64_t, int64_t> getTapRange(const WindowDim &dim,
                                               int64_t tap, int64_t padBegin,
                                               int64_t input, int64_t output) {
  int64_t shift = tap * dim.dilation - padBegin;
  int64_t first = shift >= 0 ? 0 : (-shift + dim.stride - 1) / dim.stride;
  int64_t last = input - shift <= 0 ? 0 : (input - shift - 1) / dim.stride + 1;
  return {std::min(first, output), std::max(first, std::min(last, output))};
}

/// y += weight * (x under kernel index `tap`), over one channel plane each.
static void accumulateTap(const Window &window, ArrayRef<int64_t> tap,
                          double weight, const double *x,
                          ArrayRef<int64_t> xSizes, double *y,
                          ArrayRef<int64_t> ySizes) {
  size_t rank = xSizes.size();
  SmallVector<int64_t> first(rank), count(rank), shift(rank);
  for (size_t i = 0; i < rank; ++i) {
    const WindowDim &dim = window.dims[i];
    int64_t padBegin = window.padding(i, xSizes[i]).first;
    auto [begin, end] =
        getTapRange(dim, tap[i], padBegin, xSizes[i], ySizes[i]);
    first[i] = begin;
    count[i] = end > begin ? end - begin : 0;
    shift[i] = tap[i] * dim.dilation - padBegin;
  }
  // The last dimension is a plain loop, the others are enumerated.
  int64_t inner = count.pop_back_val();
  int64_t stride = window.dims.back().stride;
  forEachIndex(count, [&](ArrayRef<int64_t> index) {
    int64_t xRow = 0, yRow = 0;
    for (size_t i = 0; i + 1 < rank; ++i) {
      int64_t position = first[i] + index[i];
      yRow = yRow * ySizes[i] + position;
      xRow = xRow * xSizes[i] + position * window.dims[i].stride + shift[i];
    }
    const double *from =
        x + xRow * xSizes.back() + first.back() * stride + shift.back();
    double *to = y + yRow * ySizes.back() + first.back();
    for (int64_t i = 0; i < inner; ++i)
      to[i] += weight * from[i * stride];
  });
}

static void conv(const Window &window, int64_t group, const Tensor &x,
                 const Tensor &w, const Tensor *bias, Tensor &y) {
  ArrayRef<int64_t> xSizes = x.getShape().drop_front(2);
  ArrayRef<int64_t> ySizes = y.getShape().drop_front(2);
  ArrayRef<int64_t> kernel = w.getShape().drop_front(2);
  std::vector<double> xs = x.toDoubles(), ws = w.toDoubles();
  int64_t channels = x.getDim(1), outChannels = y.getDim(1);
  int64_t perGroup = w.getDim(1);
  int64_t xPlane = product(xSizes), yPlane = product(ySizes);
  int64_t taps = product(kernel);
  std::vector<double> plane(yPlane);
  for (int64_t n = 0; n < x.getDim(0); ++n)
    for (int64_t oc = 0; oc < outChannels; ++oc) {
      std::fill(plane.begin(), plane.end(), bias ? bias->getDouble(oc) : 0.0);
      int64_t firstChannel = oc / (outChannels / group) * perGroup;
      for (int64_t ic = 0; ic < perGroup; ++ic) {
        const double *weight = ws.data() + (oc * perGroup + ic) * taps;
        const double *from =
            xs.data() + (n * channels + firstChannel + ic) * xPlane;
        forEachIndex(kernel, [&](ArrayRef<int64_t> tap) {
          accumulateTap(window, tap, *weight++, from, xSizes, plane.data(),
                        ySizes);
        });
      }
      for (int64_t i = 0; i < yPlane; ++i)
        y.setDouble((n * outChannels + oc) * yPlane + i, plane[i]);
    }
}

/// y[position * stride + tap * dilation - crop] += x[position] * weight, over
/// one channel plane each.
static void scatterTap(const Window &window, ArrayRef<int64_t> tap,
                       double weight, const double *x, ArrayRef<int64_t> xSizes,
                       double *y, ArrayRef<int64_t> ySizes) {
  const double *from = x;
  forEachIndex(xSizes, [&](ArrayRef<int64_t> index) {
    double value = *from++ * weight;
    int64_t offset = 0;
    for (auto [i, dim] : llvm::enumerate(window.dims)) {
      int64_t position = index[i] * dim.stride + tap[i] * dim.dilation -
                         window.transposedPadding(i, xSizes[i]).first;
      if (position < 0 || position >= ySizes[i])
        return;
      offset = offset * ySizes[i] + position;
    }
    y[offset] += value;
  });
}

static void convTranspose(const Window &window, int64_t group, const Tensor &x,
                          const Tensor &w, const Tensor *bias, Tensor &y) {
  ArrayRef<int64_t> xSizes = x.getShape().drop_front(2);
  ArrayRef<int64_t> ySizes = y.getShape().drop_front(2);
  ArrayRef<int64_t> kernel = w.getShape().drop_front(2);
  std::vector<double> xs = x.toDoubles(), ws = w.toDoubles();
  int64_t channels = x.getDim(1), outChannels = y.getDim(1);
  int64_t perGroup = outChannels / group, inPerGroup = channels / group;
  int64_t xPlane = product(xSizes), yPlane = product(ySizes);
  int64_t taps = product(kernel);
  std::vector<double> plane(yPlane);
  for (int64_t n = 0; n < x.getDim(0); ++n)
    for (int64_t oc = 0; oc < outChannels; ++oc) {
      std::fill(plane.begin(), plane.end(), bias ? bias->getDouble(oc) : 0.0);
      for (int64_t i = 0; i < inPerGroup; ++i) {
        int64_t ic = oc / perGroup * inPerGroup + i;
        const double *weight =
            ws.data() + (ic * perGroup + oc % perGroup) * taps;
        const double *from = xs.data() + (n * channels + ic) * xPlane;
        forEachIndex(kernel, [&](ArrayRef<int64_t> tap) {
          scatterTap(window, tap, *weight++, from, xSizes, plane.data(),
                     ySizes);
        });
      }
      for (int64_t i = 0; i < yPlane; ++i)
        y.setDouble((n * outChannels + oc) * yPlane + i, plane[i]);
    }
}

FailureOr<Tensors> assay::onnx::evaluateConvolution(Operation *op,
                                                    Inputs inputs) {
  FailureOr<Tensors> results = makeResults(op, inputs);
  if (failed(results))
    return failure();
  FailureOr<Window> window =
      getWindow(cast<OnnxOp>(op), inputs[1]->getShape().drop_front(2));
  if (failed(window))
    return failure();
  Tensor &y = results->front();
  if (auto transpose = dyn_cast<ConvTransposeOp>(op)) {
    convTranspose(*window, transpose.getGroup(), *inputs[0], *inputs[1],
                  inputs[2], y);
    return results;
  }
  auto convOp = cast<ConvOp>(op);
  if (!convOp.getChannelsLast()) {
    conv(*window, convOp.getGroup(), *inputs[0], *inputs[1], inputs[2], y);
    return results;
  }
  Tensor swapped = toChannelsFirst(y);
  conv(*window, convOp.getGroup(), toChannelsFirst(*inputs[0]), *inputs[1],
       inputs[2], swapped);
  y = toChannelsLast(swapped);
  return results;
}
