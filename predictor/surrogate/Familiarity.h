//===- Familiarity.h - Is a network like those trained on? ------*- C++ -*-===//

#ifndef ASSAY_PREDICTOR_SURROGATE_FAMILIARITY_H
#define ASSAY_PREDICTOR_SURROGATE_FAMILIARITY_H

#include "predictor/surrogate/Standardizer.h"

namespace assay::predictor {

/// Clip of a feature, in deviations, for the distance to the training set. Its
/// square exceeds every distance within a space, so that one feature that never
/// varied in training suffices to make a network unfamiliar.
inline constexpr float kFar = 50.0f;

/// A set of prototypes of the networks trained on.
struct Familiarity {
  /// Unlike that of the perceptrons, with a finite scale for features that are
  /// constant in training.
  Standardizer standardizer;
  Matrix prototypes; ///< Standardised, clipped to kFar.

  /// Prototypes to be chosen yet. Deviations below a thousandth of a feature
  /// count as a thousandth.
  static Familiarity fromMoments(const Eigen::RowVectorXd &mean,
                                 const Eigen::RowVectorXd &variance);
  Matrix apply(const Matrix &features) const {
    return standardizer.apply(features, kFar);
  }
  /// The squared distance of each row to its nearest prototype.
  Eigen::VectorXf distance(const Matrix &features) const;
};

} // namespace assay::predictor

#endif // ASSAY_PREDICTOR_SURROGATE_FAMILIARITY_H
