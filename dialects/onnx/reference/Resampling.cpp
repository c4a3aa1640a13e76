//===- Resampling.cpp - Reference evaluation of resampling ops ------------===//
//
// Resize is separable: one axis after the other, in double precision.
//
//===----------------------------------------------------------------------===//

#include "dialects/onnx/Resampling.h"
#include "dialects/onnx/reference/Interpreter.h"
#include <cmath>

using namespace mlir;
using namespace assay::onnx;

namespace {
/// What resizing one axis takes.
struct AxisPlan {
  int64_t axis;
  int64_t inSize;
  int64_t outSize;
  double scale;    ///< Output over input.
  double outWidth; ///< inSize * scale, before it was rounded to outSize.
  double roiStart = 0.0;
  double roiEnd = 1.0;
};

class AxisResizer {
public:
  AxisResizer(ResizeOp op, const AxisPlan &plan) : op(op), plan(plan) {}

  bool isIdentity() const {
    return plan.scale == 1.0 && plan.inSize == plan.outSize &&
           plan.roiStart == 0.0 && plan.roiEnd == 1.0;
  }

  /// The value at output position `o` of a line of input elements.
  double sample(int64_t o, function_ref<double(int64_t)> line) const {
    double x = getCoordinate(o);
    int64_t last = plan.inSize - 1;
    if (op.getCoordinateTransformationMode() == "tf_crop_and_resize" &&
        (x < 0 || x > last))
      return op.getExtrapolationValue().convertToDouble();
    auto clamped = [&](int64_t i) {
      return line(std::clamp<int64_t>(i, 0, last));
    };
    if (op.getMode() == "nearest")
      return clamped(roundCoordinate(x));

    // Elements at a distance below `radius`, the nearest left of x first.
    double shrink = op.getAntialias() ? std::min(plan.scale, 1.0) : 1.0;
    double radius = (op.getMode() == "linear" ? 1 : 2) / shrink;
    int64_t left = static_cast<int64_t>(std::ceil(x)) - 1;
    int64_t reach = -static_cast<int64_t>(std::floor(-radius) + 1);
    double sum = 0, total = 0;
    for (int64_t i = left - reach; i <= left + reach + 1; ++i) {
      if (op.getExcludeOutside() && (i < 0 || i > last))
        continue;
      double weight = getWeight(shrink * (i - x));
      sum += weight * clamped(i);
      total += weight;
    }
    return op.getAntialias() || op.getExcludeOutside() ? sum / total : sum;
  }

private:
  double getCoordinate(int64_t o) const {
    StringRef mode = op.getCoordinateTransformationMode();
    double n = plan.inSize;
    if (mode == "align_corners")
      return plan.outWidth == 1 ? 0 : o * (n - 1) / (plan.outWidth - 1);
    if (mode == "asymmetric")
      return o / plan.scale;
    if (mode == "tf_half_pixel_for_nn")
      return (o + 0.5) / plan.scale;
    if (mode == "tf_crop_and_resize") {
      double extent = plan.roiEnd - plan.roiStart;
      double step = plan.outWidth == 1
                        ? extent * (n - 1) / 2
                        : o * extent * (n - 1) / (plan.outWidth - 1);
      return plan.roiStart * (n - 1) + step;
    }
    if (mode == "pytorch_half_pixel" && plan.outSize == 1)
      return 0;
    double x = (o + 0.5) / plan.scale - 0.5;
    if (mode == "half_pixel_symmetric")
      x += n / 2 * (1 - plan.outSize / plan.outWidth);
    return x;
  }

  int64_t roundCoordinate(double x) const {
    StringRef mode = op.getNearestMode();
    if (mode == "floor")
      return std::floor(x);
    if (mode == "ceil")
      return std::ceil(x);
    return mode == "round_prefer_floor" ? std::ceil(x - 0.5)
                                        : std::floor(x + 0.5);
  }

  double getWeight(double distance) const {
    double d = std::fabs(distance);
    if (op.getMode() == "linear")
      return std::max(0.0, 1 - d);
    double a = op.getCubicCoeffA().convertToDouble();
    if (d <= 1)
      return ((a + 2) * d - (a + 3)) * d * d + 1;
    return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
  }

  mutable ResizeOp op;
  const AxisPlan &plan;
};
} // namespace

