//===- Space.cpp - assay space --------------------------------------------===//

#include "search/spaces/Space.h"
#include "compiler/export/Export.h"
#include "compiler/import/Import.h"
#include "tools/assay/Command.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

using namespace assay;
using namespace assay::search;
using namespace assay::tools;
namespace cl = llvm::cl;

static cl::SubCommand command("space", "list search spaces, draw from them, "
                                       "write their networks");
static cl::list<std::string>
    words(cl::Positional,
          cl::desc("list | sample SPACE | emit SPACE SPEC -o MODEL.onnx"),
          cl::sub(command));
static cl::opt<std::string> output("o", cl::desc("model to write (emit)"),
                                   cl::value_desc("file"), cl::sub(command));
static cl::opt<std::string> inputShape("input-shape",
                                       cl::desc("NxCxHxW, N may be ? (emit)"),
                                       cl::value_desc("shape"),
                                       cl::sub(command));
static cl::opt<int64_t> classes("classes", cl::desc("classes (emit)"),
                                cl::value_desc("n"), cl::init(0),
                                cl::sub(command));
static cl::opt<unsigned> count("count", cl::desc("specs to draw (sample)"),
                               cl::value_desc("n"), cl::init(1),
                               cl::sub(command));
static cl::opt<uint64_t> seed("seed",
                              cl::desc("of the weights (emit) or the draw "
                                       "(sample)"),
                              cl::value_desc("n"), cl::init(0),
                              cl::sub(command));

static int list() {
  for (const Space *space : getSpaces())
    llvm::outs() << llvm::left_justify(space->getName(), 14)
                 << llvm::format("%8lld  ",
                                 static_cast<long long>(space->getSize()))
                 << space->getSummary() << '\n'
                 << "    " << space->getExample() << '\n';
  return ExitDone;
}

static int sample(const Space &space) {
  std::mt19937_64 random(seed);
  for (unsigned i = 0; i < count; ++i)
    llvm::outs() << space.sample(random) << '\n';
  return ExitDone;
}

/// "1x3x32x32"; false when it is none.
static bool parseShape(llvm::StringRef text,
                       llvm::SmallVectorImpl<int64_t> &shape) {
  llvm::SmallVector<llvm::StringRef> parts;
  text.split(parts, 'x');
  for (llvm::StringRef part : parts) {
    int64_t size = mlir::ShapedType::kDynamic;
    if (part != "?" && part.getAsInteger(10, size))
      return false;
    shape.push_back(size);
  }
  return true;
}

static int emit(const Space &space, llvm::StringRef spec) {
  NetworkOptions options;
  options.classes = classes;
  options.seed = seed;
  if (!inputShape.empty() && !parseShape(inputShape, options.inputShape))
    return failUsage("space", "--input-shape must be like 1x3x32x32, but is '" +
                                  inputShape + "'");
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  mlir::ScopedDiagnosticHandler handler(
      &context, [](mlir::Diagnostic &diagnostic) {
        printError(formatDiagnostic(diagnostic));
      });
  Network network = space.build(spec, options, &context);
  if (!network.module || failed(exportModel(*network.module, output)))
    return ExitBadInput;
  llvm::outs() << output << ": " << network.parameters << " parameters\n";
  return ExitDone;
}

static int run() {
  llvm::StringRef action;
  if (!words.empty())
    action = words[0];
  if (action == "list" && words.size() == 1)
    return list();
  bool isSample = action == "sample" && words.size() == 2;
  bool isEmit = action == "emit" && words.size() == 3;
  if (!isSample && !isEmit)
    return failUsage("space", "expected list, sample SPACE, or emit SPACE SPEC "
                              "-o MODEL.onnx");
  if (isEmit && output.empty())
    return failUsage("space", "emit needs -o MODEL.onnx");
  const Space *space = lookupSpace(words[1]);
  if (!space) {
    auto names = llvm::map_range(
        getSpaces(), [](const Space *space) { return space->getName(); });
    printError("unknown space '" + words[1] + "'; known are " +
               llvm::join(names, ", "));
    return ExitBadInput;
  }
  return isSample ? sample(*space) : emit(*space, words[2]);
}

Command assay::tools::spaceCommand() { return {&command, run}; }
