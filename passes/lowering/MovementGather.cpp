//===- MovementGather.cpp - Lowering of gathering operators ---------------===//
//
// Indices are clamped into the dimension where they are used, so no value of
// theirs reads out of bounds; only an empty dimension is refused at run time.
//
//===----------------------------------------------------------------------===//

#include "dialects/onnx/Movement.h"
#include "dialects/onnx/OnnxOp.h"
#include "passes/lowering/IndexMath.h"
#include "passes/lowering/LoweringUtils.h"
#include "passes/lowering/Movement.h"
#include "passes/lowering/OnnxToLinalg.h"

using namespace mlir;
using namespace assay;
using arith::CmpIPredicate;

/// The map that reads an operand of rank `count` at iteration dimensions
/// `first`, `first + 1`, ... of `rank`.
static AffineMap getWindowMap(OpBuilder &builder, int64_t rank, int64_t first,
                              int64_t count) {
  SmallVector<AffineExpr> exprs;
  for (int64_t dim = first; dim < first + count; ++dim)
    exprs.push_back(builder.getAffineDimExpr(dim));
  return AffineMap::get(rank, 0, exprs, builder.getContext());
}

namespace {
struct GatherLowering : OnnxLowering<onnx::GatherOp> {
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(onnx::GatherOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    IndexMath math(rewriter, loc);
    Value data = adaptor.getData(), indices = adaptor.getIndices();
    RankedTensorType type = getResultType(op);
    SmallVector<OpFoldResult> dims = tensor::getMixedSizes(rewriter, loc, data);
    SmallVector<OpFoldResult> counts =
        tensor::getMixedSizes(rewriter, loc, indices);
    int64_t axis = wrapAxis(op.getAxis(), dims.size());
    if (Value slice = sliceOne(rewriter, op, data, dims, axis, type)) {
      rewriter.replaceOp(op, slice);
      return success();
    }
    checkNotEmpty(math, dims[axis], counts);
    SmallVector<OpFoldResult> sizes(ArrayRef(dims).take_front(axis));
    llvm::append_range(sizes, counts);
    llvm::append_range(sizes, ArrayRef(dims).drop_front(axis + 1));
    AffineMap map = getWindowMap(rewriter, type.getRank(), axis, counts.size());
    rewriter.replaceOp(
        op,
        createGather(rewriter, loc, type, sizes, indices, map,
                     [&](OpBuilder &b, Location l, ArrayRef<Value> at,
                         ValueRange elements) -> Value {
                       SmallVector<Value> position(at.take_front(axis));
                       position.push_back(
                           createSafeIndex(b, l, elements.front(), dims[axis]));
                       llvm::append_range(position,
                                          at.drop_front(axis + counts.size()));
                       return tensor::ExtractOp::create(b, l, data, position);
                     }));
    return success();
  }

