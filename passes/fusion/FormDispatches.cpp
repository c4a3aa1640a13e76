//===- FormDispatches.cpp - Groups tensor computations --------------------===//
//
//   %m = linalg.generic {parallel, reduction} ins(%x) outs(%fill) // row
//   maximum %y = linalg.generic {parallel, parallel} ins(%x, %m) outs(%empty)
//
// becomes
//
//   %y = kernel.dispatch ins(%a = %x) outs(%o = %empty) {
//     %fill = linalg.fill ...
//     %m = linalg.generic {parallel, reduction} ins(%a) outs(%fill)
//     %y = linalg.generic {parallel, parallel} ins(%a, %m) outs(%o)
//     kernel.yield %y
//   }
//
//===----------------------------------------------------------------------===//

#include "mlir/Analysis/TopologicalSortUtils.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/Utils/Utils.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"
#include "passes/fusion/DispatchBuilder.h"
#include "passes/fusion/Passes.h"
#include "passes/fusion/SharedLoops.h"

namespace assay {
#define GEN_PASS_DEF_FORMDISPATCHES
#include "passes/fusion/Passes.h.inc"
} // namespace assay

using namespace mlir;
using namespace assay;
using linalg::LinalgOp;

static bool hasTensorResult(Operation *op) {
  return llvm::any_of(op->getResultTypes(), llvm::IsaPred<RankedTensorType>);
}

/// A contraction that code generation writes to its result tile by tile, with
/// an elementwise op applied before the store.
static bool isContraction(Operation *op) {
  if (isa<kernel::KernelDialect>(op->getDialect()))
    return !isa<kernel::DispatchOp, kernel::CallOp>(op);
  auto linalgOp = dyn_cast<LinalgOp>(op);
  return linalgOp && !isa<linalg::GenericOp>(op) &&
         (linalg::isaContractionOpInterface(linalgOp) ||
          linalg::isaConvolutionOpInterface(linalgOp)) &&
         linalgOp.getNumReductionLoops() > 0;
}

static bool computesTensor(Operation *op);

/// A loop or branch all of whose tensor work is on single elements or slices:
/// a kernel by itself. Others are part of the host program.
static bool isElementLoop(Operation *op) {
  if (!isa<scf::ForOp, scf::WhileOp, scf::IfOp, scf::ForallOp>(op))
    return false;
  bool inserts = false;
  bool heavy = false;
  op->walk([&](Operation *nested) {
    inserts |= isa<tensor::InsertOp>(nested);
    heavy |= isa<linalg::LinalgDialect, kernel::KernelDialect>(
                 nested->getDialect()) &&
             hasTensorResult(nested);
  });
  return inserts && !heavy;
}

/// Whether `op` must be part of a kernel.
static bool computesTensor(Operation *op) {
  if (!hasTensorResult(op))
    return false;
  if (isa<kernel::DispatchOp, kernel::CallOp>(op))
    return false;
  if (isa<linalg::LinalgDialect, kernel::KernelDialect>(op->getDialect()))
    return true;
  if (isa<tensor::ExtractSliceOp, tensor::InsertSliceOp, tensor::InsertOp,
          tensor::PadOp, tensor::ConcatOp, tensor::GenerateOp, tensor::GatherOp,
          tensor::ScatterOp, tensor::SplatOp>(op))
    return true;
  if (isa<arith::ArithDialect, math::MathDialect>(op->getDialect()))
    return !op->hasTrait<OpTrait::ConstantLike>();
  return isElementLoop(op);
}

namespace {
struct Group {
  /// In block order.
  SmallVector<Operation *> ops;
  enum { Loops, Contraction, Insertions, Single } kind = Single;
};

/// Groups the ops of one block.
class Grouping {
public:
  Grouping(Block &block, int64_t maxRowElements)
      : block(block), maxRowElements(maxRowElements) {}

  void run() {
    for (Operation &op : block)
      if (computesTensor(&op) && !isAlwaysCloned(&op))
        place(&op);
    for (Operation &op : block)
      if (isa<tensor::ExtractSliceOp>(op) && !groupOf.count(&op) &&
          llvm::any_of(op.getUsers(), [&](Operation *user) {
            Group *group = groupOf.lookup(block.findAncestorOpInBlock(*user));
            return group && group->kind == Group::Contraction;
          }))
        addGroup(&op);
  }

