//===- TrainingData.h - Labelled features from the store --------*- C++ -*-===//

#ifndef ASSAY_SEARCH_CATALOG_TRAININGDATA_H
#define ASSAY_SEARCH_CATALOG_TRAININGDATA_H

#include "bench_db/Store.h"
#include "predictor/training/RankTrainer.h"

namespace assay::search {

/// The networks of one family with what evaluation needs beside features.
struct LabelledFamily {
  predictor::Family family; ///< Raw features.
  /// By row: equal for networks that are the same computation.
  std::vector<std::string> canonicalHashes;
};

/// The labels of `dataset`, of one space or, with an empty `space`, of all,
/// that are comparable within their space: trained in full, by the space's
/// longest published schedule. Features are those of the network for the data
/// set where Assay knows the space, else of the stored one. Spaces without any
/// are left out. Features of equal networks are computed once. Fails for a
/// network that cannot be built, naming its spec and space.
llvm::Expected<std::vector<LabelledFamily>>
loadFamilies(bench_db::Store &store, llvm::StringRef dataset,
             llvm::StringRef space,
             llvm::function_ref<void(int64_t done)> progress);

/// Features of networks of a space for a data set, with labels or without: 500
/// random ones of a space that Assay knows, else all that the store holds.
llvm::Expected<predictor::Matrix> loadPool(bench_db::Store &store,
                                           llvm::StringRef dataset,
                                           llvm::StringRef space);

} // namespace assay::search

#endif // ASSAY_SEARCH_CATALOG_TRAININGDATA_H
