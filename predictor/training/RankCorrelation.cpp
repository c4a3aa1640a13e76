//===- RankCorrelation.cpp - Spearman rho and Kendall tau -----------------===//

#include "predictor/training/RankCorrelation.h"
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>

using namespace assay::predictor;

static std::vector<double> meanRanks(const std::vector<double> &values) {
  std::vector<size_t> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(),
            [&](size_t i, size_t j) { return values[i] < values[j]; });
  std::vector<double> ranks(values.size());
  for (size_t begin = 0, end; begin < order.size(); begin = end) {
    end = begin;
    while (end < order.size() && values[order[end]] == values[order[begin]])
      ++end;
    for (size_t i = begin; i < end; ++i)
      ranks[order[i]] = 0.5 * (begin + end - 1);
  }
  return ranks;
}

double assay::predictor::spearman(const std::vector<double> &a,
                                  const std::vector<double> &b) {
  std::vector<double> x = meanRanks(a), y = meanRanks(b);
  double mean = 0.5 * (x.size() - 1.0);
  double xy = 0, xx = 0, yy = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    xy += (x[i] - mean) * (y[i] - mean);
    xx += (x[i] - mean) * (x[i] - mean);
    yy += (y[i] - mean) * (y[i] - mean);
  }
  return xx > 0 && yy > 0 ? xy / std::sqrt(xx * yy) : 0;
}

/// Sorts `values` and returns how many pairs were out of order.
static int64_t countInversions(std::vector<double> &values) {
  std::vector<double> merged(values.size());
  int64_t inversions = 0;
  for (size_t width = 1; width < values.size(); width *= 2) {
    for (size_t begin = 0; begin < values.size(); begin += 2 * width) {
      size_t middle = std::min(begin + width, values.size());
      size_t end = std::min(begin + 2 * width, values.size());
      size_t i = begin, j = middle;
      for (size_t k = begin; k < end; ++k) {
        bool takeLeft = j == end || (i < middle && values[i] <= values[j]);
        if (!takeLeft)
          inversions += middle - i;
        merged[k] = takeLeft ? values[i++] : values[j++];
      }
    }
    values.swap(merged);
  }
  return inversions;
}

/// Pairs of equal neighbours in an ordered range, by `equal(i, j)`.
template <typename Equal> static int64_t countTies(size_t size, Equal equal) {
  int64_t ties = 0;
  for (size_t begin = 0, end; begin < size; begin = end) {
    end = begin + 1;
    while (end < size && equal(begin, end))
      ++end;
    int64_t run = end - begin;
    ties += run * (run - 1) / 2;
  }
  return ties;
}

double assay::predictor::kendall(const std::vector<double> &a,
                                 const std::vector<double> &b) {
  size_t size = a.size();
  std::vector<size_t> order(size);
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](size_t i, size_t j) {
    return a[i] != a[j] ? a[i] < a[j] : b[i] < b[j];
  });
  std::vector<double> sorted(size);
  for (size_t i = 0; i < size; ++i)
    sorted[i] = b[order[i]];
  int64_t tiesA = countTies(
      size, [&](size_t i, size_t j) { return a[order[i]] == a[order[j]]; });
  int64_t tiesBoth = countTies(size, [&](size_t i, size_t j) {
    return a[order[i]] == a[order[j]] && b[order[i]] == b[order[j]];
  });
  int64_t discordant = countInversions(sorted);
  int64_t tiesB = countTies(
      size, [&](size_t i, size_t j) { return sorted[i] == sorted[j]; });
  int64_t pairs = static_cast<int64_t>(size) * (size - 1) / 2;
  double denominator = std::sqrt(static_cast<double>(pairs - tiesA)) *
                       std::sqrt(static_cast<double>(pairs - tiesB));
  if (denominator == 0)
    return 0;
  int64_t concordantMinusDiscordant =
      pairs - tiesA - tiesB + tiesBoth - 2 * discordant;
  return concordantMinusDiscordant / denominator;
}
