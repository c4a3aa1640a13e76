//===- CanonicalizeMovement.cpp - Simplify data movement ------------------===//

#include "dialects/onnx/Movement.h"
#include "passes/graph/CanonicalizePatterns.h"
#include "passes/graph/GraphUtils.h"

using namespace mlir;
using namespace assay;

/// The permutation, which is the reverse of all dimensions by default.
static SmallVector<int64_t> getPerm(onnx::TransposeOp op, int64_t rank) {
  if (std::optional<ArrayRef<int64_t>> perm = op.getPerm())
    return SmallVector<int64_t>(*perm);
  return llvm::to_vector(llvm::reverse(llvm::seq<int64_t>(0, rank)));
}

static int64_t getRank(Value value) {
  auto type = cast<TensorType>(value.getType());
  return type.hasRank() ? type.getRank() : -1;
}

/// A Transpose that keeps the order.
static LogicalResult removeTranspose(onnx::TransposeOp op,
                                     PatternRewriter &rewriter) {
  int64_t rank = getRank(op.getData());
  if (rank < 0 || !llvm::equal(getPerm(op, rank), llvm::seq<int64_t>(0, rank)))
    return failure();
  return replaceIfCompatible(rewriter, op, op.getData());
}

/// onnx.Transpose(onnx.Transpose(%x) {perm = p}) {perm = q}
///   -> onnx.Transpose(%x) {perm = p[q]}
static LogicalResult mergeTransposes(onnx::TransposeOp op,
                                     PatternRewriter &rewriter) {
  auto inner = op.getData().getDefiningOp<onnx::TransposeOp>();
  if (!inner || getRank(inner.getData()) < 0)
    return failure();
  int64_t rank = getRank(inner.getData());
  SmallVector<int64_t> first = getPerm(inner, rank);
  SmallVector<int64_t> merged;
  for (int64_t axis : getPerm(op, rank))
    merged.push_back(first[axis]);
  rewriter.modifyOpInPlace(op, [&]() {
    op.getDataMutable().assign(inner.getData());
    op.setPerm(merged);
  });
  return success();
}

/// An op whose static result type is its data input's, and which moves nothing
/// when that is so.
template <typename OpTy>
static LogicalResult removeSameType(OpTy op, PatternRewriter &rewriter) {
  Value input = op->getOperand(0);
  if (!getStaticType(input) || input.getType() != op->getResult(0).getType())
    return failure();
  rewriter.replaceOp(op, input);
  return success();
}

/// onnx.Reshape(onnx.Reshape(%x, _), %shape) -> onnx.Reshape(%x, %shape), for
/// the ops that only reshape, once the result is static.
template <typename OpTy>
static LogicalResult mergeReshapes(OpTy op, PatternRewriter &rewriter) {
  Operation *inner = op->getOperand(0).getDefiningOp();
  if (!isa_and_nonnull<onnx::ReshapeOp, onnx::FlattenOp, onnx::SqueezeOp,
                       onnx::UnsqueezeOp>(inner))
    return failure();
  RankedTensorType type = getStaticType(op->getResult(0));
  if (!type)
    return failure();
  Value shape = makeInts(rewriter, op.getLoc(), type.getShape());
  return replaceByOp(
      rewriter, op, "Reshape", {inner->getOperand(0), shape},
      rewriter.getNamedAttr("allowzero", rewriter.getI64IntegerAttr(1)));
}

/// A Pad by constant zeros on every side.
static LogicalResult removePad(onnx::PadOp op, PatternRewriter &rewriter) {
  std::optional<SmallVector<int64_t>> pads =
      onnx::getConstantInts(op.getPads());
  if (!pads || llvm::any_of(*pads, [](int64_t pad) { return pad != 0; }))
    return failure();
  return replaceIfCompatible(rewriter, op, op.getData());
}

/// A Slice that starts at 0, steps by 1 and takes all.
static LogicalResult removeSlice(onnx::SliceOp op, PatternRewriter &rewriter) {
  RankedTensorType input = getStaticType(op.getData());
  if (!input || input != op->getResult(0).getType())
    return failure();
  if (op.getSteps()) {
    // A negative step of the same length reverses.
    std::optional<SmallVector<int64_t>> steps =
        onnx::getConstantInts(op.getSteps());
    if (!steps || llvm::any_of(*steps, [](int64_t step) { return step < 0; }))
      return failure();
  }
  rewriter.replaceOp(op, op.getData());
  return success();
}

static LogicalResult removeConcat(onnx::ConcatOp op,
                                  PatternRewriter &rewriter) {
  if (op->getNumOperands() != 1)
    return failure();
  return replaceIfCompatible(rewriter, op, op->getOperand(0));
}

static LogicalResult removeSplit(onnx::SplitOp op, PatternRewriter &rewriter) {
  if (op->getNumResults() != 1)
    return failure();
  return replaceIfCompatible(rewriter, op, op.getInput());
}

void assay::populateMovementCanonicalization(RewritePatternSet &patterns) {
  patterns.add(removeTranspose);
  patterns.add(mergeTransposes);
  patterns.add(removeSameType<onnx::ExpandOp>);
  patterns.add(removeSameType<onnx::FlattenOp>);
  patterns.add(removeSameType<onnx::ReshapeOp>);
  patterns.add(removeSameType<onnx::SqueezeOp>);
  patterns.add(removeSameType<onnx::TileOp>);
  patterns.add(removeSameType<onnx::UnsqueezeOp>);
  patterns.add(mergeReshapes<onnx::FlattenOp>);
  patterns.add(mergeReshapes<onnx::ReshapeOp>);
  patterns.add(mergeReshapes<onnx::SqueezeOp>);
  patterns.add(mergeReshapes<onnx::UnsqueezeOp>);
  patterns.add(removePad);
  patterns.add(removeSlice);
  patterns.add(removeConcat);
  patterns.add(removeSplit);
}
