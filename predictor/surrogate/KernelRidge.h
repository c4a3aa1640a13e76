//===- KernelRidge.h - Few labels of one space ------------------*- C++ -*-===//

#ifndef ASSAY_PREDICTOR_SURROGATE_KERNELRIDGE_H
#define ASSAY_PREDICTOR_SURROGATE_KERNELRIDGE_H

#include "predictor/surrogate/Standardizer.h"

namespace assay::predictor {

/// Ridge regression with a Gaussian kernel on standardised features, for some
/// ten to some thousand labels of one space. Labels are replaced by the normal
/// quantiles of their ranks, so scores rank and nothing more. The width of the
/// kernel and the ridge are those of the least leave-one-out error (closed
/// form; Rasmussen and Williams 2006, section 5.4.2).
class KernelRidge {
public:
  /// `pool` holds features of the networks to be ranked, labelled or not: they
  /// set the standardisation. `features` and `labels` are the labelled ones, at
  /// least two.
  static KernelRidge fit(const Matrix &features, const Eigen::VectorXf &labels,
                         const Matrix &pool);

  /// One score a row; higher is better.
  Eigen::VectorXf score(const Matrix &features) const;

private:
  Standardizer standardizer;
  Matrix centers;
  Eigen::VectorXf weights;
  float width = 1; ///< Squared distance at which the kernel is 1/e.
};

} // namespace assay::predictor

#endif // ASSAY_PREDICTOR_SURROGATE_KERNELRIDGE_H
