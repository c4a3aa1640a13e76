//===- SurrogateTrainer.h - Trains and calibrates a surrogate ---*- C++ -*-===//

#ifndef ASSAY_PREDICTOR_TRAINING_SURROGATETRAINER_H
#define ASSAY_PREDICTOR_TRAINING_SURROGATETRAINER_H

#include "predictor/surrogate/Surrogate.h"
#include "predictor/training/RankTrainer.h"
#include <functional>

namespace assay::predictor {

/// A surrogate has at least one family of so many networks.
inline constexpr int kMinTrainingLabels = 8;

struct SurrogateTrainerOptions {
  RankTrainerOptions rank;
  int members = 5;
  int prototypes = 128; ///< Of the networks trained on, to tell others.
  /// Share of each family held out to calibrate the accuracy and its
  /// uncertainty; with 0 there are none.
  double heldOut = 0.2;
  /// Called before each member, with members trained and members in all.
  std::function<void(int done, int total)> progress;
};

/// Trains on raw features (not standardised yet) of one or more families. With
/// `heldOut`, a first ensemble trained without the held-out rows is calibrated
/// on them; the one returned is then trained on everything.
Surrogate trainSurrogate(llvm::ArrayRef<Family> families,
                         const SurrogateTrainerOptions &options, uint64_t seed);

} // namespace assay::predictor

#endif // ASSAY_PREDICTOR_TRAINING_SURROGATETRAINER_H
