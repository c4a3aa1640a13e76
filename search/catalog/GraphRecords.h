//===- GraphRecords.h - Networks as the store takes them --------*- C++ -*-===//

#ifndef ASSAY_SEARCH_CATALOG_GRAPHRECORDS_H
#define ASSAY_SEARCH_CATALOG_GRAPHRECORDS_H

#include "bench_db/Store.h"
#include "predictor/features/FeatureGraph.h"
#include "predictor/graph/Graph.h"
#include "search/spaces/Space.h"
#include <memory>
#include <mutex>

namespace assay::search {

/// Texts, hashes and counts of a network. Parameters are the trainable ones:
/// all weights but the running statistics of normalisation. `features` is the
/// network's buildFeatureGraph.
bench_db::GraphRecord makeGraphRecord(predictor::Graph graph,
                                      const predictor::FeatureGraph &features);

/// Fails where a stored network does not parse, or its hashes and its counts of
/// nodes and parameters are not those of its text.
llvm::Error checkGraphRecord(const bench_db::GraphRecord &record);

/// Builds stored networks again, from the specs of their architectures or,
/// where no space that is known has them, from their texts, and compares all
/// that follows from a network. Usable from several threads.
class GraphChecker {
public:
  GraphChecker();
  ~GraphChecker();
  llvm::Error check(const bench_db::GraphRecord &record,
                    llvm::ArrayRef<bench_db::ArchitectureKey> architectures);

private:
  class Lease;

  std::mutex mutex;
  std::vector<std::unique_ptr<mlir::MLIRContext>> idle;
};

/// The network of a lossless text, with the shapes of all values.
llvm::Expected<predictor::Graph> readText(llvm::StringRef text,
                                          mlir::MLIRContext *context);

/// The network of a point of `space` for a data set (getDatasetOptions), with
/// the shapes of all values.
llvm::Expected<predictor::Graph> readSpec(const Space &space,
                                          llvm::StringRef spec,
                                          llvm::StringRef dataset,
                                          mlir::MLIRContext *context);

/// The record of a point of `space`, or of `text` where the space is empty or
/// none that is known here. Classes and image are the space's own. Fails, too,
/// where `text` is another network than the point. Errors name the spec.
llvm::Expected<bench_db::GraphRecord>
buildGraphRecord(llvm::StringRef space, llvm::StringRef spec,
                 llvm::StringRef text, mlir::MLIRContext *context);

} // namespace assay::search

#endif // ASSAY_SEARCH_CATALOG_GRAPHRECORDS_H
