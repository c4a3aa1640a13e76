//===- KernelRidge.cpp - Few labels of one space --------------------------===//

#include "predictor/surrogate/KernelRidge.h"
#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <numeric>
#include <vector>

using namespace assay::predictor;

static float medianDistance(const Matrix &distances) {
  std::vector<float> positive;
  for (Eigen::Index i = 0; i < distances.rows(); ++i)
    for (Eigen::Index j = 0; j < i; ++j)
      if (distances(i, j) > 1e-6f)
        positive.push_back(distances(i, j));
  if (positive.empty())
    return 1;
  auto middle = positive.begin() + positive.size() / 2;
  std::nth_element(positive.begin(), middle, positive.end());
  return *middle;
}

/// The normal quantile of (rank + 1/2) / n; equal labels share their mean rank.
static Eigen::VectorXd normalScores(const Eigen::VectorXf &labels) {
  std::vector<int> order(labels.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(),
            [&](int i, int j) { return labels[i] < labels[j]; });
  Eigen::VectorXd scores(labels.size());
  boost::math::normal_distribution<> normal;
  for (size_t begin = 0, end; begin < order.size(); begin = end) {
    end = begin;
    while (end < order.size() && labels[order[end]] == labels[order[begin]])
      ++end;
    double quantile = boost::math::quantile(
        normal, 0.5 * (begin + end) / static_cast<double>(order.size()));
    for (size_t i = begin; i < end; ++i)
      scores[order[i]] = quantile;
  }
  return scores;
}

Eigen::ArrayXf
KernelRidge::standardizePriors(const Eigen::VectorXf &priors) const {
  return (priors.array() - priorMean) * priorScale;
}

Matrix KernelRidge::computeKernel(const Matrix &rows) const {
  return (squaredDistances(rows, centers).array() / -width).exp().matrix();
}

/// What predictions need of the prior once the rest is known.
void KernelRidge::fitPrior(float coefficientVariance) {
  priorWeights = invertKernel() * centerPriors;
  priorCoefficient = coefficientVariance * centerPriors.dot(weights);
  priorVariance =
      1 / (1 / coefficientVariance + centerPriors.dot(priorWeights));
}

KernelRidge KernelRidge::fit(const Matrix &features,
                             const Eigen::VectorXf &labels, const Matrix &pool,
                             const Eigen::VectorXf &priors,
                             LeaveOneOut *leaveOneOut) {
  KernelRidge candidate;
  candidate.standardizer = Standardizer::fit(pool);
  candidate.centers = candidate.standardizer.apply(features);
  std::vector<float> coefficientVariances = {0};
  Eigen::MatrixXd priorKernel =
      Eigen::MatrixXd::Zero(labels.size(), labels.size());
  if (priors.size()) {
    candidate.priorMean = priors.mean();
    float deviation =
        std::sqrt((priors.array() - candidate.priorMean).square().mean());
    candidate.priorScale = deviation > 1e-6f ? 1 / deviation : 0;
    candidate.centerPriors = candidate.standardizePriors(priors).matrix();
    priorKernel = (candidate.centerPriors * candidate.centerPriors.transpose())
                      .cast<double>();
    coefficientVariances = {0.3f, 3.0f, 30.0f};
  }
  float median =
      medianDistance(squaredDistances(candidate.centers, candidate.centers));
  Eigen::VectorXd targets = normalScores(labels);

  KernelRidge ridge;
  float coefficientVariance = 0;
  double best = std::numeric_limits<double>::infinity();
  for (float widthFactor : {0.5f, 1.0f, 2.0f, 4.0f, 8.0f}) {
    candidate.width = median * widthFactor;
    Eigen::MatrixXd kernel =
        candidate.computeKernel(candidate.centers).cast<double>();
    for (float variance : coefficientVariances) {
      // One decomposition serves every ridge.
      Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(
          kernel + variance * priorKernel);
      const Eigen::MatrixXd &vectors = solver.eigenvectors();
      Eigen::VectorXd projected = vectors.transpose() * targets;
      for (double lambda : {0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0}) {
        Eigen::ArrayXd inverse =
            (solver.eigenvalues().array().max(0.0) + lambda).inverse();
        Eigen::VectorXd weights =
            vectors * (inverse * projected.array()).matrix();
        Eigen::ArrayXd diagonal =
            (vectors.array().square().rowwise() * inverse.transpose())
                .rowwise()
                .sum();
        Eigen::ArrayXd errors = weights.array() / diagonal;
        double error = errors.square().mean();
        if (error >= best)
          continue;
        best = error;
        ridge = candidate;
        ridge.ridge = lambda;
        ridge.weights = weights.cast<float>();
        coefficientVariance = variance;
        if (leaveOneOut) {
          leaveOneOut->means = (targets.array() - errors).cast<float>();
          leaveOneOut->deviations =
              (diagonal.inverse() - lambda).max(0.0).sqrt().cast<float>();
        }
      }
    }
  }
  if (priors.size())
    ridge.fitPrior(coefficientVariance);
  return ridge;
}

Eigen::VectorXf KernelRidge::score(const Matrix &features,
                                   const Eigen::VectorXf &priors) const {
  Eigen::VectorXf scores =
      computeKernel(standardizer.apply(features)) * weights;
  if (centerPriors.size())
    scores.array() += priorCoefficient * standardizePriors(priors);
  return scores;
}

Eigen::VectorXf KernelRidge::deviation(const Matrix &features,
                                       const Eigen::VectorXf &priors) const {
  Matrix kernel = computeKernel(standardizer.apply(features));
  Eigen::ArrayXf known =
      (kernel * invertKernel()).cwiseProduct(kernel).rowwise().sum();
  Eigen::ArrayXf variance = (1 - known).max(0.0f);
  if (centerPriors.size())
    variance +=
        priorVariance *
        (standardizePriors(priors) - (kernel * priorWeights).array()).square();
  return variance.sqrt();
}

Matrix KernelRidge::invertKernel() const {
  Eigen::MatrixXd kernel = computeKernel(centers).cast<double>();
  kernel.diagonal().array() += ridge;
  return kernel.llt()
      .solve(Eigen::MatrixXd::Identity(kernel.rows(), kernel.cols()))
      .cast<float>();
}
