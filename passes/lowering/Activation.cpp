//===- Activation.cpp - Lowering of activation operators ------------------===//

#include "dialects/onnx/Activation.h"
#include "dialects/onnx/OnnxOp.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "passes/lowering/ElementwiseLowering.h"

using namespace mlir;
using namespace assay;

//===----------------------------------------------------------------------===//
// Element arithmetic. A comparison with NaN is false: each select is written
// so that NaN passes through, and so that it is one max or min instruction.
//===----------------------------------------------------------------------===//

namespace {
/// Short names for arithmetic on elements of one float type.
struct FloatMath {
  ImplicitLocOpBuilder &b;
  Type type;

  FloatMath(ImplicitLocOpBuilder &b, Value x) : b(b), type(x.getType()) {}

  Value scalar(double value) const {
    return createScalar(b, b.getLoc(), type, value);
  }
  Value scalar(const APFloat &value) const {
    return scalar(value.convertToDouble());
  }
  Value add(Value x, Value y) const { return arith::AddFOp::create(b, x, y); }
  Value sub(Value x, Value y) const { return arith::SubFOp::create(b, x, y); }
  Value mul(Value x, Value y) const { return arith::MulFOp::create(b, x, y); }
  Value div(Value x, Value y) const { return arith::DivFOp::create(b, x, y); }
  Value exp(Value x) const { return math::ExpOp::create(b, x); }
  Value isLess(Value x, Value y) const {
    return arith::CmpFOp::create(b, arith::CmpFPredicate::OLT, x, y);
  }
  Value select(Value condition, Value x, Value y) const {
    return arith::SelectOp::create(b, condition, x, y);
  }
  Value max(Value x, Value bound) const {
    return select(isLess(x, bound), bound, x);
  }
  Value min(Value x, Value bound) const {
    return select(isLess(bound, x), bound, x);
  }
};
} // namespace

/// max(0, x) + min(0, alpha * (exp(x / alpha) - 1))
static Value buildCelu(ImplicitLocOpBuilder &b, onnx::CeluOp op, ValueRange x) {
  FloatMath f(b, x[0]);
  Value alpha = f.scalar(op.getAlpha());
  Value grown = f.sub(f.exp(f.div(x[0], alpha)), f.scalar(1));
  Value zero = f.scalar(0.0);
  return f.add(f.max(x[0], zero), f.min(f.mul(alpha, grown), zero));
}

static Value buildElu(ImplicitLocOpBuilder &b, onnx::EluOp op, ValueRange x) {
  FloatMath f(b, x[0]);
  Value grown = f.sub(f.exp(x[0]), f.scalar(1));
  return f.select(f.isLess(x[0], f.scalar(0.0)),
                  f.mul(f.scalar(op.getAlpha()), grown), x[0]);
}

/// With f(x) the normal distribution function, or its tanh approximation:
/// x * f(x).
static Value buildGelu(ImplicitLocOpBuilder &b, onnx::GeluOp op, ValueRange x) {
  FloatMath f(b, x[0]);
  Value half = f.mul(f.scalar(0.5), x[0]);
  Value inner;
  if (op.getApproximate() == "tanh") {
    Value cube = f.mul(f.mul(x[0], x[0]), x[0]);
    Value sum = f.add(x[0], f.mul(f.scalar(0.044715), cube));
    Value scaled = f.mul(f.scalar(std::sqrt(2.0 / M_PI)), sum);
    inner = math::TanhOp::create(b, scaled);
  } else {
    inner = math::ErfOp::create(b, f.mul(x[0], f.scalar(M_SQRT1_2)));
  }
  return f.mul(half, f.add(f.scalar(1), inner));
}

/// max(0, min(1, alpha * x + beta))
static Value buildHardSigmoid(const FloatMath &f, Value x, double alpha,
                              double beta) {
  Value line = f.add(f.mul(f.scalar(alpha), x), f.scalar(beta));
  return f.max(f.min(line, f.scalar(1)), f.scalar(0.0));
}

static Value buildHardSigmoid(ImplicitLocOpBuilder &b, onnx::HardSigmoidOp op,
                              ValueRange x) {
  return buildHardSigmoid(FloatMath(b, x[0]), x[0],
                          op.getAlpha().convertToDouble(),
                          op.getBeta().convertToDouble());
}

