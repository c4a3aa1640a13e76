//===- Passes.h - The host program: buffers and LLVM ------------*- C++ -*-===//

#ifndef ASSAY_PASSES_HOST_PASSES_H
#define ASSAY_PASSES_HOST_PASSES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace assay::host {

#define GEN_PASS_DECL
#include "passes/host/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "passes/host/Passes.h.inc"

/// Alignment of arenas, weights and all buffers, in bytes.
constexpr int64_t bufferAlignment = 64;

/// Name of the host function.
constexpr llvm::StringLiteral mainName = "main";
/// Attribute of a memref.alloc: the index of the output it is.
constexpr llvm::StringLiteral outputAttrName = "assay.output";
/// Attribute of a memref.global: its offset in the weights, in bytes.
constexpr llvm::StringLiteral offsetAttrName = "assay.offset";
/// Attributes of the arguments of @main that hold the arena and the weights.
constexpr llvm::StringLiteral arenaAttrName = "assay.arena";
constexpr llvm::StringLiteral weightsAttrName = "assay.weights";
/// Names in the LLVM module.
constexpr llvm::StringLiteral runName = "assay_run";
constexpr llvm::StringLiteral weightsName = "assay_weights";

} // namespace assay::host

#endif // ASSAY_PASSES_HOST_PASSES_H
