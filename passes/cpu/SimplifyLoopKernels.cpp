//===- SimplifyLoopKernels.cpp - Drop, collapse and order loops -----------===//
//
//   %y = linalg.generic {d0, d1, d2 parallel} ins(%x) outs(%o)
//       : tensor<1x8x16xf32>
//
// becomes, where the maps allow it,
//
//   %x' = bufferization.to_tensor (memref.collapse_shape %x_buffer)
//   %y' = linalg.generic {d0 parallel} ins(%x') outs(%o') : tensor<128xf32>
//
// Reshapes end up on the buffers of the arguments, where they cost nothing.
//
//===----------------------------------------------------------------------===//

#include "dialects/kernel/KernelDialect.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/MemRef/Transforms/Transforms.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Tensor/Transforms/Transforms.h"
#include "mlir/IR/Dominance.h"
#include "mlir/Transforms/CSE.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "passes/cpu/Passes.h"

namespace assay {
#define GEN_PASS_DEF_SIMPLIFYLOOPKERNELS
#include "passes/cpu/Passes.h.inc"
} // namespace assay

using namespace mlir;
using namespace assay;

namespace {
/// collapse_shape (to_tensor %m) -> to_tensor (memref.collapse_shape %m)
struct CollapseBuffer : OpRewritePattern<tensor::CollapseShapeOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(tensor::CollapseShapeOp op,
                                PatternRewriter &rewriter) const override {
    auto source = op.getSrc().getDefiningOp<bufferization::ToTensorOp>();
    if (!source)
      return failure();
    Value buffer = memref::CollapseShapeOp::create(
        rewriter, op.getLoc(), source.getBuffer(),
        op.getReassociationIndices());
    rewriter.replaceOpWithNewOp<bufferization::ToTensorOp>(
        op, op.getType(), buffer, source.getRestrict(), source.getWritable());
    return success();
  }
};

/// expand_shape (to_tensor %m) -> to_tensor (memref.expand_shape %m)
struct ExpandBuffer : OpRewritePattern<tensor::ExpandShapeOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(tensor::ExpandShapeOp op,
                                PatternRewriter &rewriter) const override {
    auto source = op.getSrc().getDefiningOp<bufferization::ToTensorOp>();
    if (!source)
      return failure();
    RankedTensorType type = op.getResultType();
    Value buffer = memref::ExpandShapeOp::create(
        rewriter, op.getLoc(),
        MemRefType::get(type.getShape(), type.getElementType()),
        source.getBuffer(), op.getReassociationIndices(),
        op.getMixedOutputShape());
    rewriter.replaceOpWithNewOp<bufferization::ToTensorOp>(
        op, type, buffer, source.getRestrict(), source.getWritable());
    return success();
  }
};

/// materialize (expand_shape %t) in %m
///   -> materialize %t in (memref.collapse_shape %m)
struct MaterializeCollapsed
    : OpRewritePattern<bufferization::MaterializeInDestinationOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(bufferization::MaterializeInDestinationOp op,
                                PatternRewriter &rewriter) const override {
    auto expand = op.getSource().getDefiningOp<tensor::ExpandShapeOp>();
    if (!expand || !isa<MemRefType>(op.getDest().getType()))
      return failure();
    OpBuilder::InsertionGuard guard(rewriter);
    rewriter.setInsertionPointAfterValue(op.getDest());
    Value buffer = memref::CollapseShapeOp::create(
        rewriter, op.getLoc(), op.getDest(), expand.getReassociationIndices());
    rewriter.modifyOpInPlace(op, [&] {
      op.getSourceMutable().assign(expand.getSrc());
      op.getDestMutable().assign(buffer);
    });
    return success();
  }
};

