//===- Train.cpp - assay train and assay eval -----------------------------===//

#include "bench_db/Store.h"
#include "compiler/api/Executable.h"
#include "compiler/export/Export.h"
#include "predictor/training/FewShotTrainer.h"
#include "predictor/training/RankCorrelation.h"
#include "predictor/training/SurrogateTrainer.h"
#include "search/catalog/Evaluate.h"
#include "search/catalog/TrainingData.h"
#include "search/prediction/SurrogateSession.h"
#include "tools/assay/Command.h"
#include "tools/assay/Models.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/Path.h"
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
static cl::opt<std::string>
    version("surrogate-version", cl::value_desc("text"),
            cl::sub(trainSubCommand),
            cl::desc("the version that predictions are stored under (default: "
                     "a hash of the file; with --few-shot, that of "
                     "--surrogate, the space and the number of labels)"));
static cl::opt<std::string>
    fewShotSpace("few-shot", cl::value_desc("space"), cl::sub(trainSubCommand),
                 cl::desc("fit only this space, from 8 to 1000 labels: "
                          "kernel ridge that corrects --surrogate"));
static cl::opt<std::string>
    priorPath("surrogate", cl::value_desc("FILE.onnx"),
              cl::sub(trainSubCommand),
              cl::desc("what --few-shot corrects (default: $ASSAY_SURROGATE, "
                       "else the one that comes with Assay)"));
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

/// Before the minutes of work that the file is for.
static bool canWrite(llvm::StringRef file) {
  llvm::StringRef folder = llvm::sys::path::parent_path(file);
  return !llvm::sys::fs::is_directory(file) &&
         !llvm::sys::fs::access(folder.empty() ? "." : folder,
                                llvm::sys::fs::AccessMode::Write);
}

static std::string getStorePath() {
  return dbPath.empty() ? bench_db::defaultStorePath() : dbPath.getValue();
}

static Expected<std::unique_ptr<bench_db::Store>> openStore() {
  return bench_db::Store::open(getStorePath(),
                               bench_db::Store::OpenMode::Reading);
}

static Expected<std::vector<search::LabelledFamily>>
loadFamilies(bench_db::Store &store, llvm::StringRef space = "") {
  auto families = search::loadFamilies(store, dataset, space, [](int64_t done) {
    if (isatty(STDERR_FILENO))
      llvm::errs() << '\r' << done << " labels";
  });
  if (families && families->empty())
    return llvm::createStringError(
        "%s: has no labels of kind 'trained' for data set '%s'%s; fill it with "
        "'assay db import'",
        getStorePath().c_str(), dataset.c_str(),
        space.empty() ? "" : (" in space '" + space + "'").str().c_str());
  if (families)
    for (const search::LabelledFamily &family : *families)
      say("\r" + llvm::Twine(family.family.labels.size()) + " networks of " +
          family.family.name);
  return families;
}

static void printCalibration(const predictor::Calibration &c) {
  llvm::outs() << "accuracy = "
               << llvm::format("%.2f %+.2f score, deviation %.2f %%\n",
                               c.intercept, c.slope, c.noise);
}

/// The score of the surrogate for each row.
static Expected<Eigen::VectorXf> scoreRows(search::SurrogateSession &surrogate,
                                           const predictor::Matrix &inputs) {
  std::vector<std::vector<float>> rows;
  for (Eigen::Index i = 0; i < inputs.rows(); ++i)
    rows.emplace_back(inputs.row(i).begin(), inputs.row(i).end());
  auto estimates = surrogate.estimate(rows);
  if (!estimates)
    return estimates.takeError();
  Eigen::VectorXf scores(inputs.rows());
  for (auto [score, estimate] : llvm::zip_equal(scores, *estimates))
    score = estimate.score;
  return scores;
}

static double correlate(const Eigen::VectorXf &a, const Eigen::VectorXf &b) {
  return predictor::kendall({a.begin(), a.end()}, {b.begin(), b.end()});
}

static llvm::Error checkFewShotLabels(const Eigen::VectorXf &labels) {
  int count = labels.size();
  if (count < predictor::kMinFewShotLabels ||
      count > predictor::kMaxFewShotLabels)
    return llvm::createStringError(
        "--few-shot takes %d to %d labels, but '%s' has %d%s",
        predictor::kMinFewShotLabels, predictor::kMaxFewShotLabels,
        fewShotSpace.c_str(), count,
        count > predictor::kMaxFewShotLabels
            ? "; train a surrogate on them without --few-shot"
            : "");
  if (labels.minCoeff() == labels.maxCoeff())
    return llvm::createStringError("all labels of '%s' are equal",
                                   fewShotSpace.c_str());
  return llvm::Error::success();
}

