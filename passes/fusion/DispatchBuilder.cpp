//===- DispatchBuilder.cpp - Wraps ops into a dispatch --------------------===//

#include "passes/fusion/DispatchBuilder.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;
using namespace assay;

/// Whether an op other than a linalg.generic reads `value`: a contraction,
/// which takes its inputs from memory.
static bool isReadFromMemory(Value value) {
  return llvm::any_of(value.getUses(), [](OpOperand &use) {
    auto dps = dyn_cast<DestinationStyleOpInterface>(use.getOwner());
    return dps && !isa<linalg::GenericOp>(dps) && dps.isDpsInput(&use);
  });
}

bool assay::isCloneable(Operation *op, bool viewsAllowed) {
  if (isa<tensor::EmptyOp>(op))
    return true;
  if (isa<linalg::FillOp>(op))
    return viewsAllowed || !isReadFromMemory(op->getResult(0));
  if (isa<tensor::ExtractSliceOp>(op))
    return viewsAllowed;
  Attribute value;
  if (!matchPattern(op, m_Constant(&value)))
    return false;
  if (!isa<ShapedType>(op->getResult(0).getType()))
    return true;
  return viewsAllowed && isa<SplatElementsAttr>(value);
}

bool assay::needsFilledInputs(Operation *op) {
  return isa<kernel::KernelDialect>(op->getDialect()) &&
         !isa<kernel::DispatchOp, kernel::CallOp>(op);
}

/// The operand whose buffer `result` is written into, or null.
static OpOperand *getTiedInit(OpResult result) {
  Operation *op = result.getOwner();
  if (auto dps = dyn_cast<DestinationStyleOpInterface>(op))
    return dps.getTiedOpOperand(result);
  if (auto loop = dyn_cast<scf::ForOp>(op))
    return loop.getTiedLoopInit(result);
  return nullptr;
}

namespace {
class DispatchBuilder {
public:
  DispatchBuilder(RewriterBase &rewriter, ArrayRef<Operation *> ops,
                  bool viewsAllowed)
      : rewriter(rewriter), ops(ops), members(ops.begin(), ops.end()),
        block(ops.front()->getBlock()), viewsAllowed(viewsAllowed) {
    fillsAllowed =
        llvm::none_of(ops, [](Operation *op) { return needsFilledInputs(op); });
  }

  kernel::DispatchOp build() {
    findExports();
    SmallVector<Value> inits = makeInits();
    for (Operation *op : ops)
      forEachOutsideValue(op, [&](Value value) {
        if (value != updated)
          collectInput(value);
      });

    rewriter.setInsertionPoint(ops.back());
    dispatch = kernel::DispatchOp::create(rewriter, ops.front()->getLoc(),
                                          inputs.getArrayRef(), inits);
    if (updated)
      dispatch->setAttr(kernel::KernelDialect::getUpdatesAttrName(),
                        rewriter.getUnitAttr());
    cloneMembers();
    replaceMembers();
    return dispatch;
  }

private:
  bool isInside(Value value) const {
    Operation *def = value.getDefiningOp();
    return def && members.contains(def);
  }

  void findExports() {
    for (Operation *op : ops)
      for (OpResult result : op->getResults())
        if (llvm::any_of(result.getUsers(), [&](Operation *user) {
              return !members.contains(block->findAncestorOpInBlock(*user));
            }))
          exports.push_back(result);
  }

