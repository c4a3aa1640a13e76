//===- Pipeline.cpp - From linalg on tensors to kernels -------------------===//

#include "passes/fusion/Pipeline.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"
#include "passes/fusion/Passes.h"

using namespace mlir;

void assay::buildFusionPipeline(OpPassManager &pm) {
  OpPassManager &functions = pm.nest<func::FuncOp>();
  functions.addPass(createDecomposeTensorOps());
  functions.addPass(memref::createResolveRankedShapeTypeResultDimsPass());
  functions.addPass(createCanonicalizerPass());
  functions.addPass(createCSEPass());
  functions.addPass(createFuseElementwise());
  // Fused ops stand where their readers are; sizes asked of them are resolved
  // to those of what they read.
  functions.addPass(memref::createResolveRankedShapeTypeResultDimsPass());
  functions.addPass(createCanonicalizerPass());
  functions.addPass(createCSEPass());
  functions.addPass(createFormDispatches());
  functions.addPass(createCSEPass());
  pm.addPass(createOutlineKernels());
}

void assay::registerFusionPipelines() {
  PassPipelineRegistration<>("fusion-pipeline",
                             "Linalg on tensors to outlined kernels",
                             buildFusionPipeline);
}
