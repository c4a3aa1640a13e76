//===- Passes.td - Simplification of onnx graphs ----------*- tablegen -*-===//

#ifndef ASSAY_PASSES_GRAPH_PASSES_TD
#define ASSAY_PASSES_GRAPH_PASSES_TD

include "mlir/Pass/PassBase.td"

def InferOnnxShapes : Pass<"infer-onnx-shapes", "::mlir::func::FuncOp"> {
  let summary = "Refine result types from operand types and constants";
  let description = [{
    Runs each op's type inference and keeps what it adds to the present type.
    The types of the function's results follow.
  }];
}

def FoldOnnxConstants : Pass<"fold-onnx-constants", "::mlir::func::FuncOp"> {
  let summary = "Evaluate ops whose inputs are known";
  let description = [{
    Ops on constants are evaluated by the reference interpreter. Chains that
    compute shapes (Shape, Gather, Slice, Concat, Unsqueeze, Cast, arithmetic)
    are followed for each element, so a known dimension of a tensor with unknown
    ones folds too, and a Reshape with one unknown element takes -1 for it.
    Types are refined on the way.
  }];
  let options = [
    Option<"maxBytes", "max-bytes", "int64_t", "67108864",
           "Largest result to fold that is larger than its inputs">
  ];
  let statistics = [
    Statistic<"numFolded", "num-folded", "Ops evaluated">
  ];
}

def FoldBatchNorm : Pass<"fold-batch-norm", "::mlir::func::FuncOp"> {
  let summary = "Fold BatchNormalization into the weights before it";
  let description = [{
    BatchNormalization in inference form, with constant parameters, whose input
    is a Conv, ConvTranspose or Gemm with constant weights and no other user.
  }];
  let statistics = [
    Statistic<"numFolded", "num-folded", "Normalizations folded">
  ];
}

def CanonicalizeOnnx : Pass<"canonicalize-onnx", "::mlir::func::FuncOp"> {
  let summary = "Remove and simplify ops by local rewrites";
  let description = [{
    Removes ops that do nothing (Identity, inference Dropout, Reshape, Transpose,
    Cast, Pad, Slice, Expand, Tile, Concat of one), merges Transpose and Reshape
    pairs, folds Pad into Conv and AveragePool, turns global pools into
    reductions, and finds Gelu in its chain of Erf.
  }];
}

#endif // ASSAY_PASSES_GRAPH_PASSES_TD
