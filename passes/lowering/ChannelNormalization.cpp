//===- ChannelNormalization.cpp - Normalization with channel parameters ---===//
//
// BatchNormalization, InstanceNormalization and GroupNormalization: scale and
// shift differ by channel.
//
//===----------------------------------------------------------------------===//

#include "dialects/onnx/Normalization.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/TypeUtilities.h"
#include "passes/lowering/NormalizationUtils.h"
#include "passes/lowering/OnnxToLinalg.h"

using namespace mlir;
using namespace assay;
using namespace assay::onnx;

namespace {
/// In inference x * factor + offset with per-channel factor and offset, which
/// fold when the parameters are constants.
struct BatchNormLowering : OnnxLowering<BatchNormalizationOp> {
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(BatchNormalizationOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Value x = adaptor.getX();
    RankedTensorType type = getResultType(op);
    Value mean = adaptor.getInputMean(), variance = adaptor.getInputVar();
    Value newMean = mean, newVariance = variance;
    if (op.getTrainingMode()) {
      std::tie(mean, variance) = createBatchMoments(rewriter, loc, x);
      double momentum = op.getMomentum().convertToDouble();
      newMean = createRunning(rewriter, loc, getResultType(op, 1),
                              adaptor.getInputMean(), mean, momentum);
      newVariance = createRunning(rewriter, loc, getResultType(op, 2),
                                  adaptor.getInputVar(), variance, momentum);
    }
    auto [factor, offset] =
        createFactors(rewriter, loc, getComputeType(type.getElementType()),
                      adaptor.getScale(), adaptor.getB(), mean, variance,
                      op.getEpsilon().convertToDouble());
    int64_t rank = type.getRank();
    AffineMap channel =
        rank == 1 ? AffineMap::get(1, 0, rewriter.getAffineConstantExpr(0))
                  : getChannelMap(rewriter, rank, 1);
    Value y = createMapped(
                  rewriter, loc, type, tensor::getMixedSizes(rewriter, loc, x),
                  {x, factor, offset},
                  {rewriter.getMultiDimIdentityMap(rank), channel, channel},
                  [&](OpBuilder &b, Location l, ValueRange args) {
                    Value wide = castFloat(b, l, args[0], args[1].getType());
                    Value scaled = createScaled(b, l, wide, args[1], args[2]);
                    return SmallVector<Value>{
                        castFloat(b, l, scaled, type.getElementType())};
                  })
                  .front();
    rewriter.replaceOp(op, {y, newMean, newVariance});
    return success();
  }

private:
  /// scale / sqrt(variance + epsilon), and bias - mean * that, per channel.
  static std::pair<Value, Value> createFactors(OpBuilder &builder, Location loc,
                                               Type compute, Value scale,
                                               Value bias, Value mean,
                                               Value variance, double epsilon) {
    auto type = RankedTensorType::get(
        cast<RankedTensorType>(scale.getType()).getShape(), compute);
    SmallVector<Value> inputs = {scale, bias, mean, variance};
    SmallVector<AffineMap> maps(4, builder.getMultiDimIdentityMap(1));
    auto results = createMapped(
        builder, loc, {type, type}, tensor::getMixedSizes(builder, loc, scale),
        inputs, maps,
        [&](OpBuilder &b, Location l, ValueRange args) -> SmallVector<Value> {
          SmallVector<Value> values;
          for (Value value : args)
            values.push_back(castFloat(b, l, value, compute));
          Value inverse = createInverseDeviation(b, l, values[3], epsilon);
          Value factor = arith::MulFOp::create(b, l, values[0], inverse);
          Value shift = arith::MulFOp::create(b, l, values[2], factor);
          return {factor, arith::SubFOp::create(b, l, values[1], shift)};
        });
    return {results[0], results[1]};
  }

  /// Mean and variance of each channel of x, as vectors.
  static std::pair<Value, Value> createBatchMoments(OpBuilder &builder,
                                                    Location loc, Value x) {
    auto type = cast<RankedTensorType>(x.getType());
    int64_t rank = type.getRank();
    SmallVector<bool> reduced(rank, true);
    if (rank > 1)
      reduced[1] = false;
    Reducer reducer(builder, loc, x, reduced);
    Value mean = createMean(builder, loc, reducer, x);
    Value variance = createFromVariance(
        builder, loc, reducer, x, mean,
        [](OpBuilder &, Location, ValueRange args) { return args.front(); });
    auto vector = RankedTensorType::get({rank > 1 ? type.getDimSize(1) : 1},
                                        getElementTypeOrSelf(mean));
    if (rank == 1)
      return {mean, variance};
    return {reducer.dropReduced(mean, vector),
            reducer.dropReduced(variance, vector)};
  }

