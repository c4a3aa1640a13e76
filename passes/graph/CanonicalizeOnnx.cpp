//===- CanonicalizeOnnx.cpp - Simplify by local rewrites ------------------===//
//
//   %0 = onnx.Identity(%x)
//   %1 = onnx.Transpose(%0) {perm = array<i64: 0, 2, 1>}
//   %2 = onnx.Transpose(%1) {perm = array<i64: 0, 2, 1>}
//   %3 = onnx.GlobalAveragePool(%2)
//
// becomes
//
//   %axes = onnx.Constant() {value = dense<2> : tensor<1xi64>}
//   %3 = onnx.ReduceMean(%x, %axes) {keepdims = 1 : i64}
//
//===----------------------------------------------------------------------===//

#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "passes/graph/CanonicalizePatterns.h"
#include "passes/graph/GraphUtils.h"
#include "passes/graph/Passes.h"

namespace assay {
#define GEN_PASS_DEF_CANONICALIZEONNX
#include "passes/graph/Passes.h.inc"
} // namespace assay

using namespace mlir;
using namespace assay;

namespace {
struct CanonicalizeOnnx : assay::impl::CanonicalizeOnnxBase<CanonicalizeOnnx> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    populateContractionCanonicalization(patterns);
    populateEinsumDecomposition(patterns);
    populateMovementCanonicalization(patterns);
    populateSingleOpCanonicalization(patterns);
    populateGeluFusion(patterns);
    // The graph is valid whether or not the rewrites came to an end.
    (void)applyPatternsGreedily(getOperation(), std::move(patterns));
    updateResultTypes(getOperation());
  }
};
} // namespace
