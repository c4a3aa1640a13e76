//===- TileLoopKernels.cpp - Kernels as one parallel loop -----------------===//
//
//   %m = linalg.generic {parallel, reduction} ins(%x) outs(%fill)
//   %y = linalg.generic {parallel, parallel} ins(%x, %m) outs(%o)
//   bufferization.materialize_in_destination %y in %buffer
//
// becomes
//
//   %y = scf.forall (%i) = (0) to (8) step (2) shared_outs(%p = %o) {
//     %xt = tensor.extract_slice %x[%i, 0] [2, 16] [1, 1]
//     %mt = linalg.generic {parallel, reduction} ins(%xt) outs(%fillt)
//     %yt = linalg.generic {parallel, parallel} ins(%xt, %mt) outs(%pt)
//     scf.forall.in_parallel {
//       tensor.parallel_insert_slice %yt into %p[%i, 0] [2, 16] [1, 1]
//     }
//   }
//
//===----------------------------------------------------------------------===//

#include "dialects/kernel/KernelDialect.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/MemRef/Transforms/Transforms.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/TilingInterface.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "passes/cpu/Passes.h"
#include "passes/fusion/SharedLoops.h"

namespace assay {
#define GEN_PASS_DEF_TILELOOPKERNELS
#include "passes/cpu/Passes.h.inc"
} // namespace assay

using namespace mlir;
using namespace assay;
using bufferization::MaterializeInDestinationOp;
using linalg::LinalgOp;

namespace {
/// The tensor computation of a kernel that is linalg ops and views only.
struct Body {
  SmallVector<LinalgOp> ops;
  SmallVector<MaterializeInDestinationOp> exports;
};

struct Tile {
  Value value;
  SmallVector<OpFoldResult> offsets;
  SmallVector<OpFoldResult> sizes;
};

/// Largest extent a tile of an innermost dimension is not cut below: it is what
/// the vectorizer works on.
constexpr int64_t minInnermostTile = 64;
/// Extent assumed for a dynamic dimension.
constexpr int64_t assumedExtent = 64;

class Tiler {
public:
  Tiler(Body &body, ArrayRef<SharedLoop> loops, ArrayRef<int64_t> tileSizes)
      : body(body), loops(loops), tileSizes(tileSizes),
        rewriter(body.ops.front().getContext()) {}

  LogicalResult run() {
    Operation *anchor = body.exports.front();
    rewriter.setInsertionPoint(anchor);
    for (LinalgOp op : body.ops)
      domains[op] =
          cast<TilingInterface>(op.getOperation()).getIterationDomain(rewriter);

    SmallVector<OpFoldResult> lowers, uppers, steps;
    LinalgOp root = body.ops.back();
    for (auto [loop, size] : llvm::zip(loops, tileSizes)) {
      lowers.push_back(rewriter.getIndexAttr(0));
      uppers.push_back(domains[root][loop.lookup(root)].size);
      steps.push_back(rewriter.getIndexAttr(size));
    }
    SmallVector<Value> outs;
    for (MaterializeInDestinationOp op : body.exports)
      outs.push_back(getDestination(op));
    forall = scf::ForallOp::create(rewriter, root.getLoc(), lowers, uppers,
                                   steps, outs, /*mapping=*/std::nullopt);
    for (auto [out, argument] : llvm::zip(outs, forall.getRegionOutArgs()))
      sharedOuts[out] = argument;

    rewriter.setInsertionPoint(forall.getTerminator());
    computeLoopTiles(root.getLoc(), uppers);
    for (LinalgOp op : body.ops)
      if (failed(tile(op)))
        return failure();
    for (auto [op, out] : llvm::zip(body.exports, forall.getRegionOutArgs()))
      insert(op, out);
    for (auto [op, result] : llvm::zip(body.exports, forall.getResults()))
      op.getSourceMutable().assign(result);
    return success();
  }

private:
  /// The writable tensor of the buffer that `op` fills.
  Value getDestination(MaterializeInDestinationOp op) {
    for (Operation *user : op.getDest().getUsers())
      if (auto tensor = dyn_cast<bufferization::ToTensorOp>(user))
        return tensor;
    return bufferization::ToTensorOp::create(
        rewriter, op.getLoc(), op.getSource().getType(), op.getDest(),
        /*restrict=*/true, /*writable=*/true);
  }

