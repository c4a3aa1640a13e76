//===- Activation.cpp - Reference evaluation of activation ops ------------===//

#include "dialects/onnx/Activation.h"
#include "dialects/onnx/reference/Broadcast.h"
#include "llvm/ADT/TypeSwitch.h"
#include <cmath>

using namespace mlir;
using namespace assay::onnx;

using Floats = ArrayRef<double>;

static double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

/// log(1 + exp(x)) without overflow.
static double softplus(double x) {
  return std::max(x, 0.0) + std::log1p(std::exp(-std::fabs(x)));
}

/// x bound to [low, high]; NaN stays.
static double bound(double x, double low, double high) {
  return x < low ? low : x > high ? high : x;
}

static double gelu(double x) { return 0.5 * x * (1 + std::erf(x * M_SQRT1_2)); }

static double geluTanh(double x) {
  double inner = std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x);
  return 0.5 * x * (1 + std::tanh(inner));
}

static FloatFunction getFunction(Operation *op) {
  return llvm::TypeSwitch<Operation *, FloatFunction>(op)
      .Case([](CeluOp celu) {
        double alpha = celu.getAlpha().convertToDouble();
        return [=](Floats x) {
          double below = std::min(alpha * (std::exp(x[0] / alpha) - 1), 0.0);
          return bound(x[0], 0, HUGE_VAL) + below;
        };
      })
      .Case([](EluOp elu) {
        double alpha = elu.getAlpha().convertToDouble();
        return [=](Floats x) {
          return x[0] < 0 ? alpha * (std::exp(x[0]) - 1) : x[0];
        };
      })
      .Case([](GeluOp op) {
        bool useTanh = op.getApproximate() == "tanh";
        return [=](Floats x) { return useTanh ? geluTanh(x[0]) : gelu(x[0]); };
      })
      .Case([](HardSigmoidOp hard) {
        double alpha = hard.getAlpha().convertToDouble();
        double beta = hard.getBeta().convertToDouble();
        return [=](Floats x) { return bound(alpha * x[0] + beta, 0, 1); };
      })
      .Case([](HardSwishOp) {
        return [](Floats x) { return x[0] * bound(x[0] / 6 + 0.5, 0, 1); };
      })
      .Case([](LeakyReluOp leaky) {
        double alpha = leaky.getAlpha().convertToDouble();
        return [=](Floats x) { return x[0] < 0 ? alpha * x[0] : x[0]; };
      })
      .Case([](MishOp) {
        return [](Floats x) { return x[0] * std::tanh(softplus(x[0])); };
      })
      .Case([](PReluOp) {
        return [](Floats x) { return x[0] < 0 ? x[1] * x[0] : x[0]; };
      })
      .Case([](ReluOp) {
        return [](Floats x) { return bound(x[0], 0, HUGE_VAL); };
      })
      .Case([](SeluOp selu) {
        double alpha = selu.getAlpha().convertToDouble();
        double gamma = selu.getGamma().convertToDouble();
        return [=](Floats x) {
          return gamma * (x[0] < 0 ? alpha * (std::exp(x[0]) - 1) : x[0]);
        };
      })
      .Case([](ShrinkOp shrink) {
        double bias = shrink.getBias().convertToDouble();
        double lambd = shrink.getLambd().convertToDouble();
        return [=](Floats x) {
          return x[0] < -lambd ? x[0] + bias : x[0] > lambd ? x[0] - bias : 0.0;
        };
      })
      .Case([](SigmoidOp) { return [](Floats x) { return sigmoid(x[0]); }; })
      .Case([](SoftplusOp) { return [](Floats x) { return softplus(x[0]); }; })
      .Case([](SoftsignOp) {
        return [](Floats x) { return x[0] / (1 + std::fabs(x[0])); };
      })
      .Case([](SwishOp swish) {
        double alpha = swish.getAlpha().convertToDouble();
        return [=](Floats x) { return x[0] * sigmoid(alpha * x[0]); };
      })
      .Case([](TanhOp) { return [](Floats x) { return std::tanh(x[0]); }; })
      .Case([](ThresholdedReluOp relu) {
        double alpha = relu.getAlpha().convertToDouble();
        return [=](Floats x) { return x[0] > alpha ? x[0] : 0.0; };
      })
      .Default([](Operation *) { return nullptr; });
}

static int64_t multiply(int64_t a, int64_t b) {
  return static_cast<uint64_t>(a) * static_cast<uint64_t>(b);
}

/// Integer Relu and PRelu, modulo 2^64.
static IntFunction getIntFunction(Operation *op, bool isUnsigned) {
  using Ints = ArrayRef<int64_t>;
  if (isa<ReluOp>(op))
    return [](Ints x) { return std::max<int64_t>(x[0], 0); };
  if (isa<PReluOp>(op))
    return [=](Ints x) {
      return !isUnsigned && x[0] < 0 ? multiply(x[1], x[0]) : x[0];
    };
  return nullptr;
}

