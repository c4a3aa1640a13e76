//===- assay-opt.cpp - Runs passes on IR ----------------------------------===//

#include "dialects/kernel/BufferizableOpInterfaceImpl.h"
#include "dialects/kernel/KernelDialect.h"
#include "dialects/onnx/OnnxDialect.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "passes/cpu/Passes.h"
#include "passes/cpu/Pipeline.h"
#include "passes/fusion/Passes.h"
#include "passes/fusion/Pipeline.h"
#include "passes/graph/Passes.h"
#include "passes/host/Passes.h"
#include "passes/layout/Passes.h"
#include "passes/lowering/Passes.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  mlir::registerAllPasses();
  assay::registerCpuPasses();
  assay::registerCpuPipelines();
  assay::registerFusionPasses();
  assay::registerFusionPipelines();
  assay::registerGraphPasses();
  assay::host::registerHostPasses();
  assay::registerLayoutPasses();
  assay::registerLoweringPasses();
  registry.insert<assay::kernel::KernelDialect, assay::onnx::OnnxDialect>();
  assay::kernel::registerBufferizableOpInterfaceExternalModels(registry);
  return mlir::asMainReturnCode(
      mlir::MlirOptMain(argc, argv, "Assay pass driver\n", registry));
}
