//===- ThreadPool.h - Splits a kernel's units over threads ------*- C++ -*-===//
//
// Workers spin for a while after each launch, then sleep on a futex. A launch
// never waits for a worker that has not woken: the caller takes over its share.
//
//===----------------------------------------------------------------------===//

#ifndef ASSAY_COMPILER_RUNTIME_THREADPOOL_H
#define ASSAY_COMPILER_RUNTIME_THREADPOOL_H

#include "compiler/runtime/assay_model.h"
#include <atomic>
#include <cstdint>
#include <memory>
#include <pthread.h>
#include <sys/types.h>

namespace assay::runtime {

class ThreadPool {
public:
  /// A pool of `threads` threads, the caller of run among them. Fewer are
  /// started when the system refuses more.
  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool &) = delete;
  ThreadPool &operator=(const ThreadPool &) = delete;

  int size() const { return threads; }

  /// Calls `kernel` on ranges that cover [0, count) once and returns when all
  /// are done: whether each returned 0. Called by one thread at a time, never
  /// from a kernel.
  bool run(assay_kernel_fn kernel, const uint64_t *words, int64_t count);

private:
  /// The units first meant for one thread; others steal from it when idle.
  struct alignas(64) Share {
    std::atomic<int64_t> next{0};
    int64_t end = 0;
  };
  struct Worker {
    ThreadPool *pool;
    int index;
    pthread_t thread;
  };

  static void *workerMain(void *worker);
  void serve(int index);
  bool waitForLaunch(uint32_t seenLaunch, uint32_t &current);
  void work(int index);

  /// Launch number, whether it still takes workers, and how many it has.
  alignas(64) std::atomic<uint32_t> state{0};
  alignas(64) std::atomic<int> sleepers{0};
  std::atomic<bool> stopping{false};
  std::atomic<bool> failed{false}; // a range of the present launch

  assay_kernel_fn kernel = nullptr;
  const uint64_t *words = nullptr;
  int64_t chunk = 1;
  int threads;
  pid_t owner; // the process whose threads the workers are
  std::unique_ptr<Share[]> shares;
  std::unique_ptr<Worker[]> workers;
};

/// The number of processors this process may run on, at least 1.
int availableProcessors();

} // namespace assay::runtime

#endif // ASSAY_COMPILER_RUNTIME_THREADPOOL_H
