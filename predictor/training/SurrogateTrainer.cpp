//===- SurrogateTrainer.cpp - Trains and calibrates a surrogate -----------===//

#include "predictor/training/SurrogateTrainer.h"
#include "predictor/training/Calibrate.h"
#include "predictor/training/FamiliarityTrainer.h"
#include <cmath>

using namespace assay::predictor;

/// Divides the last layer so that scores have unit deviation over `inputs`.
static void scaleToUnit(Mlp &mlp, const Matrix &inputs) {
  Eigen::VectorXf scores = mlp.score(inputs);
  float mean = scores.mean();
  float deviation = std::sqrt((scores.array() - mean).square().mean());
  if (deviation < 1e-6f)
    return;
  Mlp::Layer &last = mlp.layers.back();
  last.weight /= deviation;
  last.bias = ((last.bias.array() - mean) / deviation).matrix();
}

static Surrogate trainEnsemble(llvm::ArrayRef<Family> families,
                               const SurrogateTrainerOptions &options,
                               uint64_t seed, int done, int total) {
  Surrogate surrogate;
  FamilyMoments moments = computeMoments(families);
  surrogate.standardizer =
      Standardizer::fromMoments(moments.mean, moments.variance);
  std::vector<Family> standardized;
  Eigen::Index rows = 0;
  for (const Family &family : families) {
    standardized.push_back({family.name,
                            surrogate.standardizer.apply(family.inputs),
                            family.labels});
    rows += family.inputs.rows();
  }
  Matrix all(rows, families.front().inputs.cols());
  rows = 0;
  for (const Family &family : standardized) {
    all.middleRows(rows, family.inputs.rows()) = family.inputs;
    rows += family.inputs.rows();
  }
  for (int member = 0; member < options.members; ++member) {
    if (options.progress)
      options.progress(done + member, total);
    Mlp mlp = trainRankMlp(standardized, options.rank, seed * 1000 + member);
    scaleToUnit(mlp, all);
    surrogate.members.push_back(std::move(mlp));
  }
  return surrogate;
}

static Calibration calibrate(const Surrogate &surrogate,
                             llvm::ArrayRef<Family> heldOut) {
  std::vector<double> scores, labels, spreads;
  for (const Family &family : heldOut) {
    Matrix members = surrogate.scoreMembers(family.inputs);
    for (Eigen::Index i = 0; i < members.rows(); ++i) {
      float mean = members.row(i).mean();
      scores.push_back(mean);
      spreads.push_back(
          std::sqrt((members.row(i).array() - mean).square().mean()));
      labels.push_back(family.labels[i]);
    }
  }
  return fitCalibration(scores, spreads, labels);
}

Surrogate
assay::predictor::trainSurrogate(llvm::ArrayRef<Family> families,
                                 const SurrogateTrainerOptions &options,
                                 uint64_t seed) {
  bool calibrates = options.heldOut > 0;
  int total = options.members * (calibrates ? 2 : 1);
  Calibration calibration;
  if (calibrates) {
    FamilySplit split = splitFamilies(families, options.heldOut, seed);
    calibration = calibrate(
        trainEnsemble(split.kept, options, seed + 1, 0, total), split.heldOut);
  }
  Surrogate surrogate =
      trainEnsemble(families, options, seed, total - options.members, total);
  surrogate.calibration = calibration;
  surrogate.familiarity = fitFamiliarity(families, options.prototypes, seed);
  surrogate.calibration.maxDistance =
      fitMaxDistance(families, surrogate.familiarity, seed);
  return surrogate;
}
