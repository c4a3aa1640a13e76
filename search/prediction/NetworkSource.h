//===- NetworkSource.h - Where a network comes from -------------*- C++ -*-===//

#ifndef ASSAY_SEARCH_PREDICTION_NETWORKSOURCE_H
#define ASSAY_SEARCH_PREDICTION_NETWORKSOURCE_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/Support/JSON.h"
#include <string>

namespace assay::search {

/// One of: an ONNX file, a lossless text, or a point of a search space.
struct NetworkSource {
  std::string path;
  std::string text;
  std::string space, spec;
};

/// Has the system fetch the first megabytes of the file, if it is one, while
/// others are read: a thread that waits for one file at a time keeps no disk
/// busy.
void readAhead(const NetworkSource &source);

/// A line that a search loop sends: {"path": ...}, {"text": ...} or {"space":
/// ..., "spec": ...}, with an "id" of any kind that the answer repeats.
struct PredictionRequest {
  NetworkSource source;
  std::optional<llvm::json::Value> id;
};

/// Reads one line. Errors say what is accepted; `id` is kept even then, where
/// the line is an object.
llvm::Error parseRequest(llvm::StringRef line, PredictionRequest &request);

/// The network as a module in the onnx dialect. With `structureOnly` weights
/// are splats of 0; otherwise they are those of the file, or random. A point of
/// a space has the image and classes of `dataset` (getDatasetOptions). Errors
/// about a file name its nodes only with `nodeLocations`. Fails after a
/// diagnostic.
mlir::FailureOr<mlir::OwningOpRef<mlir::ModuleOp>>
loadNetwork(mlir::MLIRContext *context, const NetworkSource &source,
            llvm::StringRef dataset, bool structureOnly,
            bool nodeLocations = true);

} // namespace assay::search

#endif // ASSAY_SEARCH_PREDICTION_NETWORKSOURCE_H