  void computeLoopTiles(Location loc, ArrayRef<OpFoldResult> uppers) {
    AffineExpr iv, upper;
    bindDims(rewriter.getContext(), iv);
    bindSymbols(rewriter.getContext(), upper);
    for (auto [index, loop] : llvm::enumerate(loops)) {
      int64_t size = tileSizes[index];
      Value offset = forall.getInductionVars()[index];
      loopOffsets.push_back(offset);
      std::optional<int64_t> extent = getConstantIntValue(uppers[index]);
      if (size == 1 || (extent && *extent % size == 0)) {
        loopSizes.push_back(rewriter.getIndexAttr(size));
        continue;
      }
      auto map = AffineMap::get(
          1, 1, {rewriter.getAffineConstantExpr(size), upper - iv},
          rewriter.getContext());
      loopSizes.push_back(affine::makeComposedFoldedAffineMin(
          rewriter, loc, map, {OpFoldResult(offset), uppers[index]}));
    }
  }

  LogicalResult tile(LinalgOp op) {
    SmallVector<OpFoldResult> offsets, sizes;
    for (Range range : domains[op]) {
      offsets.push_back(range.offset);
      sizes.push_back(range.size);
    }
    for (auto [index, loop] : llvm::enumerate(loops)) {
      offsets[loop.lookup(op)] = loopOffsets[index];
      sizes[loop.lookup(op)] = loopSizes[index];
    }
    auto tilable = cast<TilingInterface>(op.getOperation());
    FailureOr<TilingResult> result =
        tilable.getTiledImplementation(rewriter, offsets, sizes);
    if (failed(result) || result->tiledOps.size() != 1)
      return failure();
    for (OpOperand &operand : result->tiledOps.front()->getOpOperands()) {
      widenWindow(op, operand);
      redirect(operand);
    }
    for (OpResult value : op->getResults()) {
      Tile &tile = tiles[value];
      tile.value = result->tiledValues[value.getResultNumber()];
      if (failed(tilable.getResultTilePosition(
              rewriter, value.getResultNumber(), offsets, sizes, tile.offsets,
              tile.sizes)))
        return failure();
    }
    return success();
  }

  /// A dimension of an input that is indexed by an expression of loops that are
  /// not tiled, as by a window, is read in full: its bounds need not be
  /// computed, and could not be where the expression falls with a loop.
  void widenWindow(LinalgOp op, OpOperand &operand) {
    auto slice = operand.get().getDefiningOp<tensor::ExtractSliceOp>();
    OpOperand &original = op->getOpOperand(operand.getOperandNumber());
    if (!slice || !op.isDpsInput(&original))
      return;
    AffineMap map = op.getMatchingIndexingMap(&original);
    SmallVector<OpFoldResult> offsets = slice.getMixedOffsets();
    SmallVector<OpFoldResult> sizes = slice.getMixedSizes();
    bool changed = false;
    for (auto [index, expr] : llvm::enumerate(map.getResults())) {
      bool isTiled = llvm::any_of(loops, [&, expr = expr](const SharedLoop &l) {
        return expr.isFunctionOfDim(l.lookup(op));
      });
      if (isTiled || isa<AffineDimExpr, AffineConstantExpr>(expr))
        continue;
      OpBuilder::InsertionGuard guard(rewriter);
      rewriter.setInsertionPoint(forall);
      offsets[index] = rewriter.getIndexAttr(0);
      sizes[index] =
          tensor::getMixedSize(rewriter, op.getLoc(), slice.getSource(), index);
      changed = true;
    }
    if (!changed)
      return;
    OpBuilder::InsertionGuard guard(rewriter);
    rewriter.setInsertionPoint(slice);
    operand.set(tensor::ExtractSliceOp::create(rewriter, slice.getLoc(),
                                               slice.getSource(), offsets,
                                               sizes, slice.getMixedStrides()));
  }

