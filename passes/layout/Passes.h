//===- Passes.h - Layouts of onnx graphs ------------------------*- C++ -*-===//

#ifndef ASSAY_PASSES_LAYOUT_PASSES_H
#define ASSAY_PASSES_LAYOUT_PASSES_H

#include "mlir/Pass/Pass.h"

namespace assay {

#define GEN_PASS_DECL
#include "passes/layout/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "passes/layout/Passes.h.inc"

} // namespace assay

#endif // ASSAY_PASSES_LAYOUT_PASSES_H
