//===- ResizeTables.cpp - What Resize reads, and how much of it -----------===//

#include "passes/lowering/ResizeTables.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "passes/lowering/LoweringUtils.h"
#include "passes/lowering/Movement.h"

using namespace mlir;
using namespace assay;
using arith::CmpFPredicate;

bool ResizedAxis::isKnown() const {
  return getConstantIntValue(inSize) && getConstantIntValue(outSize) &&
         scale.isKnown() && width.isKnown() && roiStart.isKnown() &&
         roiEnd.isKnown();
}

namespace {
/// The formulas of the specification for one axis.
class Sampling {
public:
  Sampling(RealMath &math, onnx::ResizeOp op, const ResizedAxis &axis)
      : math(math), op(op), axis(axis), inSize(math.fromIndex(axis.inSize)),
        last(math.sub(inSize, 1.0)) {}

  /// Position in the input of output position `o`.
  Real getCoordinate(Real o) {
    StringRef mode = op.getCoordinateTransformationMode();
    if (mode == "align_corners")
      return math.selectEqual(
          axis.width, 1.0, 0.0,
          math.div(math.mul(o, last), math.sub(axis.width, 1.0)));
    if (mode == "asymmetric")
      return math.div(o, axis.scale);
    Real centre = math.div(math.add(o, 0.5), axis.scale);
    if (mode == "tf_half_pixel_for_nn")
      return centre;
    if (mode == "tf_crop_and_resize") {
      Real extent = math.mul(math.sub(axis.roiEnd, axis.roiStart), last);
      Real step = math.selectEqual(
          axis.width, 1.0, math.mul(extent, 0.5),
          math.div(math.mul(o, extent), math.sub(axis.width, 1.0)));
      return math.add(math.mul(axis.roiStart, last), step);
    }
    Real x = math.sub(centre, 0.5);
    Real outSize = math.fromIndex(axis.outSize);
    if (mode == "pytorch_half_pixel")
      return math.selectEqual(outSize, 1.0, 0.0, x);
    if (mode == "half_pixel_symmetric")
      return math.add(x,
                      math.mul(math.mul(inSize, 0.5),
                               math.sub(1.0, math.div(outSize, axis.width))));
    return x;
  }

  /// The position that mode nearest reads.
  Real getNearest(Real x) {
    StringRef mode = op.getNearestMode();
    Real position = mode == "floor"  ? math.floor(x)
                    : mode == "ceil" ? math.ceil(x)
                    : mode == "round_prefer_floor"
                        ? math.ceil(math.sub(x, 0.5))
                        : math.floor(math.add(x, 0.5));
    return math.clamp(position, 0.0, last);
  }

  /// Taps to the left of the element left of x; there are as many to the right
  /// of the element right of it.
  Real getReach() {
    Real radius = math.div(op.getMode() == "linear" ? 1.0 : 2.0, getShrink());
    return math.sub(-1.0, math.floor(math.sub(0.0, radius)));
  }

  /// Input position of tap `t`, not clamped.
  Real getPosition(Real x, Real t) {
    Real left = math.sub(math.ceil(x), 1.0);
    return math.add(math.sub(left, getReach()), t);
  }

  Real clampPosition(Real position) { return math.clamp(position, 0.0, last); }

  /// Weight of the element at `position`, before normalisation.
  Real getWeight(Real x, Real position) {
    Real d = math.abs(math.mul(getShrink(), math.sub(position, x)));
    Real weight = op.getMode() == "linear" ? math.max(math.sub(1.0, d), 0.0)
                                           : getCubicWeight(d);
    if (!op.getExcludeOutside())
      return weight;
    weight = math.selectLess(position, 0.0, 0.0, weight);
    return math.selectLess(last, position, 0.0, weight);
  }

  /// 1 where x lies outside the input, else 0.
  Real isOutside(Real x) {
    return math.selectLess(x, 0.0, 1.0, math.selectLess(last, x, 1.0, 0.0));
  }

  bool needsNormalization() {
    return op.getAntialias() || op.getExcludeOutside();
  }

private:
  Real getShrink() {
    return op.getAntialias() ? math.min(axis.scale, 1.0) : Real(1.0);
  }

