//===- Describe.cpp - assay describe --------------------------------------===//

#include "compiler/import/Import.h"
#include "mlir/IR/MLIRContext.h"
#include "predictor/graph/OnnxGraph.h"
#include "predictor/text/CanonicalOrder.h"
#include "predictor/text/JsonText.h"
#include "predictor/text/LosslessText.h"
#include "predictor/text/OnnxNetText.h"
#include "tools/assay/Command.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

using namespace assay;
using namespace assay::tools;
namespace cl = llvm::cl;

namespace {
enum class Format { Lossless, OnnxNet, Json };
} // namespace

static cl::SubCommand command("describe", "write a network as text");
static cl::opt<std::string> path(cl::Positional, cl::desc("MODEL.onnx"),
                                 cl::Required, cl::sub(command));
static cl::opt<Format> format(
    "format", cl::desc("form of the text:"), cl::init(Format::Lossless),
    cl::values(clEnumValN(Format::Lossless, "lossless",
                          "short and exact: equal if and only if the networks "
                          "are, up to names and weights (default)"),
               clEnumValN(Format::OnnxNet, "onnx-net",
                          "as published with ONNX-Net; loses things"),
               clEnumValN(Format::Json, "json",
                          "values, nodes and attributes as JSON")),
    cl::sub(command));

static int run() {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  mlir::ScopedDiagnosticHandler handler(
      &context, [](mlir::Diagnostic &diagnostic) {
        printError(formatDiagnostic(diagnostic));
      });
  ImportOptions options;
  options.structureOnly = true;
  auto module = importModel(&context, path, options);
  if (failed(module))
    return ExitBadInput;
  auto graph = predictor::OnnxGraphReader(&context).read(**module);
  if (failed(graph))
    return ExitBadInput;
  switch (format) {
  case Format::Lossless:
    llvm::outs() << printLossless(canonicalize(std::move(*graph)));
    return ExitDone;
  case Format::OnnxNet:
    llvm::outs() << printOnnxNet(std::move(*graph));
    return ExitDone;
  case Format::Json:
    llvm::outs() << llvm::formatv("{0:2}\n",
                                  printJson(canonicalize(std::move(*graph))));
    return ExitDone;
  }
  llvm_unreachable("all formats are handled");
}

Command assay::tools::describeCommand() { return {&command, run}; }
