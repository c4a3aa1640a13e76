//===- LowerKernelMath.cpp - Math functions and narrow floats -------------===//
//
//   %0 = math.exp %x : bf16
//   %1 = math.atan %y : f32
//
// becomes
//
//   %w = arith.extf %x : bf16 to f32
//   ... polynomial of %w ...
//   %0 = arith.truncf %p : f32 to bf16
//   %1 = call @atanf(%y)
//
//===----------------------------------------------------------------------===//

#include "mlir/Conversion/MathToLibm/MathToLibm.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/Transforms/DialectConversion.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "passes/cpu/Passes.h"

namespace assay {
#define GEN_PASS_DEF_LOWERKERNELMATH
#include "passes/cpu/Passes.h.inc"
} // namespace assay

using namespace mlir;

static bool isNarrowFloat(Type type) {
  Type element = getElementTypeOrSelf(type);
  return element.isF16() || element.isBF16();
}

/// `type` with f32 elements.
static Type withF32(Type type) {
  Type f32 = Float32Type::get(type.getContext());
  if (auto shaped = dyn_cast<ShapedType>(type))
    return shaped.clone(f32);
  return f32;
}

/// Whether `op` is arithmetic that must happen in f32.
static bool isNarrowArithmetic(Operation *op) {
  if (!isa<arith::ArithDialect, math::MathDialect>(op->getDialect()) ||
      isa<arith::ConstantOp, arith::ExtFOp, arith::TruncFOp, arith::SelectOp,
          arith::BitcastOp>(op))
    return false;
  return llvm::any_of(op->getOperandTypes(), isNarrowFloat) ||
         llvm::any_of(op->getResultTypes(), isNarrowFloat);
}

static void widen(Operation *op) {
  OpBuilder builder(op);
  for (OpOperand &operand : op->getOpOperands())
    if (isNarrowFloat(operand.get().getType()))
      operand.set(arith::ExtFOp::create(builder, op->getLoc(),
                                        withF32(operand.get().getType()),
                                        operand.get()));
  builder.setInsertionPointAfter(op);
  for (OpResult result : op->getResults()) {
    if (!isNarrowFloat(result.getType()))
      continue;
    Type narrow = result.getType();
    result.setType(withF32(narrow));
    auto truncated =
        arith::TruncFOp::create(builder, op->getLoc(), narrow, result);
    result.replaceAllUsesExcept(truncated, truncated);
  }
}

/// There is no instruction from f64 to a 16-bit float: goes through f32.
static void splitTruncation(arith::TruncFOp op) {
  if (!getElementTypeOrSelf(op.getIn().getType()).isF64() ||
      !isNarrowFloat(op.getType()))
    return;
  OpBuilder builder(op);
  op.getInMutable().assign(arith::TruncFOp::create(
      builder, op.getLoc(), withF32(op.getType()), op.getIn()));
}

static Value createSplat(ImplicitLocOpBuilder &b, Type type, double value) {
  FloatAttr attr = b.getF32FloatAttr(value);
  if (auto vector = dyn_cast<VectorType>(type))
    return arith::ConstantOp::create(b, DenseElementsAttr::get(vector, attr));
  return arith::ConstantOp::create(b, attr);
}

/// The polynomial for log takes what lies below the smallest normal number for
/// that number: log(x) = log(2^23 x) - 23 ln 2 there.
static void scaleDenormals(math::LogOp op) {
  Type type = op.getType();
  if (!getElementTypeOrSelf(type).isF32())
    return;
  ImplicitLocOpBuilder b(op.getLoc(), op);
  auto constant = [&](double value) { return createSplat(b, type, value); };
  Value x = op.getOperand();
  Value isSmall = arith::CmpFOp::create(b, arith::CmpFPredicate::OLT, x,
                                        constant(1.17549435e-38));
  Value scaled = arith::MulFOp::create(b, x, constant(8388608.0));
  op.getOperandMutable().assign(arith::SelectOp::create(b, isSmall, scaled, x));
  b.setInsertionPointAfter(op);
  auto moved =
      arith::SubFOp::create(b, op.getResult(), constant(15.942385152878742));
  auto result = arith::SelectOp::create(b, isSmall, moved, op.getResult());
  op.getResult().replaceAllUsesExcept(
      result, llvm::SmallPtrSet<Operation *, 2>{moved, result});
}

