//===- Surrogate.cpp - Ranks networks it has no labels for ----------------===//

#include "predictor/surrogate/Surrogate.h"
#include <cmath>

using namespace assay::predictor;

Matrix Surrogate::scoreMembers(const Matrix &features) const {
  Matrix inputs = standardizer.apply(features);
  Matrix scores(features.rows(), members.size());
  for (size_t i = 0; i < members.size(); ++i)
    scores.col(i) = members[i].score(inputs);
  return scores;
}

Eigen::VectorXf Surrogate::score(const Matrix &features) const {
  return scoreMembers(features).rowwise().mean();
}

Estimate assay::predictor::estimate(const Calibration &calibration,
                                    llvm::ArrayRef<float> memberScores,
                                    double distance) {
  double mean = 0, square = 0;
  for (float score : memberScores) {
    mean += score;
    square += double(score) * score;
  }
  mean /= memberScores.size();
  double spread =
      std::sqrt(std::max(0.0, square / memberScores.size() - mean * mean));
  Estimate result;
  result.score = mean;
  result.accuracy = calibration.intercept + calibration.slope * mean;
  result.accuracy = std::min(100.0, std::max(0.0, result.accuracy));
  result.uncertainty = std::hypot(
      calibration.noise, calibration.slope * calibration.inflation * spread);
  result.familiar = distance <= calibration.maxDistance;
  return result;
}
