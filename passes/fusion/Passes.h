//===- Passes.h - Fusion and kernel formation -------------------*- C++ -*-===//

#ifndef ASSAY_PASSES_FUSION_PASSES_H
#define ASSAY_PASSES_FUSION_PASSES_H

#include "mlir/Pass/Pass.h"

namespace mlir {
class ModuleOp;
namespace func {
class FuncOp;
} // namespace func
} // namespace mlir

namespace assay {

#define GEN_PASS_DECL
#include "passes/fusion/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "passes/fusion/Passes.h.inc"

} // namespace assay

#endif // ASSAY_PASSES_FUSION_PASSES_H
