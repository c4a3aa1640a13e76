//===- Quantization.cpp - Reference evaluation of quantization ops --------===//

#include "dialects/onnx/Quantization.h"
#include "dialects/onnx/reference/Broadcast.h"
#include <cmath>

using namespace mlir;
using namespace assay::onnx;

/// The position in the scale tensor for each element of x.
static void
forEachScale(const Tensor &x, const Tensor &scale, int64_t axis,
             int64_t blockSize,
             function_ref<void(int64_t position, int64_t scaleAt)> body) {
  if (axis < 0)
    axis += x.getRank();
  SmallVector<int64_t> strides = computeStrides(scale.getShape());
  int64_t position = 0;
  forEachIndex(x.getShape(), [&](ArrayRef<int64_t> index) {
    int64_t at = 0;
    if (blockSize > 0) {
      for (auto [dim, i] : llvm::enumerate(index))
        at += strides[dim] *
              (static_cast<int64_t>(dim) == axis ? i / blockSize : i);
    } else if (scale.getNumElements() > 1) {
      at = index[axis];
    }
    body(position++, at);
  });
}

/// Rounds half to even, adds the zero point and saturates.
static int64_t quantize(Type type, double quotient, int64_t zeroPoint) {
  return saturateToInt(type, std::nearbyint(quotient) + zeroPoint);
}

/// The type that the division is done in.
static Type getPrecision(QuantizeLinearOp op, const Tensor &scale) {
  MLIRContext *context = op.getContext();
  constexpr int64_t kFloat16 = 10, kBFloat16 = 16;
  if (op.getPrecision() == kFloat16)
    return Float16Type::get(context);
  if (op.getPrecision() == kBFloat16)
    return BFloat16Type::get(context);
  if (op.getPrecision() == 0 && isa<FloatType>(scale.getElementType()))
    return scale.getElementType();
  return Float32Type::get(context);
}

static void evaluateQuantize(QuantizeLinearOp op, Inputs inputs,
                             Tensor &result) {
  const Tensor &x = *inputs[0], &scale = *inputs[1];
  Type type = result.getElementType();
  Type precision = getPrecision(op, scale);
  double greatest = HUGE_VAL;
  if (auto floatType = dyn_cast<FloatType>(type))
    if (op.getSaturate())
      greatest =
          APFloat::getLargest(floatType.getFloatSemantics()).convertToDouble();
  forEachScale(x, scale, op.getAxis(), op.getBlockSize(),
               [&](int64_t position, int64_t at) {
                 double quotient = roundTo(
                     precision, roundTo(precision, x.getDouble(position)) /
                                    roundTo(precision, scale.getDouble(at)));
                 if (!isa<FloatType>(type)) {
                   int64_t zero = inputs[2] ? inputs[2]->getInt(at) : 0;
                   result.setInt(position, quantize(type, quotient, zero));
                   return;
                 }
                 if (!std::isnan(quotient))
                   quotient = std::clamp(quotient, -greatest, greatest);
                 result.setDouble(position, quotient);
               });
}

static void evaluateDequantize(DequantizeLinearOp op, Inputs inputs,
                               Tensor &result) {
  const Tensor &x = *inputs[0], &scale = *inputs[1];
  forEachScale(x, scale, op.getAxis(), op.getBlockSize(),
               [&](int64_t position, int64_t at) {
                 double zero = inputs[2] ? inputs[2]->getDouble(at) : 0.0;
                 result.setDouble(position, (x.getDouble(position) - zero) *
                                                scale.getDouble(at));
               });
}

/// In f32, as the function that defines the operator.
static void evaluateDynamic(const Tensor &x, Tensors &results) {
  float least = 0, greatest = 0;
  for (float value : x.getAs<float>()) {
    least = std::min(least, value);
    greatest = std::max(greatest, value);
  }
  float scale = greatest == least ? 1.0f : (greatest - least) / 255.0f;
  Type ui8 = results[0].getElementType();
  int64_t zeroPoint = quantize(ui8, -least / scale, 0);
  for (auto [position, value] : llvm::enumerate(x.getAs<float>()))
    results[0].setInt(position, quantize(ui8, value / scale, zeroPoint));
  results[1].setDouble(0, scale);
  results[2].setInt(0, zeroPoint);
}

FailureOr<Tensors> assay::onnx::evaluateQuantization(Operation *op,
                                                     Inputs inputs) {
  FailureOr<Tensors> results = makeResults(op, inputs);
  if (failed(results))
    return failure();
  if (auto quantizeOp = dyn_cast<QuantizeLinearOp>(op))
    evaluateQuantize(quantizeOp, inputs, results->front());
  else if (auto dequantizeOp = dyn_cast<DequantizeLinearOp>(op))
    evaluateDequantize(dequantizeOp, inputs, results->front());
  else if (isa<DynamicQuantizeLinearOp>(op))
    evaluateDynamic(*inputs[0], *results);
  else
    return noEvaluation(op);
  return results;
}
