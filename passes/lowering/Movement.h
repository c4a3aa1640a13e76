//===- Movement.h - Parts of the lowering of movement ops -------*- C++ -*-===//

#ifndef ASSAY_PASSES_LOWERING_MOVEMENT_H
#define ASSAY_PASSES_LOWERING_MOVEMENT_H

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Transforms/DialectConversion.h"

namespace assay {

class IndexMath;

/// Reshape, Flatten, Squeeze, Unsqueeze, DepthToSpace, SpaceToDepth.
void populateReshapeLowering(mlir::RewritePatternSet &patterns,
                             mlir::TypeConverter &converter);
/// Slice, Pad, Split, Compress.
void populateSliceLowering(mlir::RewritePatternSet &patterns,
                           mlir::TypeConverter &converter);
/// Gather, GatherElements, GatherND, ReverseSequence.
void populateGatherLowering(mlir::RewritePatternSet &patterns,
                            mlir::TypeConverter &converter);
/// ScatterElements, ScatterND.
void populateScatterLowering(mlir::RewritePatternSet &patterns,
                             mlir::TypeConverter &converter);

/// `source` in the shape of `type`, whose run-time `sizes` hold as many
/// elements: a view by tensor.collapse_shape and expand_shape where the
/// dimensions match up, by tensor.reshape otherwise.
mlir::Value reshapeTo(mlir::OpBuilder &builder, mlir::Location loc,
                      mlir::Value source, mlir::RankedTensorType type,
                      llvm::ArrayRef<mlir::OpFoldResult> sizes);

/// tensor.extract_slice, or an empty tensor where a size is known to be 0: then
/// its offset may be past the end, which tensor.extract_slice refuses.
mlir::Value createSlice(mlir::OpBuilder &builder, mlir::Location loc,
                        mlir::Value source,
                        llvm::ArrayRef<mlir::OpFoldResult> offsets,
                        llvm::ArrayRef<mlir::OpFoldResult> sizes,
                        llvm::ArrayRef<mlir::OpFoldResult> strides);

/// `source` with its axes in the order `perm`.
mlir::Value createTranspose(mlir::OpBuilder &builder, mlir::Location loc,
                            mlir::Value source, llvm::ArrayRef<int64_t> perm,
                            mlir::RankedTensorType type);

/// linalg.generic over the elements of `type` with run-time `sizes`. `body`
/// gives the element at `indices`, reading `streamed` inputs (with their maps)
/// as `elements`.
using GatherBody = llvm::function_ref<mlir::Value(
    mlir::OpBuilder &, mlir::Location, llvm::ArrayRef<mlir::Value> indices,
    mlir::ValueRange elements)>;
mlir::Value createGather(mlir::OpBuilder &builder, mlir::Location loc,
                         mlir::RankedTensorType type,
                         llvm::ArrayRef<mlir::OpFoldResult> sizes,
                         mlir::ValueRange streamed,
                         llvm::ArrayRef<mlir::AffineMap> maps, GatherBody body);

/// An i32 or i64 element index as an index into a dimension of `size`: counted
/// from the end when negative, clamped to the dimension.
mlir::Value createSafeIndex(mlir::OpBuilder &builder, mlir::Location loc,
                            mlir::Value element, mlir::OpFoldResult size);
/// The same of number `i` of the index tuple at `entry` of `indices`.
mlir::Value createTupleIndex(mlir::OpBuilder &builder, mlir::Location loc,
                             mlir::Value indices,
                             llvm::ArrayRef<mlir::Value> entry, int64_t i,
                             mlir::OpFoldResult size);

/// Refuses at run time to index a dimension of size `dim` that is empty, unless
/// `counts`, the sizes of the indices, say that there are none.
void checkNotEmpty(IndexMath &math, mlir::OpFoldResult dim,
                   llvm::ArrayRef<mlir::OpFoldResult> counts);

} // namespace assay

#endif // ASSAY_PASSES_LOWERING_MOVEMENT_H