  /// old * momentum + batch * (1 - momentum).
  static Value createRunning(OpBuilder &builder, Location loc,
                             RankedTensorType type, Value old, Value batch,
                             double momentum) {
    return createElementwise(
        builder, loc, type, {old, batch},
        [&](OpBuilder &b, Location l, ValueRange args) {
          Type compute = args[1].getType();
          Value kept =
              arith::MulFOp::create(b, l, castFloat(b, l, args[0], compute),
                                    createScalar(b, l, compute, momentum));
          Value added = arith::MulFOp::create(
              b, l, args[1], createScalar(b, l, compute, 1 - momentum));
          Value sum = arith::AddFOp::create(b, l, kept, added);
          return castFloat(b, l, sum, type.getElementType());
        });
  }
};

/// Normalizes x over the dimensions in `reduced`; scale and bias run along the
/// dimensions that `parameterMap` reads.
Value normalizeSlices(OpBuilder &builder, Location loc, Value x,
                      ArrayRef<bool> reduced, Value scale, Value bias,
                      AffineMap parameterMap, double epsilon) {
  auto type = cast<RankedTensorType>(x.getType());
  Reducer reducer(builder, loc, x, reduced);
  Value mean = createMean(builder, loc, reducer, x);
  Value inverse =
      createInverseDeviations(builder, loc, reducer, x, mean, epsilon);
  SmallVector<AffineExpr> kept;
  for (auto [position, drop] : llvm::enumerate(reduced))
    kept.push_back(drop ? builder.getAffineConstantExpr(0)
                        : builder.getAffineDimExpr(position));
  AffineMap keptMap =
      AffineMap::get(type.getRank(), 0, kept, builder.getContext());
  return createMapped(
             builder, loc, type, tensor::getMixedSizes(builder, loc, x),
             {x, mean, inverse, scale, bias},
             {builder.getMultiDimIdentityMap(type.getRank()), keptMap, keptMap,
              parameterMap, parameterMap},
             [&](OpBuilder &b, Location l, ValueRange args) {
               Value normalized =
                   createNormalized(b, l, args[0], args[1], args[2]);
               Value y = createScaled(b, l, normalized, args[3], args[4]);
               return SmallVector<Value>{
                   castFloat(b, l, y, type.getElementType())};
             })
      .front();
}

struct InstanceNormLowering : OnnxLowering<InstanceNormalizationOp> {
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(InstanceNormalizationOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    Value x = adaptor.getInput();
    int64_t rank = getResultType(op).getRank();
    SmallVector<bool> reduced(rank, true);
    reduced[0] = reduced[1] = false;
    rewriter.replaceOp(op, normalizeSlices(rewriter, op.getLoc(), x, reduced,
                                           adaptor.getScale(), adaptor.getB(),
                                           getChannelMap(rewriter, rank, 1),
                                           op.getEpsilon().convertToDouble()));
    return success();
  }
};

/// Works on N x groups x channels of a group x spatial.
struct GroupNormLowering : OnnxLowering<GroupNormalizationOp> {
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(GroupNormalizationOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    RankedTensorType type = getResultType(op);
    int64_t rank = type.getRank();
    int64_t groups = op.getNumGroups();
    Value x = split(rewriter, loc, adaptor.getX(), 1, groups);
    SmallVector<bool> reduced(rank + 1, true);
    reduced[0] = reduced[1] = false;
    AffineMap parameterMap = AffineMap::get(
        rank + 1, 0,
        {rewriter.getAffineDimExpr(1), rewriter.getAffineDimExpr(2)},
        rewriter.getContext());
    Value y =
        normalizeSlices(rewriter, loc, x, reduced,
                        split(rewriter, loc, adaptor.getScale(), 0, groups),
                        split(rewriter, loc, adaptor.getBias(), 0, groups),
                        parameterMap, op.getEpsilon().convertToDouble());
    rewriter.replaceOpWithNewOp<tensor::CollapseShapeOp>(
        op, type, y, getReassociation(rank, 1));
    return success();
  }

private:
  /// Dimension `dim` of `rank` stands for two, each other one for itself.
  static SmallVector<ReassociationIndices> getReassociation(int64_t rank,
                                                            int64_t dim) {
    SmallVector<ReassociationIndices> groups;
    int64_t next = 0;
    for (int64_t i = 0; i < rank; ++i) {
      groups.push_back({next++});
      if (i == dim)
        groups.back().push_back(next++);
    }
    return groups;
  }

  /// Splits dimension `dim` of `value` into `groups` and the rest.
  static Value split(OpBuilder &builder, Location loc, Value value, int64_t dim,
                     int64_t groups) {
    auto type = cast<RankedTensorType>(value.getType());
    SmallVector<OpFoldResult> sizes =
        tensor::getMixedSizes(builder, loc, value);
    SmallVector<int64_t> shape(type.getShape());
    int64_t channels = shape[dim];
    bool isDynamic = ShapedType::isDynamic(channels);
    shape[dim] = isDynamic ? channels : channels / groups;
    shape.insert(shape.begin() + dim, groups);
    if (isDynamic) {
      Value count = arith::ConstantIndexOp::create(builder, loc, groups);
      sizes[dim] = arith::DivSIOp::create(
                       builder, loc, getValue(builder, loc, sizes[dim]), count)
                       .getResult();
    } else {
      sizes[dim] = builder.getIndexAttr(shape[dim + 1]);
    }
    sizes.insert(sizes.begin() + dim, builder.getIndexAttr(groups));
    return tensor::ExpandShapeOp::create(builder, loc, type.clone(shape), value,
                                         getReassociation(type.getRank(), dim),
                                         sizes);
  }
};
} // namespace

void assay::populateChannelNormalizationLowering(RewritePatternSet &patterns,
                                                 TypeConverter &converter) {
  patterns.add<BatchNormLowering, GroupNormLowering, InstanceNormLowering>(
      converter, patterns.getContext());
}
