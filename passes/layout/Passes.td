//===- Passes.td - Layouts of onnx graphs -----------------*- tablegen -*-===//

#ifndef ASSAY_PASSES_LAYOUT_PASSES_TD
#define ASSAY_PASSES_LAYOUT_PASSES_TD

include "mlir/Pass/PassBase.td"

def ChannelsLast : Pass<"channels-last", "::mlir::func::FuncOp"> {
  let summary = "Turn convolutions and pools channels-last";
  let description = [{
    Conv of f32 and MaxPool and AveragePool of floats, over images, compute on
    N x H x W x C between two transposes, which propagate-transposes then
    cancels against each other.
  }];
}

def PropagateTransposes : Pass<"propagate-transposes", "::mlir::func::FuncOp"> {
  let summary = "Move transposes towards the results until they cancel";
  let description = [{
    An op whose tensor operands are all transposed alike is computed before the
    transpose: elementwise ops (constants are transposed instead), Concat, Pad,
    reductions, Softmax, BatchNormalization, Resize, Slice, Split, Squeeze,
    Reshape of whole dimensions. Pairs of transposes merge. A transpose that
    only moves dimensions of 1 becomes a Reshape in the end.
  }];
}

#endif // ASSAY_PASSES_LAYOUT_PASSES_TD
