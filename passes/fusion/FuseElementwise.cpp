//===- FuseElementwise.cpp - Elementwise ops into their readers -----------===//
//
//   %0 = linalg.generic {exp} ins(%x)
//   %1 = linalg.generic {add} ins(%0, %y)
//
// becomes
//
//   %1 = linalg.generic {exp, add} ins(%x, %y)
//
// and
//
//   %0 = tensor.expand_shape (kernel.matmul ...)
//   %1 = linalg.generic {add} ins(%0, %bias)
//
// becomes
//
//   %0 = linalg.generic {add} ins((kernel.matmul ...), %bias)
//   %1 = tensor.expand_shape %0
//
//===----------------------------------------------------------------------===//

#include "dialects/kernel/Dispatch.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Linalg/Utils/Utils.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Tensor/Transforms/Transforms.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "passes/fusion/Passes.h"

namespace assay {
#define GEN_PASS_DEF_FUSEELEMENTWISE
#include "passes/fusion/Passes.h.inc"
} // namespace assay

using namespace mlir;
using namespace assay;

/// Instructions, roughly, that one element of `op` takes.
static int64_t getElementCost(linalg::GenericOp op) {
  int64_t cost = 0;
  op.getBody()->walk([&](Operation *nested) {
    if (isa<linalg::YieldOp, linalg::IndexOp, arith::ConstantOp, arith::ExtFOp,
            arith::TruncFOp, arith::ExtSIOp, arith::ExtUIOp, arith::TruncIOp,
            arith::SIToFPOp, arith::IndexCastOp>(nested))
      return;
    if (isa<math::AbsFOp, math::FloorOp, math::CeilOp, math::FmaOp>(nested))
      cost += 1;
    else if (isa<math::MathDialect>(nested->getDialect()) ||
             isa<arith::DivFOp, arith::DivSIOp, arith::DivUIOp, arith::RemFOp,
                 arith::RemSIOp, arith::RemUIOp, tensor::ExtractOp>(nested))
      cost += 10;
    else
      cost += 1;
  });
  return cost;
}

static int64_t getNumTensorInputs(linalg::GenericOp op) {
  return llvm::count_if(op.getDpsInputs(), [](Value input) {
    return isa<RankedTensorType>(input.getType());
  });
}

/// Whether fusing the producer of `operand` into its owner is a gain.
static bool isWorthFusing(OpOperand *operand, unsigned maxOperands) {
  auto producer = operand->get().getDefiningOp<linalg::GenericOp>();
  auto consumer = dyn_cast<linalg::GenericOp>(operand->getOwner());
  if (!producer || !consumer)
    return false;
  if (producer->getNumOperands() + consumer->getNumOperands() > maxOperands + 2)
    return false;
  int64_t cost = getElementCost(producer);
  bool isTrivial = cost <= 1 && getNumTensorInputs(producer) <= 1;
  bool computesOnce = consumer.getMatchingIndexingMap(operand).isPermutation();
  if (!computesOnce && !isTrivial)
    return false;
  if (llvm::hasSingleElement(operand->get().getUsers()))
    return true;
  return isTrivial &&
         llvm::all_of(operand->get().getUsers(), [](Operation *user) {
           return isa<linalg::GenericOp>(user);
         });
}

/// Whether `value` is what a contraction computes.
static bool isContractionResult(Value value) {
  Operation *def = value.getDefiningOp();
  if (!def)
    return false;
  if (isa<kernel::KernelDialect>(def->getDialect()))
    return true;
  auto linalgOp = dyn_cast<linalg::LinalgOp>(def);
  return linalgOp && !isa<linalg::GenericOp, linalg::FillOp>(def) &&
         linalgOp.getNumReductionLoops() > 0;
}

static bool onlyReadByGenerics(Value value) {
  return llvm::all_of(value.getUsers(), llvm::IsaPred<linalg::GenericOp>);
}

/// Reshapes that expanding a generic op takes out of the way: a kept unit
/// dimension of a reduction, an elementwise op before its reader, a contraction
/// before its epilogue.
static bool isWorthExpanding(OpOperand *operand) {
  if (auto expand = dyn_cast<tensor::ExpandShapeOp>(operand->getOwner())) {
    auto producer = operand->get().getDefiningOp<linalg::GenericOp>();
    return producer && operand->get().hasOneUse() &&
           onlyReadByGenerics(expand) &&
           expand.getResultType().hasStaticShape() &&
           llvm::none_of(producer.getDpsInputs(), isContractionResult);
  }
  auto collapse = operand->get().getDefiningOp<tensor::CollapseShapeOp>();
  return collapse && operand->get().hasOneUse() &&
         isContractionResult(collapse.getSrc()) &&
         collapse.getSrc().hasOneUse();
}

/// A contraction whose result is expanded before its epilogue reads it.
static bool isWorthCollapsing(OpOperand *operand) {
  auto expand = operand->get().getDefiningOp<tensor::ExpandShapeOp>();
  return expand && operand->get().hasOneUse() &&
         isContractionResult(expand.getSrc()) && expand.getSrc().hasOneUse();
}

namespace {
struct FuseElementwise : assay::impl::FuseElementwiseBase<FuseElementwise> {
  using FuseElementwiseBase::FuseElementwiseBase;

  void runOnOperation() override {
    MLIRContext *context = &getContext();
    RewritePatternSet patterns(context);
    linalg::populateElementwiseOpsFusionPatterns(
        patterns, [this](OpOperand *operand) {
          return isWorthFusing(operand, maxOperands);
        });
    linalg::populateFoldReshapeOpsByExpansionPatterns(patterns,
                                                      isWorthExpanding);
    linalg::populateFoldReshapeOpsByCollapsingPatterns(patterns,
                                                       isWorthCollapsing);
    linalg::populateEraseUnusedOperandsAndResultsPatterns(patterns);
    tensor::populateReassociativeReshapeFoldingPatterns(patterns);
    tensor::CollapseShapeOp::getCanonicalizationPatterns(patterns, context);
    tensor::ExpandShapeOp::getCanonicalizationPatterns(patterns, context);
    tensor::EmptyOp::getCanonicalizationPatterns(patterns, context);
    linalg::GenericOp::getCanonicalizationPatterns(patterns, context);
    GreedyRewriteConfig config;
    config.setUseTopDownTraversal();
    if (failed(
            applyPatternsGreedily(getOperation(), std::move(patterns), config)))
      return signalPassFailure();
  }
};
} // namespace
