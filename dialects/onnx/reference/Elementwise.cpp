//===- Elementwise.cpp - Reference evaluation of elementwise ops ----------===//

#include "dialects/onnx/Elementwise.h"
#include "dialects/onnx/reference/Broadcast.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/TypeSwitch.h"
#include <cmath>

using namespace mlir;
using namespace assay::onnx;

using Floats = ArrayRef<double>;
using Ints = ArrayRef<int64_t>;

//===----------------------------------------------------------------------===//
// Floats
//===----------------------------------------------------------------------===//

/// Operators of one input.
static FloatFunction getUnaryFunction(Operation *op) {
  using Function = double (*)(double);
  static const llvm::StringMap<Function> functions = {
      {"Abs", std::fabs},
      {"Acos", std::acos},
      {"Acosh", std::acosh},
      {"Asin", std::asin},
      {"Asinh", std::asinh},
      {"Atan", std::atan},
      {"Atanh", std::atanh},
      {"Ceil", std::ceil},
      {"Cos", std::cos},
      {"Cosh", std::cosh},
      {"Erf", std::erf},
      {"Exp", std::exp},
      {"Floor", std::floor},
      {"IsNaN", [](double x) -> double { return std::isnan(x); }},
      {"Log", std::log},
      {"Neg", [](double x) { return -x; }},
      {"Reciprocal", [](double x) { return 1 / x; }},
      {"Round", std::nearbyint}, // Half to even, the default mode.
      {"Sign", [](double x) { return x > 0   ? 1
                                     : x < 0 ? -1
                                             : x; }},
      {"Sin", std::sin},
      {"Sinh", std::sinh},
      {"Sqrt", std::sqrt},
      {"Tan", std::tan}};
  Function function = functions.lookup(op->getName().stripDialect());
  if (!function)
    return nullptr;
  return [function](Floats x) { return function(x[0]); };
}

/// The greater or lesser of all inputs; NaN wins.
static double getExtreme(Floats x, bool isMax) {
  double best = x[0];
  for (double value : x)
    if (std::isnan(value) || (isMax ? value > best : value < best))
      best = value;
  return best;
}

static double getSum(Floats x) {
  double sum = 0;
  for (double value : x)
    sum += value;
  return sum;
}

/// The remainder with the sign of the divisor, also that of a zero.
static double getFloorRemainder(double x, double y) {
  double remainder = std::fmod(x, y);
  if (remainder == 0)
    return std::copysign(0.0, y);
  return (remainder < 0) != (y < 0) ? remainder + y : remainder;
}

static FloatFunction getFloatFunction(Operation *op) {
  if (FloatFunction function = getUnaryFunction(op))
    return function;
  return llvm::TypeSwitch<Operation *, FloatFunction>(op)
      .Case([](AddOp) { return [](Floats x) { return x[0] + x[1]; }; })
      .Case([](SubOp) { return [](Floats x) { return x[0] - x[1]; }; })
      .Case([](MulOp) { return [](Floats x) { return x[0] * x[1]; }; })
      .Case([](DivOp) { return [](Floats x) { return x[0] / x[1]; }; })
      .Case([](PowOp) { return [](Floats x) { return std::pow(x[0], x[1]); }; })
      .Case([](ModOp mod) -> FloatFunction {
        if (mod.getFmod())
          return [](Floats x) { return std::fmod(x[0], x[1]); };
        return [](Floats x) { return getFloorRemainder(x[0], x[1]); };
      })
      .Case([](MaxOp) { return [](Floats x) { return getExtreme(x, true); }; })
      .Case([](MinOp) { return [](Floats x) { return getExtreme(x, false); }; })
      .Case([](SumOp) { return getSum; })
      .Case(
          [](MeanOp) { return [](Floats x) { return getSum(x) / x.size(); }; })
      .Case([](IsInfOp isInf) {
        bool positive = isInf.getDetectPositive();
        bool negative = isInf.getDetectNegative();
        return [=](Floats x) -> double {
          return std::isinf(x[0]) && (x[0] > 0 ? positive : negative);
        };
      })
      .Case([](EqualOp) {
        return [](Floats x) -> double { return x[0] == x[1]; };
      })
      .Case([](GreaterOp) {
        return [](Floats x) -> double { return x[0] > x[1]; };
      })
      .Case([](GreaterOrEqualOp) {
        return [](Floats x) -> double { return x[0] >= x[1]; };
      })
      .Case(
          [](LessOp) { return [](Floats x) -> double { return x[0] < x[1]; }; })
      .Case([](LessOrEqualOp) {
        return [](Floats x) -> double { return x[0] <= x[1]; };
      })
      .Default([](Operation *) { return nullptr; });
}

