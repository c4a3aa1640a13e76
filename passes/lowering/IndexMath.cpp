//===- IndexMath.cpp - Arithmetic on sizes and positions ------------------===//

#include "passes/lowering/IndexMath.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace assay;
using arith::CmpIPredicate;

Value IndexMath::value(OpFoldResult size) {
  return getValueOrCreateConstantIndexOp(builder, loc, size);
}

/// Both operands, when they are constants.
static std::optional<std::pair<int64_t, int64_t>> getConstants(OpFoldResult a,
                                                               OpFoldResult b) {
  std::optional<int64_t> left = getConstantIntValue(a);
  std::optional<int64_t> right = getConstantIntValue(b);
  if (left && right)
    return std::make_pair(*left, *right);
  return std::nullopt;
}

static int64_t wrapping(uint64_t value) { return static_cast<int64_t>(value); }

OpFoldResult IndexMath::add(OpFoldResult a, OpFoldResult b) {
  if (auto both = getConstants(a, b))
    return constant(wrapping(uint64_t(both->first) + uint64_t(both->second)));
  if (isConstantIntValue(a, 0))
    return b;
  if (isConstantIntValue(b, 0))
    return a;
  return arith::AddIOp::create(builder, loc, value(a), value(b)).getResult();
}

OpFoldResult IndexMath::sub(OpFoldResult a, OpFoldResult b) {
  if (auto both = getConstants(a, b))
    return constant(wrapping(uint64_t(both->first) - uint64_t(both->second)));
  if (isConstantIntValue(b, 0))
    return a;
  return arith::SubIOp::create(builder, loc, value(a), value(b)).getResult();
}

OpFoldResult IndexMath::mul(OpFoldResult a, OpFoldResult b) {
  if (auto both = getConstants(a, b))
    return constant(wrapping(uint64_t(both->first) * uint64_t(both->second)));
  if (isConstantIntValue(a, 1))
    return b;
  if (isConstantIntValue(b, 1))
    return a;
  return arith::MulIOp::create(builder, loc, value(a), value(b)).getResult();
}

OpFoldResult IndexMath::min(OpFoldResult a, OpFoldResult b) {
  if (auto both = getConstants(a, b))
    return constant(std::min(both->first, both->second));
  return arith::MinSIOp::create(builder, loc, value(a), value(b)).getResult();
}

OpFoldResult IndexMath::max(OpFoldResult a, OpFoldResult b) {
  if (auto both = getConstants(a, b))
    return constant(std::max(both->first, both->second));
  return arith::MaxSIOp::create(builder, loc, value(a), value(b)).getResult();
}

OpFoldResult IndexMath::div(OpFoldResult a, OpFoldResult b) {
  if (auto both = getConstants(a, b)) {
    if (both->second == 0)
      return constant(0);
    // The least number divided by -1 has no result.
    return constant(both->second == -1 ? wrapping(0 - uint64_t(both->first))
                                       : both->first / both->second);
  }
  if (isConstantIntValue(b, 1))
    return a;
  if (getConstantIntValue(b).value_or(0) != 0)
    return arith::DivSIOp::create(builder, loc, value(a), value(b)).getResult();
  OpFoldResult safe = select(CmpIPredicate::eq, b, constant(0), constant(1), b);
  Value quotient = arith::DivSIOp::create(builder, loc, value(a), value(safe));
  return select(CmpIPredicate::eq, b, constant(0), constant(0), quotient);
}

OpFoldResult IndexMath::product(ArrayRef<OpFoldResult> sizes) {
  OpFoldResult result = constant(1);
  for (OpFoldResult size : sizes)
    result = mul(result, size);
  return result;
}

OpFoldResult IndexMath::fromEnd(OpFoldResult position, OpFoldResult size) {
  if (std::optional<int64_t> known = getConstantIntValue(position))
    return *known < 0 ? add(position, size) : position;
  return select(CmpIPredicate::slt, position, constant(0), add(position, size),
                position);
}

OpFoldResult IndexMath::select(CmpIPredicate predicate, OpFoldResult a,
                               OpFoldResult b, OpFoldResult ifTrue,
                               OpFoldResult ifFalse) {
  if (auto both = getConstants(a, b))
    return arith::applyCmpPredicate(predicate, APInt(64, both->first, true),
                                    APInt(64, both->second, true))
               ? ifTrue
               : ifFalse;
  Value condition =
      arith::CmpIOp::create(builder, loc, predicate, value(a), value(b));
  return arith::SelectOp::create(builder, loc, condition, value(ifTrue),
                                 value(ifFalse))
      .getResult();
}

void IndexMath::check(CmpIPredicate predicate, OpFoldResult a, OpFoldResult b,
                      StringRef message) {
  auto both = getConstants(a, b);
  if (both && arith::applyCmpPredicate(predicate, APInt(64, both->first, true),
                                       APInt(64, both->second, true)))
    return;
  if (isEqualConstantIntOrValue(a, b) &&
      (predicate == CmpIPredicate::eq || predicate == CmpIPredicate::sle ||
       predicate == CmpIPredicate::sge))
    return;
  Value condition =
      arith::CmpIOp::create(builder, loc, predicate, value(a), value(b));
  cf::AssertOp::create(builder, loc, condition, message);
}
