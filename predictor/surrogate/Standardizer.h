//===- Standardizer.h - Zero mean and unit deviation ------------*- C++ -*-===//

#ifndef ASSAY_PREDICTOR_SURROGATE_STANDARDIZER_H
#define ASSAY_PREDICTOR_SURROGATE_STANDARDIZER_H

#include <Eigen/Core>

namespace assay::predictor {

/// Rows are networks, columns features.
using Matrix =
    Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using RowVector = Eigen::RowVectorXf;

/// Features beyond this many deviations are clipped.
inline constexpr float kClip = 3.0f;

struct Standardizer {
  RowVector mean;
  RowVector scale; ///< 1 / deviation, 0 for a constant feature.

  static Standardizer fromMoments(const Eigen::RowVectorXd &mean,
                                  const Eigen::RowVectorXd &variance);
  /// Statistics of the rows of `features`.
  static Standardizer fit(const Matrix &features);
  /// (x - mean) * scale, clipped to [-clip, clip].
  Matrix apply(const Matrix &features, float clip = kClip) const;
};

/// Squared Euclidean distances between the rows of `a` and of `b`.
Matrix squaredDistances(const Matrix &a, const Matrix &b);

} // namespace assay::predictor

#endif // ASSAY_PREDICTOR_SURROGATE_STANDARDIZER_H
