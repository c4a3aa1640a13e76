//===- ElementCasts.cpp - Conversions between element types ---------------===//

#include "passes/lowering/LoweringUtils.h"
#include <cmath>

using namespace mlir;
using namespace assay;

Type assay::getComputeType(Type type) {
  if (isa<FloatType>(type) && type.getIntOrFloatBitWidth() < 32)
    return Float32Type::get(type.getContext());
  return type;
}

/// Rounds a double to a narrow float by way of f32, as the targets do.
static Value convertFloat(OpBuilder &builder, Location loc, Value value,
                          Type to) {
  unsigned toWidth = to.getIntOrFloatBitWidth();
  if (value.getType() == to)
    return value;
  Type f32 = builder.getF32Type();
  unsigned width = value.getType().getIntOrFloatBitWidth();
  if (width < 32) {
    value = arith::ExtFOp::create(builder, loc, f32, value);
    width = 32;
  } else if (width > 32 && toWidth <= 32) {
    value = arith::TruncFOp::create(builder, loc, f32, value);
    width = 32;
  }
  if (value.getType() == to)
    return value;
  if (width < toWidth)
    return arith::ExtFOp::create(builder, loc, to, value);
  return arith::TruncFOp::create(builder, loc, to, value);
}

/// Truncates toward zero and saturates; NaN gives 0.
static Value convertFloatToInt(OpBuilder &builder, Location loc, Value value,
                               IntegerType to, bool toUnsigned) {
  Type compute = getComputeType(value.getType());
  value = convertFloat(builder, loc, value, compute);
  unsigned width = to.getWidth();
  // 2^n bounds are exact in every float type; the greatest value is not.
  double above = std::ldexp(1.0, toUnsigned ? width : width - 1);
  double least = toUnsigned ? 0.0 : -above;
  Value zero = createScalar(builder, loc, compute, 0.0);
  Value low = createScalar(builder, loc, compute, least);
  Value high = createScalar(builder, loc, compute, above);
  Value isNan = arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::UNO,
                                      value, value);
  Value isHigh = arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OGE,
                                       value, high);
  Value isLow = arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OLE,
                                      value, low);
  // The conversion must see a value in range: out of range is poison.
  Value isOut = arith::OrIOp::create(
      builder, loc, isNan, arith::OrIOp::create(builder, loc, isHigh, isLow));
  Value safe = arith::SelectOp::create(builder, loc, isOut, zero, value);
  Value result =
      toUnsigned ? arith::FPToUIOp::create(builder, loc, to, safe).getResult()
                 : arith::FPToSIOp::create(builder, loc, to, safe).getResult();
  result = arith::SelectOp::create(builder, loc, isHigh,
                                   createHighest(builder, loc, to, toUnsigned),
                                   result);
  return arith::SelectOp::create(
      builder, loc, isLow, createLowest(builder, loc, to, toUnsigned), result);
}

Value assay::createCast(OpBuilder &builder, Location loc, Value value, Type to,
                        bool fromUnsigned, bool toUnsigned) {
  Type from = value.getType();
  if (from == to)
    return value;
  if (isa<FloatType>(from) && isa<FloatType>(to))
    return convertFloat(builder, loc, value, to);
  if (to.isInteger(1)) {
    Value zero = createScalar(builder, loc, from, 0);
    if (isa<FloatType>(from))
      return arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::UNE,
                                   value, zero);
    return arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ne, value,
                                 zero);
  }
  if (isa<FloatType>(from))
    return convertFloatToInt(builder, loc, value, cast<IntegerType>(to),
                             toUnsigned);
  fromUnsigned |= from.isInteger(1);
  if (isa<FloatType>(to)) {
    Type compute = getComputeType(to);
    Value result =
        fromUnsigned
            ? arith::UIToFPOp::create(builder, loc, compute, value).getResult()
            : arith::SIToFPOp::create(builder, loc, compute, value).getResult();
    return convertFloat(builder, loc, result, to);
  }
  unsigned fromWidth = from.getIntOrFloatBitWidth();
  unsigned toWidth = to.getIntOrFloatBitWidth();
  if (fromWidth > toWidth)
    return arith::TruncIOp::create(builder, loc, to, value);
  if (fromWidth == toWidth)
    return value;
  if (fromUnsigned)
    return arith::ExtUIOp::create(builder, loc, to, value);
  return arith::ExtSIOp::create(builder, loc, to, value);
}

Value assay::computeInFloat(OpBuilder &builder, Location loc, Type type,
                            ValueRange values, ElementBuilder body) {
  SmallVector<Value> converted;
  for (Value value : values) {
    Type compute = getComputeType(value.getType());
    converted.push_back(isa<FloatType>(compute)
                            ? convertFloat(builder, loc, value, compute)
                            : value);
  }
  Value result = body(builder, loc, converted);
  if (!isa<FloatType>(type))
    return result;
  return convertFloat(builder, loc, result, type);
}
