//===- IndexMath.h - Arithmetic on sizes and positions ----------*- C++ -*-===//

#ifndef ASSAY_PASSES_LOWERING_INDEXMATH_H
#define ASSAY_PASSES_LOWERING_INDEXMATH_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/OpDefinition.h"

namespace assay {

/// Builds index arithmetic at the insertion point of a builder, folding what is
/// constant. Products and sums wrap; division by zero gives zero.
class IndexMath {
public:
  IndexMath(mlir::OpBuilder &builder, mlir::Location loc)
      : builder(builder), loc(loc) {}

  mlir::OpFoldResult constant(int64_t value) {
    return builder.getIndexAttr(value);
  }
  /// Any of the above as an index value.
  mlir::Value value(mlir::OpFoldResult size);

  mlir::OpFoldResult add(mlir::OpFoldResult a, mlir::OpFoldResult b);
  mlir::OpFoldResult sub(mlir::OpFoldResult a, mlir::OpFoldResult b);
  mlir::OpFoldResult mul(mlir::OpFoldResult a, mlir::OpFoldResult b);
  mlir::OpFoldResult min(mlir::OpFoldResult a, mlir::OpFoldResult b);
  mlir::OpFoldResult max(mlir::OpFoldResult a, mlir::OpFoldResult b);
  /// Signed, towards zero; 0 when `b` is 0.
  mlir::OpFoldResult div(mlir::OpFoldResult a, mlir::OpFoldResult b);
  mlir::OpFoldResult product(llvm::ArrayRef<mlir::OpFoldResult> sizes);
  /// `position` in [low, high].
  mlir::OpFoldResult clamp(mlir::OpFoldResult position, mlir::OpFoldResult low,
                           mlir::OpFoldResult high) {
    return min(max(position, low), high);
  }
  /// position + size for negative positions.
  mlir::OpFoldResult fromEnd(mlir::OpFoldResult position,
                             mlir::OpFoldResult size);

  /// `ifTrue` where a `predicate` b holds.
  mlir::OpFoldResult select(mlir::arith::CmpIPredicate predicate,
                            mlir::OpFoldResult a, mlir::OpFoldResult b,
                            mlir::OpFoldResult ifTrue,
                            mlir::OpFoldResult ifFalse);

  /// cf.assert that a `predicate` b, unless it is known to hold.
  void check(mlir::arith::CmpIPredicate predicate, mlir::OpFoldResult a,
             mlir::OpFoldResult b, llvm::StringRef message);

private:
  mlir::OpBuilder &builder;
  mlir::Location loc;
};

} // namespace assay

#endif // ASSAY_PASSES_LOWERING_INDEXMATH_H
