//===- BufferizeKernels.cpp - Kernel bodies on memrefs --------------------===//

#include "dialects/kernel/KernelDialect.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Bufferization/Transforms/OneShotAnalysis.h"
#include "mlir/Dialect/Bufferization/Transforms/Transforms.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/Dominance.h"
#include "mlir/Transforms/CSE.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "passes/cpu/Passes.h"

namespace assay {
#define GEN_PASS_DEF_BUFFERIZEKERNELS
#include "passes/cpu/Passes.h.inc"
} // namespace assay

using namespace mlir;
using namespace assay;

namespace {
struct BufferizeKernels : assay::impl::BufferizeKernelsBase<BufferizeKernels> {
  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (!function->hasAttr(kernel::KernelDialect::getEntryAttrName()) ||
        function.isExternal())
      return;
    IRRewriter rewriter(&getContext());
    if (failed(bufferization::eliminateEmptyTensors(rewriter, function)))
      return signalPassFailure();

    bufferization::OneShotBufferizationOptions options;
    options.bufferAlignment = 64;
    options.setFunctionBoundaryTypeConversion(
        bufferization::LayoutMapOption::IdentityLayoutMap);
    // Copies become loops, which are vectorized and fused like any other.
    options.memCpyFn = [](OpBuilder &builder, Location loc, Value from,
                          Value to) {
      linalg::CopyOp::create(builder, loc, from, to);
      return success();
    };
    bufferization::BufferizationState state;
    if (failed(bufferization::runOneShotBufferize(function, options, state)))
      return signalPassFailure();
    eraseSelfCopies(function);
  }

  /// Results that were computed in place are copied onto themselves.
  static void eraseSelfCopies(func::FuncOp function) {
    RewritePatternSet patterns(function.getContext());
    memref::SubViewOp::getCanonicalizationPatterns(patterns,
                                                   patterns.getContext());
    memref::CopyOp::getCanonicalizationPatterns(patterns,
                                                patterns.getContext());
    (void)applyPatternsGreedily(function, std::move(patterns));
    IRRewriter rewriter(function.getContext());
    DominanceInfo dominance(function);
    eliminateCommonSubExpressions(rewriter, dominance, function);
    function.walk([](linalg::CopyOp copy) {
      if (copy.getInputs()[0] == copy.getOutputs()[0])
        copy.erase();
    });
  }
};
} // namespace
