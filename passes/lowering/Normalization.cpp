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
#include "passes/lowering/NormalizationUtils.h"
#include "passes/lowering/OnnxToLinalg.h"

using namespace mlir;
using namespace assay;
using namespace assay::onnx;

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
    Value inverse = createFromMean(
        rewriter, loc, reducer, x, {},
        [](OpBuilder &b, Location l, ValueRange args) {
          return arith::MulFOp::create(b, l, args[0], args[0]);
        },
        [&](OpBuilder &b, Location l, ValueRange args) {
          return createInverseDeviation(b, l, args[0], epsilon);
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
  patterns.add<LayerNormLowering, LpNormLowering, LrnLowering,
               MeanVarianceNormLowering, RmsNormLowering>(
      converter, patterns.getContext());
  populateChannelNormalizationLowering(patterns, converter);
}
