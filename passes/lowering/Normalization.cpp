//===- Normalization.cpp - Lowering of normalization operators ------------===//
//
//   %y, %m, %s = onnx.LayerNormalization(%x, %scale, %bias) : tensor<4x8xf32>
//
// becomes
//
//   %sum = linalg.generic {parallel, reduction} ins(%x)          :
//   tensor<4x1xf32> %m = linalg.generic {parallel, parallel} ins(%sum) :
//   tensor<4x1xf32> %squares = linalg.generic {parallel, reduction} ins(%x, %m)
//   : tensor<4x1xf32> %s = linalg.generic {parallel, parallel} ins(%squares) :
//   tensor<4x1xf32> %y = linalg.generic {parallel, parallel}
//       ins(%x, %m, %s, %scale, %bias)                           :
//       tensor<4x8xf32>
//
// Statistics are in f32, or f64 for f64 data.
//
//===----------------------------------------------------------------------===//

#include "dialects/onnx/Normalization.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/TypeUtilities.h"
#include "passes/lowering/OnnxToLinalg.h"
#include "passes/lowering/ReductionUtils.h"

using namespace mlir;
using namespace assay;
using namespace assay::onnx;

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

static Value castFloat(OpBuilder &b, Location l, Value value, Type to) {
  return createCast(b, l, value, to, /*fromUnsigned=*/false,
                    /*toUnsigned=*/false);
}

/// (x - mean) * factor.
static Value createNormalized(OpBuilder &b, Location l, Value x, Value mean,
                              Value factor) {
  Value centered =
      arith::SubFOp::create(b, l, castFloat(b, l, x, mean.getType()), mean);
  return arith::MulFOp::create(b, l, centered, factor);
}

/// x * scale + shift, the latter two converted.
static Value createScaled(OpBuilder &b, Location l, Value x, Value scale,
                          Value shift) {
  Type type = x.getType();
  Value scaled = arith::MulFOp::create(b, l, x, castFloat(b, l, scale, type));
  if (!shift)
    return scaled;
  return arith::AddFOp::create(b, l, scaled, castFloat(b, l, shift, type));
}

/// 1 / sqrt(variance + epsilon).
static Value createInverseDeviation(OpBuilder &b, Location l, Value variance,
                                    double epsilon) {
  Type type = variance.getType();
  Value sum =
      arith::AddFOp::create(b, l, variance, createScalar(b, l, type, epsilon));
  Value one = createScalar(b, l, type, 1);
  return arith::DivFOp::create(b, l, one, math::SqrtOp::create(b, l, sum));
}

/// Sum over slices of `x` of `map(x, stats...)`.
static Value createSum(OpBuilder &builder, Location loc, Reducer &reducer,
                       Value x, ValueRange stats, ElementBuilder map) {
  Type compute = getComputeType(getElementTypeOrSelf(x));
  return reducer.reduce(
      x, stats, createScalar(builder, loc, compute, 0),
      [&](OpBuilder &b, Location l, ValueRange args) {
        SmallVector<Value> values = {castFloat(b, l, args[0], compute)};
        llvm::append_range(values, args.slice(1, stats.size()));
        return arith::AddFOp::create(b, l, args.back(), map(b, l, values));
      });
}

/// The mean of each slice of `x`.
static Value createMean(OpBuilder &builder, Location loc, Reducer &reducer,
                        Value x) {
  Value sum = createSum(
      builder, loc, reducer, x, {},
      [](OpBuilder &, Location, ValueRange args) { return args.front(); });
  Type compute = getElementTypeOrSelf(sum);
  Value count = reducer.getCountAs(compute);
  return reducer.apply(compute, sum,
                       [&](OpBuilder &b, Location l, ValueRange args) {
                         return arith::DivFOp::create(b, l, args[0], count);
                       });
}

