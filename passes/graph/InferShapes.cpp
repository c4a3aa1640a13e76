//===- InferShapes.cpp - Refine result types ------------------------------===//
//
//   func.func @main(%x: tensor<2x3xf32>) -> tensor<*xf32> {
//     %y = onnx.Relu(%x) : (tensor<2x3xf32>) -> tensor<*xf32>
//
// becomes
//
//   func.func @main(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
//     %y = onnx.Relu(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
//
// Types flow from operands to results only, so one walk in program order is a
// fixed point.
//
//===----------------------------------------------------------------------===//

#include "passes/graph/GraphUtils.h"
#include "passes/graph/Passes.h"

namespace assay {
#define GEN_PASS_DEF_INFERONNXSHAPES
#include "passes/graph/Passes.h.inc"
} // namespace assay

using namespace mlir;
using namespace assay;

namespace {
struct InferOnnxShapes : assay::impl::InferOnnxShapesBase<InferOnnxShapes> {
  void runOnOperation() override {
    WalkResult walk = getOperation().walk([](onnx::OnnxOp op) {
      return failed(refineResultTypes(op)) ? WalkResult::interrupt()
                                           : WalkResult::advance();
    });
    if (walk.wasInterrupted())
      return signalPassFailure();
    updateResultTypes(getOperation());
  }
};
} // namespace