  /// Makes an operand of a tiled op read the tile of its producer, a shared
  /// out, or an empty tensor of the size of the tile.
  void redirect(OpOperand &operand) {
    auto slice = operand.get().getDefiningOp<tensor::ExtractSliceOp>();
    Value source = slice && forall->isProperAncestor(slice) ? slice.getSource()
                                                            : operand.get();
    bool isSlice = source != operand.get();
    if (Value out = sharedOuts.lookup(source)) {
      if (isSlice)
        slice.getSourceMutable().assign(out);
      else
        operand.set(out);
      return;
    }
    rewriter.setInsertionPoint(operand.getOwner());
    if (source.getDefiningOp<tensor::EmptyOp>() && isSlice) {
      operand.set(tensor::EmptyOp::create(
          rewriter, slice.getLoc(), slice.getMixedSizes(),
          slice.getSourceType().getElementType()));
    } else if (auto it = tiles.find(source); it != tiles.end()) {
      operand.set(isSlice ? sliceOfTile(slice, it->second) : it->second.value);
    }
    rewriter.setInsertionPoint(forall.getTerminator());
  }

  /// `slice` of a whole tensor, as a slice of the tile of it that is at hand.
  Value sliceOfTile(tensor::ExtractSliceOp slice, const Tile &tile) {
    SmallVector<OpFoldResult> offsets;
    for (auto [offset, start] :
         llvm::zip(slice.getMixedOffsets(), tile.offsets))
      offsets.push_back(offset == start ? rewriter.getIndexAttr(0) : offset);
    bool whole = slice.getMixedSizes() == tile.sizes &&
                 llvm::all_of(offsets, isZeroInteger) &&
                 slice.getType() == tile.value.getType();
    if (whole)
      return tile.value;
    return tensor::ExtractSliceOp::create(
        rewriter, slice.getLoc(), slice.getType(), tile.value, offsets,
        slice.getMixedSizes(), slice.getMixedStrides());
  }

  void insert(MaterializeInDestinationOp op, Value out) {
    const Tile &tile = tiles[op.getSource()];
    OpBuilder::InsertionGuard guard(rewriter);
    rewriter.setInsertionPointToEnd(forall.getTerminator().getBody());
    SmallVector<OpFoldResult> strides(tile.offsets.size(),
                                      rewriter.getIndexAttr(1));
    tensor::ParallelInsertSliceOp::create(rewriter, op.getLoc(), tile.value,
                                          out, tile.offsets, tile.sizes,
                                          strides);
  }

  Body &body;
  ArrayRef<SharedLoop> loops;
  ArrayRef<int64_t> tileSizes;
  IRRewriter rewriter;
  scf::ForallOp forall;
  llvm::DenseMap<Operation *, SmallVector<Range>> domains;
  llvm::DenseMap<Value, Value> sharedOuts;
  llvm::DenseMap<Value, Tile> tiles;
  SmallVector<OpFoldResult> loopOffsets, loopSizes;
};

struct TileLoopKernels : assay::impl::TileLoopKernelsBase<TileLoopKernels> {
  using TileLoopKernelsBase::TileLoopKernelsBase;

  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (!function->hasAttr(kernel::KernelDialect::getEntryAttrName()))
      return;
    std::optional<Body> body = findBody(function);
    if (!body)
      return;
    SmallVector<SharedLoop> loops = findSharedOuterLoops(body->ops);
    if (loops.empty())
      return;
    SmallVector<int64_t> tileSizes = chooseTileSizes(*body, loops);
    if (failed(Tiler(*body, loops, tileSizes).run()) ||
        failed(cleanUp(function)))
      return signalPassFailure();
  }

