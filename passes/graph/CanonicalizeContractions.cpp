//===- CanonicalizeContractions.cpp - Pads and global pools ---------------===//

#include "dialects/onnx/Convolution.h"
#include "dialects/onnx/Movement.h"
#include "dialects/onnx/Pooling.h"
#include "passes/graph/CanonicalizePatterns.h"
#include "passes/graph/GraphUtils.h"

using namespace mlir;
using namespace assay;

/// The spatial pads (begins, then ends) of a Pad by constant zero that leaves
/// the first two dimensions alone and crops nothing.
static std::optional<SmallVector<int64_t>> getSpatialPads(onnx::PadOp pad) {
  auto type = dyn_cast<RankedTensorType>(pad.getData().getType());
  if (!type || type.getRank() < 3 || pad.getMode() != "constant")
    return std::nullopt;
  if (pad.getConstantValue() && getSplat(pad.getConstantValue()) != 0.0)
    return std::nullopt;
  std::optional<SmallVector<int64_t>> given =
      onnx::getConstantInts(pad.getPads());
  int64_t rank = type.getRank();
  SmallVector<int64_t> axes = llvm::to_vector(llvm::seq<int64_t>(0, rank));
  if (pad.getAxes()) {
    std::optional<SmallVector<int64_t>> listed =
        onnx::getConstantInts(pad.getAxes());
    if (!listed)
      return std::nullopt;
    axes = *listed;
  }
  if (!given || given->size() != 2 * axes.size())
    return std::nullopt;
  SmallVector<int64_t> pads(2 * (rank - 2), 0);
  for (auto [position, axis] : llvm::enumerate(axes)) {
    int64_t begin = (*given)[position];
    int64_t end = (*given)[position + axes.size()];
    int64_t spatial = (axis < 0 ? axis + rank : axis) - 2;
    if (begin < 0 || end < 0 || (spatial < 0 && (begin || end)))
      return std::nullopt;
    if (spatial < 0)
      continue;
    pads[spatial] = begin;
    pads[spatial + rank - 2] = end;
  }
  return pads;
}

/// onnx.Conv(onnx.Pad(%x, [0,0,1,1,0,0,1,1]), %w) {pads = p}
///   -> onnx.Conv(%x, %w) {pads = p + 1}
static LogicalResult foldPadIntoConv(onnx::ConvOp op,
                                     PatternRewriter &rewriter) {
  auto pad = op.getX().getDefiningOp<onnx::PadOp>();
  if (!pad || op.getAutoPad() != "NOTSET" || op.getChannelsLast())
    return failure();
  std::optional<SmallVector<int64_t>> pads = getSpatialPads(pad);
  if (!pads)
    return failure();
  if (std::optional<ArrayRef<int64_t>> own = op.getPads())
    for (auto [sum, more] : llvm::zip_equal(*pads, *own))
      sum += more;
  rewriter.modifyOpInPlace(op, [&]() {
    op.getXMutable().assign(pad.getData());
    op.setPads(*pads);
  });
  return success();
}

/// The same for AveragePool, whose divisor then counts the padding. With pads
/// of its own, or windows over the end, that would change other divisors.
static LogicalResult foldPadIntoAveragePool(onnx::AveragePoolOp op,
                                            PatternRewriter &rewriter) {
  auto pad = op.getX().getDefiningOp<onnx::PadOp>();
  if (!pad || op.getAutoPad() != "NOTSET" || op.getChannelsLast() ||
      op.getCeilMode())
    return failure();
  std::optional<SmallVector<int64_t>> pads = getSpatialPads(pad);
  if (!pads)
    return failure();
  if (std::optional<ArrayRef<int64_t>> own = op.getPads())
    for (auto [sum, more] : llvm::zip_equal(*pads, *own)) {
      if (more && !op.getCountIncludePad())
        return failure();
      sum += more;
    }
  // A window of nothing but padding is no ONNX pool.
  for (auto [position, size] : llvm::enumerate(*pads))
    if (size >= op.getKernelShape()[position % op.getKernelShape().size()])
      return failure();
  rewriter.modifyOpInPlace(op, [&]() {
    op.getXMutable().assign(pad.getData());
    op.setPads(*pads);
    op.setCountIncludePad(1);
  });
  return success();
}

/// onnx.GlobalAveragePool(%x) -> onnx.ReduceMean(%x, [2, 3])
template <typename OpTy>
static LogicalResult reduceGlobally(OpTy op, PatternRewriter &rewriter,
                                    StringRef reduction) {
  auto type = dyn_cast<RankedTensorType>(op.getX().getType());
  if (!type || type.getRank() < 3)
    return failure();
  Value axes = makeInts(rewriter, op.getLoc(),
                        llvm::to_vector(llvm::seq<int64_t>(2, type.getRank())));
  return replaceByOp(
      rewriter, op, reduction, {op.getX(), axes},
      rewriter.getNamedAttr("keepdims", rewriter.getI64IntegerAttr(1)));
}

void assay::populateContractionCanonicalization(RewritePatternSet &patterns) {
  patterns.add(foldPadIntoConv);
  patterns.add(foldPadIntoAveragePool);
  patterns.add(+[](onnx::GlobalAveragePoolOp op, PatternRewriter &rewriter) {
    return reduceGlobally(op, rewriter, "ReduceMean");
  });
  patterns.add(+[](onnx::GlobalMaxPoolOp op, PatternRewriter &rewriter) {
    return reduceGlobally(op, rewriter, "ReduceMax");
  });
}
