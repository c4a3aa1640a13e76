//===- NormalizationUtils.cpp - What normalizations share -----------------===//

#include "passes/lowering/NormalizationUtils.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace assay;

Value assay::castFloat(OpBuilder &b, Location l, Value value, Type to) {
  return createCast(b, l, value, to, /*fromUnsigned=*/false,
                    /*toUnsigned=*/false);
}

/// (x - mean) * factor.
Value assay::createNormalized(OpBuilder &b, Location l, Value x, Value mean,
                              Value factor) {
  Value centered =
      arith::SubFOp::create(b, l, castFloat(b, l, x, mean.getType()), mean);
  return arith::MulFOp::create(b, l, centered, factor);
}

/// x * scale + shift, the latter two converted.
Value assay::createScaled(OpBuilder &b, Location l, Value x, Value scale,
                          Value shift) {
  Type type = x.getType();
  Value scaled = arith::MulFOp::create(b, l, x, castFloat(b, l, scale, type));
  if (!shift)
    return scaled;
  return arith::AddFOp::create(b, l, scaled, castFloat(b, l, shift, type));
}

/// 1 / sqrt(variance + epsilon).
Value assay::createInverseDeviation(OpBuilder &b, Location l, Value variance,
                                    double epsilon) {
  Type type = variance.getType();
  Value sum =
      arith::AddFOp::create(b, l, variance, createScalar(b, l, type, epsilon));
  Value one = createScalar(b, l, type, 1);
  return arith::DivFOp::create(b, l, one, math::SqrtOp::create(b, l, sum));
}

/// Sum over slices of `x` of `map(x, stats...)`.
Value assay::createSum(OpBuilder &builder, Location loc, Reducer &reducer,
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

Value assay::createFromMean(OpBuilder &builder, Location loc, Reducer &reducer,
                            Value x, ValueRange stats, ElementBuilder map,
                            ElementBuilder body) {
  Value sum = createSum(builder, loc, reducer, x, stats, map);
  Type compute = getElementTypeOrSelf(sum);
  Value count = reducer.getCountAs(compute);
  return reducer.apply(
      compute, sum, [&](OpBuilder &b, Location l, ValueRange args) {
        Value mean = arith::DivFOp::create(b, l, args[0], count);
        return body(b, l, mean);
      });
}

static Value takeFirst(OpBuilder &, Location, ValueRange args) {
  return args.front();
}

Value assay::createMean(OpBuilder &builder, Location loc, Reducer &reducer,
                        Value x) {
  return createFromMean(builder, loc, reducer, x, {}, takeFirst, takeFirst);
}

Value assay::createFromVariance(OpBuilder &builder, Location loc,
                                Reducer &reducer, Value x, Value mean,
                                ElementBuilder body) {
  return createFromMean(
      builder, loc, reducer, x, mean,
      [](OpBuilder &b, Location l, ValueRange args) -> Value {
        Value centered = arith::SubFOp::create(b, l, args[0], args[1]);
        return arith::MulFOp::create(b, l, centered, centered);
      },
      body);
}

Value assay::createInverseDeviations(OpBuilder &builder, Location loc,
                                     Reducer &reducer, Value x, Value mean,
                                     double epsilon) {
  return createFromVariance(builder, loc, reducer, x, mean,
                            [&](OpBuilder &b, Location l, ValueRange args) {
                              return createInverseDeviation(b, l, args[0],
                                                            epsilon);
                            });
}

/// The elementwise op of one result that a normalization ends with.
Value assay::createFinal(OpBuilder &builder, Location loc,
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