/// min(max(x, low), high), by position of the bound so that types do not
/// matter.
static void clip(Inputs inputs, Tensor &result) {
  Type type = result.getElementType();
  auto isLess = [&](const Tensor &a, int64_t i, const Tensor &b, int64_t j) {
    if (isa<FloatType>(type))
      return a.getDouble(i) < b.getDouble(j);
    if (type.isUnsignedInteger())
      return static_cast<uint64_t>(a.getInt(i)) <
             static_cast<uint64_t>(b.getInt(j));
    return a.getInt(i) < b.getInt(j);
  };
  int64_t bytes = result.getElementBytes();
  char *out = result.getMutableData().data();
  for (int64_t i = 0; i < result.getNumElements(); ++i) {
    const Tensor *source = inputs[0];
    int64_t position = i;
    if (inputs[1] && isLess(*source, position, *inputs[1], 0)) {
      source = inputs[1];
      position = 0;
    }
    if (inputs[2] && isLess(*inputs[2], 0, *source, position)) {
      source = inputs[2];
      position = 0;
    }
    std::copy_n(source->getData().data() + position * bytes, bytes,
                out + i * bytes);
  }
}

/// Softmax, LogSoftmax or Hardmax of one row.
static void normalizeRow(Operation *op, MutableArrayRef<double> row) {
  auto *greatest = std::max_element(row.begin(), row.end());
  if (isa<HardmaxOp>(op)) {
    int64_t first = greatest - row.begin();
    for (auto [index, value] : llvm::enumerate(row))
      value = static_cast<int64_t>(index) == first;
    return;
  }
  double shift = *greatest;
  double sum = 0;
  for (double value : row)
    sum += std::exp(value - shift);
  for (double &value : row)
    value = isa<LogSoftmaxOp>(op) ? value - shift - std::log(sum)
                                  : std::exp(value - shift) / sum;
}

static void normalizeRows(Operation *op, const Tensor &input, int64_t axis,
                          Tensor &result) {
  ArrayRef<int64_t> shape = input.getShape();
  int64_t stride = computeStrides(shape)[axis];
  SmallVector<int64_t> rows(shape);
  rows[axis] = shape[axis] == 0 ? 0 : 1;
  SmallVector<int64_t> strides = computeStrides(shape);
  SmallVector<double> row(shape[axis]);
  forEachIndex(rows, [&](ArrayRef<int64_t> index) {
    int64_t start = 0;
    for (auto [i, s] : llvm::zip_equal(index, strides))
      start += i * s;
    for (auto [i, value] : llvm::enumerate(row))
      value = input.getDouble(start + i * stride);
    normalizeRow(op, row);
    for (auto [i, value] : llvm::enumerate(row))
      result.setDouble(start + i * stride, value);
  });
}

/// Inference only: the input, and a mask of ones.
static FailureOr<Tensors> dropout(Operation *op, Inputs inputs) {
  bool training = inputs[2] && inputs[2]->getInt(0);
  if (training && (!inputs[1] || inputs[1]->getDouble(0) != 0))
    return op->emitError() << "operator Dropout has no reference evaluation in "
                              "training mode, which is random";
  FailureOr<Tensors> results = makeResults(op, inputs);
  if (failed(results))
    return failure();
  (*results)[0] = *inputs[0];
  for (char &flag : (*results)[1].getMutableData())
    flag = 1;
  return results;
}

FailureOr<Tensors> assay::onnx::evaluateActivation(Operation *op,
                                                   Inputs inputs) {
  if (isa<DropoutOp>(op))
    return dropout(op, inputs);
  FailureOr<Tensors> results = makeResults(op, inputs);
  if (failed(results))
    return failure();
  Tensor &result = results->front();
  if (isa<ClipOp>(op)) {
    clip(inputs, result);
    return results;
  }
  if (isa<SoftmaxOp, LogSoftmaxOp, HardmaxOp>(op)) {
    int64_t axis = op->getAttrOfType<IntegerAttr>("axis")
                       ? op->getAttrOfType<IntegerAttr>("axis").getInt()
                       : -1;
    normalizeRows(op, *inputs[0], axis < 0 ? axis + result.getRank() : axis,
                  result);
    return results;
  }
  Type element = result.getElementType();
  if (!isa<FloatType>(element))
    if (IntFunction function =
            getIntFunction(op, element.isUnsignedInteger())) {
      mapInts(inputs, function, result);
      return results;
    }
  FloatFunction function = getFunction(op);
  if (!function)
    return noEvaluation(op);
  mapFloats(inputs, function, result);
  return results;
}
