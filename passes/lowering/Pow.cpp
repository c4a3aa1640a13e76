//===- Pow.cpp - Lowering of Pow ------------------------------------------===//

#include "dialects/onnx/Elementwise.h"
#include "dialects/onnx/OnnxOp.h"
#include "passes/lowering/ElementwiseLowering.h"

using namespace mlir;
using namespace assay;

/// The value that all elements of the constant `exponent` have, if there is
/// one.
static std::optional<double> getSplat(Value exponent) {
  auto dense = dyn_cast_or_null<DenseElementsAttr>(onnx::getConstant(exponent));
  if (!dense || !dense.isSplat())
    return std::nullopt;
  if (isa<FloatType>(dense.getElementType()))
    return dense.getSplatValue<APFloat>().convertToDouble();
  APInt value = dense.getSplatValue<APInt>();
  return isUnsignedOrBool(exponent.getType()) ? value.roundToDouble(false)
                                              : value.roundToDouble(true);
}

/// Exponents that are small whole numbers, by far the most frequent.
static Value buildConstantPow(ImplicitLocOpBuilder &b, Value x,
                              double exponent) {
  if (exponent == 1.0)
    return x;
  Value square = arith::MulFOp::create(b, x, x);
  if (exponent == 2.0)
    return square;
  if (exponent == 3.0)
    return arith::MulFOp::create(b, square, x);
  return nullptr;
}

/// Integer power by squaring, modulo 2^n. A negative exponent gives the
/// truncated fraction: 0 unless x is 1 or -1.
static Value buildIntPow(ImplicitLocOpBuilder &b, Value x, Value y,
                         bool yUnsigned) {
  Type type = x.getType();
  Type yType = y.getType();
  Location loc = b.getLoc();
  Value zero = createIntScalar(b, loc, type, 0);
  Value one = createIntScalar(b, loc, type, 1);
  Value minusOne = createIntScalar(b, loc, type, -1);
  Value yZero = createIntScalar(b, loc, yType, 0);
  Value yOne = createIntScalar(b, loc, yType, 1);

  Value exponent = y;
  Value isNegative;
  if (!yUnsigned) {
    isNegative = arith::CmpIOp::create(b, arith::CmpIPredicate::slt, y, yZero);
    exponent = math::AbsIOp::create(b, y);
  }
  Value result = one;
  Value power = x;
  // x^64 and beyond wraps unless x is -1, 0 or 1, and then x^64 stays itself:
  // six bits of the exponent, then "any higher bit", are enough.
  constexpr int kBits = 6;
  for (int bit = 0; bit < kBits; ++bit) {
    Value amount = createIntScalar(b, loc, yType, bit);
    Value shifted = arith::ShRUIOp::create(b, exponent, amount);
    Value low = arith::AndIOp::create(b, shifted, yOne);
    Value isSet =
        arith::CmpIOp::create(b, arith::CmpIPredicate::ne, low, yZero);
    Value product = arith::MulIOp::create(b, result, power);
    result = arith::SelectOp::create(b, isSet, product, result);
    power = arith::MulIOp::create(b, power, power);
  }
  Value limit = createIntScalar(b, loc, yType, 1 << kBits);
  Value isLarge =
      arith::CmpIOp::create(b, arith::CmpIPredicate::uge, exponent, limit);
  Value product = arith::MulIOp::create(b, result, power);
  result = arith::SelectOp::create(b, isLarge, product, result);
  if (yUnsigned)
    return result;
  Value isOne = arith::CmpIOp::create(b, arith::CmpIPredicate::eq, x, one);
  Value isMinusOne =
      arith::CmpIOp::create(b, arith::CmpIPredicate::eq, x, minusOne);
  Value isUnit = arith::OrIOp::create(b, isOne, isMinusOne);
  Value fraction = arith::SelectOp::create(b, isUnit, result, zero);
  return arith::SelectOp::create(b, isNegative, fraction, result);
}

static Value buildPow(ImplicitLocOpBuilder &b, onnx::PowOp op, ValueRange x) {
  Type type = x[0].getType();
  bool yUnsigned = isUnsignedOrBool(op.getY().getType());
  bool yFloat = isa<FloatType>(x[1].getType());
  if (isa<FloatType>(type)) {
    if (std::optional<double> exponent = getSplat(op.getY()))
      if (Value result = buildConstantPow(b, x[0], *exponent))
        return result;
    Value y = createCast(b, b.getLoc(), x[1], type, yUnsigned, false);
    return math::PowFOp::create(b, x[0], y);
  }
  if (!yFloat)
    return buildIntPow(b, x[0], x[1], yUnsigned);
  Type f64 = b.getF64Type();
  Value base = createCast(b, b.getLoc(), x[0], f64, false, false);
  Value y = createCast(b, b.getLoc(), x[1], f64, yUnsigned, false);
  Value power = math::PowFOp::create(b, base, y);
  return createCast(b, b.getLoc(), power, type, false, false);
}

void assay::populatePowLowering(RewritePatternSet &patterns,
                                TypeConverter &converter) {
  addElementwise<onnx::PowOp>(patterns, converter, buildPow);
}
