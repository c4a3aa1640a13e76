//===- Pipeline.h - From linalg on tensors to kernels -----------*- C++ -*-===//

#ifndef ASSAY_PASSES_FUSION_PIPELINE_H
#define ASSAY_PASSES_FUSION_PIPELINE_H

namespace mlir {
class OpPassManager;
} // namespace mlir

namespace assay {

/// From linalg, tensor and kernel ops on tensors to a host program that calls
/// outlined kernels. Runs on a ModuleOp.
void buildFusionPipeline(mlir::OpPassManager &pm);

/// Makes the pipeline available to assay-opt as --fusion-pipeline.
void registerFusionPipelines();

} // namespace assay

#endif // ASSAY_PASSES_FUSION_PIPELINE_H
