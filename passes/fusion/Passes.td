//===- Passes.td - Fusion and kernel formation -----------*- tablegen -*-===//

#ifndef ASSAY_PASSES_FUSION_PASSES_TD
#define ASSAY_PASSES_FUSION_PASSES_TD

include "mlir/Pass/PassBase.td"

def DecomposeTensorOps : Pass<"decompose-tensor-ops", "::mlir::func::FuncOp"> {
  let summary = "Rewrite tensor ops to linalg.generic, fills and insertions";
  let description = [{
    Pads become a fill and an insertion, concatenations a chain of insertions,
    elementwise ops on tensors, tensor.generate and named linalg ops other than
    contractions and fills a linalg.generic.
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect"];
}

def FuseElementwise : Pass<"fuse-elementwise", "::mlir::func::FuncOp"> {
  let summary = "Fuse elementwise linalg ops into their readers";
  let description = [{
    A producer is fused into its only reader when nothing is computed twice, into
    several readers or across a broadcast when it costs next to nothing.
    Transposes and broadcasts thus become indexing maps. Reshapes between a
    contraction and the elementwise op that reads it move behind the latter.
  }];
  let dependentDialects = ["::mlir::affine::AffineDialect",
                           "::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect"];
  let options = [
    Option<"maxOperands", "max-operands", "unsigned", "12",
           "Largest number of operands of a fused op">
  ];
}

def FormDispatches : Pass<"form-dispatches", "::mlir::func::FuncOp"> {
  let summary = "Group tensor computations into kernel.dispatch regions";
  let description = [{
    Every op that computes a tensor ends up in a dispatch. A dispatch holds one
    of: a contraction and the elementwise op after it; linalg ops that share
    their outer parallel loops (softmax, layer normalization); a chain of
    insertions into one tensor; any other op alone. Fills, empty tensors, slices
    read by loops, scalar and splat constants are cloned into each user.
  }];
  let dependentDialects = ["::assay::kernel::KernelDialect",
                           "::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect"];
  let options = [
    Option<"maxRowElements", "max-row-elements", "int64_t", "262144",
           "Largest intermediate tensor, in elements for each iteration of the "
           "shared loops, that ops may be grouped over">
  ];
}

def OutlineKernels : Pass<"outline-kernels", "::mlir::ModuleOp"> {
  let summary = "Turn dispatches into deduplicated kernel functions";
  let description = [{
    Each kernel.dispatch becomes a private func.func @kernel_<hash>, and the
    dispatch a kernel.call of it. The hash is over the printed body without
    locations, so equal dispatches of any model share one function.
  }];
  let dependentDialects = ["::assay::kernel::KernelDialect",
                           "::mlir::func::FuncDialect"];
  let statistics = [
    Statistic<"numDispatches", "num-dispatches", "Dispatches outlined">,
    Statistic<"numKernels", "num-kernels", "Distinct kernels made">
  ];
}

#endif // ASSAY_PASSES_FUSION_PASSES_TD
