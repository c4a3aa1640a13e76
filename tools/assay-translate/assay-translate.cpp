//===- assay-translate.cpp - ONNX files to IR and back --------------------===//
//
// Imports each ONNX model, runs graph passes when some are given, and prints
// the IR or writes it as ONNX again. For tests and for looking.
//
//===----------------------------------------------------------------------===//

#include "compiler/export/Export.h"
#include "compiler/import/Import.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "passes/graph/Passes.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
namespace cl = llvm::cl;

static cl::list<std::string> models(cl::Positional, cl::OneOrMore,
                                    cl::desc("MODEL.onnx..."));
static cl::opt<bool> quiet("quiet",
                           cl::desc("print diagnostics only, and a count"));
static cl::opt<bool> debugInfo("locations", cl::desc("print locations"));
static cl::opt<std::string>
    pipeline("passes", cl::desc("passes to run on each function"),
             cl::value_desc("fold-onnx-constants,canonicalize-onnx"));
static cl::opt<std::string> output("o", cl::desc("write the model here"),
                                   cl::value_desc("OUT.onnx"));
static cl::opt<int64_t> opset("opset", cl::desc("the opset to write"));
static cl::opt<bool> external("external-data",
                              cl::desc("write the weights beside the model"));

/// Prints the IR without the weights.
static void print(ModuleOp module) {
  OpPrintingFlags flags;
  flags.elideLargeElementsAttrs(16).elideLargeResourceString(16);
  if (debugInfo)
    flags.enableDebugInfo();
  module->print(llvm::outs(), flags);
  llvm::outs() << '\n';
}

/// A context of its own for each model, whose weights go with it.
static bool translate(StringRef path) {
  MLIRContext context(MLIRContext::Threading::DISABLED);
  ScopedDiagnosticHandler handler(&context, [](Diagnostic &diagnostic) {
    llvm::errs() << assay::formatDiagnostic(diagnostic) << '\n';
  });
  FailureOr<OwningOpRef<ModuleOp>> module = assay::importModel(&context, path);
  if (failed(module))
    return false;
  PassManager passes(&context);
  if (failed(parsePassPipeline(pipeline, passes.nest<func::FuncOp>())) ||
      failed(passes.run(**module)))
    return false;
  if (!output.empty()) {
    assay::ExportOptions options;
    options.opset = opset;
    options.externalData = external;
    return succeeded(assay::exportModel(**module, output, options));
  }
  if (!quiet)
    print(**module);
  return true;
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  assay::registerGraphPasses();
  cl::ParseCommandLineOptions(argc, argv, "Assay model translator\n");
  if (!output.empty() && models.size() != 1) {
    llvm::errs() << "assay-translate: -o takes one model\n";
    return 2;
  }
  size_t failures =
      llvm::count_if(models, [](StringRef path) { return !translate(path); });
  if (quiet)
    llvm::outs() << models.size() - failures << " imported, " << failures
                 << " refused\n";
  return failures ? 1 : 0;
}
