//===- Store.h - The benchmark database -------------------------*- C++ -*-===//
//
// One SQLite file with networks, labels, latencies, predictions and kernels.
// Any number of processes may read and write it at once (write-ahead log); a
// process killed at any moment loses nothing that was committed.
//
//===----------------------------------------------------------------------===//

#ifndef ASSAY_BENCH_DB_STORE_H
#define ASSAY_BENCH_DB_STORE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace assay::bench_db {

/// A network as it enters the store.
struct GraphRecord {
  std::string contentHash;   ///< Of the lossless text as given.
  std::string canonicalHash; ///< Of the lossless text in canonical order.
  std::string lossless;
  std::string onnxNet; ///< Left out of the store when empty.
  int64_t nodes = 0;
  int64_t params = 0;
  int64_t macs = 0;
};

/// A point of a search space.
struct ArchitectureKey {
  std::string space, spec;
};

struct Label {
  std::string dataset;  ///< "cifar10"
  std::string metric;   ///< "test-accuracy", in percent
  std::string protocol; ///< The published training recipe.
  std::string kind;     ///< trained, weight-sharing, surrogate, proxy or rank.
  int64_t epochs = 0;
  int64_t seed = -1; ///< -1: the mean of several.
  double value = 0;
  std::string source;
};

struct Latency {
  std::string target;
  int64_t threads = 1;
  std::string options;
  int64_t medianNs = 0;
  std::optional<int64_t> p10Ns, p90Ns;
  int64_t runs = 1;
  std::string source;
};

/// Object code of one kernel.
struct Kernel {
  std::string hash;   ///< Of its IR.
  std::string target; ///< Processor.
  std::string object;
  std::optional<int64_t> medianNs; ///< Of one launch, on one thread.
};

struct Prediction {
  std::string surrogate;
  std::string dataset;
  double mean = 0;
  double uncertainty = 0;
  bool familiar = true;
};

/// A network with the numbers that were measured of it. Space and spec are
/// empty for one of no search space; the record lacks `onnxNet`.
struct StoredNetwork {
  std::string space, spec;
  GraphRecord graph;
  std::vector<Label> labels;
  std::vector<Latency> latencies;
};

/// A labelled architecture, for training.
struct LabelledGraph {
  std::string space;
  std::string spec;
  std::string canonicalHash;
  std::string lossless;
  std::string dataset, metric, protocol, kind;
  int64_t epochs = 0;
  double value = 0;
};

/// Which labels to train on. Empty strings and negative numbers match all.
struct LabelFilter {
  std::string space;
  std::string dataset;
  std::string metric;
  std::string kind;
  int64_t epochs = -1;
};

class Store {
public:
  enum class OpenMode {
    Create, ///< The file and its folder are made where they are missing.
    Reading ///< A missing file is an error, one that cannot be written is none.
  };
  /// Opens `path` and brings its schema up to date. Errors name the file, which
  /// is left as it was: not a database, that of another program, a newer schema
  /// than this program's, no permission.
  static llvm::Expected<std::unique_ptr<Store>>
  open(llvm::StringRef path, OpenMode mode = OpenMode::Create);
  ~Store();

  /// Runs `body` in one transaction, which takes effect as a whole when it
  /// succeeds and not at all otherwise. Waits for other writers.
  llvm::Error transact(llvm::function_ref<llvm::Error()> body);

  /// Row of the network, added when it is new.
  llvm::Expected<int64_t> addGraph(const GraphRecord &graph);
  /// Row of the architecture, added when it is new; fails where the spec is
  /// known with another network.
  llvm::Expected<int64_t> addArchitecture(llvm::StringRef space,
                                          llvm::StringRef spec, int64_t graph);
  /// Add, or replace what the same key held.
  llvm::Error addLabel(int64_t architecture, const Label &label);
  llvm::Error addLatency(int64_t graph, const Latency &latency);
  llvm::Error addPrediction(int64_t graph, const Prediction &prediction);
  llvm::Error addKernel(const Kernel &kernel);

  llvm::Expected<std::optional<int64_t>> findGraph(llvm::StringRef contentHash);

  /// The kernel, or nothing.
  llvm::Expected<std::optional<Kernel>> findKernel(llvm::StringRef hash,
                                                   llvm::StringRef target);

  /// The lossless text of a network.
  llvm::Expected<std::string> loadLossless(int64_t graph);

  /// Calls `visit` for every label that passes the filter, in a stable order.
  llvm::Error
  forEachLabelled(const LabelFilter &filter,
                  llvm::function_ref<llvm::Error(const LabelledGraph &)> visit);

  /// Calls `visit` for every architecture of `space`, or, when that is empty,
  /// for every architecture and every network of none, in a stable order.
  llvm::Error
  forEachNetwork(llvm::StringRef space,
                 llvm::function_ref<llvm::Error(const StoredNetwork &)> visit);

  /// Trains a dictionary on `samples` for what is added from now on, unless the
  /// store has one already.
  llvm::Error ensureDictionary(const std::vector<std::string> &samples);
  bool hasDictionary() const;

  /// How many rows of `source` are in; 0 for a new one.
  llvm::Expected<int64_t> importPosition(llvm::StringRef source);
  llvm::Error setImportPosition(llvm::StringRef source, int64_t nextRow);

  /// Row counts by table, in schema order, and the size of the file in bytes.
  struct Statistics {
    std::vector<std::pair<std::string, int64_t>> rows;
    int64_t bytes = 0;
  };
  llvm::Expected<Statistics> statistics();

  /// Checks the file, all foreign keys, the type of every number and text, and
  /// that every graph, text and kernel decompresses; `check` then judges each
  /// network with the architectures that have it, on several threads. Problems
  /// are reported one by one; returns how many there were.
  using GraphCheck = llvm::function_ref<llvm::Error(
      int64_t row, const GraphRecord &graph,
      llvm::ArrayRef<ArchitectureKey> architectures)>;
  llvm::Expected<int64_t>
  verify(GraphCheck check, llvm::function_ref<void(llvm::StringRef)> report);

  /// Runs one SQL statement that reads; several, or one that writes, are an
  /// error. `columns` gets the names first; NULL is a null value, a blob a
  /// string of hex digits, and so are "inf" and "-inf" strings.
  llvm::Error
  query(llvm::StringRef sql,
        llvm::function_ref<void(const std::vector<std::string> &)> columns,
        llvm::function_ref<void(const std::vector<llvm::json::Value> &)> row);

private:
  struct Impl;
  explicit Store(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl;
};

/// $ASSAY_DB, else assay/bench.db in the user's data directory.
std::string defaultStorePath();

} // namespace assay::bench_db

#endif // ASSAY_BENCH_DB_STORE_H