//===----------------------------------------------------------------------===//
// Integers: int64 bits, of which the result keeps the low ones
//===----------------------------------------------------------------------===//

static uint64_t wrap(int64_t value) { return value; }

static int64_t negate(int64_t value) { return -wrap(value); }

static bool isLess(int64_t a, int64_t b, bool isUnsigned) {
  return isUnsigned ? wrap(a) < wrap(b) : a < b;
}

/// Truncating division; 0 for a zero divisor.
static int64_t divide(int64_t a, int64_t b, bool isUnsigned) {
  if (b == 0)
    return 0;
  if (isUnsigned)
    return wrap(a) / wrap(b);
  return b == -1 ? negate(a) : a / b;
}

/// 0 for a zero divisor; the sign is that of a (truncate) or of b.
static int64_t getRemainder(int64_t a, int64_t b, bool isUnsigned,
                            bool truncate) {
  if (b == 0)
    return 0;
  if (isUnsigned)
    return wrap(a) % wrap(b);
  int64_t remainder = b == -1 ? 0 : a % b;
  bool shift = !truncate && remainder != 0 && (remainder < 0) != (b < 0);
  return shift ? remainder + b : remainder;
}

static int64_t shift(int64_t a, int64_t amount, bool isLeft, unsigned width,
                     bool isUnsigned) {
  bool isNegative = !isUnsigned && a < 0;
  if (wrap(amount) >= width)
    return !isLeft && isNegative ? -1 : 0;
  if (isLeft)
    return wrap(a) << amount;
  return isUnsigned ? static_cast<int64_t>(wrap(a) >> amount) : a >> amount;
}

/// Modulo 2^64; a negative exponent truncates the fraction.
static int64_t getPower(int64_t base, int64_t exponent, bool isUnsigned) {
  bool isUnit = base == 1 || base == -1;
  if (!isUnsigned && exponent < 0)
    return isUnit ? (exponent % 2 ? base : 1) : 0;
  uint64_t result = 1;
  uint64_t power = base;
  for (uint64_t rest = exponent; rest != 0; rest >>= 1) {
    if (rest & 1)
      result *= power;
    power *= power;
  }
  return result;
}

/// `isUnsigned` is about the first input, which has the type of all but Pow's
/// exponent.
static IntFunction getIntFunction(Operation *op, bool isUnsigned) {
  auto less = [=](int64_t a, int64_t b) { return isLess(a, b, isUnsigned); };
  return llvm::TypeSwitch<Operation *, IntFunction>(op)
      .Case([=](AbsOp) {
        return [=](Ints x) { return less(x[0], 0) ? negate(x[0]) : x[0]; };
      })
      .Case([](NegOp) { return [](Ints x) { return negate(x[0]); }; })
      .Case([=](SignOp) {
        return [=](Ints x) -> int64_t {
          return x[0] == 0 ? 0 : less(x[0], 0) ? -1 : 1;
        };
      })
      .Case([](NotOp) { return [](Ints x) -> int64_t { return !x[0]; }; })
      .Case([](BitwiseNotOp) { return [](Ints x) { return ~x[0]; }; })
      .Case([](AddOp) {
        return [](Ints x) -> int64_t { return wrap(x[0]) + wrap(x[1]); };
      })
      .Case([](SubOp) {
        return [](Ints x) -> int64_t { return wrap(x[0]) - wrap(x[1]); };
      })
      .Case([](MulOp) {
        return [](Ints x) -> int64_t { return wrap(x[0]) * wrap(x[1]); };
      })
      .Case([=](DivOp) {
        return [=](Ints x) { return divide(x[0], x[1], isUnsigned); };
      })
      .Case([=](ModOp mod) {
        bool truncate = mod.getFmod();
        return [=](Ints x) {
          return getRemainder(x[0], x[1], isUnsigned, truncate);
        };
      })
      .Case([=](PowOp pow) {
        bool unsignedExponent =
            getElementTypeOrSelf(pow.getY().getType()).isUnsignedInteger();
        return [=](Ints x) { return getPower(x[0], x[1], unsignedExponent); };
      })
      .Case([=](BitShiftOp bitShift) {
        bool isLeft = bitShift.getDirection() == "LEFT";
        unsigned width = getElementTypeOrSelf(bitShift.getX().getType())
                             .getIntOrFloatBitWidth();
        return [=](Ints x) {
          return shift(x[0], x[1], isLeft, width, isUnsigned);
        };
      })
      .Case([=](MaxOp) {
        return
            [=](Ints x) { return *std::max_element(x.begin(), x.end(), less); };
      })
      .Case([=](MinOp) {
        return
            [=](Ints x) { return *std::min_element(x.begin(), x.end(), less); };
      })
      .Case<AndOp, BitwiseAndOp>(
          [](auto) { return [](Ints x) { return x[0] & x[1]; }; })
      .Case<OrOp, BitwiseOrOp>(
          [](auto) { return [](Ints x) { return x[0] | x[1]; }; })
      .Case<XorOp, BitwiseXorOp>(
          [](auto) { return [](Ints x) { return x[0] ^ x[1]; }; })
      .Case([](EqualOp) {
        return [](Ints x) -> int64_t { return x[0] == x[1]; };
      })
      .Case([=](GreaterOp) {
        return [=](Ints x) -> int64_t { return less(x[1], x[0]); };
      })
      .Case([=](GreaterOrEqualOp) {
        return [=](Ints x) -> int64_t { return !less(x[0], x[1]); };
      })
      .Case([=](LessOp) {
        return [=](Ints x) -> int64_t { return less(x[0], x[1]); };
      })
      .Case([=](LessOrEqualOp) {
        return [=](Ints x) -> int64_t { return !less(x[1], x[0]); };
      })
      .Default([](Operation *) { return nullptr; });
}

