//===- PeakFma.cpp - What one core can multiply and add -------------------===//
//
// Independent fused multiply-adds on registers, as many as hide their latency:
// the peak that contraction kernels are measured against.
//
//===----------------------------------------------------------------------===//

#include <benchmark/benchmark.h>

/// Twelve chains: two units of a latency of 4 to 6 cycles need 8 to 12.
static constexpr int kChains = 12;

/// Floats in the vector of `bytes` bytes; the target attribute on each caller
/// decides what instruction an operation becomes.
template <int bytes> struct Vector {
  typedef float type __attribute__((vector_size(bytes)));
};

#define FMA_LOOP(bytes)                                                        \
  typename Vector<bytes>::type sums[kChains] = {};                             \
  typename Vector<bytes>::type factor = {};                                    \
  factor += 0.999f;                                                            \
  int64_t count = 0;                                                           \
  for (auto _ : state) {                                                       \
    for (int repeat = 0; repeat < 1000; ++repeat) {                            \
      for (auto &sum : sums)                                                   \
        sum = __builtin_elementwise_fma(sum, factor, factor);                  \
    }                                                                          \
    for (auto &sum : sums)                                                     \
      asm volatile("" : "+v"(sum));                                            \
    count += 1000;                                                             \
  }                                                                            \
  state.counters["FLOP/s"] =                                                   \
      benchmark::Counter(2.0 * kChains * (bytes) / sizeof(float) * count,      \
                         benchmark::Counter::kIsRate)

__attribute__((target("avx2,fma"))) static void
fma256(benchmark::State &state) {
  FMA_LOOP(32);
}

__attribute__((target("avx512f"))) static void fma512(benchmark::State &state) {
  FMA_LOOP(64);
}

/// Only what this processor has.
static bool registerPeaks() {
  if (__builtin_cpu_supports("fma"))
    benchmark::RegisterBenchmark("peak/fma256", fma256);
  if (__builtin_cpu_supports("avx512f"))
    benchmark::RegisterBenchmark("peak/fma512", fma512);
  return true;
}

[[maybe_unused]] static const bool registered = registerPeaks();
