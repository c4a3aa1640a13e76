//===- PropagateTransposes.cpp - Moves transposes until they cancel -------===//
//
//   %0 = onnx.Transpose(%a) {perm = [0, 3, 1, 2]}
//   %1 = onnx.Transpose(%b) {perm = [0, 3, 1, 2]}
//   %2 = onnx.Add(%0, %1)
//   %3 = onnx.Relu(%2)
//   %4 = onnx.Transpose(%3) {perm = [0, 2, 3, 1]}
//
// becomes
//
//   %2 = onnx.Add(%a, %b)
//   %3 = onnx.Relu(%2)
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "passes/layout/Passes.h"
#include "passes/layout/TransposeUtils.h"

namespace assay {
#define GEN_PASS_DEF_PROPAGATETRANSPOSES
#include "passes/layout/Passes.h.inc"
} // namespace assay

using namespace mlir;
using namespace assay;

namespace {

/// Transpose(Transpose(x)): one transpose, or x.
struct MergeTransposes : OpRewritePattern<onnx::TransposeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(onnx::TransposeOp op,
                                PatternRewriter &rewriter) const override {
    std::optional<Permutation> outer = getPermutation(op);
    if (!outer)
      return failure();
    Value source = op.getData();
    Permutation merged = *outer;
    auto inner = source.getDefiningOp<onnx::TransposeOp>();
    if (inner) {
      std::optional<Permutation> perm = getPermutation(inner);
      if (!perm)
        return failure();
      source = inner.getData();
      for (int64_t &dim : merged)
        dim = (*perm)[dim];
    }
    if (llvm::equal(merged, llvm::seq<int64_t>(0, merged.size())) &&
        source.getType() == op.getType()) {
      rewriter.replaceOp(op, source);
      return success();
    }
    if (!inner)
      return failure();
    rewriter.replaceOp(op, createTranspose(rewriter, op.getLoc(), source,
                                           merged, op.getType()));
    return success();
  }
};

struct SinkTranspose : OpInterfaceRewritePattern<onnx::OnnxOp> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;

  LogicalResult matchAndRewrite(onnx::OnnxOp op,
                                PatternRewriter &rewriter) const override {
    for (auto [position, input] : llvm::enumerate(op.getOnnxInputs())) {
      auto transpose =
          input ? input.getDefiningOp<onnx::TransposeOp>() : nullptr;
      // Constant folding takes care of transposed constants.
      if (!transpose || onnx::getConstant(transpose.getData()))
        continue;
      std::optional<Permutation> perm = getPermutation(transpose);
      return perm ? sinkTranspose(rewriter, op, position, *perm) : failure();
    }
    return failure();
  }
};

/// A transpose that only moves dimensions of 1 moves no data.
struct TransposeToReshape : OpRewritePattern<onnx::TransposeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(onnx::TransposeOp op,
                                PatternRewriter &rewriter) const override {
    auto source = dyn_cast<RankedTensorType>(op.getData().getType());
    auto result = dyn_cast<RankedTensorType>(op.getType());
    std::optional<Permutation> perm = getPermutation(op);
    if (!source || !result || !perm || result.getNumDynamicDims() > 1 ||
        llvm::is_contained(result.getShape(), 0))
      return failure();
    int64_t last = -1;
    for (int64_t dim : *perm) {
      if (source.getDimSize(dim) == 1)
        continue;
      if (dim < last)
        return failure();
      last = dim;
    }
    SmallVector<int64_t> shape;
    for (int64_t size : result.getShape())
      shape.push_back(ShapedType::isDynamic(size) ? -1 : size);
    Value target = createInts(rewriter, op.getLoc(), shape);
    rewriter.replaceOpWithNewOp<onnx::ReshapeOp>(op, result, op.getData(),
                                                 target);
    return success();
  }
};

struct PropagateTransposes
    : assay::impl::PropagateTransposesBase<PropagateTransposes> {
  void runOnOperation() override {
    RewritePatternSet sink(&getContext());
    sink.add<MergeTransposes, SinkTranspose>(&getContext());
    GreedyRewriteConfig config;
    config.enableFolding(false);
    if (failed(applyPatternsGreedily(getOperation(), std::move(sink), config)))
      return signalPassFailure();
    RewritePatternSet reshape(&getContext());
    reshape.add<TransposeToReshape>(&getContext());
    if (failed(
            applyPatternsGreedily(getOperation(), std::move(reshape), config)))
      signalPassFailure();
  }
};

} // namespace