  /// Groups in the order of their last ops.
  SmallVector<Group *> getGroups() {
    SmallVector<Group *> result;
    for (const std::unique_ptr<Group> &group : groups)
      if (!group->ops.empty())
        result.push_back(group.get());
    llvm::sort(result, [](Group *a, Group *b) {
      return a->ops.back()->isBeforeInBlock(b->ops.back());
    });
    return result;
  }

private:
  /// Whether every user clones `op`, so that it needs no kernel of its own.
  bool isAlwaysCloned(Operation *op) {
    bool isSlice = isa<tensor::ExtractSliceOp>(op);
    if (!isSlice && !isCloneable(op, /*viewsAllowed=*/false))
      return false;
    return llvm::all_of(op->getUsers(), [&](Operation *user) {
      Operation *ancestor = block.findAncestorOpInBlock(*user);
      if (!ancestor || !computesTensor(ancestor))
        return false;
      if (isa<linalg::FillOp>(op) && needsFilledInputs(ancestor))
        return false;
      if (isCloneable(ancestor, /*viewsAllowed=*/true))
        return !isSlice && isAlwaysCloned(ancestor);
      return !isSlice ||
             (isa<linalg::GenericOp>(ancestor) && !readsContraction(ancestor));
    });
  }

  /// Whether `op` may join the kernel of a contraction, which takes no views.
  static bool readsContraction(Operation *op) {
    return llvm::any_of(op->getOperands(), [](Value operand) {
      Operation *def = operand.getDefiningOp();
      return def && isContraction(def);
    });
  }

  void place(Operation *op) {
    SmallVector<Group *> candidates;
    for (Value operand : op->getOperands())
      if (Group *group = groupOf.lookup(operand.getDefiningOp()))
        if (!llvm::is_contained(candidates, group))
          candidates.push_back(group);
    // The latest producer first: it is the most likely still in cache.
    llvm::sort(candidates, [](Group *a, Group *b) {
      return b->ops.back()->isBeforeInBlock(a->ops.back());
    });
    Group *home = nullptr;
    for (Group *candidate : candidates) {
      if (!home) {
        if (canJoin(*candidate, {op}) && isConvex(*candidate, {op})) {
          candidate->ops.push_back(op);
          home = candidate;
        }
        continue;
      }
      merge(*home, *candidate);
    }
    if (home)
      groupOf[op] = home;
    else
      addGroup(op);
  }

  void addGroup(Operation *op) {
    groups.push_back(std::make_unique<Group>());
    groups.back()->ops.push_back(op);
    groups.back()->kind = classify(op);
    groupOf[op] = groups.back().get();
  }

  static decltype(Group::kind) classify(Operation *op) {
    if (isContraction(op))
      return Group::Contraction;
    if (isa<LinalgOp>(op))
      return Group::Loops;
    if (isa<tensor::InsertSliceOp>(op))
      return Group::Insertions;
    return Group::Single;
  }

  /// Moves the ops of `from` into `into` where the whole may be one kernel.
  void merge(Group &into, Group &from) {
    if (into.kind != Group::Loops || from.kind != Group::Loops ||
        !canJoin(into, from.ops) || !isConvex(into, from.ops))
      return;
    for (Operation *op : from.ops)
      groupOf[op] = &into;
    into.ops.append(from.ops);
    from.ops.clear();
    llvm::sort(into.ops, [](Operation *a, Operation *b) {
      return a->isBeforeInBlock(b);
    });
  }

  bool canJoin(const Group &group, ArrayRef<Operation *> ops) {
    switch (group.kind) {
    case Group::Contraction:
      return ops.size() == 1 && isEpilogue(group, ops.front());
    case Group::Insertions: {
      auto insert = dyn_cast<tensor::InsertSliceOp>(ops.front());
      return insert && insert.getDest().hasOneUse() &&
             insert.getDest().getDefiningOp() == group.ops.back();
    }
    case Group::Loops:
      return canShareLoops(group, ops);
    case Group::Single:
      return false;
    }
    llvm_unreachable("all kinds handled");
  }

  /// Whether the body maps onto vectors op by op.
  static bool hasVectorBody(linalg::GenericOp op) {
    return llvm::all_of(*op.getBody(), [](Operation &inner) {
      return isa<linalg::YieldOp, arith::ConstantOp>(inner) ||
             OpTrait::hasElementwiseMappableTraits(&inner);
    });
  }

  /// An elementwise op over the result of a contraction, which it alone reads.
  static bool isEpilogue(const Group &group, Operation *op) {
    auto generic = dyn_cast<linalg::GenericOp>(op);
    if (group.ops.size() != 1 || !generic || !linalg::isElementwise(generic) ||
        generic.getNumDpsInits() != 1 || !hasVectorBody(generic))
      return false;
    Operation *root = group.ops.front();
    if (root->getNumResults() != 1 || !root->getResult(0).hasOneUse())
      return false;
    OpOperand &read = *root->getResult(0).use_begin();
    OpOperand *written = generic.getDpsInitOperand(0);
    return generic.isDpsInput(&read) &&
           generic.getMatchingIndexingMap(&read).isIdentity() &&
           generic.getMatchingIndexingMap(written).isIdentity() &&
           generic.getResult(0).getType() == root->getResult(0).getType() &&
           !generic.payloadUsesValueFromOperand(written);
  }

