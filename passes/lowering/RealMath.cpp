//===- RealMath.cpp - Double precision arithmetic with folding ------------===//

#include "passes/lowering/RealMath.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include <cmath>

using namespace mlir;
using namespace assay;
using arith::CmpFPredicate;

Value RealMath::value(Real x) {
  if (!x.isKnown())
    return x.value;
  return arith::ConstantOp::create(builder, loc,
                                   builder.getF64FloatAttr(x.known));
}

Real RealMath::fromIndex(OpFoldResult index) {
  if (std::optional<int64_t> known = getConstantIntValue(index))
    return static_cast<double>(*known);
  Value integer = arith::IndexCastOp::create(builder, loc, builder.getI64Type(),
                                             cast<Value>(index));
  return arith::SIToFPOp::create(builder, loc, builder.getF64Type(), integer)
      .getResult();
}

Real RealMath::fromFloat(Value number) {
  if (number.getType().isF64())
    return number;
  return arith::ExtFOp::create(builder, loc, builder.getF64Type(), number)
      .getResult();
}

OpFoldResult RealMath::toIndex(Real x) {
  if (x.isKnown())
    return builder.getIndexAttr(static_cast<int64_t>(x.known));
  Value integer =
      arith::FPToSIOp::create(builder, loc, builder.getI64Type(), x.value);
  return arith::IndexCastOp::create(builder, loc, builder.getIndexType(),
                                    integer)
      .getResult();
}

Real RealMath::add(Real a, Real b) {
  if (a.isKnown() && b.isKnown())
    return a.known + b.known;
  return arith::AddFOp::create(builder, loc, value(a), value(b)).getResult();
}

Real RealMath::sub(Real a, Real b) {
  if (a.isKnown() && b.isKnown())
    return a.known - b.known;
  return arith::SubFOp::create(builder, loc, value(a), value(b)).getResult();
}

Real RealMath::mul(Real a, Real b) {
  if (a.isKnown() && b.isKnown())
    return a.known * b.known;
  return arith::MulFOp::create(builder, loc, value(a), value(b)).getResult();
}

Real RealMath::div(Real a, Real b) {
  if (a.isKnown() && b.isKnown())
    return a.known / b.known;
  return arith::DivFOp::create(builder, loc, value(a), value(b)).getResult();
}

Real RealMath::min(Real a, Real b) {
  if (a.isKnown() && b.isKnown())
    return std::min(a.known, b.known);
  return arith::MinimumFOp::create(builder, loc, value(a), value(b))
      .getResult();
}

Real RealMath::max(Real a, Real b) {
  if (a.isKnown() && b.isKnown())
    return std::max(a.known, b.known);
  return arith::MaximumFOp::create(builder, loc, value(a), value(b))
      .getResult();
}

Real RealMath::floor(Real x) {
  if (x.isKnown())
    return std::floor(x.known);
  return math::FloorOp::create(builder, loc, x.value).getResult();
}

Real RealMath::ceil(Real x) {
  if (x.isKnown())
    return std::ceil(x.known);
  return math::CeilOp::create(builder, loc, x.value).getResult();
}

static Real select(OpBuilder &builder, Location loc, CmpFPredicate predicate,
                   Value a, Value b, Value ifTrue, Value ifFalse) {
  Value condition = arith::CmpFOp::create(builder, loc, predicate, a, b);
  return arith::SelectOp::create(builder, loc, condition, ifTrue, ifFalse)
      .getResult();
}

Real RealMath::selectLess(Real a, Real b, Real ifTrue, Real ifFalse) {
  if (a.isKnown() && b.isKnown())
    return a.known < b.known ? ifTrue : ifFalse;
  return select(builder, loc, CmpFPredicate::OLT, value(a), value(b),
                value(ifTrue), value(ifFalse));
}

Real RealMath::selectLessEqual(Real a, Real b, Real ifTrue, Real ifFalse) {
  if (a.isKnown() && b.isKnown())
    return a.known <= b.known ? ifTrue : ifFalse;
  return select(builder, loc, CmpFPredicate::OLE, value(a), value(b),
                value(ifTrue), value(ifFalse));
}

Real RealMath::selectEqual(Real a, Real b, Real ifTrue, Real ifFalse) {
  if (a.isKnown() && b.isKnown())
    return a.known == b.known ? ifTrue : ifFalse;
  return select(builder, loc, CmpFPredicate::OEQ, value(a), value(b),
                value(ifTrue), value(ifFalse));
}