  /// Sizes of `value`, as values from outside the dispatch.
  SmallVector<OpFoldResult> getSizes(Value value) {
    auto type = cast<RankedTensorType>(value.getType());
    if (type.hasStaticShape())
      return getAsIndexOpFoldResult(rewriter.getContext(), type.getShape());
    Operation *def = value.getDefiningOp();
    if (auto empty = dyn_cast_or_null<tensor::EmptyOp>(def))
      return empty.getMixedSizes();
    if (auto slice = dyn_cast_or_null<tensor::ExtractSliceOp>(def)) {
      llvm::SmallBitVector dropped = slice.getDroppedDims();
      SmallVector<OpFoldResult> sizes;
      for (auto [index, size] : llvm::enumerate(slice.getMixedSizes()))
        if (!dropped[index])
          sizes.push_back(size);
      return sizes;
    }
    if (isInside(value) || isa_and_nonnull<linalg::FillOp>(def))
      if (OpOperand *init = getTiedInit(cast<OpResult>(value)))
        return getSizes(init->get());
    return tensor::getMixedSizes(rewriter, ops.back()->getLoc(), value);
  }

  SmallVector<Value> makeInits() {
    rewriter.setInsertionPoint(ops.back());
    SmallVector<Value> inits;
    if (OpOperand *init = findUpdatedInit()) {
      updated = init->get();
      return {updated};
    }
    for (OpResult result : exports) {
      Type elementType =
          cast<RankedTensorType>(result.getType()).getElementType();
      inits.push_back(tensor::EmptyOp::create(rewriter, result.getLoc(),
                                              getSizes(result), elementType));
    }
    return inits;
  }

  /// Values used by `op`, or in its regions, that no member defines.
  void forEachOutsideValue(Operation *op, function_ref<void(Value)> callback) {
    llvm::SetVector<Value> captured;
    captured.insert(op->operand_begin(), op->operand_end());
    getUsedValuesDefinedAbove(op->getRegions(), captured);
    for (Value value : captured)
      if (!isInside(value))
        callback(value);
  }

  void collectInput(Value value) {
    Operation *def = value.getDefiningOp();
    if (!def || !isCloneable(def, viewsAllowed) ||
        (isa<linalg::FillOp>(def) && !fillsAllowed)) {
      inputs.insert(value);
      return;
    }
    for (Value operand : def->getOperands())
      collectInput(operand);
  }

  /// Makes `value` from outside usable in the body.
  void import(Value value) {
    if (mapping.contains(value))
      return;
    Operation *def = value.getDefiningOp();
    for (Value operand : def->getOperands())
      import(operand);
    auto type = dyn_cast<RankedTensorType>(value.getType());
    DenseElementsAttr splat;
    if (!type || !matchPattern(def, m_Constant(&splat))) {
      rewriter.clone(*def, mapping);
      return;
    }
    Value scalar = arith::ConstantOp::create(
        rewriter, def->getLoc(),
        cast<TypedAttr>(splat.getSplatValue<Attribute>()));
    Value empty = tensor::EmptyOp::create(
        rewriter, def->getLoc(), type.getShape(), type.getElementType());
    mapping.map(value,
                linalg::FillOp::create(rewriter, def->getLoc(), scalar, empty)
                    .getResult(0));
  }

  /// The operand from outside whose buffer `result` ends up in, when nothing
  /// else reads that buffer on the way; else null.
  OpOperand *findAnchor(OpResult result) {
    OpOperand *init = getTiedInit(result);
    while (init && isInside(init->get())) {
      if (!init->get().hasOneUse())
        return nullptr;
      init = getTiedInit(cast<OpResult>(init->get()));
    }
    return init;
  }

  /// The tensor carried by a loop that the dispatch inserts a slice into, and
  /// that nothing else reads: copying it would cost the whole tensor each
  /// iteration.
  OpOperand *findUpdatedInit() {
    if (exports.size() != 1)
      return nullptr;
    OpOperand *init = findAnchor(exports.front());
    if (!init || !isa<tensor::InsertSliceOp>(init->getOwner()))
      return nullptr;
    auto carried = dyn_cast<BlockArgument>(init->get());
    bool isCarried =
        carried && carried.hasOneUse() &&
        isa<LoopLikeOpInterface>(carried.getOwner()->getParentOp());
    return isCarried ? init : nullptr;
  }

