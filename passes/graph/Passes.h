//===- Passes.h - Simplification of onnx graphs -----------------*- C++ -*-===//

#ifndef ASSAY_PASSES_GRAPH_PASSES_H
#define ASSAY_PASSES_GRAPH_PASSES_H

#include "mlir/Pass/Pass.h"

namespace mlir {
namespace func {
class FuncOp;
} // namespace func
} // namespace mlir

namespace assay {

#define GEN_PASS_DECL
#include "passes/graph/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "passes/graph/Passes.h.inc"

} // namespace assay

#endif // ASSAY_PASSES_GRAPH_PASSES_H