  /// Keys' kernel at distance `d`, by Horner's rule.
  Real getCubicWeight(Real d) {
    double a = op.getCubicCoeffA().convertToDouble();
    auto polynomial = [&](std::initializer_list<double> coefficients) {
      Real sum = 0.0;
      for (double coefficient : coefficients)
        sum = math.add(math.mul(sum, d), coefficient);
      return sum;
    };
    Real inner = polynomial({a + 2, -(a + 3), 0, 1});
    Real outer = polynomial({a, -5 * a, 8 * a, -4 * a});
    return math.selectLessEqual(d, 1.0, inner,
                                math.selectLess(d, 2.0, outer, 0.0));
  }

  RealMath &math;
  onnx::ResizeOp op;
  const ResizedAxis &axis;
  Real inSize;
  Real last;
};
} // namespace

//===----------------------------------------------------------------------===//
// Tables known at compile time
//===----------------------------------------------------------------------===//

static Value createTable(OpBuilder &builder, Location loc,
                         ArrayRef<int64_t> shape, Type element,
                         ArrayRef<double> values) {
  SmallVector<Attribute> attributes;
  for (double value : values)
    attributes.push_back(
        isa<FloatType>(element)
            ? Attribute(builder.getFloatAttr(element, value))
            : builder.getIntegerAttr(element, static_cast<int64_t>(value)));
  auto type = RankedTensorType::get(shape, element);
  return arith::ConstantOp::create(builder, loc,
                                   DenseElementsAttr::get(type, attributes));
}

static ResizeTables createConstantTables(OpBuilder &builder, onnx::ResizeOp op,
                                         const ResizedAxis &axis,
                                         Type computeType) {
  Location loc = op.getLoc();
  RealMath math(builder, loc);
  Sampling sampling(math, op, axis);
  bool nearest = op.getMode() == "nearest";
  int64_t outSize = *getConstantIntValue(axis.outSize);
  int64_t taps =
      nearest ? 1 : 2 * static_cast<int64_t>(sampling.getReach().known) + 2;
  SmallVector<double> indices, weights, outside;
  for (int64_t o = 0; o < outSize; ++o) {
    Real x = sampling.getCoordinate(static_cast<double>(o));
    outside.push_back(sampling.isOutside(x).known);
    if (nearest) {
      indices.push_back(sampling.getNearest(x).known);
      continue;
    }
    double sum = 0;
    for (int64_t t = 0; t < taps; ++t) {
      Real position = sampling.getPosition(x, static_cast<double>(t));
      indices.push_back(sampling.clampPosition(position).known);
      weights.push_back(sampling.getWeight(x, position).known);
      sum += weights.back();
    }
    if (sampling.needsNormalization() && sum != 0)
      for (double &weight : MutableArrayRef(weights).take_back(taps))
        weight /= sum;
  }
  ResizeTables tables;
  tables.taps = builder.getIndexAttr(taps);
  tables.index =
      createTable(builder, loc, {outSize, taps}, builder.getI64Type(), indices);
  if (!nearest)
    tables.weight =
        createTable(builder, loc, {outSize, taps}, computeType, weights);
  if (op.getCoordinateTransformationMode() == "tf_crop_and_resize")
    tables.outside =
        createTable(builder, loc, {outSize}, builder.getI1Type(), outside);
  return tables;
}

//===----------------------------------------------------------------------===//
// Tables filled at run time
//===----------------------------------------------------------------------===//

/// weight / sum of the weights of its output position.
static Value normalizeWeights(OpBuilder &builder, Location loc, Value weights) {
  auto type = cast<RankedTensorType>(weights.getType());
  SmallVector<OpFoldResult> sizes =
      tensor::getMixedSizes(builder, loc, weights);
  auto rowType = RankedTensorType::get(type.getShape().take_front(),
                                       type.getElementType());
  Value zero = createScalar(builder, loc, type.getElementType(), 0.0);
  Value init = createFilled(builder, loc, rowType, sizes.front(), zero);
  AffineMap identity = builder.getMultiDimIdentityMap(2);
  AffineMap row = AffineMap::get(2, 0, builder.getAffineDimExpr(0));
  Value sums =
      linalg::GenericOp::create(
          builder, loc, rowType, weights, init, {identity, row},
          {utils::IteratorType::parallel, utils::IteratorType::reduction},
          [](OpBuilder &b, Location l, ValueRange v) {
            Value sum = arith::AddFOp::create(b, l, v[0], v[1]);
            linalg::YieldOp::create(b, l, sum);
          })
          .getResult(0);
  return createGather(
      builder, loc, type, sizes, {weights, sums}, {identity, row},
      [&](OpBuilder &b, Location l, ArrayRef<Value>, ValueRange v) -> Value {
        Value isZero =
            arith::CmpFOp::create(b, l, CmpFPredicate::OEQ, v[1], zero);
        Value quotient = arith::DivFOp::create(b, l, v[0], v[1]);
        return arith::SelectOp::create(b, l, isZero, v[0], quotient);
      });
}

