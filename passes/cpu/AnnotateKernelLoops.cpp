//===- AnnotateKernelLoops.cpp - No unrolling before vectorizing ----------===//
//
//   scf.for %i = %c0 to %c64 step %c1 { ... }
//
// becomes
//
//   scf.for %i = %c0 to %c64 step %c1 { ... }
//       {llvm.loop_annotation = #llvm.loop_annotation<unroll = <disable =
//       true>>}
//
//===----------------------------------------------------------------------===//

#include "dialects/kernel/KernelDialect.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "passes/cpu/Passes.h"

namespace assay {
#define GEN_PASS_DEF_ANNOTATEKERNELLOOPS
#include "passes/cpu/Passes.h.inc"
} // namespace assay

using namespace mlir;
using namespace assay;

/// Loops of at most so many iterations are better unrolled.
static constexpr int64_t maxUnrolledIterations = 7;

/// Whether `loop` is an innermost loop over scalars, long enough for a vector.
static bool isVectorizable(scf::ForOp loop) {
  std::optional<int64_t> lower = getConstantIntValue(loop.getLowerBound());
  std::optional<int64_t> upper = getConstantIntValue(loop.getUpperBound());
  if (lower && upper && *upper - *lower <= maxUnrolledIterations)
    return false;
  return !loop.getBody()
              ->walk([](Operation *op) {
                bool isLoop = isa<LoopLikeOpInterface>(op);
                bool isVector = llvm::any_of(op->getResultTypes(),
                                             llvm::IsaPred<VectorType>);
                return isLoop || isVector ? WalkResult::interrupt()
                                          : WalkResult::advance();
              })
              .wasInterrupted();
}

static LLVM::LoopAnnotationAttr getNoUnrollAttr(MLIRContext *context) {
  auto unroll = LLVM::LoopUnrollAttr::get(
      context, /*disable=*/BoolAttr::get(context, true), {}, {}, {}, {}, {},
      {});
  return LLVM::LoopAnnotationAttr::get(context, {}, {}, {}, unroll, {}, {}, {},
                                       {}, {}, {}, {}, {}, {}, {}, {});
}

namespace {
struct AnnotateKernelLoops
    : assay::impl::AnnotateKernelLoopsBase<AnnotateKernelLoops> {
  void runOnOperation() override {
    if (!getOperation()->hasAttr(kernel::KernelDialect::getEntryAttrName()))
      return;
    LLVM::LoopAnnotationAttr noUnroll = getNoUnrollAttr(&getContext());
    getOperation().walk([&](scf::ForOp loop) {
      if (isVectorizable(loop))
        loop->setAttr("llvm.loop_annotation", noUnroll);
    });
  }
};
} // namespace
