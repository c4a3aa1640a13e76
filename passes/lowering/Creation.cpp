//===- Creation.cpp - Lowering of creation operators ----------------------===//

#include "dialects/onnx/Creation.h"
#include "dialects/onnx/OnnxOp.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "passes/lowering/IndexMath.h"
#include "passes/lowering/LoweringUtils.h"
#include "passes/lowering/Movement.h"
#include "passes/lowering/OnnxToLinalg.h"

using namespace mlir;
using namespace assay;
using arith::CmpIPredicate;

/// `value` with signless elements, sharing its data; bools of a blob, one byte
/// each, become a dense attribute.
static ElementsAttr makeSignless(ElementsAttr value, RankedTensorType type) {
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(value)) {
    if (!type.getElementType().isInteger(1))
      return DenseResourceElementsAttr::get(type, resource.getRawHandle());
    const AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    if (!blob ||
        static_cast<int64_t>(blob->getData().size()) != type.getNumElements())
      return {};
    SmallVector<bool> bits;
    for (char byte : blob->getData())
      bits.push_back(byte != 0);
    return DenseElementsAttr::get(type, ArrayRef<bool>(bits));
  }
  auto dense = dyn_cast<DenseElementsAttr>(value);
  if (!dense)
    return {};
  return dense.getElementType() == type.getElementType()
             ? dense
             : dense.bitcast(type.getElementType());
}

namespace {
struct ConstantLowering : OnnxLowering<onnx::ConstantOp> {
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(onnx::ConstantOp op, Adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    ElementsAttr value = makeSignless(op.getValue(), getResultType(op));
    if (!value)
      return rewriter.notifyMatchFailure(op, "holds no dense numbers");
    rewriter.replaceOpWithNewOp<arith::ConstantOp>(op, cast<TypedAttr>(value));
    return success();
  }
};

struct ConstantOfShapeLowering : OnnxLowering<onnx::ConstantOfShapeOp> {
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(onnx::ConstantOfShapeOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    IndexMath math(rewriter, loc);
    RankedTensorType type = getResultType(op);
    SmallVector<OpFoldResult> sizes =
        extractIndices(rewriter, loc, adaptor.getInput());
    for (OpFoldResult size : sizes)
      math.check(CmpIPredicate::sge, size, math.constant(0),
                 "ConstantOfShape: the shape is negative");
    Value scalar;
    if (op.getValue()) {
      ElementsAttr value = makeSignless(
          *op.getValue(),
          RankedTensorType::get(op.getValue()->getShapedType().getShape(),
                                type.getElementType()));
      if (!value)
        return rewriter.notifyMatchFailure(op, "holds no dense number");
      Value constant =
          arith::ConstantOp::create(rewriter, loc, cast<TypedAttr>(value));
      scalar = extractScalar(rewriter, loc, constant);
      if (auto dense = dyn_cast<DenseElementsAttr>(value))
        scalar = arith::ConstantOp::create(
            rewriter, loc, cast<TypedAttr>(dense.getSplatValue<Attribute>()));
    } else {
      scalar = createScalar(rewriter, loc, type.getElementType(), 0.0);
    }
    rewriter.replaceOp(op, createFilled(rewriter, loc, type, sizes, scalar));
    return success();
  }
};

struct EyeLikeLowering : OnnxLowering<onnx::EyeLikeOp> {
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(onnx::EyeLikeOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    RankedTensorType type = getResultType(op);
    int64_t k = op.getK();
    rewriter.replaceOp(
        op,
        createGather(
            rewriter, loc, type,
            tensor::getMixedSizes(rewriter, loc, adaptor.getInput()), {}, {},
            [&](OpBuilder &b, Location l, ArrayRef<Value> at,
                ValueRange) -> Value {
              IndexMath math(b, l);
              Value column = math.value(math.add(at[0], math.constant(k)));
              Value isOne =
                  arith::CmpIOp::create(b, l, CmpIPredicate::eq, column, at[1]);
              Type element = type.getElementType();
              return arith::SelectOp::create(b, l, isOne,
                                             createScalar(b, l, element, 1.0),
                                             createScalar(b, l, element, 0.0));
            }));
    return success();
  }
};

struct OneHotLowering : OnnxLowering<onnx::OneHotOp> {
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(onnx::OneHotOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    IndexMath math(rewriter, loc);
    RankedTensorType type = getResultType(op);
    int64_t axis = wrapAxis(op.getAxis(), type.getRank());
    OpFoldResult depth = math.constant(type.getDimSize(axis));
    if (type.isDynamicDim(axis)) {
      Value given = extractScalar(rewriter, loc, adaptor.getDepth());
      depth = toIndex(rewriter, loc, given,
                      isUnsignedOrBool(op.getDepth().getType()));
      math.check(CmpIPredicate::sge, depth, math.constant(0),
                 "OneHot: depth is negative");
    }
    Value values[2];
    for (int64_t i : {0, 1})
      values[i] = tensor::ExtractOp::create(rewriter, loc, adaptor.getValues(),
                                            math.value(math.constant(i)));
    SmallVector<OpFoldResult> sizes =
        tensor::getMixedSizes(rewriter, loc, adaptor.getIndices());
    sizes.insert(sizes.begin() + axis, depth);
    SmallVector<AffineExpr> exprs;
    for (int64_t dim = 0; dim < type.getRank(); ++dim)
      if (dim != axis)
        exprs.push_back(rewriter.getAffineDimExpr(dim));
    AffineMap map =
        AffineMap::get(type.getRank(), 0, exprs, rewriter.getContext());
    bool isUnsigned = isUnsignedOrBool(op.getIndices().getType());
    rewriter.replaceOp(
        op, createGather(rewriter, loc, type, sizes, adaptor.getIndices(), map,
                         [&](OpBuilder &b, Location l, ArrayRef<Value> at,
                             ValueRange elements) -> Value {
                           IndexMath inner(b, l);
                           Value index =
                               toIndex(b, l, elements.front(), isUnsigned);
                           Value wanted =
                               inner.value(inner.fromEnd(index, depth));
                           Value isOn = arith::CmpIOp::create(
                               b, l, CmpIPredicate::eq, at[axis], wanted);
                           return arith::SelectOp::create(b, l, isOn, values[1],
                                                          values[0]);
                         }));
    return success();
  }

