//===- TileInsertions.cpp - Padding and concatenation in blocks -----------===//
//
//   %f = linalg.fill ins(%zero) outs(%o) : tensor<8x4xf32>
//   %y = tensor.insert_slice %x into %f[1, 0] [6, 4] [1, 1]
//   bufferization.materialize_in_destination %y in %buffer
//
// becomes
//
//   %y = scf.forall (%i) = (0) to (8) step (2) shared_outs(%p = %o) {
//     %t = tensor.extract_slice %p[%i, 0] [2, 4] [1, 1]
//     %f = linalg.fill ins(%zero) outs(%t)
//     // Rows [lo, hi) of the result, where the block and %x meet.
//     %s = tensor.extract_slice %x[lo - 1, 0] [hi - lo, 4] [1, 1]
//     %b = tensor.insert_slice %s into %f[lo - %i, 0] [hi - lo, 4] [1, 1]
//     scf.forall.in_parallel {
//       tensor.parallel_insert_slice %b into %p[%i, 0] [2, 4] [1, 1]
//     }
//   }
//
//===----------------------------------------------------------------------===//

#include "dialects/kernel/KernelDialect.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"
#include "passes/cpu/Passes.h"

namespace assay {
#define GEN_PASS_DEF_TILEINSERTIONS
#include "passes/cpu/Passes.h.inc"
} // namespace assay

using namespace mlir;
using namespace assay;
using bufferization::MaterializeInDestinationOp;

namespace {
/// Insertions into the tensor `dest`, which is first filled where `fill` is
/// set.
struct Chain {
  MaterializeInDestinationOp materialize;
  SmallVector<tensor::InsertSliceOp> insertions;
  linalg::FillOp fill;
  Value dest;
};

class Tiler {
public:
  Tiler(Chain &chain, unsigned dim, int64_t tileSize)
      : chain(chain), dim(dim), tileSize(tileSize),
        rewriter(chain.materialize->getContext()),
        loc(chain.insertions.front().getLoc()) {}

  void run() {
    rewriter.setInsertionPoint(chain.materialize);
    sizes = tensor::getMixedSizes(rewriter, loc, chain.dest);
    offsets.assign(sizes.size(), rewriter.getIndexAttr(0));
    strides.assign(sizes.size(), rewriter.getIndexAttr(1));
    OpFoldResult extent = sizes[dim];
    auto forall = scf::ForallOp::create(
        rewriter, loc, {rewriter.getIndexAttr(0)}, {extent},
        {rewriter.getIndexAttr(tileSize)}, chain.dest, std::nullopt);
    rewriter.setInsertionPoint(forall.getTerminator());
    start = forall.getInductionVars().front();
    AffineExpr iv = rewriter.getAffineDimExpr(0),
               upper = rewriter.getAffineSymbolExpr(0);
    sizes[dim] = affine::makeComposedFoldedAffineMin(
        rewriter, loc,
        AffineMap::get(1, 1,
                       {rewriter.getAffineConstantExpr(tileSize), upper - iv},
                       rewriter.getContext()),
        {OpFoldResult(start), extent});
    offsets[dim] = start;

    Value out = forall.getRegionOutArgs().front();
    Value block = tensor::ExtractSliceOp::create(rewriter, loc, out, offsets,
                                                 sizes, strides);
    if (linalg::FillOp fill = chain.fill)
      block = linalg::FillOp::create(rewriter, loc, fill.getInputs(), block)
                  .getResult(0);
    for (tensor::InsertSliceOp insertion : chain.insertions)
      block = insert(insertion, block);
    rewriter.setInsertionPointToEnd(forall.getTerminator().getBody());
    tensor::ParallelInsertSliceOp::create(rewriter, loc, block, out, offsets,
                                          sizes, strides);
    chain.materialize.getSourceMutable().assign(forall.getResult(0));
    for (tensor::InsertSliceOp insertion : llvm::reverse(chain.insertions))
      rewriter.eraseOp(insertion);
    if (chain.fill)
      rewriter.eraseOp(chain.fill);
  }

private:
  OpFoldResult apply(AffineExpr expr, ArrayRef<OpFoldResult> operands) {
    return affine::makeComposedFoldedAffineApply(rewriter, loc, expr, operands);
  }

