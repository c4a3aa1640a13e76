//===- FamiliarityTrainer.cpp - Prototypes of the training set ------------===//

#include "predictor/training/FamiliarityTrainer.h"
#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

using namespace assay::predictor;
using Random = std::mt19937_64;

/// More rows of one family move no mean of a cluster.
static constexpr size_t kMaxClusteredRows = 4096;
static constexpr int kClusterIterations = 15;
static constexpr double kHeldOutShare = 0.2;
static constexpr double kFamiliarQuantile = 0.999;
/// Cells that a space has and the training set lacks are up to 1.45 times as
/// far as the quantile, networks of other spaces of the same operators from
/// twice as far.
static constexpr double kMargin = 1.5;

FamilyMoments
assay::predictor::computeMoments(llvm::ArrayRef<Family> families) {
  Eigen::Index features = families.front().inputs.cols();
  Eigen::RowVectorXd mean = Eigen::RowVectorXd::Zero(features);
  Eigen::RowVectorXd square = mean;
  for (const Family &family : families) {
    Eigen::MatrixXd x = family.inputs.cast<double>();
    mean += x.colwise().mean();
    square += x.array().square().colwise().mean().matrix();
  }
  mean /= families.size();
  square /= families.size();
  return {mean, (square.array() - mean.array().square()).max(0.0).matrix()};
}

static std::vector<int> shuffledRows(const Family &family, Random &random) {
  std::vector<int> rows(family.inputs.rows());
  std::iota(rows.begin(), rows.end(), 0);
  for (size_t i = rows.size(); i > 1; --i)
    std::swap(rows[i - 1], rows[random() % i]);
  return rows;
}

static Family selectRows(const Family &family, llvm::ArrayRef<int> rows) {
  return {family.name, family.inputs(rows, Eigen::all), family.labels(rows)};
}

FamilySplit assay::predictor::splitFamilies(llvm::ArrayRef<Family> families,
                                            double share, uint64_t seed) {
  Random random(seed);
  FamilySplit split;
  for (const Family &family : families) {
    std::vector<int> rows = shuffledRows(family, random);
    size_t out = rows.size() < 2 ? 0 : std::max<size_t>(1, share * rows.size());
    split.heldOut.push_back(
        selectRows(family, llvm::ArrayRef(rows).take_front(out)));
    split.kept.push_back(
        selectRows(family, llvm::ArrayRef(rows).drop_front(out)));
  }
  return split;
}

/// Centres as k-means++ starts: each one a row, drawn in proportion to its
/// squared distance from those before. Fewer where rows are equal.
static Matrix seedCenters(const Matrix &x, int count, Random &random) {
  Matrix centers(count, x.cols());
  Eigen::VectorXf distances = Eigen::VectorXf::Ones(x.rows());
  int used = 0;
  while (used < count && distances.maxCoeff() > 0) {
    double target = distances.cast<double>().sum() *
                    (static_cast<double>(random() >> 11) * 0x1p-53);
    Eigen::Index row = 0;
    for (; row + 1 < x.rows() && target >= distances[row]; ++row)
      target -= distances[row];
    centers.row(used) = x.row(row);
    Eigen::VectorXf next = squaredDistances(x, centers.row(used++)).col(0);
    distances = used == 1 ? next : distances.cwiseMin(next).eval();
    distances[row] = 0;
  }
  return centers.topRows(used);
}

static Matrix clusterMeans(const Matrix &x, int count, Random &random) {
  Matrix centers = seedCenters(x, count, random);
  for (int iteration = 0; iteration < kClusterIterations; ++iteration) {
    Matrix distances = squaredDistances(x, centers);
    Matrix sums = Matrix::Zero(centers.rows(), x.cols());
    std::vector<int> sizes(centers.rows());
    for (Eigen::Index row = 0; row < x.rows(); ++row) {
      Eigen::Index nearest;
      distances.row(row).minCoeff(&nearest);
      sums.row(nearest) += x.row(row);
      ++sizes[nearest];
    }
    for (Eigen::Index i = 0; i < centers.rows(); ++i)
      if (sizes[i])
        centers.row(i) = sums.row(i) / static_cast<float>(sizes[i]);
  }
  return centers;
}

Familiarity assay::predictor::fitFamiliarity(llvm::ArrayRef<Family> families,
                                             int count, uint64_t seed) {
  count = std::max<int>(count, families.size());
  Random random(seed);
  FamilyMoments moments = computeMoments(families);
  Familiarity familiarity =
      Familiarity::fromMoments(moments.mean, moments.variance);
  std::vector<Matrix> inputs;
  Matrix chosen(count, moments.mean.size());
  int used = 0;
  for (const Family &family : families) {
    std::vector<int> rows = shuffledRows(family, random);
    rows.resize(std::min(rows.size(), kMaxClusteredRows));
    Matrix means = clusterMeans(
        familiarity.apply(family.inputs(rows, Eigen::all)),
        std::max<int>(1, count / 2 / static_cast<int>(families.size())),
        random);
    chosen.middleRows(used, means.rows()) = means;
    used += means.rows();
    inputs.push_back(familiarity.apply(family.inputs));
  }
  std::vector<Eigen::VectorXf> distances;
  for (const Matrix &x : inputs)
    distances.push_back(
        squaredDistances(x, chosen.topRows(used)).rowwise().minCoeff());
  for (; used < count; ++used) {
    size_t farthest = 0;
    Eigen::Index row = 0;
    float best = 0;
    for (auto [index, values] : llvm::enumerate(distances)) {
      Eigen::Index candidate;
      float distance = values.maxCoeff(&candidate);
      if (distance > best)
        std::tie(best, farthest, row) = std::tuple(distance, index, candidate);
    }
    if (best <= 0)
      break;
    chosen.row(used) = inputs[farthest].row(row);
    for (auto [x, values] : llvm::zip_equal(inputs, distances))
      values =
          values.cwiseMin(squaredDistances(x, chosen.row(used)).col(0)).eval();
    distances[farthest][row] = 0;
  }
  familiarity.prototypes = chosen.topRows(used);
  return familiarity;
}

double assay::predictor::fitMaxDistance(llvm::ArrayRef<Family> families,
                                        const Familiarity &familiarity,
                                        uint64_t seed) {
  float largest = 0;
  for (const Family &family : families)
    largest = std::max(largest, familiarity.distance(family.inputs).maxCoeff());
  FamilySplit split = splitFamilies(families, kHeldOutShare, seed);
  Familiarity kept =
      fitFamiliarity(split.kept, familiarity.prototypes.rows(), seed);
  std::vector<float> distances;
  for (const Family &family : split.heldOut)
    llvm::append_range(distances, kept.distance(family.inputs));
  if (distances.empty())
    return kMargin * largest;
  auto quantile = distances.begin() +
                  static_cast<size_t>(
                      std::ceil(kFamiliarQuantile * (distances.size() - 1)));
  std::nth_element(distances.begin(), quantile, distances.end());
  return kMargin * std::max(largest, *quantile);
}
