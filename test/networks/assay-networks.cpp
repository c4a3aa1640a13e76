//===- assay-networks.cpp - Writes well-known networks --------------------===//

#include "compiler/export/Export.h"
#include "compiler/import/Import.h"
#include "test/networks/Networks.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/raw_ostream.h"

using namespace assay;
namespace cl = llvm::cl;

static cl::opt<std::string> name(cl::Positional,
                                 cl::desc("NAME (none: list them)"));
static cl::opt<std::string> output("o", cl::desc("model to write"),
                                   cl::value_desc("file"),
                                   cl::init("model.onnx"));
static cl::opt<int64_t>
    size("size", cl::desc("side of the image, or tokens (0: the usual)"),
         cl::value_desc("n"), cl::init(0));
static cl::opt<uint64_t> seed("seed", cl::desc("of the weights"),
                              cl::value_desc("n"), cl::init(0));

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  cl::ParseCommandLineOptions(argc, argv, "Writes a network as ONNX\n");
  if (name.empty()) {
    for (const networks::NamedNetwork &network : networks::getNetworks())
      llvm::outs() << llvm::left_justify(network.name, 18) << network.summary
                   << '\n';
    return 0;
  }
  const networks::NamedNetwork *network = networks::lookupNetwork(name);
  if (!network) {
    llvm::errs() << "unknown network '" << name << "'\n";
    return 1;
  }
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  mlir::ScopedDiagnosticHandler handler(
      &context, [](mlir::Diagnostic &diagnostic) {
        llvm::errs() << formatDiagnostic(diagnostic) << '\n';
      });
  mlir::OwningOpRef<mlir::ModuleOp> module =
      buildNetwork(*network, &context, size, seed);
  return !module || failed(exportModel(*module, output));
}
