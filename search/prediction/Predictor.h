//===- Predictor.h - Scores networks and keeps the answers ------*- C++ -*-===//
//
// Networks are read and described on several threads, scored together by the
// compiled surrogate, and stored by one transaction a batch, while the next
// batch is read.
//
//===----------------------------------------------------------------------===//

#ifndef ASSAY_SEARCH_PREDICTION_PREDICTOR_H
#define ASSAY_SEARCH_PREDICTION_PREDICTOR_H

#include "search/prediction/LatencyMeter.h"
#include "search/prediction/NetworkReader.h"
#include "search/prediction/SurrogateSession.h"
#include "llvm/Support/ThreadPool.h"

namespace assay::search {

struct PredictorOptions {
  std::string surrogate;            ///< File of the surrogate.
  unsigned threads = 0;             ///< 0: one a processor.
  size_t batch = 256;               ///< Networks a transaction.
  bool latency = false;             ///< Compile and run each network, too.
  bench_db::Store *store = nullptr; ///< Where answers go; null keeps none.
};

/// What is known of one network.
struct NetworkPrediction {
  std::string error; ///< Not empty: why there is no answer.
  bench_db::GraphRecord record;
  predictor::Estimate estimate;
  double logMacs = 0; ///< ln(1 + multiply-accumulates)
  std::optional<bench_db::Latency> latency;
  std::vector<bench_db::Kernel> kernels; ///< Of the compiled network.
  std::string latencyError; ///< Not empty: why there is a score but no latency.

  /// The number to rank by: the surrogate's, or, for networks unlike those it
  /// was trained on, logMacs. Scores of the two kinds do not compare.
  double getScore() const {
    return estimate.familiar ? estimate.score : logMacs;
  }
};

class Predictor {
public:
  static llvm::Expected<std::unique_ptr<Predictor>>
  create(const PredictorOptions &options);

  const SurrogateSession &getSurrogate() const { return *surrogate; }

  /// Calls `answer` for each source, in order, after its batch was stored.
  /// Points of a space are taken as networks for the surrogate's data set.
  /// Sources at fault have an error there; what fails here is the surrogate or
  /// the store.
  using Answer = llvm::function_ref<void(size_t, const NetworkPrediction &)>;
  llvm::Error predict(llvm::ArrayRef<NetworkSource> sources, Answer answer);

private:
  struct Batch;

  explicit Predictor(const PredictorOptions &options);
  void startReading(Batch &batch);
  void read(const NetworkSource &source, NetworkReader &reader,
            NetworkPrediction &result, std::vector<float> &features);
  llvm::Error finish(Batch &batch);
  llvm::Error store(Batch &batch);
  llvm::Error trainDictionary(const Batch &batch);

  PredictorOptions options;
  llvm::DefaultThreadPool pool;
  std::vector<NetworkReader> readers;
  std::unique_ptr<SurrogateSession> surrogate;
  std::unique_ptr<LatencyMeter> meter;
};

} // namespace assay::search

#endif // ASSAY_SEARCH_PREDICTION_PREDICTOR_H
