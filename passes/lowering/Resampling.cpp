//===- Resampling.cpp - Lowering of resampling operators ------------------===//
//
// Mode nearest reads one element for each of the result. Linear and cubic are
// separable: each axis in turn is a weighted sum over its taps.
//
//===----------------------------------------------------------------------===//

#include "dialects/onnx/Resampling.h"
#include "dialects/onnx/OnnxOp.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "passes/lowering/IndexMath.h"
#include "passes/lowering/LoweringUtils.h"
#include "passes/lowering/Movement.h"
#include "passes/lowering/OnnxToLinalg.h"
#include "passes/lowering/ResizeTables.h"

using namespace mlir;
using namespace assay;
using arith::CmpIPredicate;

/// More taps than this run in a loop.
static constexpr int64_t kMaxUnrolledTaps = 8;

//===----------------------------------------------------------------------===//
// Sizes and scales
//===----------------------------------------------------------------------===//

/// Element `index` of a tensor of floats, constant or not.
static Real extractReal(OpBuilder &builder, Location loc, Value tensor,
                        int64_t index) {
  if (auto known = onnx::getConstantDoubles(tensor))
    return (*known)[index];
  Value position = arith::ConstantIndexOp::create(builder, loc, index);
  return RealMath(builder, loc)
      .fromFloat(tensor::ExtractOp::create(builder, loc, tensor, position));
}

/// floor(dim * scale) in single precision.
static OpFoldResult scaleSize(OpBuilder &builder, Location loc,
                              OpFoldResult dim, Real scale) {
  std::optional<int64_t> known = getConstantIntValue(dim);
  if (known && scale.isKnown())
    return builder.getIndexAttr(
        onnx::scaleDim(*known, static_cast<float>(scale.known)));
  RealMath math(builder, loc);
  Type f32 = builder.getF32Type();
  auto narrow = [&](Real x) {
    return createCast(builder, loc, math.value(x), f32, false, false);
  };
  Value product = arith::MulFOp::create(
      builder, loc, narrow(math.fromIndex(dim)), narrow(scale));
  return math.toIndex(math.floor(math.fromFloat(product)));
}

/// The axes with their sizes and scales, from constants or graph inputs.
static SmallVector<ResizedAxis> collectAxes(OpBuilder &builder,
                                            onnx::ResizeOp op,
                                            onnx::ResizeOp::Adaptor adaptor,
                                            ArrayRef<int64_t> axes,
                                            ArrayRef<OpFoldResult> dims) {
  Location loc = op.getLoc();
  RealMath math(builder, loc);
  IndexMath indexMath(builder, loc);
  SmallVector<ResizedAxis> result;
  bool byScales = static_cast<bool>(op.getScalesOrNull());
  for (auto [i, axis] : llvm::enumerate(axes)) {
    ResizedAxis resized{axis, dims[axis], {}, {}, {}};
    Real inSize = math.fromIndex(dims[axis]);
    if (byScales) {
      resized.scale = extractReal(builder, loc, adaptor.getScales(), i);
      resized.outSize = scaleSize(builder, loc, dims[axis], resized.scale);
      resized.width = math.mul(inSize, resized.scale);
    } else {
      resized.outSize = extractIndex(builder, loc, adaptor.getSizes(), i);
      resized.width = math.fromIndex(resized.outSize);
      resized.scale = math.div(resized.width, inSize);
    }
    if (op.getCoordinateTransformationMode() == "tf_crop_and_resize") {
      resized.roiStart = extractReal(builder, loc, adaptor.getRoi(), i);
      resized.roiEnd =
          extractReal(builder, loc, adaptor.getRoi(), i + axes.size());
    }
    result.push_back(resized);
  }
  StringRef policy = op.getKeepAspectRatioPolicy();
  if (byScales || policy == "stretch" || result.empty())
    return result;
  Real scale = result.front().scale;
  for (const ResizedAxis &axis : ArrayRef(result).drop_front())
    scale = policy == "not_larger" ? math.min(scale, axis.scale)
                                   : math.max(scale, axis.scale);
  for (ResizedAxis &axis : result) {
    axis.scale = scale;
    axis.width = math.mul(math.fromIndex(axis.inSize), scale);
    axis.outSize = math.toIndex(math.floor(math.add(axis.width, 0.5)));
  }
  return result;
}

/// Whether the axis stays as it is.
static bool isIdentity(const ResizedAxis &axis) {
  return axis.scale.isKnown() && axis.scale.known == 1.0 &&
         axis.roiStart.isKnown() && axis.roiStart.known == 0.0 &&
         axis.roiEnd.isKnown() && axis.roiEnd.known == 1.0;
}

//===----------------------------------------------------------------------===//
// Sampling
//===----------------------------------------------------------------------===//

static RankedTensorType typeOf(ArrayRef<OpFoldResult> sizes, Type element) {
  SmallVector<int64_t> shape;
  for (OpFoldResult size : sizes)
    shape.push_back(getConstantIntValue(size).value_or(ShapedType::kDynamic));
  return RankedTensorType::get(shape, element);
}

