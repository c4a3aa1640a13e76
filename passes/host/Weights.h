//===- Weights.h - Constants as they lie in memory --------------*- C++ -*-===//

#ifndef ASSAY_PASSES_HOST_WEIGHTS_H
#define ASSAY_PASSES_HOST_WEIGHTS_H

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/BuiltinAttributeInterfaces.h"
#include "mlir/IR/BuiltinTypes.h"

namespace assay::host {

/// The elements of `global`, row-major. Points into the attribute's storage
/// where that has the same layout, else into `storage`. Fails, with an error at
/// the global, when its value is no dense constant of its size.
mlir::FailureOr<llvm::ArrayRef<char>>
readConstant(mlir::memref::GlobalOp global,
             llvm::SmallVectorImpl<char> &storage);

} // namespace assay::host

#endif // ASSAY_PASSES_HOST_WEIGHTS_H
