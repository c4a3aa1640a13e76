//===- Standardizer.cpp - Zero mean and unit deviation --------------------===//

#include "predictor/surrogate/Standardizer.h"

using namespace assay::predictor;

Standardizer Standardizer::fit(const Matrix &features) {
  Standardizer standardizer;
  Eigen::RowVectorXd mean = features.cast<double>().colwise().mean();
  Eigen::RowVectorXd variance = (features.cast<double>().rowwise() - mean)
                                    .array()
                                    .square()
                                    .colwise()
                                    .mean();
  standardizer.mean = mean.cast<float>();
  // A deviation far below the mean's own rounding is no signal.
  Eigen::ArrayXXd floor = (mean.array().abs() * 1e-5).max(1e-6);
  standardizer.scale = (variance.array().sqrt() > floor)
                           .select(variance.array().sqrt().inverse(), 0.0)
                           .matrix()
                           .cast<float>();
  return standardizer;
}

Matrix Standardizer::apply(const Matrix &features) const {
  return ((features.rowwise() - mean).array().rowwise() * scale.array())
      .cwiseMax(-kClip)
      .cwiseMin(kClip)
      .matrix();
}