  /// One constant scalar index is a slice.
  static Value sliceOne(OpBuilder &builder, onnx::GatherOp op, Value data,
                        ArrayRef<OpFoldResult> dims, int64_t axis,
                        RankedTensorType type) {
    std::optional<SmallVector<int64_t>> index =
        onnx::getConstantInts(op.getIndices());
    std::optional<int64_t> dim = getConstantIntValue(dims[axis]);
    if (!index || !dim || index->size() != 1 ||
        cast<RankedTensorType>(op.getIndices().getType()).getRank() != 0)
      return {};
    IndexMath math(builder, op.getLoc());
    SmallVector<OpFoldResult> offsets(dims.size(), math.constant(0));
    SmallVector<OpFoldResult> strides(dims.size(), math.constant(1));
    SmallVector<OpFoldResult> sizes(dims);
    offsets[axis] = math.fromEnd(math.constant(index->front()), dims[axis]);
    sizes[axis] = math.constant(1);
    return tensor::ExtractSliceOp::create(builder, op.getLoc(), type, data,
                                          offsets, sizes, strides);
  }
};

struct GatherElementsLowering : OnnxLowering<onnx::GatherElementsOp> {
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(onnx::GatherElementsOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    IndexMath math(rewriter, loc);
    Value data = adaptor.getData(), indices = adaptor.getIndices();
    RankedTensorType type = getResultType(op);
    SmallVector<OpFoldResult> dims = tensor::getMixedSizes(rewriter, loc, data);
    SmallVector<OpFoldResult> sizes =
        tensor::getMixedSizes(rewriter, loc, indices);
    int64_t axis = wrapAxis(op.getAxis(), dims.size());
    checkNotEmpty(math, dims[axis], sizes);
    for (int64_t dim = 0; dim < type.getRank(); ++dim)
      if (dim != axis)
        math.check(CmpIPredicate::sle, sizes[dim], dims[dim],
                   "GatherElements: indices exceed data off the axis");
    AffineMap map = rewriter.getMultiDimIdentityMap(type.getRank());
    rewriter.replaceOp(
        op,
        createGather(rewriter, loc, type, sizes, indices, map,
                     [&](OpBuilder &b, Location l, ArrayRef<Value> at,
                         ValueRange elements) -> Value {
                       SmallVector<Value> position(at);
                       position[axis] =
                           createSafeIndex(b, l, elements.front(), dims[axis]);
                       return tensor::ExtractOp::create(b, l, data, position);
                     }));
    return success();
  }
};

struct GatherNDLowering : OnnxLowering<onnx::GatherNDOp> {
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(onnx::GatherNDOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    IndexMath math(rewriter, loc);
    Value data = adaptor.getData(), indices = adaptor.getIndices();
    RankedTensorType type = getResultType(op);
    SmallVector<OpFoldResult> dims = tensor::getMixedSizes(rewriter, loc, data);
    SmallVector<OpFoldResult> sizes =
        tensor::getMixedSizes(rewriter, loc, indices);
    std::optional<int64_t> tuple = getConstantIntValue(sizes.pop_back_val());
    if (!tuple)
      return rewriter.notifyMatchFailure(op,
                                         "needs index tuples of known length");
    int64_t batch = op.getBatchDims(), outer = sizes.size();
    for (int64_t dim = 0; dim < batch; ++dim)
      math.check(CmpIPredicate::eq, sizes[dim], dims[dim],
                 "GatherND: the batch dimensions differ");
    for (int64_t i = 0; i < *tuple; ++i)
      checkNotEmpty(math, dims[batch + i], sizes);
    llvm::append_range(sizes, ArrayRef(dims).drop_front(batch + *tuple));
    rewriter.replaceOp(
        op, createGather(rewriter, loc, type, sizes, {}, {},
                         [&](OpBuilder &b, Location l, ArrayRef<Value> at,
                             ValueRange) -> Value {
                           SmallVector<Value> position(at.take_front(batch));
                           for (int64_t i = 0; i < *tuple; ++i)
                             position.push_back(createTupleIndex(
                                 b, l, indices, at.take_front(outer), i,
                                 dims[batch + i]));
                           llvm::append_range(position, at.drop_front(outer));
                           return tensor::ExtractOp::create(b, l, data,
                                                            position);
                         }));
    return success();
  }
};

struct ReverseSequenceLowering : OnnxLowering<onnx::ReverseSequenceOp> {
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(onnx::ReverseSequenceOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Value data = adaptor.getInput(), lengths = adaptor.getSequenceLens();
    RankedTensorType type = getResultType(op);
    SmallVector<OpFoldResult> sizes =
        tensor::getMixedSizes(rewriter, loc, data);
    int64_t batch = op.getBatchAxis(), time = op.getTimeAxis();
    IndexMath(rewriter, loc)
        .check(CmpIPredicate::eq,
               tensor::getMixedSize(rewriter, loc, lengths, 0), sizes[batch],
               "ReverseSequence: not one length for each sequence");
    AffineMap map = getWindowMap(rewriter, type.getRank(), batch, 1);
    rewriter.replaceOp(
        op,
        createGather(rewriter, loc, type, sizes, lengths, map,
                     [&](OpBuilder &b, Location l, ArrayRef<Value> at,
                         ValueRange elements) -> Value {
                       IndexMath math(b, l);
                       // Lengths outside the time axis are clamped to it.
                       Value given = arith::IndexCastOp::create(
                           b, l, b.getIndexType(), elements.front());
                       OpFoldResult length =
                           math.clamp(given, math.constant(0), sizes[time]);
                       OpFoldResult mirrored = math.sub(
                           math.sub(length, math.constant(1)), at[time]);
                       SmallVector<Value> position(at);
                       position[time] =
                           math.value(math.select(CmpIPredicate::slt, at[time],
                                                  length, mirrored, at[time]));
                       return tensor::ExtractOp::create(b, l, data, position);
                     }));
    return success();
  }
};
} // namespace

void assay::populateGatherLowering(RewritePatternSet &patterns,
                                   TypeConverter &converter) {
  patterns.add<GatherElementsLowering, GatherLowering, GatherNDLowering,
               ReverseSequenceLowering>(converter, patterns.getContext());
}