static Value buildHardSwish(ImplicitLocOpBuilder &b, onnx::HardSwishOp,
                            ValueRange x) {
  FloatMath f(b, x[0]);
  return f.mul(x[0], buildHardSigmoid(f, x[0], 1.0 / 6.0, 0.5));
}

static Value buildLeakyRelu(ImplicitLocOpBuilder &b, onnx::LeakyReluOp op,
                            ValueRange x) {
  FloatMath f(b, x[0]);
  return f.select(f.isLess(x[0], f.scalar(0.0)),
                  f.mul(f.scalar(op.getAlpha()), x[0]), x[0]);
}

/// x * tanh(log(1 + exp(x))), where tanh(log(1 + e)) = n / (n + 2) with
/// n = e * (e + 2); the bound keeps n finite where the quotient is 1 already.
static Value buildMish(ImplicitLocOpBuilder &b, onnx::MishOp, ValueRange x) {
  FloatMath f(b, x[0]);
  Value e = f.exp(f.min(x[0], f.scalar(40)));
  Value n = f.mul(e, f.add(e, f.scalar(2)));
  return f.mul(x[0], f.div(n, f.add(n, f.scalar(2))));
}

static Value buildPRelu(ImplicitLocOpBuilder &b, onnx::PReluOp op,
                        ValueRange x) {
  if (isa<FloatType>(x[0].getType())) {
    FloatMath f(b, x[0]);
    return f.select(f.isLess(x[0], f.scalar(0.0)), f.mul(x[1], x[0]), x[0]);
  }
  if (isUnsignedOrBool(op.getX().getType()))
    return x[0];
  Value zero = createIntScalar(b, b.getLoc(), x[0].getType(), 0);
  Value isNegative =
      arith::CmpIOp::create(b, arith::CmpIPredicate::slt, x[0], zero);
  Value scaled = arith::MulIOp::create(b, x[1], x[0]);
  return arith::SelectOp::create(b, isNegative, scaled, x[0]);
}

static Value buildRelu(ImplicitLocOpBuilder &b, onnx::ReluOp, ValueRange x) {
  if (isa<FloatType>(x[0].getType())) {
    FloatMath f(b, x[0]);
    return f.max(x[0], f.scalar(0.0));
  }
  Value zero = createIntScalar(b, b.getLoc(), x[0].getType(), 0);
  return arith::MaxSIOp::create(b, x[0], zero);
}

/// gamma * x for x > 0, gamma * (alpha * exp(x) - alpha) otherwise.
static Value buildSelu(ImplicitLocOpBuilder &b, onnx::SeluOp op, ValueRange x) {
  FloatMath f(b, x[0]);
  Value grown = f.mul(f.scalar(op.getAlpha()), f.sub(f.exp(x[0]), f.scalar(1)));
  Value chosen = f.select(f.isLess(x[0], f.scalar(0.0)), grown, x[0]);
  return f.mul(f.scalar(op.getGamma()), chosen);
}

/// x + bias below -lambd, x - bias above lambd, 0 between. Integers take the
/// way through f64, which lambd and bias need.
static Value buildShrink(ImplicitLocOpBuilder &b, onnx::ShrinkOp op,
                         ValueRange x) {
  Type type = x[0].getType();
  bool isUnsigned = isUnsignedOrBool(op.getInput().getType());
  Value value = x[0];
  if (!isa<FloatType>(type))
    value = createCast(b, b.getLoc(), value, b.getF64Type(), isUnsigned, false);
  FloatMath f(b, value);
  Value lambd = f.scalar(op.getLambd());
  Value minusLambd = f.scalar(-op.getLambd());
  Value bias = f.scalar(op.getBias());
  Value above =
      f.select(f.isLess(lambd, value), f.sub(value, bias), f.scalar(0.0));
  Value result =
      f.select(f.isLess(value, minusLambd), f.add(value, bias), above);
  if (isa<FloatType>(type))
    return result;
  return createCast(b, b.getLoc(), result, type, false, isUnsigned);
}

/// 1 / (1 + exp(-x))
static Value buildSigmoid(const FloatMath &f, Value x) {
  Value e = f.exp(arith::NegFOp::create(f.b, x));
  return f.div(f.scalar(1), f.add(f.scalar(1), e));
}

