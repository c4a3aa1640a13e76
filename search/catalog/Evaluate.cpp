//===- Evaluate.cpp - How well surrogates rank ----------------------------===//

#include "search/catalog/Evaluate.h"
#include "predictor/features/Features.h"
#include "predictor/surrogate/KernelRidge.h"
#include "predictor/training/RankCorrelation.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Format.h"
#include <cmath>
#include <numeric>
#include <random>

using namespace assay::search;
using namespace assay::predictor;

/// Fewer networks have no rank correlation worth naming.
static constexpr size_t kLeastFamiliar = 16;
static constexpr size_t kLeastLabels = 10;

namespace {
/// Train and test rows of one seed.
struct Split {
  std::vector<int> train, test;
};

double mean(const std::vector<double> &values) {
  double sum = std::accumulate(values.begin(), values.end(), 0.0);
  return values.empty() ? 0 : sum / values.size();
}

/// Collects correlations of several seeds.
class Accumulator {
public:
  void add(const Eigen::VectorXf &scores, const Eigen::VectorXf &labels) {
    std::vector<double> a(scores.begin(), scores.end());
    std::vector<double> b(labels.begin(), labels.end());
    rho.push_back(spearman(a, b));
    tau.push_back(kendall(a, b));
  }

  Correlations get() const {
    Correlations result;
    std::tie(result.rho, result.rhoDeviation) = moments(rho);
    std::tie(result.tau, result.tauDeviation) = moments(tau);
    return result;
  }

private:
  static std::pair<double, double> moments(const std::vector<double> &values) {
    double center = mean(values), square = 0;
    for (double value : values)
      square += (value - center) * (value - center) / values.size();
    return {center, std::sqrt(square)};
  }

  std::vector<double> rho, tau;
};

/// The surrogate and its baselines on the test rows of every seed.
struct RowBuilder {
  EvaluationRow row;
  Accumulator surrogate, logParams, logMacs;
  std::vector<double> familiarShares, familiarTaus;

  void add(const Eigen::VectorXf &scores, const Matrix &features,
           const Eigen::VectorXf &labels) {
    surrogate.add(scores, labels);
    logParams.add(features.col(kLogParamsFeature), labels);
    logMacs.add(features.col(kLogMacsFeature), labels);
  }

  void addFamiliar(const Surrogate &model, const Family &family,
                   const Eigen::VectorXf &scores) {
    Eigen::VectorXf distance = model.familiarity.distance(family.inputs);
    std::vector<double> a, b;
    for (Eigen::Index i = 0; i < distance.size(); ++i)
      if (distance[i] <= model.calibration.maxDistance) {
        a.push_back(scores[i]);
        b.push_back(family.labels[i]);
      }
    familiarShares.push_back(double(a.size()) / distance.size());
    if (a.size() >= kLeastFamiliar)
      familiarTaus.push_back(kendall(a, b));
  }

  EvaluationRow finish() {
    if (!familiarShares.empty())
      row.familiarShare = mean(familiarShares);
    if (!familiarTaus.empty())
      row.familiarTau = mean(familiarTaus);
    row.surrogate = surrogate.get();
    row.logParams = logParams.get();
    row.logMacs = logMacs.get();
    return row;
  }
};
} // namespace

static EvaluationRow
evaluateTransfer(llvm::ArrayRef<const LabelledFamily *> sources,
                 const LabelledFamily &target, const std::string &task,
                 const EvaluationOptions &options,
                 std::vector<Eigen::VectorXf> *seedScores = nullptr) {
  RowBuilder builder;
  builder.row.task = task;
  builder.row.testRows = target.family.labels.size();
  std::vector<Family> families;
  for (const LabelledFamily *source : sources) {
    families.push_back(source->family);
    builder.row.trainingRows += source->family.labels.size();
  }
  SurrogateTrainerOptions trainer = options.trainer;
  trainer.heldOut = 0;
  for (int seed = 0; seed < options.seeds; ++seed) {
    Surrogate surrogate = trainSurrogate(families, trainer, seed);
    Eigen::VectorXf scores = surrogate.score(target.family.inputs);
    builder.add(scores, target.family.inputs, target.family.labels);
    builder.addFamiliar(surrogate, target.family, scores);
    if (seedScores)
      seedScores->push_back(std::move(scores));
  }
  return builder.finish();
}

/// A random split; with `unseenOnly`, test networks are no computation that was
/// trained on.
static Split makeSplit(const LabelledFamily &family, size_t trainingRows,
                       bool unseenOnly, uint64_t seed) {
  std::vector<int> rows(family.family.labels.size());
  std::iota(rows.begin(), rows.end(), 0);
  std::mt19937_64 random(seed);
  for (size_t i = rows.size(); i > 1; --i)
    std::swap(rows[i - 1], rows[random() % i]);
  Split split;
  split.train.assign(rows.begin(), rows.begin() + trainingRows);
  llvm::StringSet<> seen;
  for (int row : split.train)
    seen.insert(family.canonicalHashes[row]);
  for (size_t i = trainingRows; i < rows.size(); ++i)
    if (!unseenOnly || !seen.contains(family.canonicalHashes[rows[i]]))
      split.test.push_back(rows[i]);
  return split;
}

