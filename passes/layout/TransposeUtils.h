//===- TransposeUtils.h - Permutations of onnx tensors ----------*- C++ -*-===//

#ifndef ASSAY_PASSES_LAYOUT_TRANSPOSEUTILS_H
#define ASSAY_PASSES_LAYOUT_TRANSPOSEUTILS_H

#include "dialects/onnx/Movement.h"
#include "dialects/onnx/OnnxOp.h"
#include "mlir/IR/PatternMatch.h"

namespace assay {

/// Dimension i of the result of a transpose is dimension perm[i] of its source.
using Permutation = llvm::SmallVector<int64_t, 4>;

/// The permutation of a transpose, or nullopt for a source of unknown rank.
std::optional<Permutation> getPermutation(onnx::TransposeOp op);

Permutation invert(llvm::ArrayRef<int64_t> perm);

/// onnx.Transpose of `source` by `perm`, of result type `type` if it is given
/// and compatible with the inferred one.
mlir::Value createTranspose(mlir::OpBuilder &builder, mlir::Location loc,
                            mlir::Value source, llvm::ArrayRef<int64_t> perm,
                            mlir::Type type = {});

/// onnx.Constant of i64 values, of rank 1.
mlir::Value createInts(mlir::OpBuilder &builder, mlir::Location loc,
                       llvm::ArrayRef<int64_t> values);

/// The source of a transpose by `perm` whose result is `constant`, whose rank
/// is at most that of `perm` (dimensions of 1 in front are implied): a constant
/// when the data stays as it is, otherwise a transpose of it that constant
/// folding evaluates.
mlir::Value transposeConstant(mlir::OpBuilder &builder, mlir::Location loc,
                              mlir::Value constant,
                              llvm::ArrayRef<int64_t> perm);

/// Rebuilds `op`, whose operands are transposed by `perm` or fit it, on the
/// sources, with transposes on its results. Fails where the op has no such
/// form; `perm` is that of operand `transposed`.
llvm::LogicalResult sinkTranspose(mlir::PatternRewriter &rewriter,
                                  onnx::OnnxOp op, unsigned transposed,
                                  llvm::ArrayRef<int64_t> perm);

} // namespace assay

#endif // ASSAY_PASSES_LAYOUT_TRANSPOSEUTILS_H