/// The surrogate to be corrected: the one named, else that of the data set,
/// else that of CIFAR-10, whose ranking holds elsewhere too.
static std::string findPrior() {
  std::string path = priorPath;
  if (path.empty())
    path = search::defaultSurrogatePath(dataset);
  return path.empty() ? search::defaultSurrogatePath("cifar10") : path;
}

static int runFewShot() {
  auto store = openStore();
  if (!store)
    return fail("train", llvm::toString(store.takeError()));
  auto families = loadFamilies(**store, fewShotSpace);
  if (!families)
    return fail("train", llvm::toString(families.takeError()));
  const predictor::Family &family = families->front().family;
  if (llvm::Error error = checkFewShotLabels(family.labels))
    return fail("train", llvm::toString(std::move(error)));
  std::string path = findPrior();
  auto session = search::SurrogateSession::load(path);
  if (!session)
    return fail("train", llvm::toString(session.takeError()));
  auto priors = scoreRows(**session, family.inputs);
  if (!priors)
    return fail("train", llvm::toString(priors.takeError()));
  auto pool = search::loadPool(**store, dataset, fewShotSpace);
  if (!pool)
    return fail("train", llvm::toString(pool.takeError()));
  predictor::LeaveOneOut leaveOneOut;
  predictor::FewShot fewShot =
      predictor::trainFewShot(family, *pool, *priors, seed, &leaveOneOut);
  fewShot.calibration.dataset = dataset;
  fewShot.version = version;
  if (version.empty())
    fewShot.version = ((*session)->getVersion() + "+" + fewShotSpace + ":" +
                       llvm::Twine(family.labels.size()))
                          .str();

  ModelContext context;
  auto prior = loadModule(context.get(), path);
  if (failed(prior))
    return context.getFailure();
  auto module = predictor::buildFewShotModule(fewShot, **prior);
  if (!module || failed(exportModel(*module, output)))
    return context.getFailure();
  llvm::outs() << output << ": " << family.labels.size() << " labels of "
               << fewShotSpace
               << llvm::format(", tau %.3f left out one by one (%.3f by "
                               "version ",
                               correlate(leaveOneOut.means, family.labels),
                               correlate(*priors, family.labels))
               << (*session)->getVersion() << " alone); ";
  printCalibration(fewShot.calibration);
  return ExitDone;
}

static int runTrain() {
  if (members < 1)
    return failUsage("train", "--members must be at least 1");
  if (!canWrite(output))
    return fail("train", output + ": cannot be written");
  if (!fewShotSpace.empty())
    return runFewShot();
  if (!priorPath.empty())
    return failUsage("train", "--surrogate needs --few-shot");
  auto store = openStore();
  if (!store)
    return fail("train", llvm::toString(store.takeError()));
  auto families = loadFamilies(**store);
  if (!families)
    return fail("train", llvm::toString(families.takeError()));
  std::vector<predictor::Family> training;
  for (search::LabelledFamily &family : *families)
    training.push_back(std::move(family.family));
  if (llvm::all_of(training, [](const predictor::Family &family) {
        return family.labels.size() < predictor::kMinTrainingLabels;
      }))
    return fail("train", "a surrogate needs " +
                             llvm::Twine(predictor::kMinTrainingLabels) +
                             " labels of one space or more");
  predictor::SurrogateTrainerOptions options;
  options.members = members;
  options.progress = [](int done, int total) {
    say("member " + llvm::Twine(done + 1) + " of " + llvm::Twine(total));
  };
  predictor::Surrogate surrogate =
      predictor::trainSurrogate(training, options, seed);
  surrogate.version = version;
  surrogate.calibration.dataset = dataset;

  ModelContext context;
  auto module = predictor::buildSurrogateModule(context.get(), surrogate);
  if (!module || failed(exportModel(*module, output)))
    return context.getFailure();
  llvm::outs() << output << ": ";
  printCalibration(surrogate.calibration);
  return ExitDone;
}

static int runEval() {
  if (members < 1 || seeds < 1)
    return failUsage("eval", "--members and --seeds must be at least 1");
  if (!markdown.empty() && !canWrite(markdown))
    return fail("eval", markdown + ": cannot be written");
  auto store = openStore();
  if (!store)
    return fail("eval", llvm::toString(store.takeError()));
  auto families = loadFamilies(**store);
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