  /// What an op that overwrites or updates `init` must use in its place so that
  /// it writes to the argument `out`.
  Value makeDestination(OpOperand &init, Value out) {
    Operation *def = init.get().getDefiningOp();
    if (isa_and_nonnull<tensor::EmptyOp>(def) || init.get() == updated)
      return out;
    Location loc = init.getOwner()->getLoc();
    if (auto fill = dyn_cast_or_null<linalg::FillOp>(def)) {
      import(fill.getInputs()[0]);
      return linalg::FillOp::create(rewriter, loc,
                                    mapping.lookup(fill.getInputs()[0]), out)
          .getResult(0);
    }
    auto linalgOp = dyn_cast<linalg::LinalgOp>(init.getOwner());
    if (linalgOp && !linalgOp.payloadUsesValueFromOperand(&init))
      return out;
    import(init.get());
    return linalg::CopyOp::create(rewriter, loc, mapping.lookup(init.get()),
                                  out)
        .getResult(0);
  }

  void cloneMembers() {
    llvm::SmallDenseMap<OpOperand *, Value> anchors;
    llvm::SmallDenseSet<Value> anchored;
    for (auto [result, out] : llvm::zip(exports, dispatch.getInitArguments()))
      if (OpOperand *anchor = findAnchor(result))
        if (anchors.try_emplace(anchor, out).second)
          anchored.insert(result);

    rewriter.setInsertionPointToStart(dispatch.getBlock());
    for (auto [input, argument] :
         llvm::zip(inputs, dispatch.getBlock()->getArguments()))
      mapping.map(input, argument);
    for (Operation *op : ops) {
      llvm::SmallDenseMap<unsigned, Value> destinations;
      for (OpOperand &operand : op->getOpOperands())
        if (Value out = anchors.lookup(&operand))
          destinations[operand.getOperandNumber()] =
              makeDestination(operand, out);
      forEachOutsideValue(op, [&](Value value) {
        if (!isOnlyDestination(op, value, destinations))
          import(value);
      });
      Operation *clone = rewriter.clone(*op, mapping);
      for (auto [index, value] : destinations)
        clone->setOperand(index, value);
    }

    SmallVector<Value> yielded;
    for (auto [result, out] : llvm::zip(exports, dispatch.getInitArguments())) {
      Value value = mapping.lookup(Value(result));
      if (!anchored.contains(result))
        value = linalg::CopyOp::create(rewriter, result.getLoc(), value, out)
                    .getResult(0);
      yielded.push_back(value);
    }
    kernel::YieldOp::create(rewriter, dispatch.getLoc(), yielded);
  }

  /// Whether `op` uses `value` just as an init that is replaced.
  static bool
  isOnlyDestination(Operation *op, Value value,
                    const llvm::SmallDenseMap<unsigned, Value> &destinations) {
    return llvm::all_of(value.getUses(), [&](OpOperand &use) {
      if (use.getOwner() == op)
        return destinations.contains(use.getOperandNumber());
      return !op->isProperAncestor(use.getOwner());
    });
  }

  void replaceMembers() {
    for (auto [result, replacement] : llvm::zip(exports, dispatch.getResults()))
      rewriter.replaceUsesWithIf(result, replacement, [&](OpOperand &use) {
        return !members.contains(block->findAncestorOpInBlock(*use.getOwner()));
      });
    for (Operation *op : llvm::reverse(ops))
      rewriter.eraseOp(op);
  }

  RewriterBase &rewriter;
  ArrayRef<Operation *> ops;
  llvm::SmallPtrSet<Operation *, 8> members;
  Block *block;
  bool viewsAllowed;
  bool fillsAllowed = true;
  SmallVector<OpResult> exports;
  llvm::SetVector<Value> inputs;
  Value updated;
  IRMapping mapping;
  kernel::DispatchOp dispatch;
};
} // namespace

kernel::DispatchOp assay::buildDispatch(RewriterBase &rewriter,
                                        ArrayRef<Operation *> ops,
                                        bool viewsAllowed) {
  return DispatchBuilder(rewriter, ops, viewsAllowed).build();
}
