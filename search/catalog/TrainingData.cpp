//===- TrainingData.cpp - Labelled features from the store ----------------===//

#include "search/catalog/TrainingData.h"
#include "mlir/IR/MLIRContext.h"
#include "predictor/features/FeatureGraphBuilder.h"
#include "predictor/features/Features.h"
#include "predictor/graph/OnnxGraph.h"
#include "search/catalog/GraphRecords.h"
#include "search/spaces/Dataset.h"
#include "llvm/ADT/StringMap.h"
#include <map>
#include <numeric>
#include <random>

using namespace assay;
using namespace assay::search;
using bench_db::LabelledGraph;
using llvm::Error;
using llvm::Expected;

static constexpr int kSampledNetworks = 500;
static constexpr int kNetworksPerContext = 64;

namespace {

/// One architecture with the label of one series, the mean over seeds.
struct Row {
  std::string canonicalHash;
  double sum = 0;
  int count = 0;
};

/// What makes labels comparable, and how much they are worth: more epochs
/// first, then the metric that is at hand for more networks.
struct SeriesKey {
  int64_t epochs;
  std::string metric, protocol;
  bool operator<(const SeriesKey &other) const {
    return std::tie(epochs, metric, protocol) <
           std::tie(other.epochs, other.metric, other.protocol);
  }
};

using SpecRows = std::map<std::string, Row>;
using SpaceSeries = std::map<SeriesKey, SpecRows>;

/// Features of networks for a data set, by the canonical hash of the stored
/// network and by whether the space is known, which builds another one.
class FeatureCache {
public:
  explicit FeatureCache(llvm::StringRef dataset) : dataset(dataset) {}

  /// Computes the features of a spec, or of the text where Assay does not know
  /// the space, unless the hash is known.
  Error add(const LabelledGraph &row) {
    return add(row.space, row.spec, row.canonicalHash, row.lossless);
  }
  Error add(llvm::StringRef space, llvm::StringRef spec, llvm::StringRef hash,
            llvm::StringRef lossless);
  const std::vector<float> &get(llvm::StringRef space,
                                llvm::StringRef hash) const {
    return features.find(makeKey(space, hash))->second;
  }

private:
  static std::string makeKey(llvm::StringRef space, llvm::StringRef hash) {
    return ((lookupSpace(space) ? "built " : "stored ") + hash).str();
  }
  Expected<predictor::Graph> read(llvm::StringRef space, llvm::StringRef spec,
                                  llvm::StringRef lossless);

  std::string dataset;
  std::unique_ptr<mlir::MLIRContext> context;
  unsigned reads = 0;
  llvm::StringMap<std::vector<float>> features;
};

} // namespace

Expected<predictor::Graph> FeatureCache::read(llvm::StringRef space,
                                              llvm::StringRef spec,
                                              llvm::StringRef lossless) {
  // A context keeps the names and types of all networks that it has seen.
  if (reads++ % kNetworksPerContext == 0)
    context = std::make_unique<mlir::MLIRContext>(
        mlir::MLIRContext::Threading::DISABLED);
  if (const Space *known = lookupSpace(space))
    return readSpec(*known, spec, dataset, context.get());
  return readText(lossless, context.get());
}

Error FeatureCache::add(llvm::StringRef space, llvm::StringRef spec,
                        llvm::StringRef hash, llvm::StringRef lossless) {
  auto [entry, isNew] = features.try_emplace(makeKey(space, hash));
  if (!isNew)
    return Error::success();
  Expected<predictor::Graph> graph = read(space, spec, lossless);
  if (!graph)
    return llvm::createStringError("'%s' of space '%s': %s", spec.str().c_str(),
                                   space.str().c_str(),
                                   toString(graph.takeError()).c_str());
  entry->second =
      predictor::computeFeatures(predictor::buildFeatureGraph(*graph));
  return Error::success();
}

