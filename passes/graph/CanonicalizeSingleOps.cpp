//===- CanonicalizeSingleOps.cpp - Ops that give their input --------------===//

#include "dialects/onnx/Activation.h"
#include "dialects/onnx/Elementwise.h"
#include "passes/graph/CanonicalizePatterns.h"
#include "passes/graph/GraphUtils.h"

using namespace mlir;
using namespace assay;

/// onnx.Identity(%x) -> %x
static LogicalResult removeIdentity(onnx::IdentityOp op,
                                    PatternRewriter &rewriter) {
  return replaceIfCompatible(rewriter, op, op.getInput());
}

/// onnx.Dropout(%x, _, _) -> %x: training_mode is false unless it is given.
static LogicalResult removeDropout(onnx::DropoutOp op,
                                   PatternRewriter &rewriter) {
  if (op.getTrainingMode() && getSplat(op.getTrainingMode()) != 0.0)
    return failure();
  return replaceIfCompatible(rewriter, op, op.getData());
}

/// A Cast to the type that the input has.
static LogicalResult removeCast(onnx::CastOp op, PatternRewriter &rewriter) {
  return replaceIfCompatible(rewriter, op, op.getInput());
}

static LogicalResult removeCastLike(onnx::CastLikeOp op,
                                    PatternRewriter &rewriter) {
  return replaceIfCompatible(rewriter, op, op.getInput());
}

/// onnx.Sum(%x) -> %x, and Max, Mean and Min.
template <typename OpTy>
static LogicalResult removeVariadic(OpTy op, PatternRewriter &rewriter) {
  if (op->getNumOperands() != 1)
    return failure();
  return replaceIfCompatible(rewriter, op, op->getOperand(0));
}

void assay::populateSingleOpCanonicalization(RewritePatternSet &patterns) {
  patterns.add(removeIdentity);
  patterns.add(removeDropout);
  patterns.add(removeCast);
  patterns.add(removeCastLike);
  patterns.add(removeVariadic<onnx::SumOp>);
  patterns.add(removeVariadic<onnx::MaxOp>);
  patterns.add(removeVariadic<onnx::MeanOp>);
  patterns.add(removeVariadic<onnx::MinOp>);
}