namespace {
/// exp for f32: 2^n e^r with n = round(x / ln 2), e^r by the polynomial of the
/// Cephes library, within 2 ulp. The rounding adds 1.5 * 2^23, which leaves n
/// in the low bits of the sum. Results below the smallest normal number become
/// 0.
struct ExpOfF32 : OpRewritePattern<math::ExpOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(math::ExpOp op,
                                PatternRewriter &rewriter) const override {
    Type type = op.getType();
    if (!getElementTypeOrSelf(type).isF32())
      return failure();
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Type bits = b.getI32Type();
    if (auto vector = dyn_cast<VectorType>(type))
      bits = vector.clone(bits);
    auto constant = [&](double value) { return createSplat(b, type, value); };
    auto fma = [&](Value x, Value y, Value z) -> Value {
      return math::FmaOp::create(b, x, y, z);
    };
    Value x = op.getOperand();
    Value magic = constant(12582912.0);
    Value shifted = fma(x, constant(1.44269504088896341), magic);
    Value n = arith::SubFOp::create(b, shifted, magic);
    Value r = fma(n, constant(-0.693359375), x);
    r = fma(n, constant(2.12194440e-4), r);
    Value p = constant(1.9875691500e-4);
    for (double coefficient :
         {1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1,
          5.0000001201e-1})
      p = fma(p, r, constant(coefficient));
    Value square = arith::MulFOp::create(b, r, r);
    p = fma(p, square, arith::AddFOp::create(b, r, constant(1.0)));

    Value exponent = arith::BitcastOp::create(b, bits, shifted);
    TypedAttr shift = b.getI32IntegerAttr(23);
    if (auto vector = dyn_cast<VectorType>(bits))
      shift = DenseElementsAttr::get(vector, b.getI32IntegerAttr(23));
    exponent =
        arith::ShLIOp::create(b, exponent, arith::ConstantOp::create(b, shift));
    Value scaled = arith::AddIOp::create(
        b, arith::BitcastOp::create(b, bits, p), exponent);
    Value result = arith::BitcastOp::create(b, type, scaled);

    Value overflows = arith::CmpFOp::create(b, arith::CmpFPredicate::OGT, x,
                                            constant(88.72283172607422));
    Value underflows = arith::CmpFOp::create(b, arith::CmpFPredicate::OLT, x,
                                             constant(-87.33654022216797));
    result = arith::SelectOp::create(
        b, overflows, constant(std::numeric_limits<double>::infinity()),
        result);
    rewriter.replaceOp(
        op, arith::SelectOp::create(b, underflows, constant(0.0), result));
    return success();
  }
};

struct LowerKernelMath : assay::impl::LowerKernelMathBase<LowerKernelMath> {
  void runOnOperation() override {
    SmallVector<Operation *> narrow;
    SmallVector<arith::TruncFOp> truncations;
    bool hasMath = false;
    getOperation().walk([&](Operation *op) {
      if (isNarrowArithmetic(op))
        narrow.push_back(op);
      if (auto truncation = dyn_cast<arith::TruncFOp>(op))
        truncations.push_back(truncation);
      hasMath |= op->getDialect() && isa<math::MathDialect>(op->getDialect());
    });
    llvm::for_each(narrow, widen);
    llvm::for_each(truncations, splitTruncation);
    getOperation().walk(scaleDenormals);
    if (!hasMath && narrow.empty() && truncations.empty())
      return;
    if (failed(approximate()) || (hasMath && failed(callLibm())))
      return signalPassFailure();
  }

  LogicalResult approximate() {
    static constexpr StringLiteral polynomials[] = {"exp",   "expm1", "log",
                                                    "log1p", "tanh",  "erf"};
    RewritePatternSet patterns(&getContext());
    patterns.add<ExpOfF32>(&getContext(), /*benefit=*/2);
    populateMathPolynomialApproximationPatterns(patterns, [](StringRef name) {
      name.consume_front("math.");
      return llvm::is_contained(polynomials, name);
    });
    arith::populateExpandBFloat16Patterns(patterns);
    return applyPatternsGreedily(getOperation(), std::move(patterns));
  }

  /// What has neither an instruction nor a polynomial.
  LogicalResult callLibm() {
    RewritePatternSet patterns(&getContext());
    populateMathToLibmConversionPatterns(patterns);
    ConversionTarget target(getContext());
    target.markUnknownOpDynamicallyLegal([](Operation *) { return true; });
    target.addIllegalOp<
        math::AcosOp, math::AcoshOp, math::AsinOp, math::AsinhOp, math::AtanOp,
        math::Atan2Op, math::AtanhOp, math::CbrtOp, math::CosOp, math::CoshOp,
        math::ErfOp, math::ErfcOp, math::ExpOp, math::Exp2Op, math::ExpM1Op,
        math::LogOp, math::Log10Op, math::Log1pOp, math::Log2Op, math::PowFOp,
        math::RoundOp, math::SinOp, math::SinhOp, math::TanOp, math::TanhOp>();
    return applyPartialConversion(getOperation(), target, std::move(patterns));
  }
};
} // namespace