/// Scales, output sizes and regions of the resized axes.
static FailureOr<SmallVector<AxisPlan>> makePlans(ResizeOp op, Inputs inputs) {
  const Tensor &data = *inputs[0];
  auto axes = op.getResizedAxes(data.getRank());
  if (failed(axes))
    return failure();
  auto isPresent = [&](unsigned input) {
    return inputs[input] && inputs[input]->getNumElements() > 0;
  };
  size_t count = axes->size();
  bool crops = op.getCoordinateTransformationMode() == "tf_crop_and_resize";
  SmallVector<double> scales;
  SmallVector<int64_t> sizes, dims;
  for (int64_t axis : *axes)
    dims.push_back(data.getDim(axis));
  bool bySizes = !isPresent(2);
  if (bySizes && isPresent(3)) {
    sizes = llvm::to_vector(inputs[3]->toInts());
    if (sizes.size() == count)
      scales = applyAspectPolicy(op.getKeepAspectRatioPolicy(), dims, sizes);
  } else if (!bySizes) {
    scales = llvm::to_vector(inputs[2]->toDoubles());
    for (auto [dim, scale] : llvm::zip(dims, scales))
      sizes.push_back(scaleDim(dim, static_cast<float>(scale)));
  }
  if (scales.size() != count ||
      (crops &&
       (!isPresent(1) || inputs[1]->getNumElements() != int64_t(2 * count))))
    return op.emitError() << "needs scales or sizes, and roi where it is used, "
                             "for each axis";
  SmallVector<AxisPlan> plans;
  bool exact = bySizes && op.getKeepAspectRatioPolicy() == "stretch";
  for (auto [i, axis] : llvm::enumerate(*axes)) {
    if (!(scales[i] > 0) && dims[i] != 0)
      return op.emitError() << "scales must be positive";
    AxisPlan plan{axis, dims[i], sizes[i], scales[i],
                  exact ? static_cast<double>(sizes[i]) : dims[i] * scales[i]};
    if (crops) {
      plan.roiStart = inputs[1]->getDouble(i);
      plan.roiEnd = inputs[1]->getDouble(i + count);
    }
    if (plan.inSize == 0 && plan.outSize != 0)
      return op.emitError() << "cannot resize an empty dimension";
    plans.push_back(plan);
  }
  return plans;
}

/// `values` of `shape` resized along one axis; updates `shape`.
static std::vector<double> resizeAxis(const AxisResizer &resizer,
                                      const AxisPlan &plan,
                                      const std::vector<double> &values,
                                      SmallVectorImpl<int64_t> &shape) {
  SmallVector<int64_t> strides = computeStrides(shape);
  shape[plan.axis] = plan.outSize;
  std::vector<double> result;
  forEachIndex(shape, [&](ArrayRef<int64_t> index) {
    int64_t base = 0;
    for (auto [d, i] : llvm::enumerate(index))
      base += static_cast<int64_t>(d) == plan.axis ? 0 : i * strides[d];
    result.push_back(resizer.sample(index[plan.axis], [&](int64_t i) {
      return values[base + i * strides[plan.axis]];
    }));
  });
  return result;
}

/// Integers are rounded and clamped, half to even.
static void storeRounded(Tensor &result, int64_t index, double value) {
  Type type = result.getElementType();
  if (isa<FloatType>(type) || type.isInteger(1))
    return result.setDouble(index, value);
  unsigned width = type.getIntOrFloatBitWidth();
  bool isUnsigned = type.isUnsignedInteger();
  double low = isUnsigned ? 0 : -std::ldexp(1, width - 1);
  double high = std::ldexp(1, isUnsigned ? width : width - 1) - 1;
  result.setDouble(index, std::clamp(std::nearbyint(value), low, high));
}

FailureOr<Tensors> assay::onnx::evaluateResampling(Operation *operation,
                                                   Inputs inputs) {
  auto op = dyn_cast<ResizeOp>(operation);
  if (!op)
    return noEvaluation(operation);
  FailureOr<SmallVector<AxisPlan>> plans = makePlans(op, inputs);
  if (failed(plans))
    return failure();
  const Tensor &data = *inputs[0];
  SmallVector<int64_t> shape(data.getShape());
  std::vector<double> values = data.toDoubles();
  for (const AxisPlan &plan : *plans) {
    AxisResizer resizer(op, plan);
    SmallVector<int64_t> next(shape);
    next[plan.axis] = plan.outSize;
    if (!checkSize(data.getElementType(), next)) {
      (void)makeTensor(op, data.getElementType(), next);
      return failure();
    }
    if (!resizer.isIdentity())
      values = resizeAxis(resizer, plan, values, shape);
  }
  Tensor result(data.getElementType(), shape);
  for (auto [index, value] : llvm::enumerate(values))
    storeRounded(result, index, value);
  return Tensors{result};
}
