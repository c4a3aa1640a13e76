//===- RealMath.h - Double precision arithmetic with folding ----*- C++ -*-===//

#ifndef ASSAY_PASSES_LOWERING_REALMATH_H
#define ASSAY_PASSES_LOWERING_REALMATH_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpDefinition.h"

namespace assay {

/// A number known now or an f64 value of the program.
struct Real {
  Real(double known = 0.0) : known(known) {}
  Real(mlir::Value value) : value(value) {}
  bool isKnown() const { return !value; }

  double known = 0.0;
  mlir::Value value;
};

/// Arithmetic on reals: computed at once when all operands are known, built as
/// f64 ops at the insertion point otherwise. One formula thus gives tables at
/// compile time or the code that fills them at run time.
class RealMath {
public:
  RealMath(mlir::OpBuilder &builder, mlir::Location loc)
      : builder(builder), loc(loc) {}

  mlir::Value value(Real x);
  Real fromIndex(mlir::OpFoldResult index);
  /// An f16, f32 or f64 value.
  Real fromFloat(mlir::Value number);
  /// Towards zero; `x` must fit.
  mlir::OpFoldResult toIndex(Real x);

  Real add(Real a, Real b);
  Real sub(Real a, Real b);
  Real mul(Real a, Real b);
  Real div(Real a, Real b);
  Real min(Real a, Real b);
  Real max(Real a, Real b);
  Real floor(Real x);
  Real ceil(Real x);
  Real abs(Real x) { return max(x, sub(0.0, x)); }
  Real clamp(Real x, Real low, Real high) { return min(max(x, low), high); }
  /// a < b, a <= b, a == b ? ifTrue : ifFalse.
  Real selectLess(Real a, Real b, Real ifTrue, Real ifFalse);
  Real selectLessEqual(Real a, Real b, Real ifTrue, Real ifFalse);
  Real selectEqual(Real a, Real b, Real ifTrue, Real ifFalse);

private:
  mlir::OpBuilder &builder;
  mlir::Location loc;
};

} // namespace assay

#endif // ASSAY_PASSES_LOWERING_REALMATH_H