static Value buildSigmoid(ImplicitLocOpBuilder &b, onnx::SigmoidOp,
                          ValueRange x) {
  return buildSigmoid(FloatMath(b, x[0]), x[0]);
}

/// log(1 + exp(x)) as max(x, 0) + log1p(exp(-|x|)), which cannot overflow.
static Value buildSoftplus(ImplicitLocOpBuilder &b, onnx::SoftplusOp,
                           ValueRange x) {
  FloatMath f(b, x[0]);
  Value absolute = math::AbsFOp::create(b, x[0]);
  Value e = f.exp(arith::NegFOp::create(b, absolute));
  return f.add(f.max(x[0], f.scalar(0.0)), math::Log1pOp::create(b, e));
}

static Value buildSoftsign(ImplicitLocOpBuilder &b, onnx::SoftsignOp,
                           ValueRange x) {
  FloatMath f(b, x[0]);
  return f.div(x[0], f.add(f.scalar(1), math::AbsFOp::create(b, x[0])));
}

static Value buildSwish(ImplicitLocOpBuilder &b, onnx::SwishOp op,
                        ValueRange x) {
  FloatMath f(b, x[0]);
  Value scaled = f.mul(f.scalar(op.getAlpha()), x[0]);
  return f.mul(x[0], buildSigmoid(f, scaled));
}

static Value buildTanh(ImplicitLocOpBuilder &b, onnx::TanhOp, ValueRange x) {
  return math::TanhOp::create(b, x[0]);
}

static Value buildThresholdedRelu(ImplicitLocOpBuilder &b,
                                  onnx::ThresholdedReluOp op, ValueRange x) {
  FloatMath f(b, x[0]);
  return f.select(f.isLess(f.scalar(op.getAlpha()), x[0]), x[0], f.scalar(0.0));
}

//===----------------------------------------------------------------------===//
// Clip and Dropout
//===----------------------------------------------------------------------===//

/// min(max(x, low), high) in floats or integers.
static Value buildBound(ImplicitLocOpBuilder &b, Value x, Value bound,
                        bool isLower, bool isUnsigned) {
  if (isa<FloatType>(x.getType())) {
    FloatMath f(b, x);
    return isLower ? f.max(x, bound) : f.min(x, bound);
  }
  if (isUnsigned)
    return isLower ? arith::MaxUIOp::create(b, x, bound).getResult()
                   : arith::MinUIOp::create(b, x, bound).getResult();
  return isLower ? arith::MaxSIOp::create(b, x, bound).getResult()
                 : arith::MinSIOp::create(b, x, bound).getResult();
}