/// materialize (collapse_shape %t) in %m
///   -> materialize %t in (memref.expand_shape %m)
struct MaterializeExpanded
    : OpRewritePattern<bufferization::MaterializeInDestinationOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(bufferization::MaterializeInDestinationOp op,
                                PatternRewriter &rewriter) const override {
    auto collapse = op.getSource().getDefiningOp<tensor::CollapseShapeOp>();
    if (!collapse || !isa<MemRefType>(op.getDest().getType()))
      return failure();
    RankedTensorType type = collapse.getSrcType();
    if (!type.hasStaticShape())
      return failure();
    OpBuilder::InsertionGuard guard(rewriter);
    rewriter.setInsertionPointAfterValue(op.getDest());
    Value buffer = memref::ExpandShapeOp::create(
        rewriter, op.getLoc(), type.getShape(), op.getDest(),
        collapse.getReassociationIndices());
    rewriter.modifyOpInPlace(op, [&] {
      op.getSourceMutable().assign(collapse.getSrc());
      op.getDestMutable().assign(buffer);
    });
    return success();
  }
};

} // namespace

/// Groups of adjacent loops that every operand walks as one.
static SmallVector<ReassociationIndices>
getCollapsibleLoops(linalg::LinalgOp op) {
  SmallVector<ReassociationIndices> groups;
  if (op.hasIndexSemantics())
    return groups;
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  if (llvm::any_of(maps,
                   [](AffineMap map) { return !map.isProjectedPermutation(); }))
    return groups;
  SmallVector<utils::IteratorType> iterators = op.getIteratorTypesArray();
  for (int64_t first = 0, numLoops = op.getNumLoops(); first < numLoops;) {
    ReassociationIndices group = {first};
    while (group.back() + 1 < numLoops &&
           iterators[first] == iterators[group.back() + 1]) {
      ReassociationIndices longer = group;
      longer.push_back(group.back() + 1);
      if (!linalg::areDimSequencesPreserved(maps, {longer}))
        break;
      group = longer;
    }
    first = group.back() + 1;
    if (group.size() > 1)
      groups.push_back(group);
  }
  return groups;
}

/// How bad `dim` is as the innermost loop: strided accesses cannot be widened,
/// a short loop does not fill a vector.
static int64_t getInnermostCost(linalg::GenericOp op, unsigned dim) {
  int64_t cost = 0;
  for (OpOperand &operand : op->getOpOperands()) {
    AffineMap map = op.getMatchingIndexingMap(&operand);
    if (!map.isFunctionOfDim(dim))
      continue;
    auto last = dyn_cast<AffineDimExpr>(map.getResults().back());
    bool contiguous = last && last.getPosition() == dim;
    for (AffineExpr expr : map.getResults().drop_back())
      contiguous &= !expr.isFunctionOfDim(dim);
    if (!contiguous)
      cost += op.isDpsInit(&operand) ? 12 : 8;
  }
  int64_t extent = op.getStaticLoopRanges()[dim];
  if (!ShapedType::isDynamic(extent))
    cost += extent < 4 ? 10 : extent < 8 ? 5 : extent < 16 ? 1 : 0;
  if (op.getIteratorTypesArray()[dim] == utils::IteratorType::reduction)
    cost += 2;
  return cost;
}

/// Moves the cheapest loop innermost.
static void orderLoops(RewriterBase &rewriter, linalg::GenericOp op) {
  unsigned numLoops = op.getNumLoops();
  if (numLoops < 2)
    return;
  unsigned best = numLoops - 1;
  for (unsigned dim = numLoops - 1; dim-- > 0;)
    if (getInnermostCost(op, dim) < getInnermostCost(op, best))
      best = dim;
  SmallVector<unsigned> order;
  for (unsigned dim = 0; dim < numLoops; ++dim)
    if (dim != best)
      order.push_back(dim);
  order.push_back(best);
  if (best != numLoops - 1)
    (void)linalg::interchangeGenericOp(rewriter, op, order);
}

/// Whether `value` is a reduction that the innermost loop of `op` does not
/// change: the sum of a row. Other divisors, such as scales of quantization,
/// must divide exactly.
static bool isRowReduction(linalg::LinalgOp op, Value value) {
  auto argument = dyn_cast<BlockArgument>(value);
  if (!argument || argument.getOwner() != op.getBlock() ||
      op.getNumLoops() == 0)
    return false;
  OpOperand *operand = op.getMatchingOpOperand(argument);
  auto producer = operand->get().getDefiningOp<linalg::LinalgOp>();
  return producer && producer.getNumReductionLoops() > 0 &&
         op.isDpsInput(operand) &&
         !op.getMatchingIndexingMap(operand).isFunctionOfDim(op.getNumLoops() -
                                                             1);
}

