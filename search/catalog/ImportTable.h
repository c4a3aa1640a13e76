//===- ImportTable.h - Fills the store from tables and spaces ---*- C++ -*-===//

#ifndef ASSAY_SEARCH_CATALOG_IMPORTTABLE_H
#define ASSAY_SEARCH_CATALOG_IMPORTTABLE_H

#include "bench_db/importers/Table.h"
#include "search/spaces/Space.h"
#include <functional>

namespace assay::search {

struct ImportOptions {
  unsigned threads = 0; ///< 0: one a processor.
  /// Networks that the dictionary of a new store is trained on.
  size_t dictionarySamples = 2048;
  /// Rows a transaction: what an interrupted import loses.
  size_t batch = 512;
  /// Called after each committed batch with rows done and rows in all.
  std::function<void(int64_t done, int64_t total)> progress = [](int64_t,
                                                                 int64_t) {};
};

/// Adds the networks, labels and latencies of `table`, building every network
/// from its spec, or from its text where the space is none of ours. Rows go in
/// by batches of one transaction each, which also moves the position kept for
/// the content of the table: an import that was cut off goes on where it
/// stopped and ends with the same content. Returns the rows added by this call.
/// Errors name the line.
llvm::Expected<int64_t> importTable(bench_db::Store &store,
                                    const bench_db::Table &table,
                                    const ImportOptions &options);

/// Adds every network of `space`, without labels.
llvm::Expected<int64_t> importSpace(bench_db::Store &store, const Space &space,
                                    const ImportOptions &options);

} // namespace assay::search

#endif // ASSAY_SEARCH_CATALOG_IMPORTTABLE_H
