//===- GraphUtils.h - Helpers for rewriting onnx graphs ---------*- C++ -*-===//

#ifndef ASSAY_PASSES_GRAPH_GRAPHUTILS_H
#define ASSAY_PASSES_GRAPH_GRAPHUTILS_H

#include "dialects/onnx/OnnxOp.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/PatternMatch.h"

namespace assay {

/// Adds to the result types of `op` what inference knows. Gives whether a type
/// changed; fails after the errors of inference.
mlir::FailureOr<bool> refineResultTypes(onnx::OnnxOp op);

/// `known` with each dynamic dimension that `inferred` knows; `known` where the
/// two contradict.
mlir::Type mergeTypes(mlir::Type known, mlir::Type inferred);

/// Makes the function's result types those of the returned values.
void updateResultTypes(mlir::func::FuncOp function);

/// Whether every user of a value of type `from` may see one of type `to`: same
/// elements, and every dimension known in `from` is the same in `to`.
bool canReplaceType(mlir::Type from, mlir::Type to);

/// Replaces the only used result of `op` by `value`, if its type allows.
llvm::LogicalResult replaceIfCompatible(mlir::PatternRewriter &rewriter,
                                        mlir::Operation *op, mlir::Value value);

/// Replaces `op`, of one result, by an op built by name, which keeps what is
/// known of the result's type.
llvm::LogicalResult
replaceByOp(mlir::PatternRewriter &rewriter, mlir::Operation *op,
            llvm::StringRef name, llvm::ArrayRef<mlir::Value> inputs,
            llvm::ArrayRef<mlir::NamedAttribute> attributes);

/// The value of a constant number whose elements are all the same.
std::optional<double> getSplat(mlir::Value value);

/// An i64 constant of shape [values.size()].
mlir::Value makeInts(mlir::OpBuilder &builder, mlir::Location loc,
                     llvm::ArrayRef<int64_t> values);

/// `type` as a ranked tensor of static shape, or null.
mlir::RankedTensorType getStaticType(mlir::Value value);

} // namespace assay

#endif // ASSAY_PASSES_GRAPH_GRAPHUTILS_H
