//===- FuseGelu.cpp - Gelu from its chain of Erf --------------------------===//

#include "dialects/onnx/Elementwise.h"
#include "mlir/IR/TypeUtilities.h"
#include "passes/graph/CanonicalizePatterns.h"
#include "passes/graph/GraphUtils.h"

using namespace mlir;
using namespace assay;

static bool isSplat(Value value, double wanted) {
  std::optional<double> splat = getSplat(value);
  return splat && std::abs(*splat - wanted) <= 1e-3 * std::abs(wanted);
}

/// %x of 1 + erf(%x / sqrt(2)), with either order of operands and either
/// division or multiplication; null otherwise.
static Value matchErf(Value value) {
  auto add = value.getDefiningOp<onnx::AddOp>();
  if (!add)
    return {};
  Value term = isSplat(add.getB(), 1.0) ? add.getA() : add.getB();
  if (!isSplat(add.getA(), 1.0) && !isSplat(add.getB(), 1.0))
    return {};
  auto erf = term.getDefiningOp<onnx::ErfOp>();
  if (!erf)
    return {};
  Value scaled = erf.getInput();
  if (auto div = scaled.getDefiningOp<onnx::DivOp>())
    return isSplat(div.getB(), M_SQRT2) ? div.getA() : Value();
  if (auto mul = scaled.getDefiningOp<onnx::MulOp>()) {
    if (isSplat(mul.getB(), M_SQRT1_2))
      return mul.getA();
    if (isSplat(mul.getA(), M_SQRT1_2))
      return mul.getB();
  }
  return {};
}

/// The factors of a product of three, whatever its nesting.
static SmallVector<Value> getFactors(onnx::MulOp root) {
  SmallVector<Value> factors;
  for (Value operand : root->getOperands()) {
    auto inner = operand.getDefiningOp<onnx::MulOp>();
    if (inner && operand.hasOneUse() && factors.size() < 2)
      llvm::append_range(factors, inner->getOperands());
    else
      factors.push_back(operand);
  }
  return factors;
}

/// 0.5 * %x * (1 + erf(%x / sqrt(2))) -> onnx.Gelu(%x)
static LogicalResult fuseGelu(onnx::MulOp root, PatternRewriter &rewriter) {
  SmallVector<Value> factors = getFactors(root);
  if (factors.size() != 3)
    return failure();
  Value *half =
      llvm::find_if(factors, [](Value value) { return isSplat(value, 0.5); });
  if (half == factors.end())
    return failure();
  factors.erase(half);
  for (auto [input, chain] :
       {std::pair(factors[0], factors[1]), std::pair(factors[1], factors[0])}) {
    if (matchErf(chain) != input || input.getType() != root.getType())
      continue;
    return replaceByOp(
        rewriter, root, "Gelu", {input},
        rewriter.getNamedAttr("approximate", rewriter.getStringAttr("none")));
  }
  return failure();
}

void assay::populateGeluFusion(RewritePatternSet &patterns) {
  patterns.add(fuseGelu);
}
