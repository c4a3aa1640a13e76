//===- SharedLoops.cpp - Parallel loops common to linalg ops --------------===//

#include "passes/fusion/SharedLoops.h"
#include "llvm/ADT/IntEqClasses.h"

using namespace mlir;
using namespace assay;
using linalg::LinalgOp;

namespace {
/// Equivalence classes over the loops of all ops, numbered consecutively.
class LoopClasses {
public:
  explicit LoopClasses(ArrayRef<LinalgOp> ops) : ops(ops) {
    unsigned numLoops = 0;
    for (LinalgOp op : ops) {
      firstLoop[op] = numLoops;
      numLoops += op.getNumLoops();
    }
    classes.grow(numLoops);
    invalid.resize(numLoops);
    for (LinalgOp op : ops)
      for (OpOperand &operand : op->getOpOperands())
        connect(op, operand);
    classes.compress();
  }

  std::optional<SharedLoop> getSharedLoop(LinalgOp root, unsigned dim) const {
    unsigned wanted = classes[firstLoop.at(root) + dim];
    SharedLoop shared;
    for (LinalgOp op : ops)
      for (unsigned d = 0; d < op.getNumLoops(); ++d) {
        unsigned loop = firstLoop.at(op) + d;
        if (classes[loop] != wanted)
          continue;
        if (invalid[loop] || !isParallel(op, d) ||
            !shared.insert({op, d}).second)
          return std::nullopt;
      }
    if (shared.size() != ops.size())
      return std::nullopt;
    return shared;
  }

private:
  static bool isParallel(LinalgOp op, unsigned dim) {
    return op.getIteratorTypesArray()[dim] == utils::IteratorType::parallel;
  }

  void invalidate(LinalgOp op, AffineExpr expr) {
    for (unsigned d = 0; d < op.getNumLoops(); ++d)
      if (expr.isFunctionOfDim(d))
        invalid[firstLoop[op] + d] = true;
  }

  /// Joins the loops of the producer of `operand` with those of its reader.
  void connect(LinalgOp consumer, OpOperand &operand) {
    auto producer = operand.get().getDefiningOp<LinalgOp>();
    if (!producer || !firstLoop.count(producer))
      return;
    AffineMap read = consumer.getMatchingIndexingMap(&operand);
    AffineMap written =
        producer.getIndexingMapMatchingResult(cast<OpResult>(operand.get()));
    for (auto [use, def] : llvm::zip(read.getResults(), written.getResults())) {
      auto useDim = dyn_cast<AffineDimExpr>(use);
      auto defDim = dyn_cast<AffineDimExpr>(def);
      if (useDim && defDim) {
        classes.join(firstLoop[consumer] + useDim.getPosition(),
                     firstLoop[producer] + defDim.getPosition());
        continue;
      }
      invalidate(consumer, use);
      invalidate(producer, def);
    }
  }

  ArrayRef<LinalgOp> ops;
  llvm::DenseMap<Operation *, unsigned> firstLoop;
  llvm::IntEqClasses classes;
  SmallVector<bool> invalid;
};
} // namespace

/// Shared loops in the order of the last op's result; with `outerOnly`, up to
/// the first dimension that is not shared.
static SmallVector<SharedLoop> collect(ArrayRef<LinalgOp> ops, bool outerOnly) {
  SmallVector<SharedLoop> result;
  LinalgOp root = ops.back();
  if (root.getNumDpsInits() == 0)
    return result;
  LoopClasses classes(ops);
  SmallVector<int64_t> extents = root.getStaticLoopRanges();
  AffineMap map = root.getMatchingIndexingMap(root.getDpsInitOperand(0));
  for (AffineExpr expr : map.getResults()) {
    auto dim = dyn_cast<AffineDimExpr>(expr);
    if (dim && extents[dim.getPosition()] == 1)
      continue;
    std::optional<SharedLoop> loop;
    if (dim)
      loop = classes.getSharedLoop(root, dim.getPosition());
    if (loop)
      result.push_back(std::move(*loop));
    else if (outerOnly)
      break;
  }
  return result;
}

SmallVector<SharedLoop> assay::findSharedLoops(ArrayRef<LinalgOp> ops) {
  return collect(ops, /*outerOnly=*/false);
}

SmallVector<SharedLoop> assay::findSharedOuterLoops(ArrayRef<LinalgOp> ops) {
  return collect(ops, /*outerOnly=*/true);
}
