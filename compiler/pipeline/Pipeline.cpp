//===- Pipeline.cpp - The passes of the compiler, in order ----------------===//

#include "compiler/pipeline/Pipeline.h"
#include "compiler/pipeline/Compile.h"
#include "dialects/kernel/BufferizableOpInterfaceImpl.h"
#include "dialects/kernel/KernelDialect.h"
#include "dialects/onnx/OnnxDialect.h"
#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Affine/Transforms/Passes.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Transforms/Passes.h"
#include "passes/cpu/Pipeline.h"
#include "passes/fusion/Pipeline.h"
#include "passes/graph/Passes.h"
#include "passes/host/Passes.h"
#include "passes/layout/Passes.h"
#include "passes/lowering/Passes.h"

using namespace mlir;

void assay::registerCompilerDialects(DialectRegistry &registry) {
  registry.insert<kernel::KernelDialect, onnx::OnnxDialect>();
  kernel::registerBufferizableOpInterfaceExternalModels(registry);
  registerCpuPipelineDialects(registry);
  registerBuiltinDialectTranslation(registry);
  registerLLVMDialectTranslation(registry);
}

void assay::buildSimplificationPipeline(OpPassManager &pm) {
  OpPassManager &functions = pm.nest<func::FuncOp>();
  functions.addPass(createInferOnnxShapes());
  functions.addPass(createFoldOnnxConstants());
  functions.addPass(createCanonicalizeOnnx());
  functions.addPass(createFoldBatchNorm());
  // Rewrites leave new constant operands behind.
  functions.addPass(createFoldOnnxConstants());
  functions.addPass(createCanonicalizeOnnx());
  functions.addPass(createInferOnnxShapes());
  functions.addPass(createCSEPass());
}

void assay::buildOutliningPipeline(OpPassManager &pm, bool releaseConstants) {
  OpPassManager &functions = pm.nest<func::FuncOp>();
  functions.addPass(createChannelsLast());
  functions.addPass(createPropagateTransposes());
  // Transposed constants, and reshapes of what was a transpose.
  functions.addPass(createFoldOnnxConstants());
  functions.addPass(createCanonicalizeOnnx());
  functions.addPass(createCSEPass());
  ConvertOnnxToLinalgOptions lowering;
  lowering.releaseConstants = releaseConstants;
  pm.addPass(createConvertOnnxToLinalg(lowering));
  buildFusionPipeline(pm);
}

void assay::buildHostPipeline(OpPassManager &pm) {
  pm.addPass(host::createBufferizeHost());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addNestedPass<func::FuncOp>(host::createAllocateOutputs());
  pm.addPass(host::createPackWeights());
  pm.addNestedPass<func::FuncOp>(host::createPlanArena());
  pm.addNestedPass<func::FuncOp>(host::createReleaseBuffers());
}

void assay::buildHostLoweringPipeline(OpPassManager &pm) {
  pm.addPass(createLowerAffinePass());
  pm.addPass(createSCFToControlFlowPass());
  pm.addPass(arith::createArithExpandOpsPass());
  pm.addPass(host::createConvertHostToLLVM());
  pm.addPass(createReconcileUnrealizedCastsPass());
}
