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
llvm::LogicalResult inferBroadcast(OnnxOp op,
                                   llvm::SmallVectorImpl<mlir::Type> &types);

/// One result of the shape of input `like`, element type by the signature.
llvm::LogicalResult inferSameShape(OnnxOp op, unsigned like,
                                   llvm::SmallVectorImpl<mlir::Type> &types);

/// `axis` in [-rank, rank) as [0, rank); emits an error on `op` otherwise.
llvm::FailureOr<int64_t> normalizeAxis(OnnxOp op, int64_t axis, int64_t rank);

/// Each of `axes` by normalizeAxis; an axis given twice is an error too.
llvm::FailureOr<llvm::SmallVector<int64_t>>
normalizeAxes(OnnxOp op, llvm::ArrayRef<int64_t> axes, int64_t rank);

/// Adds a ranked result. Refuses shapes whose byte size does not fit 63 bits.
llvm::LogicalResult addResult(OnnxOp op, llvm::ArrayRef<int64_t> shape,
                              mlir::Type element,
                              llvm::SmallVectorImpl<mlir::Type> &types);

/// The dimensions of `value`, or nullopt when it is absent or unranked.
std::optional<llvm::ArrayRef<int64_t>> getRankedShape(mlir::Value value);

/// "[2, ?, 3]" for messages.
std::string shapeToString(llvm::ArrayRef<int64_t> shape);

/// Checks that input `value`, called `name` in the message, is absent, unranked
/// or of rank `rank`.
llvm::LogicalResult verifyRank(OnnxOp op, mlir::Value value,
                               llvm::StringRef name, int64_t rank);

/// The length of 1-D input `value`: nullopt when it is absent or not known.
std::optional<int64_t> getVectorLength(mlir::Value value);

/// The same where each element of `value` describes a dimension of the result;
/// nullopt also for lengths that no rank has, which a file can claim freely.
std::optional<int64_t> getRankFromLength(mlir::Value value);

/// What one dimension is when two types describe it; fails without a message
/// when two static sizes disagree.
llvm::FailureOr<int64_t> unifyDims(int64_t left, int64_t right);

/// Checks that `value` has the rank of `expected` and agrees with each of its
/// static dimensions; absent and unranked values pass. The error on `op` names
/// `name` and what is expected.
llvm::LogicalResult checkShape(OnnxOp op, llvm::StringRef name,
                               mlir::Value value,
                               llvm::ArrayRef<int64_t> expected);

/// Checks that `value`, if present and ranked, has rank `least` or more.
llvm::LogicalResult checkRankAtLeast(OnnxOp op, llvm::StringRef name,
                                     mlir::Value value, int64_t least);

/// Checks that `value` broadcasts to `shape` (ONNX "unidirectional").
llvm::LogicalResult checkBroadcastsTo(OnnxOp op, llvm::StringRef name,
                                      mlir::Value value,
                                      llvm::ArrayRef<int64_t> shape);

/// Dimension `dim` of `value`, dynamic when its rank is unknown.
int64_t getDimOrDynamic(mlir::Value value, unsigned dim);

/// The static one of two sizes of the same dimension, if any.
int64_t mergeDims(int64_t a, int64_t b);

/// Refuses a value of attribute `name` other than 0 and 1.
llvm::LogicalResult checkFlag(OnnxOp op, llvm::StringRef name, int64_t value);

/// Refuses a value of attribute `name` that is none of `choices`.
llvm::LogicalResult checkChoice(OnnxOp op, llvm::StringRef name,
                                llvm::StringRef value,
                                llvm::ArrayRef<llvm::StringRef> choices);

/// Refuses an input `name` that is neither of rank 0 nor of one element; a null
/// `value` (an absent input) is fine.
llvm::LogicalResult checkScalar(OnnxOp op, llvm::StringRef name,
                                mlir::Value value);

} // namespace assay::onnx

#endif // ASSAY_DIALECTS_ONNX_SHAPEUTILS_H
