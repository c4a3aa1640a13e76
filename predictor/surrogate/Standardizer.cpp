//===- Standardizer.cpp - Zero mean and unit deviation --------------------===//

#include "predictor/surrogate/Standardizer.h"

using namespace assay::predictor;

Standardizer Standardizer::fromMoments(const Eigen::RowVectorXd &mean,
                                       const Eigen::RowVectorXd &variance) {
  Standardizer standardizer;
  standardizer.mean = mean.cast<float>();
  // A deviation far below the mean's own rounding is no signal.
  Eigen::ArrayXXd floor = (mean.array().abs() * 1e-5).max(1e-6);
  standardizer.scale = (variance.array().sqrt() > floor)
                           .select(variance.array().sqrt().inverse(), 0.0)
                           .matrix()
                           .cast<float>();
  return standardizer;
}

Standardizer Standardizer::fit(const Matrix &features) {
  Eigen::RowVectorXd mean = features.cast<double>().colwise().mean();
  return fromMoments(mean, (features.cast<double>().rowwise() - mean)
                               .array()
                               .square()
                               .colwise()
                               .mean());
}

Matrix Standardizer::apply(const Matrix &features, float clip) const {
  return ((features.rowwise() - mean).array().rowwise() * scale.array())
      .cwiseMax(-clip)
      .cwiseMin(clip)
      .matrix();
}

Matrix assay::predictor::squaredDistances(const Matrix &a, const Matrix &b) {
  Matrix distances = -2 * (a * b.transpose());
  distances.colwise() += a.rowwise().squaredNorm();
  distances.rowwise() += b.rowwise().squaredNorm().transpose();
  return distances.cwiseMax(0.0f);
}
