//===- Elementwise.cpp - Lowering of elementwise operators ----------------===//

#include "dialects/onnx/Elementwise.h"
#include "passes/lowering/ElementwiseLowering.h"

using namespace mlir;
using namespace assay;

static bool isFloat(Value value) { return isa<FloatType>(value.getType()); }

//===----------------------------------------------------------------------===//
// Unary operators
//===----------------------------------------------------------------------===//

template <typename MathOp, typename OpTy>
static Value buildMath(ImplicitLocOpBuilder &b, OpTy, ValueRange x) {
  return MathOp::create(b, x[0]);
}

static Value buildAbs(ImplicitLocOpBuilder &b, onnx::AbsOp op, ValueRange x) {
  if (isFloat(x[0]))
    return math::AbsFOp::create(b, x[0]);
  if (isUnsignedOrBool(op.getX().getType()))
    return x[0];
  return math::AbsIOp::create(b, x[0]);
}

static Value buildNeg(ImplicitLocOpBuilder &b, onnx::NegOp, ValueRange x) {
  if (isFloat(x[0]))
    return arith::NegFOp::create(b, x[0]);
  Value zero = createScalar(b, b.getLoc(), x[0].getType(), 0);
  return arith::SubIOp::create(b, zero, x[0]);
}

static Value buildReciprocal(ImplicitLocOpBuilder &b, onnx::ReciprocalOp,
                             ValueRange x) {
  Value one = createScalar(b, b.getLoc(), x[0].getType(), 1);
  return arith::DivFOp::create(b, one, x[0]);
}

/// The sign of NaN is NaN: a float that is neither above nor below zero is
/// passed through.
static Value buildSign(ImplicitLocOpBuilder &b, onnx::SignOp op, ValueRange x) {
  Type type = x[0].getType();
  Value zero = createScalar(b, b.getLoc(), type, 0);
  Value one = createScalar(b, b.getLoc(), type, 1);
  if (isUnsignedOrBool(op.getInput().getType())) {
    Value isZero =
        arith::CmpIOp::create(b, arith::CmpIPredicate::eq, x[0], zero);
    return arith::SelectOp::create(b, isZero, zero, one);
  }
  Value minusOne = createScalar(b, b.getLoc(), type, -1);
  Value above, below;
  if (isFloat(x[0])) {
    above = arith::CmpFOp::create(b, arith::CmpFPredicate::OGT, x[0], zero);
    below = arith::CmpFOp::create(b, arith::CmpFPredicate::OLT, x[0], zero);
  } else {
    above = arith::CmpIOp::create(b, arith::CmpIPredicate::sgt, x[0], zero);
    below = arith::CmpIOp::create(b, arith::CmpIPredicate::slt, x[0], zero);
  }
  Value rest = arith::SelectOp::create(b, below, minusOne, x[0]);
  return arith::SelectOp::create(b, above, one, rest);
}

template <typename OpTy>
static Value buildNot(ImplicitLocOpBuilder &b, OpTy, ValueRange x) {
  Value ones = createIntScalar(b, b.getLoc(), x[0].getType(), -1);
  return arith::XOrIOp::create(b, x[0], ones);
}

static Value buildIsInf(ImplicitLocOpBuilder &b, onnx::IsInfOp op,
                        ValueRange x) {
  Type type = x[0].getType();
  Value value = x[0];
  if (!op.getDetectNegative() && !op.getDetectPositive())
    return createIntScalar(b, b.getLoc(), b.getI1Type(), 0);
  if (op.getDetectNegative() && op.getDetectPositive())
    value = math::AbsFOp::create(b, value);
  Value infinity =
      op.getDetectPositive()
          ? createHighest(b, b.getLoc(), type, /*isUnsigned=*/false)
          : createLowest(b, b.getLoc(), type, /*isUnsigned=*/false);
  return arith::CmpFOp::create(b, arith::CmpFPredicate::OEQ, value, infinity);
}

