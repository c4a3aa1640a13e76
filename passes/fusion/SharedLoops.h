//===- SharedLoops.h - Parallel loops common to linalg ops ------*- C++ -*-===//

#ifndef ASSAY_PASSES_FUSION_SHAREDLOOPS_H
#define ASSAY_PASSES_FUSION_SHAREDLOOPS_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "llvm/ADT/MapVector.h"

namespace assay {

/// A loop that several ops can run in together: for each op, the dimension of
/// its iteration space that the loop stands for.
using SharedLoop = llvm::MapVector<mlir::Operation *, unsigned>;

/// The parallel loops that all of `ops` (in topological order, on tensors) can
/// share. Two ops share a loop when each iteration of the consumer reads just
/// what the same iteration of the producer wrote. Loops of static extent one
/// are left out. In the order of the dimensions of the last op's first result.
llvm::SmallVector<SharedLoop>
findSharedLoops(llvm::ArrayRef<mlir::linalg::LinalgOp> ops);

/// The leading dimensions of the last op's first result that are shared: the
/// loops that can surround all the ops while each works on contiguous rows.
llvm::SmallVector<SharedLoop>
findSharedOuterLoops(llvm::ArrayRef<mlir::linalg::LinalgOp> ops);

} // namespace assay

#endif // ASSAY_PASSES_FUSION_SHAREDLOOPS_H