/// `body(variance)` of each slice of `x` around its `mean`.
static Value createFromVariance(OpBuilder &builder, Location loc,
                                Reducer &reducer, Value x, Value mean,
                                ElementBuilder body) {
  Value squares =
      createSum(builder, loc, reducer, x, mean,
                [](OpBuilder &b, Location l, ValueRange args) -> Value {
                  Value centered =
                      arith::SubFOp::create(b, l, args[0], args[1]);
                  return arith::MulFOp::create(b, l, centered, centered);
                });
  Type compute = getElementTypeOrSelf(squares);
  Value count = reducer.getCountAs(compute);
  return reducer.apply(
      compute, squares, [&](OpBuilder &b, Location l, ValueRange args) {
        Value variance = arith::DivFOp::create(b, l, args[0], count);
        return body(b, l, variance);
      });
}

static Value createInverseDeviations(OpBuilder &builder, Location loc,
                                     Reducer &reducer, Value x, Value mean,
                                     double epsilon) {
  return createFromVariance(builder, loc, reducer, x, mean,
                            [&](OpBuilder &b, Location l, ValueRange args) {
                              return createInverseDeviation(b, l, args[0],
                                                            epsilon);
                            });
}

static int64_t wrapAxis(int64_t axis, int64_t rank) {
  return axis < 0 ? axis + rank : axis;
}

/// The elementwise op of one result that a normalization ends with.
static Value createFinal(OpBuilder &builder, Location loc,
                         RankedTensorType type, Value x, ValueRange inputs,
                         ElementBuilder body) {
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, x);
  return createElementwise(builder, loc, ArrayRef(type), inputs, sizes,
                           [&](OpBuilder &b, Location l, ValueRange args) {
                             Value y = body(b, l, args);
                             return SmallVector<Value>{
                                 castFloat(b, l, y, type.getElementType())};
                           })
      .front();
}

//===----------------------------------------------------------------------===//
// Over trailing dimensions
//===----------------------------------------------------------------------===//