/// `priors` holds scores of all networks for each seed, or nothing.
static EvaluationRow evaluateInSpace(const LabelledFamily &family,
                                     size_t trainingRows, bool unseenOnly,
                                     llvm::ArrayRef<Eigen::VectorXf> priors,
                                     const std::string &task,
                                     const EvaluationOptions &options) {
  RowBuilder builder;
  builder.row.task = task;
  builder.row.trainingRows = trainingRows;
  const Matrix &inputs = family.family.inputs;
  const Eigen::VectorXf &labels = family.family.labels;
  for (int seed = 0; seed < options.seeds; ++seed) {
    Split split = makeSplit(family, trainingRows, unseenOnly, seed);
    builder.row.testRows = split.test.size();
    Matrix trainInputs = inputs(split.train, Eigen::all);
    Eigen::VectorXf trainLabels = labels(split.train);
    Matrix testInputs = inputs(split.test, Eigen::all);
    Eigen::VectorXf trainPriors, testPriors;
    if (!priors.empty()) {
      trainPriors = priors[seed](split.train);
      testPriors = priors[seed](split.test);
    }
    KernelRidge ridge =
        KernelRidge::fit(trainInputs, trainLabels, inputs, trainPriors);
    builder.add(ridge.score(testInputs, testPriors), testInputs,
                labels(split.test));
  }
  return builder.finish();
}

std::vector<EvaluationRow>
assay::search::evaluate(llvm::ArrayRef<LabelledFamily> families,
                        const EvaluationOptions &options) {
  std::vector<EvaluationRow> rows;
  auto announce = [&](const std::string &task) {
    if (options.progress)
      options.progress(task);
    return task;
  };
  for (const LabelledFamily &source : families)
    for (const LabelledFamily &target : families)
      if (&source != &target)
        rows.push_back(evaluateTransfer(
            &source, target,
            announce(source.family.name + " → " + target.family.name),
            options));
  std::vector<std::vector<Eigen::VectorXf>> priors(families.size());
  for (auto [target, scores] : llvm::zip_equal(families, priors)) {
    std::vector<const LabelledFamily *> others;
    for (const LabelledFamily &family : families)
      if (&family != &target)
        others.push_back(&family);
    if (others.size() > 1)
      rows.push_back(evaluateTransfer(
          others, target, announce("all others → " + target.family.name),
          options, &scores));
  }
  for (auto [family, scores] : llvm::zip_equal(families, priors)) {
    size_t size = family.family.labels.size();
    struct Budget {
      const char *name;
      size_t rows;
      bool withPrior;
    } budgets[] = {{"10 labels", 10, true},   {"50 labels", 50, true},
                   {"100 labels", 100, true}, {"1 %", size / 100, false},
                   {"5 %", size / 20, false}, {"10 %", size / 10, false}};
    for (const Budget &budget : budgets) {
      if (budget.rows < kLeastLabels || budget.rows >= size)
        continue;
      for (bool prior : {false, true}) {
        if (prior && (!budget.withPrior || scores.empty()))
          continue;
        for (bool unseenOnly : {false, true}) {
          std::string task = family.family.name + " in-space, " + budget.name +
                             (prior ? " and prior" : "") +
                             (unseenOnly ? ", unseen graphs" : "");
          rows.push_back(
              evaluateInSpace(family, budget.rows, unseenOnly,
                              prior ? llvm::ArrayRef(scores)
                                    : llvm::ArrayRef<Eigen::VectorXf>(),
                              announce(task), options));
        }
      }
    }
  }
  return rows;
}

std::string assay::search::printMarkdown(llvm::ArrayRef<EvaluationRow> rows) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << "| task | training | test | rho | tau | log params rho / tau | log "
        "FLOPs rho / tau | familiar, their tau |\n"
        "|---|---|---|---|---|---|---|---|\n";
  for (const EvaluationRow &row : rows) {
    os << "| " << row.task << " | " << row.trainingRows << " | " << row.testRows
       << " | "
       << llvm::format("%.3f ± %.3f | %.3f ± %.3f", row.surrogate.rho,
                       row.surrogate.rhoDeviation, row.surrogate.tau,
                       row.surrogate.tauDeviation)
       << " | "
       << llvm::format("%.3f / %.3f | %.3f / %.3f |", row.logParams.rho,
                       row.logParams.tau, row.logMacs.rho, row.logMacs.tau);
    if (row.familiarShare)
      os << llvm::format(" %.1f %%", 100 * *row.familiarShare);
    if (row.familiarTau)
      os << llvm::format(", %.3f", *row.familiarTau);
    os << " |\n";
  }
  return text;
}