  bool canShareLoops(const Group &group, ArrayRef<Operation *> ops) {
    SmallVector<Operation *> all(group.ops);
    all.append(ops.begin(), ops.end());
    llvm::sort(
        all, [](Operation *a, Operation *b) { return a->isBeforeInBlock(b); });
    SmallVector<LinalgOp> linalgOps;
    for (Operation *op : all) {
      auto linalgOp = dyn_cast<LinalgOp>(op);
      if (!linalgOp || isContraction(op) || !linalgOp.hasPureTensorSemantics())
        return false;
      linalgOps.push_back(linalgOp);
    }
    SmallVector<SharedLoop> shared = findSharedOuterLoops(linalgOps);
    return !shared.empty() && llvm::all_of(linalgOps, [&](LinalgOp op) {
      return getRowElements(op, shared) <= maxRowElements;
    });
  }

  /// Iterations of `op` inside the shared loops; dynamic extents count as one.
  static int64_t getRowElements(LinalgOp op, ArrayRef<SharedLoop> shared) {
    SmallVector<int64_t> extents = op.getStaticLoopRanges();
    for (const SharedLoop &loop : shared)
      extents[loop.lookup(op)] = 1;
    int64_t elements = 1;
    for (int64_t extent : extents)
      if (!ShapedType::isDynamic(extent))
        elements *= extent;
    return elements;
  }

  /// Whether no path leads from `group` over other ops into `ops`, so that all
  /// may run at once.
  bool isConvex(const Group &group, ArrayRef<Operation *> ops) {
    llvm::SmallPtrSet<Operation *, 16> inside(group.ops.begin(),
                                              group.ops.end());
    inside.insert(ops.begin(), ops.end());
    Operation *first = *std::min_element(
        inside.begin(), inside.end(),
        [](Operation *a, Operation *b) { return a->isBeforeInBlock(b); });
    llvm::SmallPtrSet<Operation *, 32> visited;
    SmallVector<Operation *> worklist;
    auto visitOperandsOf = [&](Operation *op, bool isMember) {
      bool meetsGroup = false;
      op->walk([&](Operation *nested) {
        for (Value operand : nested->getOperands()) {
          Operation *def = operand.getDefiningOp();
          def = def ? block.findAncestorOpInBlock(*def) : nullptr;
          if (!def || def == op)
            continue;
          if (inside.contains(def))
            meetsGroup |= !isMember;
          else if (!def->isBeforeInBlock(first) && visited.insert(def).second)
            worklist.push_back(def);
        }
      });
      return meetsGroup;
    };
    for (Operation *op : inside)
      visitOperandsOf(op, /*isMember=*/true);
    while (!worklist.empty()) {
      Operation *op = worklist.pop_back_val();
      if (visitOperandsOf(op, /*isMember=*/false))
        return false;
      // A dispatch runs as a whole: what one of its ops waits for, all do.
      if (Group *other = groupOf.lookup(op))
        for (Operation *sibling : other->ops)
          if (visited.insert(sibling).second)
            worklist.push_back(sibling);
    }
    return true;
  }

  Block &block;
  int64_t maxRowElements;
  SmallVector<std::unique_ptr<Group>> groups;
  llvm::DenseMap<Operation *, Group *> groupOf;
};

struct FormDispatches : assay::impl::FormDispatchesBase<FormDispatches> {
  using FormDispatchesBase::FormDispatchesBase;

  void runOnOperation() override { visitRegion(getOperation().getBody()); }

  void visitRegion(Region &region) {
    for (Block &block : region)
      visitBlock(block);
  }

  void visitBlock(Block &block) {
    for (Operation &op : block)
      if (!computesTensor(&op) && !isa<kernel::DispatchOp>(op))
        for (Region &region : op.getRegions())
          visitRegion(region);

    Grouping grouping(block, maxRowElements);
    grouping.run();
    IRRewriter rewriter(&getContext());
    for (Group *group : grouping.getGroups())
      buildDispatch(rewriter, group->ops, group->kind != Group::Contraction);
    sortTopologically(&block);
    eraseDead(block);
  }

  /// Erases the originals of what was cloned into dispatches.
  static void eraseDead(Block &block) {
    for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
      if (isOpTriviallyDead(&op))
        op.erase();
  }
};
} // namespace
