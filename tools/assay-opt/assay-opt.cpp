//===- assay-opt.cpp - Runs passes on IR ----------------------------------===//

#include "dialects/onnx/OnnxDialect.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  mlir::registerAllPasses();
  registry.insert<assay::onnx::OnnxDialect>();
  return mlir::asMainReturnCode(
      mlir::MlirOptMain(argc, argv, "Assay pass driver\n", registry));
}