static Value buildIsNaN(ImplicitLocOpBuilder &b, onnx::IsNaNOp, ValueRange x) {
  return arith::CmpFOp::create(b, arith::CmpFPredicate::UNO, x[0], x[0]);
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

/// Folds all inputs from the left with `FloatOp` or `IntOp`.
template <typename FloatOp, typename IntOp, typename OpTy>
static Value buildArith(ImplicitLocOpBuilder &b, OpTy, ValueRange x) {
  Value result = x[0];
  for (Value next : x.drop_front())
    result = isFloat(result) ? FloatOp::create(b, result, next).getResult()
                             : IntOp::create(b, result, next).getResult();
  return result;
}

/// Folds all inputs from the left with an integer op.
template <typename IntOp, typename OpTy>
static Value buildBits(ImplicitLocOpBuilder &b, OpTy, ValueRange x) {
  return IntOp::create(b, x[0], x[1]);
}

/// Max and Min; the float ops propagate NaN.
template <typename FloatOp, typename SignedOp, typename UnsignedOp,
          typename OpTy>
static Value buildExtremum(ImplicitLocOpBuilder &b, OpTy op, ValueRange x) {
  if (!isUnsignedOrBool(op->getOperand(0).getType()))
    return buildArith<FloatOp, SignedOp>(b, op, x);
  return buildArith<FloatOp, UnsignedOp>(b, op, x);
}

static Value buildMean(ImplicitLocOpBuilder &b, onnx::MeanOp op, ValueRange x) {
  Value sum = buildArith<arith::AddFOp, arith::AddIOp>(b, op, x);
  Value count = createScalar(b, b.getLoc(), sum.getType(), x.size());
  return arith::DivFOp::create(b, sum, count);
}

namespace {
/// An integer divisor made safe: x / 0 and INT_MIN / -1 trap on some targets.
struct SafeDivisor {
  Value value; ///< The divisor, or 1 where it is 0 or (signed) -1.
  Value isZero;
  Value isMinusOne; ///< Null for unsigned division.
};
} // namespace

static SafeDivisor makeSafe(ImplicitLocOpBuilder &b, Value divisor,
                            bool isUnsigned) {
  Type type = divisor.getType();
  Value zero = createIntScalar(b, b.getLoc(), type, 0);
  Value one = createIntScalar(b, b.getLoc(), type, 1);
  SafeDivisor safe;
  safe.isZero =
      arith::CmpIOp::create(b, arith::CmpIPredicate::eq, divisor, zero);
  Value replace = safe.isZero;
  if (!isUnsigned) {
    Value minusOne = createIntScalar(b, b.getLoc(), type, -1);
    safe.isMinusOne =
        arith::CmpIOp::create(b, arith::CmpIPredicate::eq, divisor, minusOne);
    replace = arith::OrIOp::create(b, replace, safe.isMinusOne);
  }
  safe.value = arith::SelectOp::create(b, replace, one, divisor);
  return safe;
}

/// Integers: truncating division; x / 0 is 0 and INT_MIN / -1 wraps.
static Value buildDiv(ImplicitLocOpBuilder &b, onnx::DivOp op, ValueRange x) {
  if (isFloat(x[0]))
    return arith::DivFOp::create(b, x[0], x[1]);
  bool isUnsigned = isUnsignedOrBool(op.getA().getType());
  SafeDivisor divisor = makeSafe(b, x[1], isUnsigned);
  Value zero = createIntScalar(b, b.getLoc(), x[0].getType(), 0);
  if (isUnsigned) {
    Value quotient = arith::DivUIOp::create(b, x[0], divisor.value);
    return arith::SelectOp::create(b, divisor.isZero, zero, quotient);
  }
  Value quotient = arith::DivSIOp::create(b, x[0], divisor.value);
  Value negated = arith::SubIOp::create(b, zero, x[0]);
  quotient = arith::SelectOp::create(b, divisor.isMinusOne, negated, quotient);
  return arith::SelectOp::create(b, divisor.isZero, zero, quotient);
}

/// Float remainder with the sign of the divisor, also that of a zero.
static Value buildFloorRemainder(ImplicitLocOpBuilder &b, Value x, Value y) {
  Value zero = createScalar(b, b.getLoc(), x.getType(), 0);
  Value remainder = arith::RemFOp::create(b, x, y);
  Value isZero =
      arith::CmpFOp::create(b, arith::CmpFPredicate::OEQ, remainder, zero);
  Value negativeRemainder =
      arith::CmpFOp::create(b, arith::CmpFPredicate::OLT, remainder, zero);
  Value negativeDivisor =
      arith::CmpFOp::create(b, arith::CmpFPredicate::OLT, y, zero);
  Value differ = arith::XOrIOp::create(b, negativeRemainder, negativeDivisor);
  Value shifted = arith::AddFOp::create(b, remainder, y);
  Value result = arith::SelectOp::create(b, differ, shifted, remainder);
  Value signedZero = math::CopySignOp::create(b, zero, y);
  return arith::SelectOp::create(b, isZero, signedZero, result);
}

static Value buildMod(ImplicitLocOpBuilder &b, onnx::ModOp op, ValueRange x) {
  if (isFloat(x[0])) {
    if (op.getFmod())
      return arith::RemFOp::create(b, x[0], x[1]);
    return buildFloorRemainder(b, x[0], x[1]);
  }
  bool isUnsigned = isUnsignedOrBool(op.getA().getType());
  SafeDivisor divisor = makeSafe(b, x[1], isUnsigned);
  // The remainder by 1 is 0, as is that by -1; that by 0 is 0 as in numpy.
  if (isUnsigned)
    return arith::RemUIOp::create(b, x[0], divisor.value);
  Value remainder = arith::RemSIOp::create(b, x[0], divisor.value);
  if (op.getFmod())
    return remainder;
  Value zero = createIntScalar(b, b.getLoc(), x[0].getType(), 0);
  Value nonZero =
      arith::CmpIOp::create(b, arith::CmpIPredicate::ne, remainder, zero);
  Value signs = arith::XOrIOp::create(b, remainder, x[1]);
  Value differ =
      arith::CmpIOp::create(b, arith::CmpIPredicate::slt, signs, zero);
  Value shift = arith::AndIOp::create(b, nonZero, differ);
  Value shifted = arith::AddIOp::create(b, remainder, x[1]);
  return arith::SelectOp::create(b, shift, shifted, remainder);
}

/// A shift by less than 0 or by the width or more gives what sign extension
/// gives: -1 for a right shift of a negative value, otherwise 0.
static Value buildBitShift(ImplicitLocOpBuilder &b, onnx::BitShiftOp op,
                           ValueRange x) {
  Type type = x[0].getType();
  int64_t width = type.getIntOrFloatBitWidth();
  Value zero = createIntScalar(b, b.getLoc(), type, 0);
  Value limit = createIntScalar(b, b.getLoc(), type, width);
  Value isValid =
      arith::CmpIOp::create(b, arith::CmpIPredicate::ult, x[1], limit);
  bool isLeft = op.getDirection() == "LEFT";
  if (!isLeft && !isUnsignedOrBool(op.getX().getType())) {
    Value most = createIntScalar(b, b.getLoc(), type, width - 1);
    Value amount = arith::SelectOp::create(b, isValid, x[1], most);
    return arith::ShRSIOp::create(b, x[0], amount);
  }
  Value amount = arith::SelectOp::create(b, isValid, x[1], zero);
  Value shifted = isLeft ? arith::ShLIOp::create(b, x[0], amount).getResult()
                         : arith::ShRUIOp::create(b, x[0], amount).getResult();
  return arith::SelectOp::create(b, isValid, shifted, zero);
}

//===----------------------------------------------------------------------===//
// Comparison and selection
//===----------------------------------------------------------------------===//

template <arith::CmpFPredicate floatPredicate,
          arith::CmpIPredicate signedPredicate,
          arith::CmpIPredicate unsignedPredicate, typename OpTy>
static Value buildCompare(ImplicitLocOpBuilder &b, OpTy op, ValueRange x) {
  if (isFloat(x[0]))
    return arith::CmpFOp::create(b, floatPredicate, x[0], x[1]);
  bool isUnsigned = isUnsignedOrBool(op.getA().getType());
  return arith::CmpIOp::create(
      b, isUnsigned ? unsignedPredicate : signedPredicate, x[0], x[1]);
}

static Value buildWhere(ImplicitLocOpBuilder &b, onnx::WhereOp, ValueRange x) {
  return arith::SelectOp::create(b, x[0], x[1], x[2]);
}

namespace {
class IdentityLowering : public OnnxLowering<onnx::IdentityOp> {
public:
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(onnx::IdentityOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOp(op,
                       createTensorCast(rewriter, op.getLoc(),
                                        getResultType(op), adaptor.getInput()));
    return success();
  }
};
} // namespace

//===----------------------------------------------------------------------===//
// Patterns
//===----------------------------------------------------------------------===//

static void populateUnary(RewritePatternSet &patterns,
                          TypeConverter &converter) {
  addElementwise<onnx::AbsOp>(patterns, converter, buildAbs);
  addElementwise<onnx::AcosOp>(patterns, converter, buildMath<math::AcosOp>);
  addElementwise<onnx::AcoshOp>(patterns, converter, buildMath<math::AcoshOp>);
  addElementwise<onnx::AsinOp>(patterns, converter, buildMath<math::AsinOp>);
  addElementwise<onnx::AsinhOp>(patterns, converter, buildMath<math::AsinhOp>);
  addElementwise<onnx::AtanOp>(patterns, converter, buildMath<math::AtanOp>);
  addElementwise<onnx::AtanhOp>(patterns, converter, buildMath<math::AtanhOp>);
  addElementwise<onnx::BitwiseNotOp>(patterns, converter, buildNot);
  addElementwise<onnx::CeilOp>(patterns, converter, buildMath<math::CeilOp>);
  addElementwise<onnx::CosOp>(patterns, converter, buildMath<math::CosOp>);
  addElementwise<onnx::CoshOp>(patterns, converter, buildMath<math::CoshOp>);
  addElementwise<onnx::ErfOp>(patterns, converter, buildMath<math::ErfOp>);
  addElementwise<onnx::ExpOp>(patterns, converter, buildMath<math::ExpOp>);
  addElementwise<onnx::FloorOp>(patterns, converter, buildMath<math::FloorOp>);
  addElementwise<onnx::IsInfOp>(patterns, converter, buildIsInf);
  addElementwise<onnx::IsNaNOp>(patterns, converter, buildIsNaN);
  addElementwise<onnx::LogOp>(patterns, converter, buildMath<math::LogOp>);
  addElementwise<onnx::NegOp>(patterns, converter, buildNeg);
  addElementwise<onnx::NotOp>(patterns, converter, buildNot);
  addElementwise<onnx::ReciprocalOp>(patterns, converter, buildReciprocal);
  addElementwise<onnx::RoundOp>(patterns, converter,
                                buildMath<math::RoundEvenOp>);
  addElementwise<onnx::SignOp>(patterns, converter, buildSign);
  addElementwise<onnx::SinOp>(patterns, converter, buildMath<math::SinOp>);
  addElementwise<onnx::SinhOp>(patterns, converter, buildMath<math::SinhOp>);
  addElementwise<onnx::SqrtOp>(patterns, converter, buildMath<math::SqrtOp>);
  addElementwise<onnx::TanOp>(patterns, converter, buildMath<math::TanOp>);
}

static void populateArithmetic(RewritePatternSet &patterns,
                               TypeConverter &converter) {
  addElementwise<onnx::AddOp>(patterns, converter,
                              buildArith<arith::AddFOp, arith::AddIOp>);
  addElementwise<onnx::BitShiftOp>(patterns, converter, buildBitShift);
  addElementwise<onnx::DivOp>(patterns, converter, buildDiv);
  addElementwise<onnx::MaxOp>(
      patterns, converter,
      buildExtremum<arith::MaximumFOp, arith::MaxSIOp, arith::MaxUIOp>);
  addElementwise<onnx::MeanOp>(patterns, converter, buildMean);
  addElementwise<onnx::MinOp>(
      patterns, converter,
      buildExtremum<arith::MinimumFOp, arith::MinSIOp, arith::MinUIOp>);
  addElementwise<onnx::ModOp>(patterns, converter, buildMod);
  addElementwise<onnx::MulOp>(patterns, converter,
                              buildArith<arith::MulFOp, arith::MulIOp>);
  addElementwise<onnx::SubOp>(patterns, converter,
                              buildArith<arith::SubFOp, arith::SubIOp>);
  addElementwise<onnx::SumOp>(patterns, converter,
                              buildArith<arith::AddFOp, arith::AddIOp>);
}

static void populateLogic(RewritePatternSet &patterns,
                          TypeConverter &converter) {
  using arith::CmpFPredicate;
  using arith::CmpIPredicate;
  addElementwise<onnx::AndOp>(patterns, converter, buildBits<arith::AndIOp>);
  addElementwise<onnx::BitwiseAndOp>(patterns, converter,
                                     buildBits<arith::AndIOp>);
  addElementwise<onnx::BitwiseOrOp>(patterns, converter,
                                    buildBits<arith::OrIOp>);
  addElementwise<onnx::BitwiseXorOp>(patterns, converter,
                                     buildBits<arith::XOrIOp>);
  addElementwise<onnx::EqualOp>(
      patterns, converter,
      buildCompare<CmpFPredicate::OEQ, CmpIPredicate::eq, CmpIPredicate::eq>);
  addElementwise<onnx::GreaterOp>(
      patterns, converter,
      buildCompare<CmpFPredicate::OGT, CmpIPredicate::sgt, CmpIPredicate::ugt>);
  addElementwise<onnx::GreaterOrEqualOp>(
      patterns, converter,
      buildCompare<CmpFPredicate::OGE, CmpIPredicate::sge, CmpIPredicate::uge>);
  addElementwise<onnx::LessOp>(
      patterns, converter,
      buildCompare<CmpFPredicate::OLT, CmpIPredicate::slt, CmpIPredicate::ult>);
  addElementwise<onnx::LessOrEqualOp>(
      patterns, converter,
      buildCompare<CmpFPredicate::OLE, CmpIPredicate::sle, CmpIPredicate::ule>);
  addElementwise<onnx::OrOp>(patterns, converter, buildBits<arith::OrIOp>);
  addElementwise<onnx::WhereOp>(patterns, converter, buildWhere);
  addElementwise<onnx::XorOp>(patterns, converter, buildBits<arith::XOrIOp>);
}

void assay::populateElementwiseLowering(RewritePatternSet &patterns,
                                        TypeConverter &converter) {
  populateUnary(patterns, converter);
  populateArithmetic(patterns, converter);
  populateLogic(patterns, converter);
  populateCastLowering(patterns, converter);
  populatePowLowering(patterns, converter);
  patterns.add<IdentityLowering>(converter, patterns.getContext());
}
