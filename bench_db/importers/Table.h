//===- Table.h - Published tables of labels ---------------------*- C++ -*-===//
//
// Reads the comma-separated tables of published benchmarks, gzipped or not, and
// gives their rows in one form. The table is known by its header line.
//
//===----------------------------------------------------------------------===//

#ifndef ASSAY_BENCH_DB_IMPORTERS_TABLE_H
#define ASSAY_BENCH_DB_IMPORTERS_TABLE_H

#include "bench_db/Store.h"

namespace assay::bench_db {

struct TableRow {
  std::string spec; ///< As the search space reads it.
  std::vector<Label> labels;
  std::vector<Latency> latencies;
};

struct Table {
  std::string format; ///< Such as "nasbench201 accuracy".
  std::string space;
  std::vector<TableRow> rows;
};

/// Reads all rows of `path`. Errors name the file and the line: unknown header
/// (the known ones are listed), a row with too few fields, a damaged gzip
/// stream. A field that is empty or marks a failed measurement gives no label.
llvm::Expected<Table> readTable(llvm::StringRef path);

} // namespace assay::bench_db

#endif // ASSAY_BENCH_DB_IMPORTERS_TABLE_H