/// `value`, or the extrapolation value where `outside` of the axis says so.
static Value extrapolate(OpBuilder &builder, onnx::ResizeOp op, Value value,
                         Value outside, int64_t axis) {
  if (!outside)
    return value;
  Location loc = op.getLoc();
  auto type = cast<RankedTensorType>(value.getType());
  AffineMap identity = builder.getMultiDimIdentityMap(type.getRank());
  AffineMap along =
      AffineMap::get(type.getRank(), 0, builder.getAffineDimExpr(axis));
  return createGather(
      builder, loc, type, tensor::getMixedSizes(builder, loc, value),
      {value, outside}, {identity, along},
      [&](OpBuilder &b, Location l, ArrayRef<Value>, ValueRange v) -> Value {
        Value constant =
            createScalar(b, l, type.getElementType(),
                         op.getExtrapolationValue().convertToDouble());
        return arith::SelectOp::create(b, l, v[1], constant, v[0]);
      });
}

/// Mode nearest: all axes at once.
static Value sampleNearest(OpBuilder &builder, onnx::ResizeOp op, Value data,
                           ArrayRef<ResizedAxis> axes,
                           ArrayRef<OpFoldResult> sizes) {
  Location loc = op.getLoc();
  Type element = cast<RankedTensorType>(data.getType()).getElementType();
  int64_t rank = sizes.size();
  SmallVector<ResizeTables> tables;
  SmallVector<Value> streamed;
  SmallVector<AffineMap> maps;
  for (const ResizedAxis &axis : axes) {
    tables.push_back(createResizeTables(builder, op, axis, element));
    streamed.push_back(tables.back().index);
    maps.push_back(AffineMap::get(
        rank, 0,
        {builder.getAffineDimExpr(axis.axis), builder.getAffineConstantExpr(0)},
        builder.getContext()));
  }
  Value result =
      createGather(builder, loc, typeOf(sizes, element), sizes, streamed, maps,
                   [&](OpBuilder &b, Location l, ArrayRef<Value> at,
                       ValueRange elements) -> Value {
                     SmallVector<Value> position(at);
                     for (auto [axis, index] : llvm::zip_equal(axes, elements))
                       position[axis.axis] = arith::IndexCastOp::create(
                           b, l, b.getIndexType(), index);
                     return tensor::ExtractOp::create(b, l, data, position);
                   });
  for (auto [axis, table] : llvm::zip_equal(axes, tables))
    result = extrapolate(builder, op, result, table.outside, axis.axis);
  return result;
}

/// Weighted sums along one axis, in `computeType`.
class AxisSum {
public:
  AxisSum(onnx::ResizeOp op, Value data, const ResizedAxis &axis,
          const ResizeTables &tables, ArrayRef<OpFoldResult> sizes,
          Type computeType)
      : op(op), data(data), axis(axis), tables(tables), sizes(sizes),
        computeType(computeType) {}

  Value build(OpBuilder &builder) {
    std::optional<int64_t> taps = getConstantIntValue(tables.taps);
    return taps && *taps <= kMaxUnrolledTaps ? buildUnrolled(builder, *taps)
                                             : buildLoop(builder);
  }

private:
  /// weight * data[.., index, ..] in the compute type.
  Value multiply(OpBuilder &b, Location l, ArrayRef<Value> at, Value index,
                 Value weight) {
    SmallVector<Value> position(at);
    position[axis.axis] =
        arith::IndexCastOp::create(b, l, b.getIndexType(), index);
    Value element = tensor::ExtractOp::create(b, l, data, position);
    element = createCast(b, l, element, computeType,
                         isUnsignedOrBool(op.getX().getType()), false);
    return arith::MulFOp::create(b, l, element, weight);
  }

  /// All taps of a table row as operands of their own.
  Value buildUnrolled(OpBuilder &builder, int64_t taps) {
    SmallVector<Value> streamed;
    SmallVector<AffineMap> maps;
    for (int64_t t = 0; t < taps; ++t) {
      AffineMap map = AffineMap::get(sizes.size(), 0,
                                     {builder.getAffineDimExpr(axis.axis),
                                      builder.getAffineConstantExpr(t)},
                                     builder.getContext());
      streamed.append({tables.index, tables.weight});
      maps.append(2, map);
    }
    return createGather(
        builder, op.getLoc(), typeOf(sizes, computeType), sizes, streamed, maps,
        [&](OpBuilder &b, Location l, ArrayRef<Value> at,
            ValueRange v) -> Value {
          Value sum;
          for (int64_t t = 0; t < taps; ++t) {
            Value product = multiply(b, l, at, v[2 * t], v[2 * t + 1]);
            sum = sum ? arith::AddFOp::create(b, l, sum, product).getResult()
                      : product;
          }
          return sum;
        });
  }

