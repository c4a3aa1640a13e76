//===- Movement.cpp - Lowering of movement operators ----------------------===//

#include "passes/lowering/Movement.h"
#include "dialects/onnx/Movement.h"
#include "dialects/onnx/OnnxOp.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "passes/lowering/IndexMath.h"
#include "passes/lowering/LoweringUtils.h"
#include "passes/lowering/OnnxToLinalg.h"

using namespace mlir;
using namespace assay;
using arith::CmpIPredicate;

//===----------------------------------------------------------------------===//
// Shared with the other parts
//===----------------------------------------------------------------------===//

/// linalg.generic that copies `source`, read by `map`.
static Value createMapped(OpBuilder &builder, Location loc,
                          RankedTensorType type, ArrayRef<OpFoldResult> sizes,
                          Value source, AffineMap map) {
  Value init = createEmpty(builder, loc, type, sizes);
  AffineMap identity = builder.getMultiDimIdentityMap(type.getRank());
  SmallVector<utils::IteratorType> iterators(type.getRank(),
                                             utils::IteratorType::parallel);
  return linalg::GenericOp::create(
             builder, loc, type, source, init, {map, identity}, iterators,
             [](OpBuilder &b, Location l, ValueRange elements) {
               linalg::YieldOp::create(b, l, elements.front());
             })
      .getResult(0);
}

Value assay::createTranspose(OpBuilder &builder, Location loc, Value source,
                             ArrayRef<int64_t> perm, RankedTensorType type) {
  SmallVector<OpFoldResult> input = tensor::getMixedSizes(builder, loc, source);
  SmallVector<OpFoldResult> sizes;
  SmallVector<AffineExpr> exprs(perm.size());
  for (auto [position, axis] : llvm::enumerate(perm)) {
    sizes.push_back(input[axis]);
    exprs[axis] = builder.getAffineDimExpr(position);
  }
  AffineMap map = AffineMap::get(perm.size(), 0, exprs, builder.getContext());
  return createMapped(builder, loc, type, sizes, source, map);
}

Value assay::createGather(OpBuilder &builder, Location loc,
                          RankedTensorType type, ArrayRef<OpFoldResult> sizes,
                          ValueRange streamed, ArrayRef<AffineMap> maps,
                          GatherBody body) {
  int64_t rank = type.getRank();
  Value init = createEmpty(builder, loc, type, sizes);
  SmallVector<AffineMap> allMaps(maps);
  allMaps.push_back(builder.getMultiDimIdentityMap(rank));
  SmallVector<utils::IteratorType> iterators(rank,
                                             utils::IteratorType::parallel);
  auto generic = linalg::GenericOp::create(
      builder, loc, type, streamed, init, allMaps, iterators,
      [&](OpBuilder &b, Location l, ValueRange elements) {
        SmallVector<Value> indices;
        for (int64_t dim = 0; dim < rank; ++dim)
          indices.push_back(linalg::IndexOp::create(b, l, dim));
        linalg::YieldOp::create(b, l,
                                body(b, l, indices, elements.drop_back()));
      });
  return generic.getResult(0);
}

Value assay::createSafeIndex(OpBuilder &builder, Location loc, Value element,
                             OpFoldResult size) {
  Value index = element;
  if (!element.getType().isIndex())
    index = arith::IndexCastOp::create(builder, loc, builder.getIndexType(),
                                       element);
  IndexMath math(builder, loc);
  return math.value(math.clamp(math.fromEnd(index, size), math.constant(0),
                               math.sub(size, math.constant(1))));
}

Value assay::createTupleIndex(OpBuilder &builder, Location loc, Value indices,
                              ArrayRef<Value> entry, int64_t i,
                              OpFoldResult size) {
  SmallVector<Value> position(entry);
  position.push_back(arith::ConstantIndexOp::create(builder, loc, i));
  Value element = tensor::ExtractOp::create(builder, loc, indices, position);
  return createSafeIndex(builder, loc, element, size);
}

void assay::checkNotEmpty(IndexMath &math, OpFoldResult dim,
                          ArrayRef<OpFoldResult> counts) {
  if (getConstantIntValue(dim).value_or(0) > 0)
    return;
  OpFoldResult count = math.product(counts);
  math.check(CmpIPredicate::sgt,
             math.select(CmpIPredicate::eq, count, math.constant(0),
                         math.constant(1), dim),
             math.constant(0), "indices into an empty dimension");
}