/// The series of the most epochs; of those, the one with the most networks.
static const SpecRows &chooseSeries(const SpaceSeries &series) {
  const SeriesKey *best = nullptr;
  const SpecRows *rows = nullptr;
  for (const auto &[key, candidate] : series)
    if (!best || key.epochs > best->epochs ||
        (key.epochs == best->epochs && candidate.size() > rows->size())) {
      best = &key;
      rows = &candidate;
    }
  return *rows;
}

static LabelledFamily makeFamily(const std::string &name, const SpecRows &rows,
                                 const FeatureCache &cache) {
  LabelledFamily result;
  result.family.name = name;
  result.family.inputs.resize(rows.size(), predictor::kNumFeatures);
  result.family.labels.resize(rows.size());
  Eigen::Index index = 0;
  for (const auto &[spec, row] : rows) {
    const std::vector<float> &values = cache.get(name, row.canonicalHash);
    result.family.inputs.row(index) =
        Eigen::Map<const predictor::RowVector>(values.data(), values.size());
    result.family.labels[index++] = row.sum / row.count;
    result.canonicalHashes.push_back(row.canonicalHash);
  }
  return result;
}

Expected<std::vector<LabelledFamily>>
assay::search::loadFamilies(bench_db::Store &store, llvm::StringRef dataset,
                            llvm::StringRef space,
                            llvm::function_ref<void(int64_t done)> progress) {
  bench_db::LabelFilter filter;
  filter.space = space;
  filter.dataset = dataset;
  filter.kind = "trained";
  std::map<std::string, SpaceSeries> spaces;
  FeatureCache cache(dataset);
  int64_t done = 0;
  Error error = store.forEachLabelled(filter, [&](const LabelledGraph &label) {
    Row &row = spaces[label.space][{label.epochs, label.metric, label.protocol}]
                     [label.spec];
    row.canonicalHash = label.canonicalHash;
    row.sum += label.value;
    ++row.count;
    if (progress && ++done % 1000 == 0)
      progress(done);
    return cache.add(label);
  });
  if (error)
    return std::move(error);
  std::vector<LabelledFamily> families;
  for (const auto &[space, series] : spaces)
    families.push_back(makeFamily(space, chooseSeries(series), cache));
  return families;
}

/// Features of random networks.
static predictor::Matrix sampleSpace(const Space &space,
                                     llvm::StringRef dataset, int count) {
  predictor::Matrix features(count, predictor::kNumFeatures);
  std::mt19937_64 random(0);
  NetworkOptions options = getDatasetOptions(dataset);
  options.weights = onnx::GraphBuilder::Weights::Splat;
  for (int begin = 0; begin < count; begin += kNetworksPerContext) {
    mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
    predictor::OnnxGraphReader reader(&context);
    for (int i = begin; i < std::min(count, begin + kNetworksPerContext); ++i) {
      Network network = space.build(space.sample(random), options, &context);
      auto graph = reader.read(*network.module);
      std::vector<float> row =
          predictor::computeFeatures(predictor::buildFeatureGraph(*graph));
      features.row(i) =
          Eigen::Map<const predictor::RowVector>(row.data(), row.size());
    }
  }
  return features;
}

Expected<predictor::Matrix> assay::search::loadPool(bench_db::Store &store,
                                                    llvm::StringRef dataset,
                                                    llvm::StringRef space) {
  if (const Space *known = lookupSpace(space))
    return sampleSpace(*known, dataset, kSampledNetworks);
  FeatureCache cache(dataset);
  std::vector<std::string> hashes;
  Error error =
      store.forEachNetwork(space, [&](const bench_db::StoredNetwork &network) {
        const bench_db::GraphRecord &graph = network.graph;
        hashes.push_back(graph.canonicalHash);
        return cache.add(space, network.spec, graph.canonicalHash,
                         graph.lossless);
      });
  if (error)
    return std::move(error);
  predictor::Matrix features(hashes.size(), predictor::kNumFeatures);
  for (auto [index, hash] : llvm::enumerate(hashes))
    features.row(index) = Eigen::Map<const predictor::RowVector>(
        cache.get(space, hash).data(), predictor::kNumFeatures);
  return features;
}
