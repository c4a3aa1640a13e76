//===- Predictor.cpp - Scores networks and keeps the answers --------------===//

#include "search/prediction/Predictor.h"
#include "predictor/features/FeatureGraphBuilder.h"
#include "predictor/features/Features.h"
#include "search/catalog/GraphRecords.h"
#include <atomic>

using namespace assay;
using namespace assay::search;
using llvm::Error;
using llvm::Expected;

/// Files that the disk fetches at once.
static constexpr size_t kFilesAhead = 16;

/// Fewer networks give a dictionary that suits no others.
static constexpr size_t kMinDictionarySamples = 128;

struct Predictor::Batch {
  explicit Batch(llvm::ArrayRef<NetworkSource> sources)
      : sources(sources), results(sources.size()), features(sources.size()) {}

  llvm::ArrayRef<NetworkSource> sources;
  std::vector<NetworkPrediction> results;
  std::vector<std::vector<float>> features;
  std::atomic<size_t> next = 0;
};

Predictor::Predictor(const PredictorOptions &options)
    : options(options), pool(llvm::hardware_concurrency(options.threads)),
      readers(pool.getMaxConcurrency()) {}

Expected<std::unique_ptr<Predictor>>
Predictor::create(const PredictorOptions &options) {
  std::unique_ptr<Predictor> predictor(new Predictor(options));
  Expected<std::unique_ptr<SurrogateSession>> surrogate =
      SurrogateSession::load(options.surrogate);
  if (!surrogate)
    return surrogate.takeError();
  predictor->surrogate = std::move(*surrogate);
  if (!options.latency)
    return predictor;
  Expected<std::unique_ptr<LatencyMeter>> meter = LatencyMeter::create();
  if (!meter)
    return meter.takeError();
  predictor->meter = std::move(*meter);
  return predictor;
}

void Predictor::read(const NetworkSource &source, NetworkReader &reader,
                     NetworkPrediction &result, std::vector<float> &features) {
  Expected<predictor::Graph> graph =
      reader.read(source, surrogate->getDataset());
  if (!graph) {
    result.error = llvm::toString(graph.takeError());
    return;
  }
  predictor::FeatureGraph featureGraph = buildFeatureGraph(*graph);
  features = computeFeatures(featureGraph);
  result.record = makeGraphRecord(std::move(*graph), featureGraph);
  result.logMacs = features[predictor::kLogMacsFeature];
}

void Predictor::startReading(Batch &batch) {
  size_t count = batch.sources.size();
  for (const NetworkSource &source :
       batch.sources.take_front(std::min(kFilesAhead, count)))
    readAhead(source);
  size_t threads = std::min(readers.size(), count);
  for (NetworkReader &reader :
       llvm::MutableArrayRef(readers).take_front(threads))
    pool.async([&, count] {
      for (size_t i; (i = batch.next++) < count;) {
        if (i + kFilesAhead < count)
          readAhead(batch.sources[i + kFilesAhead]);
        read(batch.sources[i], reader, batch.results[i], batch.features[i]);
      }
    });
}

Error Predictor::trainDictionary(const Batch &batch) {
  std::vector<std::string> samples;
  for (const NetworkPrediction &result : batch.results) {
    if (!result.error.empty())
      continue;
    samples.push_back(result.record.lossless);
    samples.push_back(result.record.onnxNet);
  }
  if (samples.size() < 2 * kMinDictionarySamples)
    return Error::success();
  return options.store->ensureDictionary(samples);
}

Error Predictor::store(Batch &batch) {
  bench_db::Store &store = *options.store;
  return store.transact([&]() -> Error {
    if (!store.hasDictionary())
      if (Error error = trainDictionary(batch))
        return error;
    for (NetworkPrediction &result : batch.results) {
      if (!result.error.empty())
        continue;
      Expected<int64_t> graph = store.addGraph(result.record);
      if (!graph)
        return graph.takeError();
      bench_db::Prediction prediction;
      prediction.surrogate = surrogate->getVersion().str();
      prediction.dataset = surrogate->getDataset().str();
      prediction.mean = result.estimate.accuracy;
      prediction.uncertainty = result.estimate.uncertainty;
      prediction.familiar = result.estimate.familiar;
      if (Error error = store.addPrediction(*graph, prediction))
        return error;
      if (result.latency)
        if (Error error = store.addLatency(*graph, *result.latency))
          return error;
      for (const bench_db::Kernel &kernel : result.kernels)
        if (Error error = store.addKernel(kernel))
          return error;
    }
    return Error::success();
  });
}

/// Scores what was read, measures and stores it.
Error Predictor::finish(Batch &batch) {
  std::vector<size_t> rows;
  std::vector<std::vector<float>> features;
  for (size_t i = 0; i < batch.results.size(); ++i) {
    if (!batch.results[i].error.empty())
      continue;
    rows.push_back(i);
    features.push_back(std::move(batch.features[i]));
  }
  Expected<std::vector<predictor::Estimate>> estimates =
      surrogate->estimate(features);
  if (!estimates)
    return estimates.takeError();
  for (auto [row, estimate] : llvm::zip_equal(rows, *estimates)) {
    NetworkPrediction &result = batch.results[row];
    result.estimate = estimate;
    if (!meter)
      continue;
    Expected<LatencyMeter::Measurement> measurement =
        meter->measure(batch.sources[row], surrogate->getDataset());
    if (!measurement) {
      result.latencyError = llvm::toString(measurement.takeError());
      continue;
    }
    result.latency = std::move(measurement->latency);
    result.kernels = std::move(measurement->kernels);
  }
  return options.store ? store(batch) : Error::success();
}

Error Predictor::predict(llvm::ArrayRef<NetworkSource> sources, Answer answer) {
  // Measured networks have the machine to themselves.
  bool overlap = !meter;
  auto makeBatch = [&](size_t begin) {
    size_t end = std::min(begin + (meter ? 1 : options.batch), sources.size());
    return std::make_unique<Batch>(sources.slice(begin, end - begin));
  };
  std::unique_ptr<Batch> reading = makeBatch(0);
  startReading(*reading);
  for (size_t begin = 0; begin < sources.size();) {
    pool.wait();
    std::unique_ptr<Batch> batch = std::move(reading);
    size_t end = begin + batch->sources.size();
    if (overlap && end < sources.size())
      startReading(*(reading = makeBatch(end)));
    if (Error error = finish(*batch)) {
      pool.wait();
      return error;
    }
    for (auto [position, result] : llvm::enumerate(batch->results))
      answer(begin + position, result);
    begin = end;
    if (!overlap && begin < sources.size())
      startReading(*(reading = makeBatch(begin)));
  }
  return Error::success();
}
