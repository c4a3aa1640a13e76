//===- RankCorrelationTest.cpp - Spearman rho and Kendall tau -------------===//

#include "predictor/training/RankCorrelation.h"

#include <cmath>
#include <gtest/gtest.h>
#include <random>

using namespace assay::predictor;

/// Tau-b by its definition.
static double naiveKendall(const std::vector<double> &a,
                           const std::vector<double> &b) {
  double sum = 0, pairsA = 0, pairsB = 0;
  for (size_t i = 0; i < a.size(); ++i)
    for (size_t j = 0; j < i; ++j) {
      double x = (a[i] > a[j]) - (a[i] < a[j]);
      double y = (b[i] > b[j]) - (b[i] < b[j]);
      sum += x * y;
      pairsA += x * x;
      pairsB += y * y;
    }
  return pairsA && pairsB ? sum / std::sqrt(pairsA * pairsB) : 0;
}

TEST(RankCorrelation, AgreesWithTheDefinitionUnderTies) {
  std::mt19937 random(7);
  for (int trial = 0; trial < 200; ++trial) {
    size_t size = 1 + random() % 40;
    std::vector<double> a, b;
    for (size_t i = 0; i < size; ++i) {
      a.push_back(random() % 8);
      b.push_back(random() % 8);
    }
    EXPECT_NEAR(kendall(a, b), naiveKendall(a, b), 1e-12);
  }
}

TEST(RankCorrelation, KnowsTheExtremes) {
  std::vector<double> up = {1, 2, 3, 4}, down = {9, 7, 5, 3};
  EXPECT_DOUBLE_EQ(spearman(up, up), 1);
  EXPECT_DOUBLE_EQ(spearman(up, down), -1);
  EXPECT_DOUBLE_EQ(kendall(up, down), -1);
  EXPECT_EQ(spearman(up, {5, 5, 5, 5}), 0);
  EXPECT_EQ(kendall(up, {5, 5, 5, 5}), 0);
}

// Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4.
TEST(RankCorrelation, GivesTiesTheirMeanRank) {
  EXPECT_NEAR(spearman({1, 2, 2, 3}, {1, 2, 3, 4}), 4.5 / std::sqrt(4.5 * 5),
              1e-12);
}