static ResizeTables createRunTimeTables(OpBuilder &builder, onnx::ResizeOp op,
                                        const ResizedAxis &axis,
                                        Type computeType) {
  Location loc = op.getLoc();
  RealMath outer(builder, loc);
  bool nearest = op.getMode() == "nearest";
  ResizeTables tables;
  tables.taps = builder.getIndexAttr(1);
  bool needsNormalization = false;
  if (!nearest) {
    Sampling sampling(outer, op, axis);
    needsNormalization = sampling.needsNormalization();
    tables.taps =
        outer.toIndex(outer.add(outer.mul(sampling.getReach(), 2.0), 2.0));
  }
  auto dimOf = [](OpFoldResult size) {
    return getConstantIntValue(size).value_or(ShapedType::kDynamic);
  };
  SmallVector<int64_t> shape = {dimOf(axis.outSize), dimOf(tables.taps)};
  // Fills a table with `entry`, a formula of the output position and the tap.
  auto fill = [&](int64_t rank, Type element,
                  function_ref<Value(OpBuilder &, RealMath &, Sampling &,
                                     Real x, ArrayRef<Value> at)>
                      entry) {
    OpFoldResult sizes[] = {axis.outSize, tables.taps};
    return createGather(
        builder, loc,
        RankedTensorType::get(ArrayRef(shape).take_front(rank), element),
        ArrayRef(sizes).take_front(rank), {}, {},
        [&](OpBuilder &b, Location l, ArrayRef<Value> at, ValueRange) {
          RealMath math(b, l);
          Sampling sampling(math, op, axis);
          Real x = sampling.getCoordinate(math.fromIndex(at[0]));
          return entry(b, math, sampling, x, at);
        });
  };
  auto positionOf = [&](RealMath &math, Sampling &sampling, Real x,
                        ArrayRef<Value> at) {
    return sampling.getPosition(x, math.fromIndex(at[1]));
  };
  tables.index = fill(2, builder.getI64Type(),
                      [&](OpBuilder &b, RealMath &math, Sampling &sampling,
                          Real x, ArrayRef<Value> at) -> Value {
                        Real position =
                            nearest ? sampling.getNearest(x)
                                    : sampling.clampPosition(
                                          positionOf(math, sampling, x, at));
                        return arith::FPToSIOp::create(b, loc, b.getI64Type(),
                                                       math.value(position));
                      });
  if (!nearest) {
    tables.weight = fill(
        2, computeType,
        [&](OpBuilder &b, RealMath &math, Sampling &sampling, Real x,
            ArrayRef<Value> at) -> Value {
          Real position = positionOf(math, sampling, x, at);
          return createCast(b, loc, math.value(sampling.getWeight(x, position)),
                            computeType, false, false);
        });
    if (needsNormalization)
      tables.weight = normalizeWeights(builder, loc, tables.weight);
  }
  if (op.getCoordinateTransformationMode() == "tf_crop_and_resize")
    tables.outside =
        fill(1, builder.getI1Type(),
             [&](OpBuilder &b, RealMath &math, Sampling &sampling, Real x,
                 ArrayRef<Value>) -> Value {
               return createCast(b, loc, math.value(sampling.isOutside(x)),
                                 b.getI1Type(), false, false);
             });
  return tables;
}

ResizeTables assay::createResizeTables(OpBuilder &builder, onnx::ResizeOp op,
                                       const ResizedAxis &axis,
                                       Type computeType) {
  return axis.isKnown() ? createConstantTables(builder, op, axis, computeType)
                        : createRunTimeTables(builder, op, axis, computeType);
}
