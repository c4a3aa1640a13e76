//===- StoreNetworks.cpp - Networks with all that was measured ------------===//

#include "bench_db/StoreImpl.h"

using namespace assay::bench_db;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;

static std::vector<Label> readLabels(SQLite::Statement &select,
                                     int64_t architecture) {
  std::vector<Label> labels;
  select.bind(1, architecture);
  while (select.executeStep()) {
    Label &label = labels.emplace_back();
    label.dataset = select.getColumn(0).getString();
    label.metric = select.getColumn(1).getString();
    label.protocol = select.getColumn(2).getString();
    label.kind = select.getColumn(3).getString();
    label.epochs = select.getColumn(4).getInt64();
    label.source = select.getColumn(5).getString();
    label.seed = select.getColumn(6).getInt64();
    label.value = select.getColumn(7).getDouble();
  }
  return labels;
}

static std::optional<int64_t> readOptional(const SQLite::Column &column) {
  return column.isNull() ? std::nullopt : std::optional(column.getInt64());
}

static std::vector<Latency> readLatencies(SQLite::Statement &select,
                                          int64_t graph) {
  std::vector<Latency> latencies;
  select.bind(1, graph);
  while (select.executeStep()) {
    Latency &latency = latencies.emplace_back();
    latency.target = select.getColumn(0).getString();
    latency.threads = select.getColumn(1).getInt64();
    latency.options = select.getColumn(2).getString();
    latency.source = select.getColumn(3).getString();
    latency.medianNs = select.getColumn(4).getInt64();
    latency.p10Ns = readOptional(select.getColumn(5));
    latency.p90Ns = readOptional(select.getColumn(6));
    latency.runs = select.getColumn(7).getInt64();
  }
  return latencies;
}

static constexpr const char *kSelectNetworks =
    "SELECT coalesce(spaces.name, ''), coalesce(spec, ''), content_hash, "
    "canonical_hash, nodes, params, macs, coalesce(dictionary, 0), data, "
    "coalesce(architectures.id, 0), graphs.id FROM graphs "
    "LEFT JOIN architectures ON graph = graphs.id "
    "LEFT JOIN spaces ON spaces.id = space "
    "WHERE ?1 = '' OR spaces.name = ?1 "
    "ORDER BY spaces.name, spec, content_hash";

static constexpr const char *kSelectLabels =
    "SELECT dataset, metric, protocol, kind, epochs, source, seed, value "
    "FROM labels JOIN label_series ON id = series WHERE architecture = ? "
    "ORDER BY dataset, metric, protocol, kind, epochs, source, seed";

static constexpr const char *kSelectLatencies =
    "SELECT target, threads, options, source, median_ns, p10_ns, p90_ns, runs "
    "FROM latencies JOIN latency_series ON id = series WHERE graph = ? "
    "ORDER BY target, threads, options, source";

Error Store::forEachNetwork(
    StringRef space, llvm::function_ref<Error(const StoredNetwork &)> visit) {
  return guarded<Error>(impl->path, [&]() -> Error {
    PreparedStatement select = impl->statement(kSelectNetworks);
    select->bind(1, space.str());
    while (select->executeStep()) {
      StoredNetwork network;
      network.space = select->getColumn(0).getString();
      network.spec = select->getColumn(1).getString();
      network.graph.contentHash = select->getColumn(2).getString();
      network.graph.canonicalHash = select->getColumn(3).getString();
      network.graph.nodes = select->getColumn(4).getInt64();
      network.graph.params = select->getColumn(5).getInt64();
      network.graph.macs = select->getColumn(6).getInt64();
      Expected<std::string> text = impl->decompress(
          select->getColumn(7).getInt64(), select->getColumn(8),
          "graph " + llvm::Twine(select->getColumn(10).getInt64()));
      if (!text)
        return text.takeError();
      network.graph.lossless = std::move(*text);
      network.labels = readLabels(impl->statement(kSelectLabels),
                                  select->getColumn(9).getInt64());
      network.latencies = readLatencies(impl->statement(kSelectLatencies),
                                        select->getColumn(10).getInt64());
      if (Error error = visit(network))
        return error;
    }
    return Error::success();
  });
}
