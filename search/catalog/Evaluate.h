//===- Evaluate.h - How well surrogates rank --------------------*- C++ -*-===//

#ifndef ASSAY_SEARCH_CATALOG_EVALUATE_H
#define ASSAY_SEARCH_CATALOG_EVALUATE_H

#include "predictor/training/SurrogateTrainer.h"
#include "search/catalog/TrainingData.h"
#include <optional>

namespace assay::search {

/// Rank correlations with the labels, over seeds.
struct Correlations {
  double rho = 0, rhoDeviation = 0;
  double tau = 0, tauDeviation = 0;
};

/// One task of the evaluation.
struct EvaluationRow {
  std::string task;
  int64_t trainingRows = 0, testRows = 0;
  Correlations surrogate;
  /// Of zero-shot tasks: the share of test networks that count as familiar, and
  /// the tau of the surrogate among them unless they are too few.
  std::optional<double> familiarShare, familiarTau;
  Correlations logParams, logMacs; ///< The cheap baselines, on the same rows.
};

struct EvaluationOptions {
  int seeds = 5;
  predictor::SurrogateTrainerOptions trainer;
  /// Called before each task with its name.
  std::function<void(llvm::StringRef task)> progress;
};

/// Zero-shot transfer between all pairs of families and from all others to
/// each; few-shot and in-space ranking (10, 50 and 100 labels, 1 %, 5 %, 10 %)
/// by kernel ridge, once with all other networks in the test set and once
/// without those that are the same computation as one that was trained on. By
/// number of labels also with the surrogate of all other families as its prior.
std::vector<EvaluationRow> evaluate(llvm::ArrayRef<LabelledFamily> families,
                                    const EvaluationOptions &options);

/// A Markdown table: rho and tau of the surrogate with their deviation over
/// seeds, beside log params and log FLOPs; of zero-shot tasks, the share of
/// familiar networks.
std::string printMarkdown(llvm::ArrayRef<EvaluationRow> rows);

} // namespace assay::search

#endif // ASSAY_SEARCH_CATALOG_EVALUATE_H