  static Value toIndex(OpBuilder &builder, Location loc, Value number,
                       bool isUnsigned) {
    Value wide = createCast(builder, loc, number, builder.getI64Type(),
                            isUnsigned, /*toUnsigned=*/false);
    return arith::IndexCastOp::create(builder, loc, builder.getIndexType(),
                                      wide);
  }
};

struct RangeLowering : OnnxLowering<onnx::RangeOp> {
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(onnx::RangeOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    RankedTensorType type = getResultType(op);
    Value start = extractScalar(rewriter, loc, adaptor.getStart());
    Value delta = extractScalar(rewriter, loc, adaptor.getDelta());
    OpFoldResult count = rewriter.getIndexAttr(type.getDimSize(0));
    if (type.isDynamicDim(0)) {
      Value limit = extractScalar(rewriter, loc, adaptor.getLimit());
      count = isa<FloatType>(type.getElementType())
                  ? countFloats(rewriter, loc, start, limit, delta)
                  : countInts(rewriter, loc, start, limit, delta);
    }
    rewriter.replaceOp(
        op, createGather(rewriter, loc, type, count, {}, {},
                         [&](OpBuilder &b, Location l, ArrayRef<Value> at,
                             ValueRange) -> Value {
                           return element(b, l, start, delta, at[0]);
                         }));
    return success();
  }

  /// start + index * delta; half precision floats in single precision.
  static Value element(OpBuilder &builder, Location loc, Value start,
                       Value delta, Value index) {
    Type type = start.getType();
    Type wide = isa<FloatType>(type) ? Type(builder.getI64Type()) : type;
    Value step = arith::IndexCastOp::create(builder, loc, wide, index);
    if (!isa<FloatType>(type))
      return arith::AddIOp::create(
          builder, loc, start,
          arith::MulIOp::create(builder, loc, step, delta));
    return computeInFloat(
        builder, loc, type, {start, delta},
        [&](OpBuilder &b, Location l, ValueRange v) -> Value {
          Value number = arith::SIToFPOp::create(b, l, v[0].getType(), step);
          Value offset = arith::MulFOp::create(b, l, number, v[1]);
          return arith::AddFOp::create(b, l, v[0], offset);
        });
  }

