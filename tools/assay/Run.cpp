//===- Run.cpp - assay run ------------------------------------------------===//

#include "compiler/api/Npy.h"
#include "tools/assay/Command.h"
#include "tools/assay/Models.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace assay;
using namespace assay::tools;
using assay::onnx::Tensor;
namespace cl = llvm::cl;

static cl::SubCommand command("run", "run a model and write its outputs");
static cl::opt<std::string> modelPath(cl::Positional, cl::desc("MODEL"),
                                      cl::Required, cl::sub(command));
static cl::list<std::string>
    inputFiles("input", cl::desc("read an input; others are random"),
               cl::value_desc("NAME=FILE.npy|.pb"), cl::sub(command));
static cl::opt<std::string>
    outputFolder("output-dir", cl::desc("write each output as NAME.npy"),
                 cl::value_desc("folder"), cl::sub(command));
static cl::list<std::string>
    shapes("shape",
           cl::desc("shape of a random input; else dynamic dimensions "
                    "are 1"),
           cl::value_desc("NAME=2x3x224"), cl::sub(command));
static cl::opt<uint64_t> seed("seed", cl::desc("seed of random inputs"),
                              cl::init(0), cl::sub(command));
static cl::opt<unsigned>
    threads("threads", cl::desc("threads to run on (default 1; 0: all)"),
            cl::init(1), cl::sub(command));

/// Names may hold anything; file names may not.
static std::string toFileName(StringRef name) {
  std::string file = name.str();
  for (char &c : file)
    if (!llvm::isAlnum(c) && !StringRef("._-").contains(c))
      c = '_';
  return file;
}

static bool writeOutputs(const ModelSignature &signature,
                         ArrayRef<Tensor> outputs) {
  if (std::error_code code = llvm::sys::fs::create_directories(outputFolder)) {
    printError(outputFolder + ": " + code.message());
    return false;
  }
  llvm::StringSet<> used;
  for (auto [value, output] : llvm::zip(signature.outputs, outputs)) {
    std::string file = toFileName(value.name);
    while (!used.insert(file).second)
      file += '_';
    llvm::SmallString<128> path(outputFolder);
    llvm::sys::path::append(path, file + ".npy");
    if (failed(writeNpy(output, path)))
      return false;
  }
  return true;
}

static void printSummary(const ValueSignature &value, const Tensor &tensor) {
  llvm::raw_ostream &os = llvm::outs();
  os << value.name << ": " << assay_type_name(value.type) << '[';
  llvm::interleaveComma(tensor.getShape(), os);
  os << "] =";
  constexpr int64_t shown = 8;
  bool isComplex = isa<ComplexType>(tensor.getElementType());
  for (int64_t i = 0;
       i < std::min(tensor.getNumElements(), shown) && !isComplex; ++i)
    os << ' ' << llvm::format("%g", tensor.getDouble(i));
  os << (tensor.getNumElements() > shown ? " ...\n" : "\n");
}

static int run() {
  auto options = makeOptions("native", 3);
  if (!options)
    return ExitBadInput;
  options->threads = threads;
  ModelContext context;
  auto executable = Executable::load(context.get(), modelPath, *options);
  if (failed(executable))
    return context.getFailure();
  const ModelSignature &signature = (*executable)->getSignature();
  auto inputs = makeInputs(context.get(), signature, inputFiles, shapes, seed);
  if (!inputs)
    return ExitBadInput;
  auto outputs = (*executable)->run(*inputs);
  if (!outputs) {
    printError(modelPath + ": " + llvm::toString(outputs.takeError()));
    return ExitBadInput;
  }
  for (auto [value, output] : llvm::zip(signature.outputs, *outputs))
    printSummary(value, output);
  if (!outputFolder.empty() && !writeOutputs(signature, *outputs))
    return ExitBadInput;
  return ExitDone;
}

Command assay::tools::runCommand() { return {&command, run}; }
