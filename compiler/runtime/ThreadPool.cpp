//===- ThreadPool.cpp - Splits a kernel's units over threads --------------===//

#include "compiler/runtime/ThreadPool.h"
#include <algorithm>
#include <climits>
#include <csignal>
#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace assay::runtime;

// Layout of ThreadPool::state.
static constexpr uint32_t JoinedMask = (1u << 12) - 1;
static constexpr uint32_t OpenBit = 1u << 12;
static constexpr unsigned LaunchShift = 13;
static constexpr int MaxThreads = JoinedMask;

// About 50 us of spinning: longer than the gaps between kernels of a run.
static constexpr int SpinsBeforeSleep = 4000;
static constexpr int SpinsBeforeYield = 2000;

// Each share is taken in this many pieces, so that a thread that was held up
// leaves work to the others.
static constexpr int64_t ChunksPerShare = 4;

static void pauseProcessor() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

static void futexWait(std::atomic<uint32_t> &word, uint32_t expected) {
  syscall(SYS_futex, reinterpret_cast<uint32_t *>(&word), FUTEX_WAIT_PRIVATE,
          expected, nullptr, nullptr, 0);
}

static void futexWakeAll(std::atomic<uint32_t> &word) {
  syscall(SYS_futex, reinterpret_cast<uint32_t *>(&word), FUTEX_WAKE_PRIVATE,
          INT_MAX, nullptr, nullptr, 0);
}

int assay::runtime::availableProcessors() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof(set), &set) != 0)
    return 1;
  return std::max(1, CPU_COUNT(&set));
}

ThreadPool::ThreadPool(int wanted)
    : threads(std::clamp(wanted, 1, MaxThreads)), owner(getpid()),
      shares(new Share[static_cast<size_t>(threads)]),
      workers(new Worker[static_cast<size_t>(threads)]) {
  // Signals of the application are for its own threads.
  sigset_t all, previous;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &previous);
  for (int index = 1; index < threads; ++index) {
    Worker &worker = workers[index];
    worker.pool = this;
    worker.index = index;
    if (pthread_create(&worker.thread, nullptr, workerMain, &worker) != 0) {
      threads = index;
      break;
    }
  }
  pthread_sigmask(SIG_SETMASK, &previous, nullptr);
}

ThreadPool::~ThreadPool() {
  // A child of fork has no workers.
  if (getpid() != owner)
    return;
  stopping.store(true);
  // A new launch number makes every sleeper look at `stopping`.
  state.fetch_add(1u << LaunchShift);
  futexWakeAll(state);
  for (int index = 1; index < threads; ++index)
    pthread_join(workers[index].thread, nullptr);
}

void *ThreadPool::workerMain(void *argument) {
  auto *worker = static_cast<Worker *>(argument);
  worker->pool->serve(worker->index);
  return nullptr;
}

bool ThreadPool::run(assay_kernel_fn body, const uint64_t *arguments,
                     int64_t count) {
  if (count <= 0)
    return true;
  if (count == 1 || threads == 1)
    return body(arguments, 0, count) == 0;

  kernel = body;
  words = arguments;
  failed.store(false, std::memory_order_relaxed);
  chunk = std::max<int64_t>(1, count / (threads * ChunksPerShare));
  for (int index = 0; index < threads; ++index) {
    shares[index].next.store(count * index / threads,
                             std::memory_order_relaxed);
    shares[index].end = count * (index + 1) / threads;
  }
  uint32_t launch = (state.load(std::memory_order_relaxed) >> LaunchShift) + 1;
  state.store(launch << LaunchShift | OpenBit);
  if (sleepers.load() > 0)
    futexWakeAll(state);

  work(0);
  state.fetch_and(~OpenBit, std::memory_order_acq_rel);
  for (int spins = 0; state.load(std::memory_order_acquire) & JoinedMask;
       ++spins) {
    pauseProcessor();
    if (spins > SpinsBeforeYield)
      sched_yield();
  }
  return !failed.load(std::memory_order_relaxed);
}

void ThreadPool::work(int index) {
  for (int offset = 0; offset < threads; ++offset) {
    Share &share = shares[(index + offset) % threads];
    for (;;) {
      int64_t lo = share.next.fetch_add(chunk, std::memory_order_relaxed);
      if (lo >= share.end)
        break;
      if (kernel(words, lo, std::min(lo + chunk, share.end)) != 0)
        failed.store(true, std::memory_order_relaxed);
    }
  }
}

/// Waits for a launch other than `seenLaunch` that takes workers. False when
/// the pool stops.
bool ThreadPool::waitForLaunch(uint32_t seenLaunch, uint32_t &current) {
  for (int spins = 0;;) {
    current = state.load(std::memory_order_acquire);
    if (stopping.load(std::memory_order_relaxed))
      return false;
    if ((current & OpenBit) && current >> LaunchShift != seenLaunch)
      return true;
    if (++spins < SpinsBeforeSleep) {
      pauseProcessor();
      continue;
    }
    // Either run sees the sleeper, or the futex sees the state of run.
    sleepers.fetch_add(1);
    if (!stopping.load())
      futexWait(state, current);
    sleepers.fetch_sub(1);
    spins = 0;
  }
}

void ThreadPool::serve(int index) {
  uint32_t seenLaunch = 0;
  uint32_t current;
  while (waitForLaunch(seenLaunch, current)) {
    if (!state.compare_exchange_strong(current, current + 1,
                                       std::memory_order_acq_rel))
      continue;
    seenLaunch = current >> LaunchShift;
    work(index);
    state.fetch_sub(1, std::memory_order_release);
  }
}