namespace {
struct LayerNormLowering : OnnxLowering<LayerNormalizationOp> {
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(LayerNormalizationOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Value x = adaptor.getX();
    RankedTensorType type = getResultType(op);
    SmallVector<bool> reduced(type.getRank(), false);
    std::fill(reduced.begin() + wrapAxis(op.getAxis(), type.getRank()),
              reduced.end(), true);
    Reducer reducer(rewriter, loc, x, reduced);
    Value mean = createMean(rewriter, loc, reducer, x);
    Value inverse = createInverseDeviations(rewriter, loc, reducer, x, mean,
                                            op.getEpsilon().convertToDouble());
    SmallVector<Value> inputs = {x, mean, inverse, adaptor.getScale()};
    if (Value bias = adaptor.getB())
      inputs.push_back(bias);
    Value y =
        createFinal(rewriter, loc, type, x, inputs,
                    [](OpBuilder &b, Location l, ValueRange args) {
                      Value normalized =
                          createNormalized(b, l, args[0], args[1], args[2]);
                      return createScaled(b, l, normalized, args[3],
                                          args.size() > 4 ? args[4] : Value());
                    });
    rewriter.replaceOp(op, {y, convertStat(rewriter, reducer, op, 1, mean),
                            convertStat(rewriter, reducer, op, 2, inverse)});
    return success();
  }

private:
  /// `stat` as result `index`.
  Value convertStat(OpBuilder &builder, Reducer &reducer,
                    LayerNormalizationOp op, unsigned index, Value stat) const {
    Type to = getResultType(op, index).getElementType();
    if (getElementTypeOrSelf(stat) == to)
      return stat;
    return reducer.apply(to, stat,
                         [&](OpBuilder &b, Location l, ValueRange args) {
                           return castFloat(b, l, args[0], to);
                         });
  }
};

struct RmsNormLowering : OnnxLowering<RMSNormalizationOp> {
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(RMSNormalizationOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Value x = adaptor.getX();
    RankedTensorType type = getResultType(op);
    double epsilon = op.getEpsilon().convertToDouble();
    SmallVector<bool> reduced(type.getRank(), false);
    std::fill(reduced.begin() + wrapAxis(op.getAxis(), type.getRank()),
              reduced.end(), true);
    Reducer reducer(rewriter, loc, x, reduced);
    Value squares =
        createSum(rewriter, loc, reducer, x, {},
                  [](OpBuilder &b, Location l, ValueRange args) {
                    return arith::MulFOp::create(b, l, args[0], args[0]);
                  });
    Type compute = getElementTypeOrSelf(squares);
    Value count = reducer.getCountAs(compute);
    Value inverse = reducer.apply(
        compute, squares, [&](OpBuilder &b, Location l, ValueRange args) {
          Value mean = arith::DivFOp::create(b, l, args[0], count);
          return createInverseDeviation(b, l, mean, epsilon);
        });
    rewriter.replaceOp(
        op,
        createFinal(rewriter, loc, type, x, {x, inverse, adaptor.getScale()},
                    [](OpBuilder &b, Location l, ValueRange args) {
                      Value wide = castFloat(b, l, args[0], args[1].getType());
                      Value normalized =
                          arith::MulFOp::create(b, l, wide, args[1]);
                      return createScaled(b, l, normalized, args[2], {});
                    }));
    return success();
  }
};

//===----------------------------------------------------------------------===//
// By channel
//===----------------------------------------------------------------------===//

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

//===----------------------------------------------------------------------===//
// Without parameters
//===----------------------------------------------------------------------===//

struct LpNormLowering : OnnxLowering<LpNormalizationOp> {
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(LpNormalizationOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Value x = adaptor.getInput();
    RankedTensorType type = getResultType(op);
    SmallVector<bool> reduced(type.getRank(), false);
    reduced[wrapAxis(op.getAxis(), type.getRank())] = true;
    Reducer reducer(rewriter, loc, x, reduced);
    bool isL1 = op.getP() == 1;
    Value sum =
        createSum(rewriter, loc, reducer, x, {},
                  [&](OpBuilder &b, Location l, ValueRange args) -> Value {
                    if (isL1)
                      return math::AbsFOp::create(b, l, args[0]);
                    return arith::MulFOp::create(b, l, args[0], args[0]);
                  });
    Value y = createFinal(
        rewriter, loc, type, x, {x, sum},
        [&](OpBuilder &b, Location l, ValueRange args) {
          Type compute = args[1].getType();
          Value norm =
              isL1 ? args[1] : math::SqrtOp::create(b, l, args[1]).getResult();
          Value zero = createScalar(b, l, compute, 0);
          Value isZero = arith::CmpFOp::create(b, l, arith::CmpFPredicate::OEQ,
                                               norm, zero);
          Value quotient = arith::DivFOp::create(
              b, l, castFloat(b, l, args[0], compute), norm);
          return arith::SelectOp::create(b, l, isZero, zero, quotient);
        });
    rewriter.replaceOp(op, y);
    return success();
  }
};

struct MeanVarianceNormLowering : OnnxLowering<MeanVarianceNormalizationOp> {
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(MeanVarianceNormalizationOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Value x = adaptor.getX();
    RankedTensorType type = getResultType(op);
    SmallVector<int64_t> axes = {0, 2, 3};
    if (op.getAxes())
      axes.assign(op.getAxes()->begin(), op.getAxes()->end());
    SmallVector<bool> reduced(type.getRank(), false);
    for (int64_t axis : axes)
      reduced[wrapAxis(axis, type.getRank())] = true;
    Reducer reducer(rewriter, loc, x, reduced);
    Value mean = createMean(rewriter, loc, reducer, x);
    // The operator's function body adds 1e-9 to the standard deviation.
    Value inverse = createFromVariance(
        rewriter, loc, reducer, x, mean,
        [](OpBuilder &b, Location l, ValueRange args) -> Value {
          Type compute = args[0].getType();
          Value deviation =
              arith::AddFOp::create(b, l, math::SqrtOp::create(b, l, args[0]),
                                    createScalar(b, l, compute, 1e-9));
          return arith::DivFOp::create(b, l, createScalar(b, l, compute, 1),
                                       deviation);
        });
    rewriter.replaceOp(
        op, createFinal(rewriter, loc, type, x, {x, mean, inverse},
                        [](OpBuilder &b, Location l, ValueRange args) {
                          return createNormalized(b, l, args[0], args[1],
                                                  args[2]);
                        }));
    return success();
  }
};

/// Sums the squares of `size` neighbouring channels, padded with zeros, and
/// divides by a power of the sum.
struct LrnLowering : OnnxLowering<LRNOp> {
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(LRNOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Value x = adaptor.getX();
    RankedTensorType type = getResultType(op);
    int64_t rank = type.getRank(), size = op.getSize();
    Type element = type.getElementType(), compute = getComputeType(element);
    SmallVector<OpFoldResult> low(rank, rewriter.getIndexAttr(0)), high(low);
    low[1] = rewriter.getIndexAttr((size - 1) / 2);
    high[1] = rewriter.getIndexAttr(size - 1 - (size - 1) / 2);
    Value padded =
        tensor::PadOp::create(rewriter, loc, Type(), x, low, high,
                              createScalar(rewriter, loc, element, 0));
    Value window =
        tensor::EmptyOp::create(rewriter, loc, ArrayRef(size), element);

    SmallVector<AffineExpr> read, write;
    for (int64_t dim = 0; dim < rank; ++dim)
      read.push_back(rewriter.getAffineDimExpr(dim));
    write = read;
    AffineExpr tap = rewriter.getAffineDimExpr(rank);
    read[1] = read[1] + tap;
    MLIRContext *context = rewriter.getContext();
    SmallVector<utils::IteratorType> iterators(rank,
                                               utils::IteratorType::parallel);
    iterators.push_back(utils::IteratorType::reduction);
    SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(rewriter, loc, x);
    Value init = createFilled(rewriter, loc, type.clone(compute), sizes,
                              createScalar(rewriter, loc, compute, 0));
    auto squares = linalg::GenericOp::create(
        rewriter, loc, init.getType(), ValueRange{padded, window}, init,
        {AffineMap::get(rank + 1, 0, read, context),
         AffineMap::get(rank + 1, 0, tap),
         AffineMap::get(rank + 1, 0, write, context)},
        iterators, [&](OpBuilder &b, Location l, ValueRange args) {
          Value value = castFloat(b, l, args[0], compute);
          Value square = arith::MulFOp::create(b, l, value, value);
          linalg::YieldOp::create(
              b, l, arith::AddFOp::create(b, l, args[2], square).getResult());
        });
    double factor = op.getAlpha().convertToDouble() / size;
    double bias = op.getBias().convertToDouble();
    double beta = op.getBeta().convertToDouble();
    rewriter.replaceOp(
        op, createFinal(rewriter, loc, type, x, {x, squares.getResult(0)},
                        [&](OpBuilder &b, Location l, ValueRange args) {
                          Value scaled = arith::MulFOp::create(
                              b, l, args[1],
                              createScalar(b, l, compute, factor));
                          Value base = arith::AddFOp::create(
                              b, l, scaled, createScalar(b, l, compute, bias));
                          Value power = math::PowFOp::create(
                              b, l, base, createScalar(b, l, compute, beta));
                          Value value = castFloat(b, l, args[0], compute);
                          return arith::DivFOp::create(b, l, value, power);
                        }));
    return success();
  }
};
} // namespace

void assay::populateNormalizationLowering(RewritePatternSet &patterns,
                                          TypeConverter &converter) {
  patterns.add<BatchNormLowering, GroupNormLowering, InstanceNormLowering,
               LayerNormLowering, LpNormLowering, LrnLowering,
               MeanVarianceNormLowering, RmsNormLowering>(
      converter, patterns.getContext());
}
