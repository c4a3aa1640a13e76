//===- KernelRidge.h - Few labels of one space ------------------*- C++ -*-===//

#ifndef ASSAY_PREDICTOR_SURROGATE_KERNELRIDGE_H
#define ASSAY_PREDICTOR_SURROGATE_KERNELRIDGE_H

#include "predictor/surrogate/Standardizer.h"

namespace assay::predictor {

/// What each label was expected to be by the fit to all others, as normal
/// scores (closed form; Rasmussen and Williams 2006, section 5.4.2).
struct LeaveOneOut {
  Eigen::VectorXf means, deviations;
};

/// Ridge regression with a Gaussian kernel on standardised features, for some
/// ten to some thousand labels of one space. Labels are replaced by the normal
/// quantiles of their ranks, so scores rank and nothing more.
///
/// With scores of a surrogate that saw none of the labels (the prior), the mean
/// of the Gaussian process is the prior times an unknown coefficient (the same,
/// section 2.7): it takes over where labels are few, and labels outweigh it as
/// they grow.
struct KernelRidge {
  Standardizer standardizer;
  Matrix centers; ///< The labelled networks, standardised.
  Eigen::VectorXf weights;
  float width = 1; ///< Squared distance at which the kernel is 1/e.
  float ridge = 1;
  /// Empty without a prior: the standardised priors of the centres, and the
  /// same times the inverse kernel.
  Eigen::VectorXf centerPriors, priorWeights;
  float priorMean = 0, priorScale = 1; ///< Standardise a prior.
  float priorCoefficient = 0;          ///< Of the standardised prior.
  float priorVariance = 0; ///< Of that coefficient, given the labels.

  /// `pool` holds features of the networks to be ranked, labelled or not: they
  /// set the standardisation. `features`, `labels` and, unless empty, `priors`
  /// belong to the labelled ones, at least two. Widths and weights are those of
  /// the least leave-one-out error.
  static KernelRidge fit(const Matrix &features, const Eigen::VectorXf &labels,
                         const Matrix &pool, const Eigen::VectorXf &priors = {},
                         LeaveOneOut *leaveOneOut = nullptr);

  /// One score a row; higher is better. `priors` are those of the rows, where
  /// the fit had some.
  Eigen::VectorXf score(const Matrix &features,
                        const Eigen::VectorXf &priors = {}) const;
  /// The deviation of the posterior of each score.
  Eigen::VectorXf deviation(const Matrix &features,
                            const Eigen::VectorXf &priors = {}) const;
  /// The inverse of the kernel matrix of the centres with the ridge on its
  /// diagonal.
  Matrix invertKernel() const;

private:
  /// exp(-|x - y|^2 / width) of standardised rows and centres.
  Matrix computeKernel(const Matrix &rows) const;
  Eigen::ArrayXf standardizePriors(const Eigen::VectorXf &priors) const;
  void fitPrior(float coefficientVariance);
};

} // namespace assay::predictor

#endif // ASSAY_PREDICTOR_SURROGATE_KERNELRIDGE_H
