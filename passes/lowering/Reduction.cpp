//===- Reduction.cpp - Lowering of Reduce* --------------------------------===//
//
//   %y = onnx.ReduceMean(%x, %axes) {keepdims = 1}   // axes [1]
//       : (tensor<4x8xf32>, tensor<1xi64>) -> tensor<4x1xf32>
//
// becomes
//
//   %sum = linalg.generic {parallel, reduction} ins(%x) outs(%zero)
//       : tensor<4x1xf32>
//   %y = linalg.generic {parallel, parallel} ins(%sum) { divf }
//       : tensor<4x1xf32>
//
// Narrow floats accumulate in f32. Axes known at run time only give a loop
// nest.
//
//===----------------------------------------------------------------------===//

#include "dialects/onnx/Reduction.h"
#include "dialects/onnx/OnnxOp.h"
#include "mlir/IR/TypeUtilities.h"
#include "passes/lowering/OnnxToLinalg.h"
#include "passes/lowering/ReductionUtils.h"

using namespace mlir;
using namespace assay;
using namespace assay::onnx;

namespace {
/// What the rules of the single operators share.
struct Reduction {
  OpBuilder &builder;
  Location loc;
  Reducer &reducer;
  Value data;
  Type element;    ///< Of data and result, signless.
  bool isUnsigned; ///< Or bool.

  bool isFloat() const { return isa<FloatType>(element); }

  /// `value` in type `to`, for elements of data.
  Value cast(OpBuilder &b, Location l, Value value, Type to) const {
    return createCast(b, l, value, to, isUnsigned, isUnsigned);
  }

  /// Sums `map(x)` in `type` from 0.
  Value sum(Type type, ElementBuilder map) const {
    return reducer.reduce(
        data, {}, createScalar(builder, loc, type, 0),
        [&](OpBuilder &b, Location l, ValueRange args) -> Value {
          Value x = map(b, l, cast(b, l, args[0], type));
          if (isa<FloatType>(type))
            return arith::AddFOp::create(b, l, args[1], x);
          return arith::AddIOp::create(b, l, args[1], x);
        });
  }

  /// `stat` through `body` in its own type, as a result element.
  Value finish(Value stat, ElementBuilder body) const {
    return reducer.apply(element, stat,
                         [&](OpBuilder &b, Location l, ValueRange args) {
                           return cast(b, l, body(b, l, args), element);
                         });
  }
  /// `stat` as a result.
  Value finish(Value stat) const {
    if (getElementTypeOrSelf(stat) == element)
      return stat;
    return finish(stat, [](OpBuilder &, Location, ValueRange args) {
      return args.front();
    });
  }
};
} // namespace

static Value same(OpBuilder &, Location, ValueRange args) {
  return args.front();
}

static Value square(OpBuilder &b, Location l, ValueRange args) {
  if (isa<FloatType>(args[0].getType()))
    return arith::MulFOp::create(b, l, args[0], args[0]);
  return arith::MulIOp::create(b, l, args[0], args[0]);
}

static Value squareRoot(OpBuilder &b, Location l, ValueRange args) {
  return math::SqrtOp::create(b, l, args[0]);
}

static Value logarithm(OpBuilder &b, Location l, ValueRange args) {
  return math::LogOp::create(b, l, args[0]);
}

static Value reduceL1(const Reduction &r) {
  return r.finish(r.sum(
      getComputeType(r.element),
      [&](OpBuilder &b, Location l, ValueRange args) -> Value {
        if (r.isFloat())
          return math::AbsFOp::create(b, l, args[0]);
        return r.isUnsigned ? args[0]
                            : math::AbsIOp::create(b, l, args[0]).getResult();
      }));
}

static Value reduceL2(const Reduction &r) {
  Type type =
      r.isFloat() ? getComputeType(r.element) : Type(r.builder.getF64Type());
  return r.finish(r.sum(type, square), squareRoot);
}

static Value reduceMean(const Reduction &r) {
  Type type = getComputeType(r.element);
  Value count = r.reducer.getCountAs(type);
  return r.finish(r.sum(type, same),
                  [&](OpBuilder &b, Location l, ValueRange args) -> Value {
                    if (r.isFloat())
                      return arith::DivFOp::create(b, l, args[0], count);
                    if (r.isUnsigned)
                      return arith::DivUIOp::create(b, l, args[0], count);
                    return arith::DivSIOp::create(b, l, args[0], count);
                  });
}

static Value reduceExtreme(const Reduction &r, bool isMax) {
  Value identity =
      isMax ? createLowest(r.builder, r.loc, r.element, r.isUnsigned)
            : createHighest(r.builder, r.loc, r.element, r.isUnsigned);
  return r.reducer.reduce(
      r.data, {}, identity,
      [&](OpBuilder &b, Location l, ValueRange args) -> Value {
        Value x = args[0], best = args[1];
        if (r.isFloat())
          return isMax ? arith::MaximumFOp::create(b, l, best, x).getResult()
                       : arith::MinimumFOp::create(b, l, best, x).getResult();
        if (r.isUnsigned)
          return isMax ? arith::MaxUIOp::create(b, l, best, x).getResult()
                       : arith::MinUIOp::create(b, l, best, x).getResult();
        return isMax ? arith::MaxSIOp::create(b, l, best, x).getResult()
                     : arith::MinSIOp::create(b, l, best, x).getResult();
      });
}