  Value buildLoop(OpBuilder &builder) {
    Location loc = op.getLoc();
    int64_t rank = sizes.size();
    RankedTensorType type = typeOf(sizes, computeType);
    Value zero = createScalar(builder, loc, computeType, 0.0);
    Value init = createFilled(builder, loc, type, sizes, zero);
    AffineMap table = AffineMap::get(
        rank + 1, 0,
        {builder.getAffineDimExpr(axis.axis), builder.getAffineDimExpr(rank)},
        builder.getContext());
    AffineMap result =
        AffineMap::getMultiDimIdentityMap(rank + 1, builder.getContext())
            .dropResult(rank);
    SmallVector<utils::IteratorType> iterators(rank,
                                               utils::IteratorType::parallel);
    iterators.push_back(utils::IteratorType::reduction);
    return linalg::GenericOp::create(
               builder, loc, type, ValueRange{tables.index, tables.weight},
               init, {table, table, result}, iterators,
               [&](OpBuilder &b, Location l, ValueRange v) {
                 SmallVector<Value> at;
                 for (int64_t dim = 0; dim < rank; ++dim)
                   at.push_back(linalg::IndexOp::create(b, l, dim));
                 Value product = multiply(b, l, at, v[0], v[1]);
                 Value sum = arith::AddFOp::create(b, l, v[2], product);
                 linalg::YieldOp::create(b, l, sum);
               })
        .getResult(0);
  }

  onnx::ResizeOp op;
  Value data;
  const ResizedAxis &axis;
  const ResizeTables &tables;
  ArrayRef<OpFoldResult> sizes;
  Type computeType;
};

/// A sum back in the element type: integers are rounded half to even and
/// saturate.
static Value roundTo(OpBuilder &builder, Location loc, Value value, Type type,
                     bool isUnsigned) {
  if (isa<IntegerType>(type) && !type.isInteger(1))
    value = math::RoundEvenOp::create(builder, loc, value);
  return createCast(builder, loc, value, type, false, isUnsigned);
}

namespace {
struct ResizeLowering : OnnxLowering<onnx::ResizeOp> {
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(onnx::ResizeOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    RankedTensorType type = getResultType(op);
    FailureOr<SmallVector<int64_t>> axes = op.getResizedAxes(type.getRank());
    if (failed(axes))
      return failure();
    Value result = adaptor.getX();
    SmallVector<OpFoldResult> sizes =
        tensor::getMixedSizes(rewriter, loc, result);
    SmallVector<ResizedAxis> resized =
        collectAxes(rewriter, op, adaptor, *axes, sizes);
    llvm::erase_if(resized, isIdentity);
    checkSizes(rewriter, loc, resized, type);

    if (op.getMode() == "nearest") {
      for (const ResizedAxis &axis : resized)
        sizes[axis.axis] = axis.outSize;
      if (!resized.empty())
        result = sampleNearest(rewriter, op, result, resized, sizes);
    } else if (!resized.empty()) {
      result = interpolate(rewriter, op, result, resized, sizes, type);
    }
    if (result.getType() != type)
      result = tensor::CastOp::create(rewriter, loc, type, result);
    rewriter.replaceOp(op, result);
    return success();
  }

  /// Static sizes of the result override; others are checked.
  static void checkSizes(OpBuilder &builder, Location loc,
                         MutableArrayRef<ResizedAxis> axes,
                         RankedTensorType type) {
    IndexMath math(builder, loc);
    OpFoldResult zero = math.constant(0), one = math.constant(1);
    for (ResizedAxis &axis : axes) {
      math.check(CmpIPredicate::sge, axis.outSize, zero,
                 "Resize: a size is negative");
      math.check(
          CmpIPredicate::sgt,
          math.select(CmpIPredicate::eq, axis.outSize, zero, one, axis.inSize),
          zero, "Resize: cannot resize an empty dimension");
      if (!type.isDynamicDim(axis.axis))
        axis.outSize = math.constant(type.getDimSize(axis.axis));
    }
  }

  static Value interpolate(OpBuilder &builder, onnx::ResizeOp op, Value data,
                           ArrayRef<ResizedAxis> axes,
                           SmallVector<OpFoldResult> sizes,
                           RankedTensorType type) {
    Location loc = op.getLoc();
    Type element = type.getElementType();
    Type computeType = element.isF64() ? element : Type(builder.getF32Type());
    for (const ResizedAxis &axis : axes) {
      ResizeTables tables = createResizeTables(builder, op, axis, computeType);
      sizes[axis.axis] = axis.outSize;
      data = AxisSum(op, data, axis, tables, sizes, computeType).build(builder);
      data = extrapolate(builder, op, data, tables.outside, axis.axis);
    }
    if (element == computeType)
      return data;
    bool isUnsigned = isUnsignedOrBool(op.getX().getType());
    AffineMap identity = builder.getMultiDimIdentityMap(type.getRank());
    return createGather(
        builder, loc, typeOf(sizes, element), sizes, data, identity,
        [&](OpBuilder &b, Location l, ArrayRef<Value>, ValueRange v) {
          return roundTo(b, l, v[0], element, isUnsigned);
        });
  }
};
} // namespace

void assay::populateResamplingLowering(RewritePatternSet &patterns,
                                       TypeConverter &converter) {
  patterns.add<ResizeLowering>(converter, patterns.getContext());
}
