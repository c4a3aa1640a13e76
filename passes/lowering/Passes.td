//===- Passes.td - Lowering passes ------------------------*- tablegen -*-===//

#ifndef ASSAY_PASSES_LOWERING_PASSES_TD
#define ASSAY_PASSES_LOWERING_PASSES_TD

include "mlir/Pass/PassBase.td"

def ConvertOnnxToLinalg : Pass<"convert-onnx-to-linalg", "::mlir::ModuleOp"> {
  let summary = "Lower onnx ops to linalg on tensors";
  let description = [{
    Rewrites every onnx op to linalg, tensor, arith, math and scf ops on
    tensors. Unsigned integers become signless, also in function signatures.
    When some ops have no lowering, one error lists all of them, with a note at
    each node.
  }];
  let dependentDialects = [
    "::assay::kernel::KernelDialect", "::mlir::arith::ArithDialect", "::mlir::cf::ControlFlowDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::math::MathDialect",
    "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect"
  ];
  let options = [
    Option<"releaseConstants", "release-constants", "bool", "false",
           "Free the data of constants that are packed and of no other use; no "
           "other module may share them">
  ];
}

#endif // ASSAY_PASSES_LOWERING_PASSES_TD