namespace {
class ClipLowering : public OnnxLowering<onnx::ClipOp> {
public:
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(onnx::ClipOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    RankedTensorType type = getResultType(op);
    bool isUnsigned = isUnsignedOrBool(op.getInput().getType());
    SmallVector<Value> inputs = {adaptor.getInput()};
    for (Value bound : {adaptor.getMin(), adaptor.getMax()})
      if (bound)
        inputs.push_back(toRankZero(rewriter, loc, bound));
    bool hasMin = static_cast<bool>(adaptor.getMin());
    Value result = createElementwise(
        rewriter, loc, type, inputs,
        [&](OpBuilder &builder, Location l, ValueRange x) {
          return computeInFloat(
              builder, l, type.getElementType(), x,
              [&](OpBuilder &wide, Location inner, ValueRange values) {
                ImplicitLocOpBuilder b(inner, wide);
                Value clipped = values[0];
                for (auto [index, bound] : llvm::enumerate(values.drop_front()))
                  clipped =
                      buildBound(b, clipped, bound,
                                 /*isLower=*/index == 0 && hasMin, isUnsigned);
                return clipped;
              });
        });
    rewriter.replaceOp(op, result);
    return success();
  }

private:
  /// A bound of one element may have rank 1, which must not broadcast a scalar
  /// input.
  static Value toRankZero(OpBuilder &builder, Location loc, Value bound) {
    auto type = cast<RankedTensorType>(bound.getType());
    if (type.getRank() == 0)
      return bound;
    Value scalar = extractScalar(builder, loc, bound);
    return tensor::FromElementsOp::create(
        builder, loc, RankedTensorType::get({}, type.getElementType()), scalar);
  }
};

/// Inference only: the output is the input and the mask is all true. A training
/// mode that only run time knows is refused then.
class DropoutLowering : public OnnxLowering<onnx::DropoutOp> {
public:
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(onnx::DropoutOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    if (op.getTrainingMode() && !isInference(op)) {
      if (onnx::getConstant(op.getTrainingMode()))
        return rewriter.notifyMatchFailure(
            op, "in training mode; training_mode must be false or ratio 0");
      assertInference(rewriter, op.getLoc(), adaptor);
    }
    Location loc = op.getLoc();
    RankedTensorType maskType = getResultType(op, 1);
    Value yes = createIntScalar(rewriter, loc, rewriter.getI1Type(), 1);
    Value mask = createFilled(
        rewriter, loc, maskType,
        tensor::getMixedSizes(rewriter, loc, adaptor.getData()), yes);
    Value output =
        createTensorCast(rewriter, loc, getResultType(op), adaptor.getData());
    rewriter.replaceOp(op, {output, mask});
    return success();
  }

private:
  static void assertInference(OpBuilder &builder, Location loc,
                              Adaptor adaptor) {
    Value training = extractScalar(builder, loc, adaptor.getTrainingMode());
    Value yes = createIntScalar(builder, loc, builder.getI1Type(), 1);
    Value isValid = arith::XOrIOp::create(builder, loc, training, yes);
    if (adaptor.getRatio()) {
      Value ratio = extractScalar(builder, loc, adaptor.getRatio());
      ratio = createCast(builder, loc, ratio, getComputeType(ratio.getType()),
                         false, false);
      Value isZero = arith::CmpFOp::create(
          builder, loc, arith::CmpFPredicate::OEQ, ratio,
          createScalar(builder, loc, ratio.getType(), 0.0));
      isValid = arith::OrIOp::create(builder, loc, isValid, isZero);
    }
    cf::AssertOp::create(
        builder, loc, isValid,
        "unsupported operators: Dropout\n  training_mode is true and ratio is "
        "not 0, which is random");
  }

  /// Whether nothing is dropped for certain: not training, or a ratio of zero.
  static bool isInference(onnx::DropoutOp op) {
    auto mode = onnx::getConstantInts(op.getTrainingMode());
    if (mode && mode->size() == 1 && mode->front() == 0)
      return true;
    auto ratio =
        dyn_cast_or_null<DenseFPElementsAttr>(onnx::getConstant(op.getRatio()));
    return ratio && ratio.isSplat() && ratio.getSplatValue<APFloat>().isZero();
  }
};
} // namespace

void assay::populateActivationLowering(RewritePatternSet &patterns,
                                       TypeConverter &converter) {
  addElementwise<onnx::CeluOp>(patterns, converter, buildCelu);
  addElementwise<onnx::EluOp>(patterns, converter, buildElu);
  addElementwise<onnx::GeluOp>(patterns, converter, buildGelu);
  addElementwise<onnx::HardSigmoidOp>(patterns, converter, buildHardSigmoid);
  addElementwise<onnx::HardSwishOp>(patterns, converter, buildHardSwish);
  addElementwise<onnx::LeakyReluOp>(patterns, converter, buildLeakyRelu);
  addElementwise<onnx::MishOp>(patterns, converter, buildMish);
  addElementwise<onnx::PReluOp>(patterns, converter, buildPRelu);
  addElementwise<onnx::ReluOp>(patterns, converter, buildRelu);
  addElementwise<onnx::SeluOp>(patterns, converter, buildSelu);
  addElementwise<onnx::ShrinkOp>(patterns, converter, buildShrink);
  addElementwise<onnx::SigmoidOp>(patterns, converter, buildSigmoid);
  addElementwise<onnx::SoftplusOp>(patterns, converter, buildSoftplus);
  addElementwise<onnx::SoftsignOp>(patterns, converter, buildSoftsign);
  addElementwise<onnx::SwishOp>(patterns, converter, buildSwish);
  addElementwise<onnx::TanhOp>(patterns, converter, buildTanh);
  addElementwise<onnx::ThresholdedReluOp>(patterns, converter,
                                          buildThresholdedRelu);
  patterns.add<ClipLowering, DropoutLowering>(converter, patterns.getContext());
  populateSoftmaxLowering(patterns, converter);
}