  /// The ops to tile, or nothing when there are others with results or effects
  /// of their own.
  static std::optional<Body> findBody(func::FuncOp function) {
    Body body;
    for (Operation &op : function.getBody().front()) {
      if (auto materialize = dyn_cast<MaterializeInDestinationOp>(op)) {
        if (!materialize.getSource().getDefiningOp<LinalgOp>())
          return std::nullopt;
        body.exports.push_back(materialize);
      } else if (auto linalgOp = dyn_cast<LinalgOp>(op)) {
        // Tiling takes an extent of 0 for a loop that is not tiled.
        if (!linalgOp.hasPureTensorSemantics() || !isa<TilingInterface>(op) ||
            llvm::is_contained(linalgOp.getStaticLoopRanges(), 0))
          return std::nullopt;
        body.ops.push_back(linalgOp);
      } else if (op.getNumRegions() != 0 ||
                 isa<tensor::InsertSliceOp, tensor::InsertOp>(op)) {
        return std::nullopt;
      }
    }
    if (body.ops.empty() || body.exports.empty())
      return std::nullopt;
    return body;
  }

  static int64_t orAssumed(int64_t extent) {
    return ShapedType::isDynamic(extent) ? assumedExtent : extent;
  }

  /// A size for each shared loop such that a tile is worth a unit of work and
  /// its intermediates stay in cache.
  SmallVector<int64_t> chooseTileSizes(Body &body, ArrayRef<SharedLoop> loops) {
    int64_t rowSize = 1;
    for (LinalgOp op : body.ops) {
      int64_t size = 1;
      for (auto [dim, extent] : llvm::enumerate(op.getStaticLoopRanges()))
        if (llvm::none_of(loops, [&, dim = dim](const SharedLoop &loop) {
              return loop.lookup(op) == dim;
            }))
          size *= orAssumed(extent);
      rowSize = std::max(rowSize, size);
    }

    LinalgOp root = body.ops.back();
    bool simple = body.ops.size() == 1 && root.getNumReductionLoops() == 0;
    int64_t budget =
        std::max<int64_t>(1, (simple ? tileElements : rowElements) /
                                 std::max<int64_t>(1, rowSize));
    AffineMap map = root.getMatchingIndexingMap(root.getDpsInitOperand(0));
    SmallVector<int64_t> extents = root.getStaticLoopRanges();
    SmallVector<int64_t> sizes(loops.size());
    for (unsigned index = loops.size(); index-- > 0;) {
      unsigned dim = loops[index].lookup(root);
      int64_t extent = extents[dim];
      int64_t size = budget;
      if (map.getResults().back() == getAffineDimExpr(dim, map.getContext()))
        size = std::max(size, minInnermostTile);
      if (!ShapedType::isDynamic(extent))
        size = std::clamp<int64_t>(size, 1, std::max<int64_t>(1, extent));
      sizes[index] = size;
      budget = std::max<int64_t>(
          1, budget / std::min(size, std::max<int64_t>(1, orAssumed(extent))));
    }
    return sizes;
  }

  /// Resolves sizes of the ops that were tiled and drops them.
  static LogicalResult cleanUp(func::FuncOp function) {
    RewritePatternSet patterns(function.getContext());
    memref::populateResolveRankedShapedTypeResultDimsPatterns(patterns);
    tensor::DimOp::getCanonicalizationPatterns(patterns, patterns.getContext());
    tensor::ExtractSliceOp::getCanonicalizationPatterns(patterns,
                                                        patterns.getContext());
    tensor::EmptyOp::getCanonicalizationPatterns(patterns,
                                                 patterns.getContext());
    return applyPatternsGreedily(function, std::move(patterns));
  }
};
} // namespace
