//===- KernelRidge.cpp - Few labels of one space --------------------------===//

#include "predictor/surrogate/KernelRidge.h"
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

KernelRidge KernelRidge::fit(const Matrix &features,
                             const Eigen::VectorXf &labels,
                             const Matrix &pool) {
  KernelRidge ridge;
  ridge.standardizer = Standardizer::fit(pool);
  ridge.centers = ridge.standardizer.apply(features);
  Matrix distances = squaredDistances(ridge.centers, ridge.centers);
  float median = medianDistance(distances);
  Eigen::VectorXd targets = normalScores(labels);

  double best = std::numeric_limits<double>::infinity();
  for (float widthFactor : {0.5f, 1.0f, 2.0f, 4.0f, 8.0f}) {
    float width = median * widthFactor;
    Eigen::MatrixXd kernel =
        (distances.array() / -width).exp().matrix().cast<double>();
    // One decomposition serves every ridge.
    Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(kernel);
    const Eigen::MatrixXd &vectors = solver.eigenvectors();
    Eigen::VectorXd projected = vectors.transpose() * targets;
    for (double lambda : {0.003, 0.01, 0.03, 0.1, 0.3, 1.0}) {
      Eigen::ArrayXd inverse =
          (solver.eigenvalues().array().max(0.0) + lambda).inverse();
      Eigen::VectorXd weights =
          vectors * (inverse * projected.array()).matrix();
      Eigen::ArrayXd diagonal =
          (vectors.array().square().rowwise() * inverse.transpose())
              .rowwise()
              .sum();
      double error = (weights.array() / diagonal).square().mean();
      if (error >= best)
        continue;
      best = error;
      ridge.width = width;
      ridge.weights = weights.cast<float>();
    }
  }
  return ridge;
}

Eigen::VectorXf KernelRidge::score(const Matrix &features) const {
  Matrix distances = squaredDistances(standardizer.apply(features), centers);
  return (distances.array() / -width).exp().matrix() * weights;
}
