//===- ThreadPoolTest.cpp -------------------------------------------------===//

#include "compiler/runtime/ThreadPool.h"
#include "gtest/gtest.h"
#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

using assay::runtime::ThreadPool;

namespace {

/// Words of the counting kernel: one counter for each unit.
struct Counters {
  explicit Counters(int64_t count) : hits(static_cast<size_t>(count)) {
    word = reinterpret_cast<uintptr_t>(hits.data());
  }
  std::vector<std::atomic<int>> hits;
  uint64_t word;
};

int32_t countUnits(const uint64_t *words, int64_t lo, int64_t hi) {
  auto *hits = reinterpret_cast<std::atomic<int> *>(words[0]);
  for (int64_t unit = lo; unit < hi; ++unit)
    hits[unit].fetch_add(1);
  return 0;
}

int32_t countUnitsSlowlyAtFirst(const uint64_t *words, int64_t lo, int64_t hi) {
  if (lo == 0)
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  return countUnits(words, lo, hi);
}

int32_t failAtUnit10(const uint64_t *words, int64_t lo, int64_t hi) {
  countUnits(words, lo, hi);
  return lo <= 10 && 10 < hi;
}

void expectEachOnce(const Counters &counters) {
  for (size_t unit = 0; unit < counters.hits.size(); ++unit)
    ASSERT_EQ(counters.hits[unit].load(), 1) << "unit " << unit;
}

TEST(ThreadPool, CoversEveryUnitOnce) {
  for (int threads : {1, 2, 3, 7}) {
    ThreadPool pool(threads);
    EXPECT_EQ(pool.size(), threads);
    for (int64_t count : {1, 2, 3, 5, 8, 64, 1000}) {
      Counters counters(count);
      pool.run(countUnits, &counters.word, count);
      expectEachOnce(counters);
    }
  }
}

TEST(ThreadPool, TellsOfAFailedRange) {
  for (int threads : {1, 2, 3}) {
    ThreadPool pool(threads);
    for (int64_t count : {10, 11, 100}) {
      Counters counters(count);
      EXPECT_EQ(pool.run(failAtUnit10, &counters.word, count), count <= 10);
      expectEachOnce(counters);
    }
  }
}

TEST(ThreadPool, RunsNothingForNoUnits) {
  ThreadPool pool(2);
  pool.run(countUnits, nullptr, 0);
  pool.run(countUnits, nullptr, -1);
}

TEST(ThreadPool, StealsFromAThreadThatIsHeldUp) {
  ThreadPool pool(3);
  Counters counters(100);
  pool.run(countUnitsSlowlyAtFirst, &counters.word, 100);
  expectEachOnce(counters);
}

TEST(ThreadPool, WakesSleepers) {
  ThreadPool pool(2);
  for (int round = 0; round < 20; ++round) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    Counters counters(16);
    pool.run(countUnits, &counters.word, 16);
    expectEachOnce(counters);
  }
}

TEST(ThreadPool, KeepsLaunchesApart) {
  ThreadPool pool(4);
  for (int launch = 0; launch < 5000; ++launch) {
    Counters counters(launch % 17 + 1);
    pool.run(countUnits, &counters.word, launch % 17 + 1);
    expectEachOnce(counters);
  }
}

TEST(ThreadPool, TakesAnyThreadCount) {
  EXPECT_EQ(ThreadPool(0).size(), 1);
  EXPECT_EQ(ThreadPool(-5).size(), 1);
  EXPECT_GE(assay::runtime::availableProcessors(), 1);
}

} // namespace
