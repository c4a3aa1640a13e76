//===- Quantization.cpp - Lowering of quantization operators --------------===//

#include "dialects/onnx/Quantization.h"
#include "passes/lowering/ElementwiseLowering.h"

using namespace mlir;
using namespace assay;

//===----------------------------------------------------------------------===//
// Elements
//===----------------------------------------------------------------------===//

/// Rounds half to even, adds the zero point (null: 0) and saturates to integer
/// `to`. Everything stays exact in f32, which holds integers up to 2^24: values
/// beyond saturate anyway. NaN gives the least value.
static Value buildQuantized(ImplicitLocOpBuilder &b, Value quotient,
                            Value zeroPoint, Type to, bool isUnsigned) {
  Location loc = b.getLoc();
  Type f32 = b.getF32Type();
  unsigned width = to.getIntOrFloatBitWidth();
  double least = isUnsigned ? 0.0 : -std::ldexp(1.0, width - 1);
  double greatest = std::ldexp(1.0, isUnsigned ? width : width - 1) - 1.0;
  Value value = math::RoundEvenOp::create(b, quotient);
  if (zeroPoint)
    value = arith::AddFOp::create(
        b, value, createCast(b, loc, zeroPoint, f32, isUnsigned, false));
  Value low = createScalar(b, loc, f32, least);
  Value high = createScalar(b, loc, f32, greatest);
  Value isAboveLow =
      arith::CmpFOp::create(b, arith::CmpFPredicate::OGT, value, low);
  value = arith::SelectOp::create(b, isAboveLow, value, low);
  Value isBelowHigh =
      arith::CmpFOp::create(b, arith::CmpFPredicate::OLT, value, high);
  value = arith::SelectOp::create(b, isBelowHigh, value, high);
  Value wide = arith::FPToSIOp::create(b, b.getI32Type(), value);
  return arith::TruncIOp::create(b, to, wide);
}

/// x / scale in `precision`, as f32.
static Value buildQuotient(ImplicitLocOpBuilder &b, Value x, Value scale,
                           Type precision) {
  Location loc = b.getLoc();
  Type f32 = b.getF32Type();
  auto round = [&](Value value) {
    value = createCast(b, loc, value, precision, false, false);
    return createCast(b, loc, value, f32, false, false);
  };
  return round(arith::DivFOp::create(b, round(x), round(scale)));
}

//===----------------------------------------------------------------------===//
// Granularity
//===----------------------------------------------------------------------===//

/// How scale and zero point are read within the iteration space of x.
static AffineMap getScaleMap(OpBuilder &builder, RankedTensorType x,
                             RankedTensorType scale, int64_t axis,
                             int64_t blockSize) {
  int64_t rank = x.getRank();
  axis = wrapAxis(axis, rank);
  MLIRContext *context = builder.getContext();
  if (blockSize > 0) {
    SmallVector<AffineExpr> exprs;
    for (int64_t dim = 0; dim < rank; ++dim) {
      AffineExpr expr = builder.getAffineDimExpr(dim);
      exprs.push_back(dim == axis ? expr.floorDiv(blockSize) : expr);
    }
    return AffineMap::get(rank, 0, exprs, context);
  }
  if (scale.getRank() == 0)
    return AffineMap::get(rank, 0, context);
  if (scale.getDimSize(0) == 1)
    return AffineMap::get(rank, 0, builder.getAffineConstantExpr(0), context);
  return AffineMap::get(rank, 0, builder.getAffineDimExpr(axis), context);
}

/// Runs `body` over x, scale and zero point (null: absent).
static Value createScaled(OpBuilder &builder, Location loc,
                          RankedTensorType resultType, Value x, Value scale,
                          Value zeroPoint, int64_t axis, int64_t blockSize,
                          ElementBuilder body) {
  auto xType = cast<RankedTensorType>(x.getType());
  AffineMap scaleMap = getScaleMap(
      builder, xType, cast<RankedTensorType>(scale.getType()), axis, blockSize);
  SmallVector<Value> inputs = {x, scale};
  SmallVector<AffineMap> maps = {
      builder.getMultiDimIdentityMap(xType.getRank()), scaleMap};
  if (zeroPoint) {
    inputs.push_back(zeroPoint);
    maps.push_back(scaleMap);
  }
  return createElementwise(builder, loc, resultType, inputs, maps,
                           tensor::getMixedSizes(builder, loc, x), body);
}

