//===- RankTrainer.h - Trains an MLP to rank within families ----*- C++ -*-===//

#ifndef ASSAY_PREDICTOR_TRAINING_RANKTRAINER_H
#define ASSAY_PREDICTOR_TRAINING_RANKTRAINER_H

#include "predictor/surrogate/Mlp.h"
#include "llvm/ADT/ArrayRef.h"
#include <string>

namespace assay::predictor {

/// Networks whose labels are comparable with each other: one space, one data
/// set, one protocol.
struct Family {
  std::string name;
  Matrix inputs;          ///< Rows as the MLP takes them.
  Eigen::VectorXf labels; ///< Higher is better.
};

struct RankTrainerOptions {
  std::vector<int> hidden = {96, 32};
  int steps = 800; ///< Mini-batches, each from one family.
  int batchSize = 96;
  float learningRate = 1e-3f; ///< Peak; cosine decay to 0.
  float weightDecay = 1.0f;   ///< Decoupled (Loshchilov and Hutter 2019).
  /// Members see random subsets of the features. Most are correlated within a
  /// space in ways that do not hold in the next one.
  float inputDropout = 0.85f;
  float hiddenDropout = 0.1f;
};

/// Minimises the logistic loss of the score differences of all pairs of a
/// mini-batch (RankNet, Burges et al. 2005), families drawn with equal weight.
/// The same seed gives the same weights.
Mlp trainRankMlp(llvm::ArrayRef<Family> families,
                 const RankTrainerOptions &options, uint64_t seed);

} // namespace assay::predictor

#endif // ASSAY_PREDICTOR_TRAINING_RANKTRAINER_H
