//===- ReductionUtils.h - Reductions as linalg.generic ----------*- C++ -*-===//

#ifndef ASSAY_PASSES_LOWERING_REDUCTIONUTILS_H
#define ASSAY_PASSES_LOWERING_REDUCTIONUTILS_H

#include "passes/lowering/LoweringUtils.h"

namespace assay {

/// linalg.generic with parallel loops of the given `sizes`, reading `inputs`
/// through `maps` and writing results of `resultTypes` at the identity.
llvm::SmallVector<mlir::Value>
createMapped(mlir::OpBuilder &builder, mlir::Location loc,
             llvm::ArrayRef<mlir::RankedTensorType> resultTypes,
             llvm::ArrayRef<mlir::OpFoldResult> sizes, mlir::ValueRange inputs,
             llvm::ArrayRef<mlir::AffineMap> maps, ElementsBuilder body);

/// Reads the vector of channels along dimension `dim` of `rank` dimensions.
mlir::AffineMap getChannelMap(mlir::OpBuilder &builder, int64_t rank,
                              unsigned dim);

/// Reduces some dimensions of tensors of one shape. Results keep the reduced
/// dimensions as 1, so that a chain of reductions and elementwise ops needs no
/// reshapes.
class Reducer {
public:
  /// Reduces the dimensions in `reduced` of tensors shaped like `data`.
  Reducer(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value data,
          llvm::ArrayRef<bool> reduced);

  /// The dimensions given by `axes`, a rank-1 integer tensor of static length
  /// that is only known at run time.
  Reducer(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value data,
          mlir::Value axes);

  /// Folds `body(inputs..., stats..., accumulator)` from `identity` over each
  /// slice. `inputs` have the shape of the data, `stats` that of a result.
  mlir::Value reduce(mlir::ValueRange inputs, mlir::ValueRange stats,
                     mlir::Value identity, ElementBuilder body);

  /// Applies `body` to `stats`, of the shape of a result.
  mlir::Value apply(mlir::Type elementType, mlir::ValueRange stats,
                    ElementBuilder body);

  /// The number of elements of each slice, as an index.
  mlir::Value getCount();

  /// The number of elements of each slice, at least one, as a number of float
  /// or integer `type`.
  mlir::Value getCountAs(mlir::Type type);

  /// `value`, of the shape of a result, without the reduced dimensions.
  mlir::Value dropReduced(mlir::Value value, mlir::RankedTensorType type);

private:
  bool isStatic() const { return flags.empty(); }
  mlir::RankedTensorType getResultType(mlir::Type elementType) const;
  mlir::Value reduceInLoops(mlir::ValueRange inputs, mlir::ValueRange stats,
                            mlir::Value identity, ElementBuilder body);

  mlir::OpBuilder &builder;
  mlir::Location loc;
  mlir::RankedTensorType dataType;
  llvm::SmallVector<mlir::OpFoldResult> sizes, resultSizes;
  llvm::SmallVector<bool> reduced;      ///< Static axes.
  llvm::SmallVector<mlir::Value> flags; ///< Run-time axes: an i1 a dimension.
};

} // namespace assay

#endif // ASSAY_PASSES_LOWERING_REDUCTIONUTILS_H