/// Lets sums be reordered, without which reductions are not vectorized,
/// products be contracted into them, and what divides a whole row be inverted
/// once.
static void relaxArithmetic(linalg::LinalgOp op) {
  auto flags = arith::FastMathFlags::contract;
  if (op.getNumReductionLoops() > 0)
    flags = flags | arith::FastMathFlags::reassoc | arith::FastMathFlags::nsz;
  auto attribute = arith::FastMathFlagsAttr::get(op.getContext(), flags);
  for (Operation &nested : *op.getBlock())
    if (isa<arith::AddFOp, arith::SubFOp, arith::MulFOp>(nested))
      nested.setAttr("fastmath", attribute);
    else if (auto div = dyn_cast<arith::DivFOp>(nested);
             div && isRowReduction(op, div.getRhs()))
      div.setFastmath(arith::FastMathFlags::arcp);
}

namespace {
struct SimplifyLoopKernels
    : assay::impl::SimplifyLoopKernelsBase<SimplifyLoopKernels> {
  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (!function->hasAttr(kernel::KernelDialect::getEntryAttrName()))
      return;
    generalize(function);
    if (failed(dropUnitLoops(function)) || failed(collapseLoops(function)))
      return signalPassFailure();
    IRRewriter rewriter(&getContext());
    function.walk([&](linalg::GenericOp op) {
      rewriter.setInsertionPoint(op);
      orderLoops(rewriter, op);
      relaxArithmetic(op);
    });
    // One view of a buffer has to stand for it: bufferization tells aliases
    // apart by value.
    DominanceInfo dominance(function);
    eliminateCommonSubExpressions(rewriter, dominance, function);
  }

  static void generalize(func::FuncOp function) {
    IRRewriter rewriter(function.getContext());
    function.walk([&](linalg::LinalgOp op) {
      if (isa<linalg::GenericOp, linalg::FillOp>(op) ||
          !op.hasPureTensorSemantics())
        return;
      rewriter.setInsertionPoint(op);
      (void)linalg::generalizeNamedOp(rewriter, op);
    });
  }

  void addReshapePatterns(RewritePatternSet &patterns) {
    MLIRContext *context = patterns.getContext();
    patterns.add<CollapseBuffer, ExpandBuffer, MaterializeCollapsed,
                 MaterializeExpanded>(context);
    linalg::FillOp::getCanonicalizationPatterns(patterns, context);
    linalg::GenericOp::getCanonicalizationPatterns(patterns, context);
    tensor::CollapseShapeOp::getCanonicalizationPatterns(patterns, context);
    tensor::ExpandShapeOp::getCanonicalizationPatterns(patterns, context);
    tensor::DimOp::getCanonicalizationPatterns(patterns, context);
    tensor::EmptyOp::getCanonicalizationPatterns(patterns, context);
    memref::CollapseShapeOp::getCanonicalizationPatterns(patterns, context);
    memref::ExpandShapeOp::getCanonicalizationPatterns(patterns, context);
    tensor::populateFoldTensorEmptyPatterns(patterns);
    memref::populateResolveRankedShapedTypeResultDimsPatterns(patterns);
  }

  LogicalResult dropUnitLoops(func::FuncOp function) {
    RewritePatternSet patterns(&getContext());
    linalg::ControlDropUnitDims options;
    linalg::populateFoldUnitExtentDimsPatterns(patterns, options);
    addReshapePatterns(patterns);
    return applyPatternsGreedily(function, std::move(patterns));
  }

  /// Ops that share loops keep them apart: collapsing one would put reshapes
  /// between them.
  LogicalResult collapseLoops(func::FuncOp function) {
    unsigned numOps = 0;
    function.walk([&](linalg::GenericOp) { ++numOps; });
    if (numOps != 1)
      return success();
    RewritePatternSet patterns(&getContext());
    linalg::populateCollapseDimensions(patterns, getCollapsibleLoops);
    addReshapePatterns(patterns);
    return applyPatternsGreedily(function, std::move(patterns));
  }
};
} // namespace
