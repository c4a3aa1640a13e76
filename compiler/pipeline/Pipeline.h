//===- Pipeline.h - The passes of the compiler, in order --------*- C++ -*-===//

#ifndef ASSAY_COMPILER_PIPELINE_PIPELINE_H
#define ASSAY_COMPILER_PIPELINE_PIPELINE_H

namespace mlir {
class OpPassManager;
} // namespace mlir

namespace assay {

/// Stays in the onnx dialect: shapes, constants, norms, local rewrites.
void buildSimplificationPipeline(mlir::OpPassManager &pm);

/// onnx to a host program @main that calls outlined kernels, on tensors.
/// `releaseConstants` is that of CompileOptions.
void buildOutliningPipeline(mlir::OpPassManager &pm,
                            bool releaseConstants = false);

/// A host program with declared kernels, on tensors, to buffers with their
/// places in the arena and the weights.
void buildHostPipeline(mlir::OpPassManager &pm);

/// The bufferised host program to the LLVM dialect.
void buildHostLoweringPipeline(mlir::OpPassManager &pm);

} // namespace assay

#endif // ASSAY_COMPILER_PIPELINE_PIPELINE_H
