//===- NormalizationUtils.h - What normalizations share ---------*- C++ -*-===//
//
// Statistics of slices in f32, or f64 for f64 data, and their use.
//
//===----------------------------------------------------------------------===//

#ifndef ASSAY_PASSES_LOWERING_NORMALIZATIONUTILS_H
#define ASSAY_PASSES_LOWERING_NORMALIZATIONUTILS_H

#include "passes/lowering/ReductionUtils.h"

namespace assay {

/// The float `value` as `to`.
mlir::Value castFloat(mlir::OpBuilder &b, mlir::Location l, mlir::Value value,
                      mlir::Type to);

/// (x - mean) * factor.
mlir::Value createNormalized(mlir::OpBuilder &b, mlir::Location l,
                             mlir::Value x, mlir::Value mean,
                             mlir::Value factor);

/// x * scale + shift, the latter two converted.
mlir::Value createScaled(mlir::OpBuilder &b, mlir::Location l, mlir::Value x,
                         mlir::Value scale, mlir::Value shift);

/// 1 / sqrt(variance + epsilon).
mlir::Value createInverseDeviation(mlir::OpBuilder &b, mlir::Location l,
                                   mlir::Value variance, double epsilon);

/// Sum over slices of `x` of `map(x, stats...)`.
mlir::Value createSum(mlir::OpBuilder &builder, mlir::Location loc,
                      Reducer &reducer, mlir::Value x, mlir::ValueRange stats,
                      ElementBuilder map);

/// `body` of the mean of `map(x, stats...)` over each slice of `x`.
mlir::Value createFromMean(mlir::OpBuilder &builder, mlir::Location loc,
                           Reducer &reducer, mlir::Value x,
                           mlir::ValueRange stats, ElementBuilder map,
                           ElementBuilder body);

/// The mean of each slice of `x`.
mlir::Value createMean(mlir::OpBuilder &builder, mlir::Location loc,
                       Reducer &reducer, mlir::Value x);

/// `body(variance)` of each slice of `x` around its `mean`.
mlir::Value createFromVariance(mlir::OpBuilder &builder, mlir::Location loc,
                               Reducer &reducer, mlir::Value x,
                               mlir::Value mean, ElementBuilder body);

/// 1 / sqrt(variance + epsilon) of each slice of `x` around its `mean`.
mlir::Value createInverseDeviations(mlir::OpBuilder &builder,
                                    mlir::Location loc, Reducer &reducer,
                                    mlir::Value x, mlir::Value mean,
                                    double epsilon);

/// The elementwise op of one result that a normalization ends with.
mlir::Value createFinal(mlir::OpBuilder &builder, mlir::Location loc,
                        mlir::RankedTensorType type, mlir::Value x,
                        mlir::ValueRange inputs, ElementBuilder body);

} // namespace assay

#endif // ASSAY_PASSES_LOWERING_NORMALIZATIONUTILS_H
