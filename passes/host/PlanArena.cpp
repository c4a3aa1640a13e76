//===- PlanArena.cpp - Static buffers to one arena ------------------------===//
//
//   func.func @main(%x: memref<16xf32>) {
//     %a = memref.alloc() : memref<16xf32>
//     ...
// becomes
//   func.func @main(%x: memref<16xf32>, %arena: memref<128xi8> {assay.arena}) {
//     %o = arith.constant 64 : index
//     %a = memref.view %arena[%o][] : memref<128xi8> to memref<16xf32>
//
//===----------------------------------------------------------------------===//

#include "dialects/kernel/BufferSize.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/Transforms/BufferViewFlowAnalysis.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/LoopLikeInterface.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "passes/host/ArenaPlanner.h"
#include "passes/host/Passes.h"

using namespace mlir;

namespace assay::host {
#define GEN_PASS_DEF_PLANARENA
#include "passes/host/Passes.h.inc"
} // namespace assay::host

using namespace assay::host;

namespace {

/// Numbers the ops of a function in program order. An op with regions spans
/// the numbers of all that is in it.
class ProgramOrder {
public:
  explicit ProgramOrder(func::FuncOp function) {
    int64_t next = 0;
    function.walk<WalkOrder::PreOrder>(
        [&](Operation *op) { begins[op] = next++; });
    function.walk<WalkOrder::PostOrder>([&](Operation *op) {
      int64_t end = begins[op];
      for (Region &region : op->getRegions())
        for (Block &block : region)
          end = std::max(end, ends[block.getTerminator()]);
      ends[op] = end;
    });
  }
  int64_t begin(Operation *op) const { return begins.lookup(op); }
  int64_t end(Operation *op) const { return ends.lookup(op); }

private:
  llvm::DenseMap<Operation *, int64_t> begins, ends;
};

struct PlanArenaPass : assay::host::impl::PlanArenaBase<PlanArenaPass> {
  void runOnOperation() override;
};

} // namespace

/// The outermost op around `op`, itself included, that is a loop not around
/// `allocation`; `op` when there is none. A buffer used there is needed until
/// the last iteration ends.
static Operation *findSpan(Operation *op, Operation *allocation) {
  Operation *span = op;
  for (Operation *parent = op->getParentOp();
       parent && !parent->isAncestor(allocation);
       parent = parent->getParentOp())
    if (isa<LoopLikeOpInterface>(parent))
      span = parent;
  return span;
}

/// Whether one of `aliases` belongs to a loop around the allocation: the buffer
/// of an iteration is then seen by the next.
static bool
outlivesIteration(memref::AllocOp allocation,
                  const BufferViewFlowAnalysis::ValueSetT &aliases) {
  return llvm::any_of(aliases, [&](Value alias) {
    Operation *owner = alias.getDefiningOp();
    if (auto argument = dyn_cast<BlockArgument>(alias))
      owner = argument.getOwner()->getParentOp();
    return isa<LoopLikeOpInterface>(owner) &&
           owner->isProperAncestor(allocation);
  });
}

static Lifetime
computeLifetime(memref::AllocOp allocation,
                const BufferViewFlowAnalysis::ValueSetT &aliases,
                const ProgramOrder &order) {
  Lifetime lifetime{INT64_MAX, order.begin(allocation),
                    assay::kernel::getBufferBytes(allocation.getType())};
  for (Value alias : aliases)
    for (Operation *user : alias.getUsers()) {
      auto view = dyn_cast<ViewLikeOpInterface>(user);
      if (view && view.getViewSource() == alias)
        continue; // Its result is an alias.
      Operation *span = findSpan(user, allocation);
      lifetime.begin = std::min(lifetime.begin, order.begin(span));
      lifetime.end = std::max(lifetime.end, order.end(span));
    }
  lifetime.begin = std::min(lifetime.begin, lifetime.end);
  return lifetime;
}

static void replaceByView(memref::AllocOp allocation, Value arena,
                          int64_t offset) {
  OpBuilder builder(allocation);
  Location loc = allocation.getLoc();
  Value at = arith::ConstantIndexOp::create(builder, loc, offset);
  auto view = memref::ViewOp::create(builder, loc, allocation.getType(), arena,
                                     at, ValueRange());
  allocation.replaceAllUsesWith(view.getResult());
  allocation.erase();
}

void PlanArenaPass::runOnOperation() {
  func::FuncOp function = getOperation();
  if (function.getSymName() != mainName || function.isDeclaration())
    return;
  BufferViewFlowAnalysis flow(function);
  ProgramOrder order(function);
  SmallVector<memref::AllocOp> allocations;
  SmallVector<Lifetime> lifetimes;
  function.walk([&](memref::AllocOp allocation) {
    if (!allocation.getType().hasStaticShape() ||
        allocation->hasAttr(outputAttrName))
      return;
    auto aliases = flow.resolve(allocation.getResult());
    if (outlivesIteration(allocation, aliases))
      return;
    allocations.push_back(allocation);
    lifetimes.push_back(computeLifetime(allocation, aliases, order));
    bufferBytes += lifetimes.back().bytes;
  });
  if (allocations.empty())
    return;

  ArenaPlan plan = planArena(lifetimes, bufferAlignment);
  arenaBytes += plan.bytes;
  Builder builder(&getContext());
  auto type = MemRefType::get({plan.bytes}, builder.getI8Type());
  unsigned position = function.getNumArguments();
  auto marked = builder.getDictionaryAttr(
      builder.getNamedAttr(arenaAttrName, builder.getUnitAttr()));
  if (failed(
          function.insertArgument(position, type, marked, function.getLoc())))
    return signalPassFailure();
  for (auto [allocation, offset] : llvm::zip(allocations, plan.offsets))
    replaceByView(allocation, function.getArgument(position), offset);
}
