//===- NetworkReader.h - Networks as the predictor sees them ----*- C++ -*-===//

#ifndef ASSAY_SEARCH_PREDICTION_NETWORKREADER_H
#define ASSAY_SEARCH_PREDICTION_NETWORKREADER_H

#include "predictor/graph/OnnxGraph.h"
#include "search/prediction/NetworkSource.h"
#include "llvm/Support/Error.h"

namespace assay::search {

/// Reads any number of networks in bounded memory: a context keeps the names
/// and types of every model it has seen, so it is replaced from time to time.
/// One thread at a time.
class NetworkReader {
public:
  NetworkReader();
  ~NetworkReader();

  /// Reads a point of a space as the network for `dataset`. Errors are those of
  /// import, with file and node.
  llvm::Expected<predictor::Graph> read(const NetworkSource &source,
                                        llvm::StringRef dataset);

private:
  void renew();
  llvm::Expected<predictor::Graph> read(const NetworkSource &source,
                                        llvm::StringRef dataset,
                                        bool nodeLocations);

  std::unique_ptr<mlir::MLIRContext> context;
  std::unique_ptr<predictor::OnnxGraphReader> graphs;
  unsigned reads = 0;
};

/// Keeps the diagnostics of a context, to make an error of them.
class DiagnosticCollector {
public:
  explicit DiagnosticCollector(mlir::MLIRContext *context);
  llvm::Error takeError();

private:
  std::string message;
  mlir::ScopedDiagnosticHandler handler;
};

} // namespace assay::search

#endif // ASSAY_SEARCH_PREDICTION_NETWORKREADER_H
