//===- ShapeUtils.h - Helpers for result type inference ---------*- C++ -*-===//

#ifndef ASSAY_DIALECTS_ONNX_SHAPEUTILS_H
#define ASSAY_DIALECTS_ONNX_SHAPEUTILS_H

#include "dialects/onnx/OnnxOp.h"

namespace assay::onnx {

/// The element type that the signature gives result `index`: that of the first
/// present input with the same type variable, or the builtin type named there.
/// Null when neither binds it (Cast, ConstantOfShape, ...).
mlir::Type getResultElementType(OnnxOp op, unsigned index);

/// Results of unknown rank with the element types of the signature.
llvm::LogicalResult inferUnranked(OnnxOp op,
                                  llvm::SmallVectorImpl<mlir::Type> &types);

/// Numpy broadcasting (ONNX "multidirectional") of ranked shapes. A dynamic
/// dimension against 1 stays dynamic, against n > 1 becomes n. Fails without a
/// message when two static dimensions disagree.
llvm::FailureOr<llvm::SmallVector<int64_t>>
broadcastShapes(llvm::ArrayRef<llvm::ArrayRef<int64_t>> shapes);

/// One result whose shape is the broadcast of all present inputs.
llvm::LogicalResult
inferBroadcast(OnnxOp op, llvm::SmallVectorImpl<mlir::Type> &types);

/// One result of the shape of input `like`, element type by the signature.
llvm::LogicalResult inferSameShape(OnnxOp op, unsigned like,
                                   llvm::SmallVectorImpl<mlir::Type> &types);

/// `axis` in [-rank, rank) as [0, rank); emits an error on `op` otherwise.
llvm::FailureOr<int64_t> normalizeAxis(OnnxOp op, int64_t axis, int64_t rank);

} // namespace assay::onnx

#endif // ASSAY_DIALECTS_ONNX_SHAPEUTILS_H
