//===- ChannelsLast.cpp - Channels-last convolutions and pools ------------===//
//
//   %y = onnx.Conv(%x, %w, %b) {...}
//       : (tensor<1x3x8x8xf32>, ...) -> tensor<1x4x8x8xf32>
//
// becomes
//
//   %0 = onnx.Transpose(%x) {perm = [0, 2, 3, 1]}
//   %1 = onnx.Conv(%0, %w, %b) {..., channels_last}
//       : (tensor<1x8x8x3xf32>, ...) -> tensor<1x8x8x4xf32>
//   %y = onnx.Transpose(%1) {perm = [0, 3, 1, 2]}
//
//===----------------------------------------------------------------------===//

#include "dialects/onnx/Convolution.h"
#include "dialects/onnx/Pooling.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "passes/layout/Passes.h"
#include "passes/layout/TransposeUtils.h"

namespace assay {
#define GEN_PASS_DEF_CHANNELSLAST
#include "passes/layout/Passes.h.inc"
} // namespace assay

using namespace mlir;
using namespace assay;

static constexpr StringLiteral kChannelsLast = "channels_last";

/// An op over images whose channels-last form code generation favours.
static bool isCandidate(Operation *op) {
  if (!isa<onnx::ConvOp, onnx::MaxPoolOp, onnx::AveragePoolOp>(op) ||
      op->hasAttr(kChannelsLast))
    return false;
  auto x = dyn_cast<RankedTensorType>(op->getOperand(0).getType());
  auto y = dyn_cast<RankedTensorType>(op->getResult(0).getType());
  if (!x || !y || x.getRank() != 4)
    return false;
  if (isa<onnx::ConvOp>(op))
    return x.getElementType().isF32() && !x.isDynamicDim(1) &&
           !y.isDynamicDim(1);
  // The indices of MaxPool count in the channels-first tensor.
  return isa<FloatType>(x.getElementType()) &&
         (op->getNumResults() == 1 || op->getResult(1).use_empty());
}

static void convert(Operation *op) {
  OpBuilder builder(op);
  Location loc = op->getLoc();
  auto onnxOp = cast<onnx::OnnxOp>(op);
  SmallVector<Value> inputs = onnxOp.getOnnxInputs();
  inputs[0] = createTranspose(builder, loc, inputs[0], {0, 2, 3, 1});
  SmallVector<NamedAttribute> attributes(op->getAttrs());
  attributes.push_back(
      builder.getNamedAttr(kChannelsLast, builder.getUnitAttr()));
  Operation *last =
      onnx::buildOnnxOp(builder, loc, onnxOp.getOnnxName(), inputs, attributes);
  if (!last)
    return;
  Value result = op->getResult(0);
  result.replaceAllUsesWith(createTranspose(builder, loc, last->getResult(0),
                                            {0, 3, 1, 2}, result.getType()));
  op->erase();
}

namespace {
struct ChannelsLast : assay::impl::ChannelsLastBase<ChannelsLast> {
  void runOnOperation() override {
    SmallVector<Operation *> candidates;
    getOperation().walk([&](Operation *op) {
      if (isCandidate(op))
        candidates.push_back(op);
    });
    for (Operation *op : candidates)
      convert(op);
  }
};
} // namespace