//===----------------------------------------------------------------------===//
// Cast and selection
//===----------------------------------------------------------------------===//

/// Whether values beyond the greatest of `type` take it: the f8 types, when the
/// attribute `saturate` asks for it.
static bool saturates(Type type, bool saturate) {
  auto floatType = dyn_cast<FloatType>(type);
  return saturate && floatType && floatType.getWidth() <= 8;
}

static void cast(const Tensor &input, bool saturate, Tensor &result) {
  Type from = input.getElementType();
  Type to = result.getElementType();
  int64_t count = input.getNumElements();
  if (saturates(to, saturate)) {
    double greatest =
        APFloat::getLargest(cast<FloatType>(to).getFloatSemantics())
            .convertToDouble();
    for (int64_t i = 0; i < count; ++i) {
      double value = input.getDouble(i);
      if (!std::isnan(value))
        value = std::clamp(value, -greatest, greatest);
      result.setDouble(i, value);
    }
    return;
  }
  if (isa<FloatType>(from) && !isa<FloatType>(to) && !to.isInteger(1)) {
    for (int64_t i = 0; i < count; ++i)
      result.setInt(i, saturateToInt(to, input.getDouble(i)));
    return;
  }
  result = input.converted(to);
}

static void where(const Tensor &condition, const Tensor &x, const Tensor &y,
                  Tensor &result) {
  int64_t bytes = result.getElementBytes();
  char *out = result.getMutableData().data();
  forEachBroadcast(result.getShape(), {&condition, &x, &y},
                   [&](int64_t position, ArrayRef<int64_t> offsets) {
                     const char *from =
                         condition.getInt(offsets[0])
                             ? x.getData().data() + offsets[1] * bytes
                             : y.getData().data() + offsets[2] * bytes;
                     std::copy_n(from, bytes, out + position * bytes);
                   });
}

FailureOr<Tensors> assay::onnx::evaluateElementwise(Operation *op,
                                                    Inputs inputs) {
  if (isa<IdentityOp>(op))
    return Tensors{*inputs[0]};
  FailureOr<Tensors> results = makeResults(op, inputs);
  if (failed(results))
    return failure();
  Tensor &result = results->front();
  Type element = inputs[0]->getElementType();
  if (isa<WhereOp>(op)) {
    where(*inputs[0], *inputs[1], *inputs[2], result);
    return results;
  }
  if (auto castOp = dyn_cast<CastOp>(op)) {
    ::cast(*inputs[0], castOp.getSaturate(), result);
    return results;
  }
  if (auto castLike = dyn_cast<CastLikeOp>(op)) {
    ::cast(*inputs[0], castLike.getSaturate(), result);
    return results;
  }
  bool anyFloat = llvm::any_of(inputs, [](const Tensor *input) {
    return isa<FloatType>(input->getElementType());
  });
  if (anyFloat) {
    FloatFunction function = getFloatFunction(op);
    if (!function)
      return noEvaluation(op);
    // An integer to a float power.
    if (!isa<FloatType>(element)) {
      Type type = element;
      function = [=](Floats x) -> double {
        return saturateToInt(type, std::pow(x[0], x[1]));
      };
    }
    mapFloats(inputs, function, result);
    return results;
  }
  bool isUnsigned = element.isUnsignedInteger() || element.isInteger(1);
  IntFunction function = getIntFunction(op, isUnsigned);
  if (!function)
    return noEvaluation(op);
  mapInts(inputs, function, result);
  return results;
}
