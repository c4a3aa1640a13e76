//===- LoweringUtils.h - What lowering patterns share -----------*- C++ -*-===//

#ifndef ASSAY_PASSES_LOWERING_LOWERINGUTILS_H
#define ASSAY_PASSES_LOWERING_LOWERINGUTILS_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/BuiltinTypes.h"

namespace assay {

//===----------------------------------------------------------------------===//
// Types and scalars
//===----------------------------------------------------------------------===//

/// Whether the element type of `type` is ui8..ui64 (an onnx type, not a
/// converted one) or i1.
bool isUnsignedOrBool(mlir::Type type);

/// `type` with its element type made signless: ui8 -> i8, tensor<4xui8> ->
/// tensor<4xi8>.
mlir::Type getSignless(mlir::Type type);

/// `value` as `type`, which differs in static dimensions only.
mlir::Value createTensorCast(mlir::OpBuilder &builder, mlir::Location loc,
                             mlir::RankedTensorType type, mlir::Value value);

/// A constant of float or integer or index `type`; `value` is converted to it.
mlir::Value createScalar(mlir::OpBuilder &builder, mlir::Location loc,
                         mlir::Type type, double value);
mlir::Value createIntScalar(mlir::OpBuilder &builder, mlir::Location loc,
                            mlir::Type type, int64_t value);

/// The least value of a float (-inf) or integer `type`, and the greatest.
mlir::Value createLowest(mlir::OpBuilder &builder, mlir::Location loc,
                         mlir::Type type, bool isUnsigned);
mlir::Value createHighest(mlir::OpBuilder &builder, mlir::Location loc,
                          mlir::Type type, bool isUnsigned);

//===----------------------------------------------------------------------===//
// Sizes
//===----------------------------------------------------------------------===//

/// `axis`, which counts from the end of `rank` dimensions when negative.
int64_t wrapAxis(int64_t axis, int64_t rank);

/// `size` as an index value.
mlir::Value getValue(mlir::OpBuilder &builder, mlir::Location loc,
                     mlir::OpFoldResult size);

/// Element `index` of the rank-1 integer tensor `tensor` (shape, pads, ...), as
/// an index: a constant when `tensor` is one, otherwise tensor.extract.
mlir::OpFoldResult extractIndex(mlir::OpBuilder &builder, mlir::Location loc,
                                mlir::Value tensor, int64_t index);

/// All elements of the rank-1 integer tensor `tensor`, whose length is static.
llvm::SmallVector<mlir::OpFoldResult> extractIndices(mlir::OpBuilder &builder,
                                                     mlir::Location loc,
                                                     mlir::Value tensor);

/// The only element of a tensor of rank 0 or of one element.
mlir::Value extractScalar(mlir::OpBuilder &builder, mlir::Location loc,
                          mlir::Value tensor);

//===----------------------------------------------------------------------===//
// Destinations
//===----------------------------------------------------------------------===//

/// tensor.empty of `type`; `sizes` gives all dimensions, of which only those
/// that `type` leaves dynamic are used.
mlir::Value createEmpty(mlir::OpBuilder &builder, mlir::Location loc,
                        mlir::RankedTensorType type,
                        llvm::ArrayRef<mlir::OpFoldResult> sizes);

/// tensor.empty of `type`, sized like `like`, which has the same rank.
mlir::Value createEmptyLike(mlir::OpBuilder &builder, mlir::Location loc,
                            mlir::RankedTensorType type, mlir::Value like);

/// A tensor of `type` filled with `scalar`.
mlir::Value createFilled(mlir::OpBuilder &builder, mlir::Location loc,
                         mlir::RankedTensorType type,
                         llvm::ArrayRef<mlir::OpFoldResult> sizes,
                         mlir::Value scalar);

//===----------------------------------------------------------------------===//
// Elementwise computation
//===----------------------------------------------------------------------===//

/// Computes one result element from the input elements.
using ElementBuilder = llvm::function_ref<mlir::Value(
    mlir::OpBuilder &, mlir::Location, mlir::ValueRange)>;
/// As above, for any number of results.
using ElementsBuilder = llvm::function_ref<llvm::SmallVector<mlir::Value>(
    mlir::OpBuilder &, mlir::Location, mlir::ValueRange)>;

/// Reads an input of static dimensions within an iteration space of `sizes`,
/// aligned at the last dimension; dimensions of 1 are read at 0 where the space
/// is larger.
mlir::AffineMap getBroadcastMap(mlir::RankedTensorType input,
                                llvm::ArrayRef<mlir::OpFoldResult> sizes);

/// The run-time shape of `inputs` broadcast together. `resultType` gives what
/// is known of it. Emits cf.assert for dimensions that may disagree at run
/// time.
llvm::SmallVector<mlir::OpFoldResult>
computeBroadcastSizes(mlir::OpBuilder &builder, mlir::Location loc,
                      mlir::ValueRange inputs,
                      mlir::RankedTensorType resultType);

/// linalg.generic over the broadcast of `inputs` (numpy rules); a dimension
/// that only run time knows to be 1 is broadcast then.
mlir::Value createElementwise(mlir::OpBuilder &builder, mlir::Location loc,
                              mlir::RankedTensorType resultType,
                              mlir::ValueRange inputs, ElementBuilder body);

/// The same over the given run-time `sizes`, to which `inputs` must broadcast,
/// with one result for each of `resultTypes`, which have the same shape.
llvm::SmallVector<mlir::Value> createElementwise(
    mlir::OpBuilder &builder, mlir::Location loc,
    llvm::ArrayRef<mlir::RankedTensorType> resultTypes, mlir::ValueRange inputs,
    llvm::ArrayRef<mlir::OpFoldResult> sizes, ElementsBuilder body);

/// As above, without broadcasting: `maps` says how each input is read.
mlir::Value createElementwise(mlir::OpBuilder &builder, mlir::Location loc,
                              mlir::RankedTensorType resultType,
                              mlir::ValueRange inputs,
                              llvm::ArrayRef<mlir::AffineMap> maps,
                              llvm::ArrayRef<mlir::OpFoldResult> sizes,
                              ElementBuilder body);

/// Reduces `input` along `axes`, starting from `init`. `body` combines an input
/// element with the accumulator, in this order. The result has `type`, without
/// the reduced dimensions.
mlir::Value createReduction(mlir::OpBuilder &builder, mlir::Location loc,
                            mlir::RankedTensorType type, mlir::Value input,
                            llvm::ArrayRef<int64_t> axes, mlir::Value init,
                            ElementBuilder body);

//===----------------------------------------------------------------------===//
// Arithmetic on elements
//===----------------------------------------------------------------------===//

/// `value` converted to float, integer or bool `to`, by the rules of Cast:
/// to bool is "not zero", float to integer truncates and saturates, integers
/// wrap. `fromUnsigned` and `toUnsigned` give the signedness of integers.
mlir::Value createCast(mlir::OpBuilder &builder, mlir::Location loc,
                       mlir::Value value, mlir::Type to, bool fromUnsigned,
                       bool toUnsigned);

/// The type in which float elements of `type` are computed: f32 for f16, bf16
/// and the f8 types, itself otherwise.
mlir::Type getComputeType(mlir::Type type);

/// Computes `body` on float values in their compute type. A float result is
/// rounded to `type`.
mlir::Value computeInFloat(mlir::OpBuilder &builder, mlir::Location loc,
                           mlir::Type type, mlir::ValueRange values,
                           ElementBuilder body);

} // namespace assay

#endif // ASSAY_PASSES_LOWERING_LOWERINGUTILS_H