static Value reduceProd(const Reduction &r) {
  Type type = getComputeType(r.element);
  return r.finish(
      r.reducer.reduce(r.data, {}, createScalar(r.builder, r.loc, type, 1),
                       [&](OpBuilder &b, Location l, ValueRange args) -> Value {
                         Value x = r.cast(b, l, args[0], type);
                         if (r.isFloat())
                           return arith::MulFOp::create(b, l, args[1], x);
                         return arith::MulIOp::create(b, l, args[1], x);
                       }));
}

/// log(sum(exp(x - shift))) + shift, where the shift is the maximum if finite.
static Value reduceLogSumExp(const Reduction &r) {
  Type type = getComputeType(r.element);
  Value greatest = reduceExtreme(r, /*isMax=*/true);
  Value shift = r.reducer.apply(
      type, greatest, [&](OpBuilder &b, Location l, ValueRange args) -> Value {
        Value x = r.cast(b, l, args[0], type);
        Value size = math::AbsFOp::create(b, l, x);
        Value infinity = createHighest(b, l, type, false);
        Value isFinite = arith::CmpFOp::create(b, l, arith::CmpFPredicate::OLT,
                                               size, infinity);
        return arith::SelectOp::create(b, l, isFinite, x,
                                       createScalar(b, l, type, 0));
      });
  Value sum = r.reducer.reduce(
      r.data, shift, createScalar(r.builder, r.loc, type, 0),
      [&](OpBuilder &b, Location l, ValueRange args) -> Value {
        Value x =
            arith::SubFOp::create(b, l, r.cast(b, l, args[0], type), args[1]);
        return arith::AddFOp::create(b, l, args[2],
                                     math::ExpOp::create(b, l, x));
      });
  return r.reducer.apply(
      r.element, {sum, shift}, [&](OpBuilder &b, Location l, ValueRange args) {
        Value log = math::LogOp::create(b, l, args[0]);
        Value result = arith::AddFOp::create(b, l, log, args[1]);
        return r.cast(b, l, result, r.element);
      });
}

template <typename OpTy> static Value lowerReduction(const Reduction &r) {
  Type type = getComputeType(r.element);
  if constexpr (std::is_same_v<OpTy, ReduceL1Op>)
    return reduceL1(r);
  else if constexpr (std::is_same_v<OpTy, ReduceL2Op>)
    return reduceL2(r);
  else if constexpr (std::is_same_v<OpTy, ReduceLogSumOp>)
    return r.finish(r.sum(type, same), logarithm);
  else if constexpr (std::is_same_v<OpTy, ReduceLogSumExpOp>)
    return reduceLogSumExp(r);
  else if constexpr (std::is_same_v<OpTy, ReduceMaxOp>)
    return reduceExtreme(r, /*isMax=*/true);
  else if constexpr (std::is_same_v<OpTy, ReduceMeanOp>)
    return reduceMean(r);
  else if constexpr (std::is_same_v<OpTy, ReduceMinOp>)
    return reduceExtreme(r, /*isMax=*/false);
  else if constexpr (std::is_same_v<OpTy, ReduceProdOp>)
    return reduceProd(r);
  else if constexpr (std::is_same_v<OpTy, ReduceSumOp>)
    return r.finish(r.sum(type, same));
  else
    return r.finish(r.sum(type, square));
}

namespace {
template <typename OpTy> struct ReduceLowering : OnnxLowering<OpTy> {
  using OnnxLowering<OpTy>::OnnxLowering;
  using Adaptor = typename OpTy::Adaptor;

  LogicalResult lower(OpTy op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Value data = adaptor.getData();
    int64_t rank = cast<RankedTensorType>(data.getType()).getRank();
    FailureOr<ReductionAxes> axes =
        ReductionAxes::get(op, rank, op.getAxes(), op.getNoopWithEmptyAxes());
    if (failed(axes))
      return failure();
    if (!axes->mask &&
        cast<RankedTensorType>(op.getAxes().getType()).isDynamicDim(0))
      return rewriter.notifyMatchFailure(
          op, "has axes whose number is unknown; a constant or a tensor of "
              "static length is supported");
    std::optional<Reducer> reducer;
    if (axes->mask)
      reducer.emplace(rewriter, loc, data, *axes->mask);
    else
      reducer.emplace(rewriter, loc, data, adaptor.getAxes());
    Reduction reduction{rewriter,
                        loc,
                        *reducer,
                        data,
                        getElementTypeOrSelf(data),
                        isUnsignedOrBool(op.getData().getType())};
    Value result = lowerReduction<OpTy>(reduction);
    RankedTensorType type = this->getResultType(op);
    if (result.getType() != type)
      result = reducer->dropReduced(result, type);
    rewriter.replaceOp(op, result);
    return success();
  }
};
} // namespace

void assay::populateReductionLowering(RewritePatternSet &patterns,
                                      TypeConverter &converter) {
  patterns
      .add<ReduceLowering<ReduceL1Op>, ReduceLowering<ReduceL2Op>,
           ReduceLowering<ReduceLogSumOp>, ReduceLowering<ReduceLogSumExpOp>,
           ReduceLowering<ReduceMaxOp>, ReduceLowering<ReduceMeanOp>,
           ReduceLowering<ReduceMinOp>, ReduceLowering<ReduceProdOp>,
           ReduceLowering<ReduceSumOp>, ReduceLowering<ReduceSumSquareOp>>(
          converter, patterns.getContext());
  populateAxisReductionLowering(patterns, converter);
}
