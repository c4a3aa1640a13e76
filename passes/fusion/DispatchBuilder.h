//===- DispatchBuilder.h - Wraps ops into a dispatch ------------*- C++ -*-===//

#ifndef ASSAY_PASSES_FUSION_DISPATCHBUILDER_H
#define ASSAY_PASSES_FUSION_DISPATCHBUILDER_H

#include "dialects/kernel/Dispatch.h"

namespace assay {

/// Whether `op` is cheap enough to be computed again in every dispatch that
/// reads it: empty and filled tensors, constants other than dense tensors, and,
/// where `viewsAllowed`, slices.
bool isCloneable(mlir::Operation *op, bool viewsAllowed);

/// Whether `op` is a contraction of the kernel dialect, which reads its inputs
/// from the arguments of the kernel: a fill that it reads is not cloned.
bool needsFilledInputs(mlir::Operation *op);

/// Replaces `ops`, in block order, by one kernel.dispatch in the place of the
/// last one. Cloneable producers are cloned into it; other values from outside
/// become its inputs; each result used outside becomes an init, an empty tensor
/// made before the dispatch. Uses of results that precede the last op are left
/// for the caller to order.
kernel::DispatchOp buildDispatch(mlir::RewriterBase &rewriter,
                                 llvm::ArrayRef<mlir::Operation *> ops,
                                 bool viewsAllowed);

} // namespace assay

#endif // ASSAY_PASSES_FUSION_DISPATCHBUILDER_H
