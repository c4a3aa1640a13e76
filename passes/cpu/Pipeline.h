//===- Pipeline.h - From a kernel to the LLVM dialect -----------*- C++ -*-===//

#ifndef ASSAY_PASSES_CPU_PIPELINE_H
#define ASSAY_PASSES_CPU_PIPELINE_H

namespace mlir {
class DialectRegistry;
class OpPassManager;
} // namespace mlir

namespace assay {

/// What kernels may assume of the processor they are compiled for.
struct CpuTargetOptions {
  /// Width of a vector register in bits: 256 (AVX2) or 512 (AVX-512).
  unsigned vectorBits = 256;
};

/// Dialects and interface implementations that the pipeline needs loaded before
/// it runs, in particular in contexts shared by threads.
void registerCpuPipelineDialects(mlir::DialectRegistry &registry);

/// From a module holding outlined kernels on tensors to the LLVM dialect with
/// the binary interface of docs/architecture.md. Runs on a ModuleOp.
void buildCpuKernelPipeline(mlir::OpPassManager &pm,
                            const CpuTargetOptions &options);

/// Makes the pipeline available to assay-opt as --cpu-kernel-pipeline.
void registerCpuPipelines();

} // namespace assay

#endif // ASSAY_PASSES_CPU_PIPELINE_H
