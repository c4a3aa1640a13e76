//===- MemoryTest.cpp -----------------------------------------------------===//

#include "compiler/runtime/Memory.h"
#include "compiler/runtime/assay_model.h"
#include "gtest/gtest.h"
#include <cstring>
#include <map>
#include <random>

using assay::runtime::Region;

namespace {

constexpr size_t MiB = size_t(1) << 20;

TEST(Region, GivesReleasedMemoryAgain) {
  Region region;
  // A chain of buffers, two alive at once, takes the room of two.
  void *previous = region.allocate(4 * MiB);
  for (int link = 0; link < 20; ++link) {
    void *next = region.allocate(4 * MiB);
    ASSERT_NE(next, nullptr);
    std::memset(next, 1, 4 * MiB);
    region.release(previous);
    previous = next;
  }
  EXPECT_LE(region.size(), 8 * MiB);
}

TEST(Region, JoinsNeighbours) {
  Region region;
  void *large = region.allocate(6 * MiB);
  region.release(large);
  void *parts[3];
  for (void *&part : parts)
    part = region.allocate(2 * MiB);
  EXPECT_EQ(region.size(), 6 * MiB);
  for (int order : {1, 0, 2})
    region.release(parts[order]);
  EXPECT_EQ(region.allocate(6 * MiB), large);
  EXPECT_EQ(region.size(), 6 * MiB);
}

TEST(Region, CompactsToOnePiece) {
  Region region;
  for (size_t bytes : {2 * MiB, 4 * MiB, 6 * MiB})
    ASSERT_NE(region.allocate(bytes), nullptr);
  region.compact();
  EXPECT_EQ(region.size(), 12 * MiB);
  EXPECT_NE(region.allocate(12 * MiB), nullptr);
  EXPECT_EQ(region.size(), 12 * MiB);
}

TEST(Region, RefusesTooMuch) {
  Region region;
  EXPECT_EQ(region.allocate(SIZE_MAX), nullptr);
  EXPECT_EQ(region.allocate(size_t(1) << 62), nullptr);
  EXPECT_NE(region.allocate(0), nullptr);
}

TEST(Region, KeepsBuffersApart) {
  Region region;
  std::mt19937 random(1);
  std::map<char *, size_t> live;
  for (int step = 0; step < 5000; ++step) {
    if (!live.empty() && random() % 2) {
      auto victim = std::next(live.begin(), random() % live.size());
      region.release(victim->first);
      live.erase(victim);
      continue;
    }
    size_t bytes = random() % 100000;
    auto *buffer = static_cast<char *>(region.allocate(bytes));
    ASSERT_NE(buffer, nullptr);
    ASSERT_EQ(reinterpret_cast<uintptr_t>(buffer) % ASSAY_ALIGNMENT, 0u);
    auto next = live.lower_bound(buffer);
    ASSERT_TRUE(next == live.end() || buffer + bytes <= next->first);
    if (next != live.begin()) {
      auto previous = std::prev(next);
      ASSERT_LE(previous->first + std::max<size_t>(previous->second, 1),
                buffer);
    }
    live.emplace(buffer, bytes);
  }
}

} // namespace
