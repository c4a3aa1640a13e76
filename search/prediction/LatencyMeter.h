//===- LatencyMeter.h - How fast a network runs here ------------*- C++ -*-===//

#ifndef ASSAY_SEARCH_PREDICTION_LATENCYMETER_H
#define ASSAY_SEARCH_PREDICTION_LATENCYMETER_H

#include "bench_db/Store.h"
#include "compiler/api/Executable.h"
#include "search/prediction/NetworkSource.h"

namespace assay::search {

/// What the store keeps of the times of one or more runs, in nanoseconds, of a
/// model that was compiled with `options` and ran on `threads`.
bench_db::Latency summarizeRuns(std::vector<int64_t> times,
                                const CompileOptions &options, int64_t threads);

/// Compiles networks for this machine and runs them on one thread, with random
/// inputs whose dynamic dimensions are 1. Kernels come from the cache of the
/// user where another network had them. One thread at a time.
class LatencyMeter {
public:
  static llvm::Expected<std::unique_ptr<LatencyMeter>> create();

  struct Measurement {
    bench_db::Latency latency;
    std::vector<bench_db::Kernel> kernels; ///< That ran, with their times.
  };
  /// Measures a point of a space as the network for `dataset`. Errors are those
  /// of import and compilation.
  llvm::Expected<Measurement> measure(const NetworkSource &source,
                                      llvm::StringRef dataset);

private:
  ExecutableOptions options;
};

} // namespace assay::search

#endif // ASSAY_SEARCH_PREDICTION_LATENCYMETER_H