  /// The part of `insertion` that falls into `block`.
  Value insert(tensor::InsertSliceOp insertion, Value block) {
    AffineExpr a, b, c;
    bindSymbols(rewriter.getContext(), a, b, c);
    OpFoldResult offset = insertion.getMixedOffsets()[dim];
    OpFoldResult size = insertion.getMixedSizes()[dim];
    // In coordinates of the result: [low, high).
    OpFoldResult low = affine::makeComposedFoldedAffineMax(
        rewriter, loc, AffineMap::get(0, 2, {a, b}, rewriter.getContext()),
        {OpFoldResult(start), offset});
    OpFoldResult high = affine::makeComposedFoldedAffineMin(
        rewriter, loc, AffineMap::get(0, 3, {a + b, c}, rewriter.getContext()),
        {OpFoldResult(start), sizes[dim], apply(a + b, {offset, size})});
    OpFoldResult length = affine::makeComposedFoldedAffineMax(
        rewriter, loc,
        AffineMap::get(0, 2, {b - a, rewriter.getAffineConstantExpr(0)},
                       rewriter.getContext()),
        {low, high});

    // A block that `insertion` misses inserts nothing, at a valid offset.
    OpFoldResult into = affine::makeComposedFoldedAffineMin(
        rewriter, loc, AffineMap::get(0, 3, {a - b, c}, rewriter.getContext()),
        {low, OpFoldResult(start), sizes[dim]});
    OpFoldResult from = affine::makeComposedFoldedAffineMin(
        rewriter, loc, AffineMap::get(0, 3, {a - b, c}, rewriter.getContext()),
        {low, offset, size});

    Value source = insertion.getSource();
    unsigned sourceDim = getSourceDim(insertion);
    SmallVector<OpFoldResult> sourceSizes =
        tensor::getMixedSizes(rewriter, loc, source);
    SmallVector<OpFoldResult> sourceOffsets(sourceSizes.size(),
                                            rewriter.getIndexAttr(0));
    SmallVector<OpFoldResult> sourceStrides(sourceSizes.size(),
                                            rewriter.getIndexAttr(1));
    sourceOffsets[sourceDim] = from;
    sourceSizes[sourceDim] = length;
    Value part = tensor::ExtractSliceOp::create(
        rewriter, loc, source, sourceOffsets, sourceSizes, sourceStrides);

    SmallVector<OpFoldResult> partOffsets = insertion.getMixedOffsets();
    SmallVector<OpFoldResult> partSizes = insertion.getMixedSizes();
    partOffsets[dim] = into;
    partSizes[dim] = length;
    return tensor::InsertSliceOp::create(rewriter, loc, part, block,
                                         partOffsets, partSizes,
                                         insertion.getMixedStrides());
  }

  /// The dimension of the source that is dimension `dim` of the result.
  unsigned getSourceDim(tensor::InsertSliceOp insertion) const {
    llvm::SmallBitVector dropped = insertion.getDroppedDims();
    unsigned position = 0;
    for (unsigned d = 0; d < dim; ++d)
      position += !dropped.test(d);
    return position;
  }

  Chain &chain;
  unsigned dim;
  int64_t tileSize;
  IRRewriter rewriter;
  Location loc;
  Value start;
  SmallVector<OpFoldResult> offsets, sizes, strides;
};

struct TileInsertions : assay::impl::TileInsertionsBase<TileInsertions> {
  using TileInsertionsBase::TileInsertionsBase;

  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (!function->hasAttr(kernel::KernelDialect::getEntryAttrName()) ||
        function.isExternal())
      return;
    std::optional<Chain> chain = findChain(function);
    if (!chain)
      return;
    auto type = cast<RankedTensorType>(chain->dest.getType());
    unsigned dim = 0;
    while (dim < type.getRank() && type.getDimSize(dim) == 1)
      ++dim;
    if (dim == type.getRank() || !canTile(*chain, dim))
      return;
    int64_t rowElements = 1;
    for (int64_t size : type.getShape().drop_front(dim + 1))
      rowElements *= ShapedType::isDynamic(size) ? 64 : size;
    int64_t tileSize =
        std::max<int64_t>(1, tileElements / std::max<int64_t>(1, rowElements));
    if (!type.isDynamicDim(dim))
      tileSize = std::clamp<int64_t>(type.getDimSize(dim), 1, tileSize);
    Tiler(*chain, dim, tileSize).run();
  }

  /// The chain that is all the kernel does.
  static std::optional<Chain> findChain(func::FuncOp function) {
    Chain chain;
    for (Operation &op : function.getBody().front()) {
      auto materialize = dyn_cast<MaterializeInDestinationOp>(op);
      if (materialize && chain.materialize)
        return std::nullopt;
      if (materialize)
        chain.materialize = materialize;
      else if (op.getNumRegions() != 0 && !isa<linalg::FillOp>(op))
        return std::nullopt;
    }
    if (!chain.materialize)
      return std::nullopt;
    Value value = chain.materialize.getSource();
    while (auto insertion = value.getDefiningOp<tensor::InsertSliceOp>()) {
      if (!value.hasOneUse())
        return std::nullopt;
      chain.insertions.push_back(insertion);
      value = insertion.getDest();
    }
    std::reverse(chain.insertions.begin(), chain.insertions.end());
    if ((chain.fill = value.getDefiningOp<linalg::FillOp>())) {
      if (!value.hasOneUse())
        return std::nullopt;
      value = chain.fill.getOutputs().front();
    }
    chain.dest = value;
    auto tensor = value.getDefiningOp<bufferization::ToTensorOp>();
    if (chain.insertions.empty() || !tensor || !tensor.getWritable())
      return std::nullopt;
    return chain;
  }

  static bool canTile(const Chain &chain, unsigned dim) {
    return llvm::all_of(chain.insertions, [&](tensor::InsertSliceOp insertion) {
      Operation *source = insertion.getSource().getDefiningOp();
      return isConstantIntValue(insertion.getMixedStrides()[dim], 1) &&
             !insertion.getDroppedDims().test(dim) &&
             (!source || !isa<linalg::LinalgOp>(source));
    });
  }
};
} // namespace
