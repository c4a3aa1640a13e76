//===- AttachLoopAnnotations.cpp - Loop annotations to metadata -----------===//
//
//   llvm.br ^header {llvm.loop_annotation = #loop_annotation}
//
// becomes
//
//   llvm.br ^header {loop_annotation = #loop_annotation}
//
// The conversions carry the attribute of the loop along; translation to LLVM IR
// looks at the property of the branch alone.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "passes/cpu/Passes.h"

namespace assay {
#define GEN_PASS_DEF_ATTACHLOOPANNOTATIONS
#include "passes/cpu/Passes.h.inc"
} // namespace assay

using namespace mlir;

namespace {
struct AttachLoopAnnotations
    : assay::impl::AttachLoopAnnotationsBase<AttachLoopAnnotations> {
  void runOnOperation() override {
    constexpr StringLiteral name = "llvm.loop_annotation";
    getOperation().walk([&](LLVM::BrOp branch) {
      auto annotation = branch->getAttrOfType<LLVM::LoopAnnotationAttr>(name);
      if (!annotation)
        return;
      branch.setLoopAnnotationAttr(annotation);
      branch->removeAttr(name);
    });
  }
};
} // namespace