//===----------------------------------------------------------------------===//
// Transpose, Concat
//===----------------------------------------------------------------------===//

namespace {
struct TransposeLowering : OnnxLowering<onnx::TransposeOp> {
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(onnx::TransposeOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    RankedTensorType type = getResultType(op);
    SmallVector<int64_t> perm =
        op.getPerm() ? SmallVector<int64_t>(*op.getPerm())
                     : llvm::to_vector(
                           llvm::reverse(llvm::seq<int64_t>(type.getRank())));
    rewriter.replaceOp(op, createTranspose(rewriter, op.getLoc(),
                                           adaptor.getData(), perm, type));
    return success();
  }
};

/// One insertion for each input, at the running offset.
struct ConcatLowering : OnnxLowering<onnx::ConcatOp> {
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(onnx::ConcatOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    IndexMath math(rewriter, loc);
    RankedTensorType type = getResultType(op);
    int64_t axis = wrapAxis(op.getAxis(), type.getRank());
    SmallVector<SmallVector<OpFoldResult>> inputs;
    for (Value input : adaptor.getInputs())
      inputs.push_back(tensor::getMixedSizes(rewriter, loc, input));
    SmallVector<OpFoldResult> total = inputs.front();
    for (ArrayRef<OpFoldResult> sizes : ArrayRef(inputs).drop_front())
      for (int64_t dim = 0; dim < type.getRank(); ++dim) {
        if (dim == axis)
          total[dim] = math.add(total[dim], sizes[dim]);
        else
          math.check(CmpIPredicate::eq, sizes[dim], total[dim],
                     "Concat: the inputs differ off the axis");
      }
    if (op.getInputs().size() == 1) {
      rewriter.replaceOp(
          op, castTo(adaptor.getInputs().front(), type, loc, rewriter));
      return success();
    }
    Value result = createEmpty(rewriter, loc, type, total);
    SmallVector<OpFoldResult> offsets(type.getRank(), math.constant(0));
    SmallVector<OpFoldResult> strides(type.getRank(), math.constant(1));
    // No offset is valid in a dimension of 0.
    bool isEmpty = llvm::is_contained(type.getShape(), 0);
    for (auto [input, sizes] : llvm::zip_equal(adaptor.getInputs(), inputs)) {
      if (isEmpty || isConstantIntValue(sizes[axis], 0))
        continue;
      result = tensor::InsertSliceOp::create(rewriter, loc, input, result,
                                             offsets, sizes, strides);
      offsets[axis] = math.add(offsets[axis], sizes[axis]);
    }
    rewriter.replaceOp(op, result);
    return success();
  }