namespace {
class QuantizeLinearLowering : public OnnxLowering<onnx::QuantizeLinearOp> {
public:
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(onnx::QuantizeLinearOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    RankedTensorType type = getResultType(op);
    Type precision = getPrecision(op);
    bool isUnsigned = isUnsignedOrBool(op.getY().getType());
    Value result = createScaled(
        rewriter, op.getLoc(), type, adaptor.getX(), adaptor.getYScale(),
        adaptor.getYZeroPoint(), op.getAxis(), op.getBlockSize(),
        [&](OpBuilder &builder, Location loc, ValueRange x) {
          ImplicitLocOpBuilder b(loc, builder);
          Value quotient = buildQuotient(b, x[0], x[1], precision);
          return buildQuantized(b, quotient, x.size() > 2 ? x[2] : Value(),
                                type.getElementType(), isUnsigned);
        });
    rewriter.replaceOp(op, result);
    return success();
  }

private:
  /// The float type of the division; an integer scale divides in f32.
  static Type getPrecision(onnx::QuantizeLinearOp op) {
    MLIRContext *context = op.getContext();
    constexpr int64_t kFloat = 1, kFloat16 = 10, kBFloat16 = 16;
    switch (op.getPrecision()) {
    case kFloat:
      return Float32Type::get(context);
    case kFloat16:
      return Float16Type::get(context);
    case kBFloat16:
      return BFloat16Type::get(context);
    default:
      break;
    }
    Type scale = getElementTypeOrSelf(op.getYScale().getType());
    return isa<FloatType>(scale) ? scale : Float32Type::get(context);
  }
};

/// (x - zero point) * scale
class DequantizeLinearLowering : public OnnxLowering<onnx::DequantizeLinearOp> {
public:
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(onnx::DequantizeLinearOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    RankedTensorType type = getResultType(op);
    bool isUnsigned = isUnsignedOrBool(op.getX().getType());
    Value result = createScaled(
        rewriter, op.getLoc(), type, adaptor.getX(), adaptor.getXScale(),
        adaptor.getXZeroPoint(), op.getAxis(), op.getBlockSize(),
        [&](OpBuilder &b, Location loc, ValueRange x) {
          Type i32 = b.getI32Type();
          Type f32 = b.getF32Type();
          Value offset = createCast(b, loc, x[0], i32, isUnsigned, false);
          if (x.size() > 2)
            offset = arith::SubIOp::create(
                b, loc, offset,
                createCast(b, loc, x[2], i32, isUnsigned, false));
          Value product = arith::MulFOp::create(
              b, loc, createCast(b, loc, offset, f32, false, false),
              createCast(b, loc, x[1], f32, false, false));
          return createCast(b, loc, product, type.getElementType(), false,
                            false);
        });
    rewriter.replaceOp(op, result);
    return success();
  }
};

/// The scale maps the range of x, widened to include 0, to [0, 255]; a range of
/// nothing but 0 has scale 1.
class DynamicQuantizeLinearLowering
    : public OnnxLowering<onnx::DynamicQuantizeLinearOp> {
public:
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(onnx::DynamicQuantizeLinearOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Value x = adaptor.getX();
    Value max = reduceAll<arith::MaximumFOp>(rewriter, loc, x);
    Value min = reduceAll<arith::MinimumFOp>(rewriter, loc, x);
    RankedTensorType scaleType = getResultType(op, 1);
    RankedTensorType zeroPointType = getResultType(op, 2);
    Value scale =
        createElementwise(rewriter, loc, scaleType, {max, min}, buildScale);
    Value zeroPoint = createElementwise(
        rewriter, loc, zeroPointType, {min, scale},
        [](OpBuilder &builder, Location l, ValueRange values) {
          ImplicitLocOpBuilder b(l, builder);
          Value negated = arith::NegFOp::create(b, values[0]);
          Value quotient = arith::DivFOp::create(b, negated, values[1]);
          return buildQuantized(b, quotient, Value(), b.getI8Type(),
                                /*isUnsigned=*/true);
        });
    Value y = createScaled(
        rewriter, loc, getResultType(op, 0), x, scale, zeroPoint, /*axis=*/0,
        /*blockSize=*/0, [](OpBuilder &builder, Location l, ValueRange values) {
          ImplicitLocOpBuilder b(l, builder);
          Value quotient = arith::DivFOp::create(b, values[0], values[1]);
          return buildQuantized(b, quotient, values[2], b.getI8Type(),
                                /*isUnsigned=*/true);
        });
    rewriter.replaceOp(op, {y, scale, zeroPoint});
    return success();
  }

private:
  /// The extreme of all elements and 0.
  template <typename ExtremumOp>
  static Value reduceAll(OpBuilder &builder, Location loc, Value x) {
    auto type = cast<RankedTensorType>(x.getType());
    Type f32 = type.getElementType();
    SmallVector<int64_t> axes(
        llvm::to_vector(llvm::seq<int64_t>(0, type.getRank())));
    return createReduction(
        builder, loc, RankedTensorType::get({}, f32), x, axes,
        createScalar(builder, loc, f32, 0.0),
        [](OpBuilder &b, Location l, ValueRange values) -> Value {
          return ExtremumOp::create(b, l, values[0], values[1]);
        });
  }

  static Value buildScale(OpBuilder &builder, Location loc, ValueRange range) {
    ImplicitLocOpBuilder b(loc, builder);
    Type f32 = b.getF32Type();
    Value width = arith::SubFOp::create(b, range[0], range[1]);
    Value scale =
        arith::DivFOp::create(b, width, createScalar(b, loc, f32, 255.0));
    Value isZero = arith::CmpFOp::create(b, arith::CmpFPredicate::OEQ, width,
                                         createScalar(b, loc, f32, 0.0));
    return arith::SelectOp::create(b, isZero, createScalar(b, loc, f32, 1.0),
                                   scale);
  }
};
} // namespace

void assay::populateQuantizationLowering(RewritePatternSet &patterns,
                                         TypeConverter &converter) {
  patterns.add<DequantizeLinearLowering, DynamicQuantizeLinearLowering,
               QuantizeLinearLowering>(converter, patterns.getContext());
}
