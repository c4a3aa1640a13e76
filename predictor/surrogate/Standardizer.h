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
/// Clip of the distance to the training set.
inline constexpr float kFar = 10.0f;

struct Standardizer {
  RowVector mean;
  RowVector scale; ///< 1 / deviation, 0 for a constant feature.

  /// Statistics of the rows of `features`.
  static Standardizer fit(const Matrix &features);
  /// (x - mean) * scale, clipped to [-kClip, kClip].
  Matrix apply(const Matrix &features) const;
};

} // namespace assay::predictor

#endif // ASSAY_PREDICTOR_SURROGATE_STANDARDIZER_H
