//===- DistributeKernels.cpp - Kernels over a range of work ---------------===//
//
//   func.func private @k(%x: memref<?xf32>, %o: memref<?xf32>) {
//     scf.forall (%i) = (0) to (%n) step (64) { ... }
//
// becomes
//
//   func.func private @k(%x: memref<?xf32>, %o: memref<?xf32>,
//                        %lo: index, %hi: index) {
//     scf.for %u = %lo to %hi step %c1 { %i = affine.apply (u * 64) ... }
//   func.func @k.count(%x: memref<?xf32>, %o: memref<?xf32>) -> index
//
//===----------------------------------------------------------------------===//

#include "dialects/kernel/KernelDialect.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Affine/Utils.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/PatternMatch.h"
#include "passes/cpu/Passes.h"

namespace assay {
#define GEN_PASS_DEF_DISTRIBUTEKERNELS
#include "passes/cpu/Passes.h.inc"
} // namespace assay

using namespace mlir;
using namespace assay;

/// The parallel loop that is all a kernel does, or null.
static scf::ForallOp findParallelLoop(func::FuncOp function) {
  scf::ForallOp loop;
  for (Operation &op : function.getBody().front()) {
    if (auto forall = dyn_cast<scf::ForallOp>(op)) {
      if (loop)
        return nullptr;
      loop = forall;
      continue;
    }
    if (!isa<memref::AllocOp, memref::AllocaOp, memref::DeallocOp,
             func::ReturnOp>(op) &&
        !isPure(&op))
      return nullptr;
  }
  return loop;
}

/// Trip counts of the loops of `forall`.
static SmallVector<OpFoldResult> getTripCounts(OpBuilder &builder,
                                               scf::ForallOp forall) {
  AffineExpr lower, upper, step;
  bindSymbols(builder.getContext(), lower, upper, step);
  SmallVector<OpFoldResult> counts;
  for (auto [lb, ub, by] :
       llvm::zip(forall.getMixedLowerBound(), forall.getMixedUpperBound(),
                 forall.getMixedStep()))
    counts.push_back(affine::makeComposedFoldedAffineApply(
        builder, forall.getLoc(), (upper - lower).ceilDiv(step), {lb, ub, by}));
  return counts;
}

/// Values of the induction variables of `forall` in its iteration `unit`.
static SmallVector<Value>
getInductionVariables(OpBuilder &builder, scf::ForallOp forall, Value unit) {
  Location loc = forall.getLoc();
  SmallVector<OpFoldResult> counts = getTripCounts(builder, forall);
  SmallVector<Value> indices(counts.size());
  Value rest = unit;
  for (unsigned dim = counts.size(); dim-- > 0;) {
    if (dim == 0) {
      indices[dim] = rest;
      break;
    }
    Value count = getValueOrCreateConstantIndexOp(builder, loc, counts[dim]);
    indices[dim] = arith::RemUIOp::create(builder, loc, rest, count);
    rest = arith::DivUIOp::create(builder, loc, rest, count);
  }
  AffineExpr index, lower, step;
  bindDims(builder.getContext(), index);
  bindSymbols(builder.getContext(), lower, step);
  for (auto [value, lb, by] :
       llvm::zip(indices, forall.getMixedLowerBound(), forall.getMixedStep()))
    value = getValueOrCreateConstantIndexOp(
        builder, loc,
        affine::makeComposedFoldedAffineApply(
            builder, loc, lower + index * step, {OpFoldResult(value), lb, by}));
  return indices;
}

/// Moves the body of `forall` into a loop with the given bounds.
static void replaceByRange(scf::ForallOp forall, Value lo, Value hi) {
  IRRewriter rewriter(forall);
  Location loc = forall.getLoc();
  Value one = arith::ConstantIndexOp::create(rewriter, loc, 1);
  auto loop = scf::ForOp::create(rewriter, loc, lo, hi, one);
  rewriter.setInsertionPointToStart(loop.getBody());
  SmallVector<Value> ivs =
      getInductionVariables(rewriter, forall, loop.getInductionVar());
  rewriter.eraseOp(forall.getTerminator());
  rewriter.inlineBlockBefore(forall.getBody(), loop.getBody()->getTerminator(),
                             ivs);
  rewriter.eraseOp(forall);
}

/// Number of iterations of `forall`, before it.
static Value getNumIterations(OpBuilder &builder, scf::ForallOp forall) {
  Location loc = forall.getLoc();
  Value product;
  for (OpFoldResult count : getTripCounts(builder, forall)) {
    Value value = getValueOrCreateConstantIndexOp(builder, loc, count);
    product =
        product ? arith::MulIOp::create(builder, loc, product, value) : value;
  }
  return product;
}

namespace {
struct DistributeKernels
    : assay::impl::DistributeKernelsBase<DistributeKernels> {
  void runOnOperation() override {
    SymbolTable symbols(getOperation());
    for (func::FuncOp function :
         llvm::to_vector(getOperation().getOps<func::FuncOp>()))
      if (function->hasAttr(kernel::KernelDialect::getEntryAttrName()) &&
          !function.isExternal() &&
          !symbols.lookup((function.getName() + ".count").str()))
        distribute(function);
  }

  void distribute(func::FuncOp function) {
    // The count is the kernel up to its parallel loop, without effects.
    scf::ForallOp loop = findParallelLoop(function);
    createCount(function, loop);

    Block &body = function.getBody().front();
    Type index = IndexType::get(&getContext());
    Value lo = body.addArgument(index, function.getLoc());
    Value hi = body.addArgument(index, function.getLoc());
    function.setFunctionType(
        FunctionType::get(&getContext(), body.getArgumentTypes(), {}));
    if (loop)
      return replaceByRange(loop, lo, hi);
    SmallVector<scf::ForallOp> loops;
    function.walk([&](scf::ForallOp forall) { loops.push_back(forall); });
    for (scf::ForallOp forall : loops) {
      OpBuilder builder(forall);
      Value zero = arith::ConstantIndexOp::create(builder, forall.getLoc(), 0);
      replaceByRange(forall, zero, getNumIterations(builder, forall));
    }
  }

  void createCount(func::FuncOp function, scf::ForallOp loop) {
    OpBuilder builder(function);
    builder.setInsertionPointAfter(function);
    auto count = func::FuncOp::create(
        builder, function.getLoc(), (function.getName() + ".count").str(),
        builder.getFunctionType(function.getArgumentTypes(),
                                builder.getIndexType()));
    count.setPrivate();
    Block *entry = count.addEntryBlock();
    builder.setInsertionPointToEnd(entry);
    IRMapping mapping;
    mapping.map(function.getArguments(), count.getArguments());
    Value units;
    if (!loop) {
      units = arith::ConstantIndexOp::create(builder, function.getLoc(), 1);
      func::ReturnOp::create(builder, function.getLoc(), units);
      return;
    }
    for (Operation &op : function.getBody().front()) {
      if (&op == loop)
        break;
      // Sizes never come from buffers made by the kernel itself, nor from views
      // of them.
      bool isKnown = llvm::all_of(op.getOperands(), [&](Value operand) {
        return mapping.contains(operand);
      });
      if (isPure(&op) && isKnown)
        builder.clone(op, mapping);
    }
    auto clone = cast<scf::ForallOp>(builder.clone(*loop, mapping));
    builder.setInsertionPoint(clone);
    units = getNumIterations(builder, clone);
    builder.setInsertionPointToEnd(entry);
    func::ReturnOp::create(builder, function.getLoc(), units);
    clone.erase();
  }
};
} // namespace
