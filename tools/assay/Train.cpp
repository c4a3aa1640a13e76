//===- Train.cpp - assay train and assay eval -----------------------------===//

#include "bench_db/Store.h"
#include "compiler/export/Export.h"
#include "mlir/IR/MLIRContext.h"
#include "predictor/training/SurrogateTrainer.h"
#include "search/catalog/Evaluate.h"
#include "search/catalog/TrainingData.h"
#include "tools/assay/Command.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"
#include <unistd.h>

using namespace assay;
using namespace assay::tools;
using llvm::Expected;
namespace cl = llvm::cl;

static cl::SubCommand trainSubCommand("train",
                                      "fit a surrogate to the database");
static cl::SubCommand evalSubCommand("eval",
                                     "judge surrogates on the database");
static cl::opt<std::string>
    dbPath("db", cl::value_desc("file"), cl::sub(trainSubCommand),
           cl::sub(evalSubCommand),
           cl::desc("the database (default: $ASSAY_DB, else assay/bench.db in "
                    "the user's data directory)"));
static cl::opt<std::string> dataset("dataset", cl::init("cifar10"),
                                    cl::value_desc("name"),
                                    cl::sub(trainSubCommand),
                                    cl::sub(evalSubCommand),
                                    cl::desc("labels of this data set"));
static cl::opt<int> members("members", cl::init(5), cl::value_desc("n"),
                            cl::sub(trainSubCommand), cl::sub(evalSubCommand),
                            cl::desc("perceptrons in the ensemble"));
static cl::opt<std::string> output("o", cl::value_desc("FILE.onnx"),
                                   cl::init("surrogate.onnx"),
                                   cl::sub(trainSubCommand),
                                   cl::desc("where the surrogate goes"));
static cl::opt<std::string> version("surrogate-version", cl::init("1"),
                                    cl::value_desc("text"),
                                    cl::sub(trainSubCommand),
                                    cl::desc("the version that predictions "
                                             "are stored under"));
static cl::opt<uint64_t> seed("seed", cl::init(0), cl::value_desc("n"),
                              cl::sub(trainSubCommand),
                              cl::desc("of weights and mini-batches"));
static cl::opt<int> seeds("seeds", cl::init(5), cl::value_desc("n"),
                          cl::sub(evalSubCommand),
                          cl::desc("repetitions of each task"));
static cl::opt<std::string> markdown("o", cl::value_desc("FILE.md"),
                                     cl::sub(evalSubCommand),
                                     cl::desc("write the table to a file, not "
                                              "to standard output"));

static int fail(llvm::StringRef command, const llvm::Twine &message) {
  printError(command + ": " + message);
  return ExitBadInput;
}

static void say(const llvm::Twine &message) {
  if (isatty(STDERR_FILENO))
    llvm::errs() << message << '\n';
}

static Expected<std::vector<search::LabelledFamily>> loadFamilies() {
  std::string path = dbPath.empty() ? bench_db::defaultStorePath() : dbPath;
  auto store = bench_db::Store::open(path, bench_db::Store::OpenMode::Reading);
  if (!store)
    return store.takeError();
  auto families = search::loadFamilies(**store, dataset, [](int64_t done) {
    if (isatty(STDERR_FILENO))
      llvm::errs() << '\r' << done << " labels";
  });
  if (families && families->empty())
    return llvm::createStringError(
        "%s: has no labels of kind 'trained' for data set '%s'; fill it with "
        "'assay db import'",
        path.c_str(), dataset.c_str());
  if (families)
    for (const search::LabelledFamily &family : *families)
      say("\r" + llvm::Twine(family.family.labels.size()) + " networks of " +
          family.family.name);
  return families;
}

static int runTrain() {
  auto families = loadFamilies();
  if (!families)
    return fail("train", llvm::toString(families.takeError()));
  std::vector<predictor::Family> training;
  for (search::LabelledFamily &family : *families)
    training.push_back(std::move(family.family));
  predictor::SurrogateTrainerOptions options;
  options.members = members;
  options.progress = [](int done, int total) {
    say("member " + llvm::Twine(done + 1) + " of " + llvm::Twine(total));
  };
  predictor::Surrogate surrogate =
      predictor::trainSurrogate(training, options, seed);
  surrogate.version = version;
  surrogate.calibration.dataset = dataset;

  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  auto module = predictor::buildSurrogateModule(&context, surrogate);
  if (!module || failed(exportModel(*module, output)))
    return ExitBadInput;
  const predictor::Calibration &c = surrogate.calibration;
  llvm::outs() << output << ": accuracy = "
               << llvm::format("%.2f %+.2f score, deviation %.2f %%\n",
                               c.intercept, c.slope, c.noise);
  return ExitDone;
}

static int runEval() {
  auto families = loadFamilies();
  if (!families)
    return fail("eval", llvm::toString(families.takeError()));
  search::EvaluationOptions options;
  options.seeds = seeds;
  options.trainer.members = members;
  options.progress = [](llvm::StringRef task) { say(task); };
  std::string table = printMarkdown(search::evaluate(*families, options));
  if (markdown.empty()) {
    llvm::outs() << table;
    return ExitDone;
  }
  std::error_code error;
  llvm::raw_fd_ostream file(markdown, error);
  if (error)
    return fail("eval", markdown + ": " + error.message());
  file << table;
  return ExitDone;
}

Command assay::tools::trainCommand() { return {&trainSubCommand, runTrain}; }
Command assay::tools::evalCommand() { return {&evalSubCommand, runEval}; }
