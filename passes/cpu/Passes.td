//===- Passes.td - CPU code generation passes -------------*- tablegen -*-===//

#ifndef ASSAY_PASSES_CPU_PASSES_TD
#define ASSAY_PASSES_CPU_PASSES_TD

include "mlir/Pass/PassBase.td"

def LowerBrickKernels : Pass<"lower-brick-kernels", "::mlir::ModuleOp"> {
  let summary = "Lower contraction kernels to loops of register tiles";
  let description = [{
    Rewrites outlined kernels that hold one kernel contraction and elementwise
    consumers of it to functions on buffers over a range of units, with a
    companion that counts the units. Others are left as they are.
  }];
  let options = [
    Option<"lanes", "lanes", "int64_t", "16",
           "f32 lanes of a vector register: 16 (AVX-512) or 8 (AVX2)">
  ];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect",
    "::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect"
  ];
}

#endif // ASSAY_PASSES_CPU_PASSES_TD
