//===- ArenaPlannerTest.cpp -----------------------------------------------===//

#include "passes/host/ArenaPlanner.h"
#include "gtest/gtest.h"
#include <random>

using namespace assay::host;

namespace {

void expectValid(llvm::ArrayRef<Lifetime> buffers, const ArenaPlan &plan,
                 int64_t alignment) {
  ASSERT_EQ(plan.offsets.size(), buffers.size());
  for (size_t i = 0; i < buffers.size(); ++i) {
    EXPECT_EQ(plan.offsets[i] % alignment, 0);
    EXPECT_LE(plan.offsets[i] + buffers[i].bytes, plan.bytes);
    for (size_t j = 0; j < i; ++j) {
      bool liveAtOnce = buffers[i].begin <= buffers[j].end &&
                        buffers[j].begin <= buffers[i].end;
      bool shareBytes = plan.offsets[i] < plan.offsets[j] + buffers[j].bytes &&
                        plan.offsets[j] < plan.offsets[i] + buffers[i].bytes;
      EXPECT_FALSE(liveAtOnce && shareBytes) << i << " and " << j;
    }
  }
}

TEST(ArenaPlanner, PlacesNothingInNothing) {
  EXPECT_EQ(planArena({}, 64).bytes, 0);
}

TEST(ArenaPlanner, SharesBytesOfDisjointLifetimes) {
  std::vector<Lifetime> buffers = {{0, 1, 100}, {1, 2, 100}, {2, 3, 100}};
  ArenaPlan plan = planArena(buffers, 64);
  expectValid(buffers, plan, 64);
  EXPECT_EQ(plan.bytes, 256);
}

TEST(ArenaPlanner, KeepsBuffersOfOnePointApart) {
  std::vector<Lifetime> buffers = {{3, 3, 64}, {3, 3, 64}};
  EXPECT_EQ(planArena(buffers, 64).bytes, 128);
}

TEST(ArenaPlanner, TakesTheSmallestGapThatHolds) {
  // A gap of 256 and one of 64 are left between the long-lived ones.
  std::vector<Lifetime> buffers = {{0, 9, 1024}, {0, 3, 256}, {0, 9, 192},
                                   {0, 3, 128},  {0, 9, 100}, {5, 9, 90}};
  ArenaPlan plan = planArena(buffers, 64);
  expectValid(buffers, plan, 64);
  EXPECT_EQ(plan.offsets[5], plan.offsets[3]);
}

TEST(ArenaPlanner, HoldsEmptyBuffers) {
  std::vector<Lifetime> buffers = {{0, 1, 0}, {0, 1, 64}};
  expectValid(buffers, planArena(buffers, 64), 64);
}

TEST(ArenaPlanner, IsValidAndNearTheBoundForRandomNetworks) {
  std::mt19937 random(7);
  for (int round = 0; round < 50; ++round) {
    std::vector<Lifetime> buffers;
    std::vector<int64_t> live(120);
    for (int64_t begin = 0; begin < 100; ++begin) {
      int64_t end = begin + 1 + random() % 8;
      int64_t bytes = 64 * (1 + random() % 200);
      buffers.push_back({begin, end, bytes});
      for (int64_t point = begin; point <= end; ++point)
        live[point] += bytes;
    }
    ArenaPlan plan = planArena(buffers, 64);
    expectValid(buffers, plan, 64);
    int64_t bound = *std::max_element(live.begin(), live.end());
    EXPECT_LE(plan.bytes, bound + bound / 2);
  }
}

} // namespace