  /// ceil((limit - start) / delta), not below 0.
  static OpFoldResult countInts(OpBuilder &builder, Location loc, Value start,
                                Value limit, Value delta) {
    IndexMath math(builder, loc);
    auto toIndex = [&](Value value) -> OpFoldResult {
      return arith::IndexCastOp::create(builder, loc, builder.getIndexType(),
                                        value)
          .getResult();
    };
    OpFoldResult zero = math.constant(0), one = math.constant(1);
    OpFoldResult step = toIndex(delta);
    math.check(CmpIPredicate::ne, step, zero, "Range: delta is zero");
    OpFoldResult span = math.sub(toIndex(limit), toIndex(start));
    OpFoldResult negative = math.sub(zero, step);
    OpFoldResult distance =
        math.select(CmpIPredicate::sgt, step, zero, span, math.sub(zero, span));
    OpFoldResult stride =
        math.select(CmpIPredicate::sgt, step, zero, step, negative);
    OpFoldResult count =
        math.add(math.div(math.sub(distance, one), stride), one);
    return math.select(CmpIPredicate::sgt, distance, zero, count, zero);
  }

  static OpFoldResult countFloats(OpBuilder &builder, Location loc, Value start,
                                  Value limit, Value delta) {
    Type f64 = builder.getF64Type();
    auto widen = [&](Value value) {
      return createCast(builder, loc, value, f64, false, false);
    };
    Value span =
        arith::SubFOp::create(builder, loc, widen(limit), widen(start));
    Value quotient = arith::DivFOp::create(builder, loc, span, widen(delta));
    Value count = math::CeilOp::create(builder, loc, quotient);
    // Saturates; an undefined quotient gives 0.
    Value integer = createCast(builder, loc, count, builder.getI64Type(),
                               /*fromUnsigned=*/false, /*toUnsigned=*/false);
    IndexMath math(builder, loc);
    OpFoldResult result = arith::IndexCastOp::create(
                              builder, loc, builder.getIndexType(), integer)
                              .getResult();
    math.check(CmpIPredicate::slt, result, math.constant(int64_t(1) << 40),
               "Range: too many elements");
    return math.max(result, math.constant(0));
  }
};

/// The sizes as a tensor, a constant when all are known.
static Value createShapeTensor(OpBuilder &builder, Location loc,
                               ArrayRef<OpFoldResult> sizes,
                               RankedTensorType type) {
  if (auto ints = getConstantIntValues(sizes))
    return arith::ConstantOp::create(
        builder, loc, DenseElementsAttr::get(type, ArrayRef<int64_t>(*ints)));
  SmallVector<Value> values;
  for (OpFoldResult size : sizes)
    values.push_back(arith::IndexCastOp::create(
        builder, loc, builder.getI64Type(), getValue(builder, loc, size)));
  return tensor::FromElementsOp::create(builder, loc, type, values);
}

struct ShapeLowering : OnnxLowering<onnx::ShapeOp> {
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(onnx::ShapeOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    SmallVector<OpFoldResult> sizes =
        tensor::getMixedSizes(rewriter, op.getLoc(), adaptor.getData());
    auto [start, end] = op.getBounds(sizes.size());
    rewriter.replaceOp(
        op, createShapeTensor(rewriter, op.getLoc(),
                              ArrayRef(sizes).slice(start, end - start),
                              getResultType(op)));
    return success();
  }
};

struct SizeLowering : OnnxLowering<onnx::SizeOp> {
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(onnx::SizeOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    SmallVector<OpFoldResult> sizes =
        tensor::getMixedSizes(rewriter, op.getLoc(), adaptor.getData());
    OpFoldResult count = IndexMath(rewriter, op.getLoc()).product(sizes);
    rewriter.replaceOp(
        op, createShapeTensor(rewriter, op.getLoc(), count, getResultType(op)));
    return success();
  }
};
} // namespace

void assay::populateCreationLowering(RewritePatternSet &patterns,
                                     TypeConverter &converter) {
  patterns.add<ConstantLowering, ConstantOfShapeLowering, EyeLikeLowering,
               OneHotLowering, RangeLowering, ShapeLowering, SizeLowering>(
      converter, patterns.getContext());
}
