//===- SurrogateTrainer.cpp - Trains and calibrates a surrogate -----------===//

#include "predictor/training/SurrogateTrainer.h"
#include "predictor/training/FamiliarityTrainer.h"
#include <algorithm>
#include <cmath>

using namespace assay::predictor;

/// Share of a normal distribution within one deviation.
static constexpr double kOneSigma = 0.6827;

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

/// accuracy = intercept + slope * score by least squares with Huber weights:
/// networks that failed to train do not bend the line.
static void fitLine(const std::vector<double> &scores,
                    const std::vector<double> &labels, Calibration &c) {
  std::vector<double> weights(scores.size(), 1.0);
  for (int iteration = 0; iteration < 20; ++iteration) {
    double w = 0, x = 0, y = 0, xx = 0, xy = 0;
    for (size_t i = 0; i < scores.size(); ++i) {
      w += weights[i];
      x += weights[i] * scores[i];
      y += weights[i] * labels[i];
      xx += weights[i] * scores[i] * scores[i];
      xy += weights[i] * scores[i] * labels[i];
    }
    double variance = xx - x * x / w;
    c.slope = variance > 1e-9 ? (xy - x * y / w) / variance : 0;
    c.intercept = (y - c.slope * x) / w;
    std::vector<double> sorted;
    for (size_t i = 0; i < scores.size(); ++i)
      sorted.push_back(std::abs(labels[i] - c.intercept - c.slope * scores[i]));
    std::vector<double> residuals = sorted;
    std::nth_element(sorted.begin(), sorted.begin() + sorted.size() / 2,
                     sorted.end());
    double limit = 1.345 * 1.4826 * std::max(1e-6, sorted[sorted.size() / 2]);
    for (size_t i = 0; i < scores.size(); ++i)
      weights[i] = residuals[i] <= limit ? 1 : limit / residuals[i];
  }
}

/// The noise and the inflation of the spread under which held-out residuals are
/// likeliest, scaled so that the share of a normal distribution lies within one
/// deviation.
static void fitUncertainty(const std::vector<double> &residuals,
                           const std::vector<double> &spreads, Calibration &c) {
  double best = -std::numeric_limits<double>::infinity();
  for (double inflation : {0.0, 0.5, 1.0, 2.0, 4.0, 8.0}) {
    for (double noise : {0.1, 0.25, 0.5, 1.0, 2.0, 4.0}) {
      std::vector<double> ratios;
      for (size_t i = 0; i < residuals.size(); ++i)
        ratios.push_back(residuals[i] /
                         std::hypot(noise, c.slope * inflation * spreads[i]));
      std::vector<double> sorted = ratios;
      auto quantile = sorted.begin() + size_t(kOneSigma * (sorted.size() - 1));
      std::nth_element(sorted.begin(), quantile, sorted.end());
      double scale = std::max(1e-6, *quantile);
      double likelihood = 0;
      for (size_t i = 0; i < residuals.size(); ++i) {
        double sigma =
            scale * std::hypot(noise, c.slope * inflation * spreads[i]);
        // Failed trainings are bounded, as in the fit of the line.
        double z = std::min(4.0, residuals[i] / sigma);
        likelihood -= std::log(sigma) + 0.5 * z * z;
      }
      if (likelihood <= best)
        continue;
      best = likelihood;
      c.noise = scale * noise;
      c.inflation = scale * inflation;
    }
  }
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
  Calibration c;
  fitLine(scores, labels, c);
  std::vector<double> residuals;
  for (size_t i = 0; i < scores.size(); ++i)
    residuals.push_back(
        std::abs(labels[i] - c.intercept - c.slope * scores[i]));
  fitUncertainty(residuals, spreads, c);
  return c;
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