  static Value castTo(Value value, RankedTensorType type, Location loc,
                      OpBuilder &builder) {
    if (value.getType() == type)
      return value;
    return tensor::CastOp::create(builder, loc, type, value);
  }
};

//===----------------------------------------------------------------------===//
// Expand, Tile, Trilu
//===----------------------------------------------------------------------===//

struct ExpandLowering : OnnxLowering<onnx::ExpandOp> {
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(onnx::ExpandOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    IndexMath math(rewriter, loc);
    RankedTensorType type = getResultType(op);
    SmallVector<OpFoldResult> input =
        tensor::getMixedSizes(rewriter, loc, adaptor.getInput());
    SmallVector<OpFoldResult> target =
        extractIndices(rewriter, loc, adaptor.getShape());
    OpFoldResult one = math.constant(1);
    input.insert(input.begin(), type.getRank() - input.size(), one);
    target.insert(target.begin(), type.getRank() - target.size(), one);
    SmallVector<OpFoldResult> sizes;
    for (auto [dim, pair] : llvm::enumerate(llvm::zip_equal(input, target))) {
      auto [have, want] = pair;
      math.check(CmpIPredicate::sge, want, math.constant(0),
                 "Expand: the shape is negative");
      OpFoldResult size = math.select(CmpIPredicate::eq, want, one, have, want);
      math.check(CmpIPredicate::eq,
                 math.select(CmpIPredicate::eq, have, one, size, have), size,
                 "Expand: the input does not broadcast to the shape");
      sizes.push_back(
          type.isDynamicDim(dim) ? size : math.constant(type.getDimSize(dim)));
    }
    rewriter.replaceOp(
        op, createElementwise(rewriter, loc, ArrayRef(type), adaptor.getInput(),
                              sizes,
                              [](OpBuilder &, Location, ValueRange elements) {
                                return SmallVector<Value>{elements.front()};
                              }));
    return success();
  }
};

/// Repeats as a broadcast: (d0, d1) times (r0, r1) is (r0, d0, r1, d1),
/// collapsed.
struct TileLowering : OnnxLowering<onnx::TileOp> {
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(onnx::TileOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    RankedTensorType type = getResultType(op);
    IndexMath math(rewriter, loc);
    SmallVector<OpFoldResult> input =
        tensor::getMixedSizes(rewriter, loc, adaptor.getInput());
    SmallVector<OpFoldResult> repeats =
        extractIndices(rewriter, loc, adaptor.getRepeats());
    SmallVector<OpFoldResult> sizes;
    SmallVector<int64_t> shape;
    SmallVector<ReassociationIndices> groups;
    SmallVector<AffineExpr> exprs;
    for (auto [dim, pair] : llvm::enumerate(llvm::zip_equal(input, repeats))) {
      auto [size, repeat] = pair;
      math.check(CmpIPredicate::sge, repeat, math.constant(0),
                 "Tile: repeats are negative");
      ReassociationIndices group;
      auto addDim = [&](OpFoldResult extent) {
        group.push_back(sizes.size());
        sizes.push_back(extent);
        shape.push_back(
            getConstantIntValue(extent).value_or(ShapedType::kDynamic));
      };
      if (!isConstantIntValue(repeat, 1))
        addDim(repeat);
      exprs.push_back(rewriter.getAffineDimExpr(sizes.size()));
      addDim(size);
      groups.push_back(group);
    }
    RankedTensorType tiled = type.clone(shape);
    AffineMap map =
        AffineMap::get(sizes.size(), 0, exprs, rewriter.getContext());
    Value result =
        createMapped(rewriter, loc, tiled, sizes, adaptor.getInput(), map);
    if (shape.size() != static_cast<size_t>(type.getRank()))
      result = tensor::CollapseShapeOp::create(rewriter, loc, result, groups);
    rewriter.replaceOp(op, ConcatLowering::castTo(result, type, loc, rewriter));
    return success();
  }
};

struct TriluLowering : OnnxLowering<onnx::TriluOp> {
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(onnx::TriluOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    RankedTensorType type = getResultType(op);
    Value k = arith::ConstantIndexOp::create(rewriter, loc, 0);
    if (adaptor.getK())
      k = arith::IndexCastOp::create(
          rewriter, loc, rewriter.getIndexType(),
          extractScalar(rewriter, loc, adaptor.getK()));
    bool upper = op.getUpper() != 0;
    AffineMap identity = rewriter.getMultiDimIdentityMap(type.getRank());
    rewriter.replaceOp(
        op, createGather(
                rewriter, loc, type,
                tensor::getMixedSizes(rewriter, loc, adaptor.getInput()),
                adaptor.getInput(), identity,
                [&](OpBuilder &b, Location l, ArrayRef<Value> indices,
                    ValueRange elements) -> Value {
                  // Row + k - column is <= 0 on and above the diagonal.
                  Value row = indices[indices.size() - 2];
                  Value edge = arith::AddIOp::create(b, l, row, k);
                  Value kept = arith::CmpIOp::create(
                      b, l, upper ? CmpIPredicate::sle : CmpIPredicate::sge,
                      edge, indices.back());
                  Value zero = createScalar(b, l, type.getElementType(), 0.0);
                  return arith::SelectOp::create(b, l, kept, elements.front(),
                                                 zero);
                }));
    return success();
  }
};
} // namespace

void assay::populateMovementLowering(RewritePatternSet &patterns,
                                     TypeConverter &converter) {
  patterns.add<ConcatLowering, ExpandLowering, TileLowering, TransposeLowering,
               TriluLowering>(converter, patterns.getContext());
  populateReshapeLowering(patterns, converter);
  populateSliceLowering(patterns, converter);
  populateGatherLowering(patterns, converter);
  populateScatterLowering(patterns, converter);
}
