//===- Table.h - Networks and numbers from files ----------------*- C++ -*-===//
//
// Reads the comma-separated tables of published benchmarks and the JSON lines
// of `assay db export`, gzipped or not, and gives their rows in one form. The
// kind of file is known by its first line.
//
//===----------------------------------------------------------------------===//

#ifndef ASSAY_BENCH_DB_IMPORTERS_TABLE_H
#define ASSAY_BENCH_DB_IMPORTERS_TABLE_H

#include "bench_db/Store.h"

namespace assay::bench_db {

struct TableRow {
  /// The point of a search space, as the space reads it; empty for a network
  /// of none.
  std::string space, spec;
  std::string text; ///< Lossless; may be empty where the space can build it.
  std::vector<Label> labels;
  std::vector<Latency> latencies;
  size_t line = 0; ///< In the file, from 1; 0: in none.
};

struct Table {
  std::string path;
  std::string format; ///< Such as "nasbench201 accuracy".
  std::string hash;   ///< Of the content, 32 hex digits.
  std::vector<TableRow> rows;
};

/// Reads all rows of `path`. Errors name the file and the line: unknown header
/// (the known ones are listed), a row with too few fields, a field that is no
/// number where there must be one, a damaged gzip stream. A field that is empty
/// or marks a failed measurement gives no label.
llvm::Expected<Table> readTable(llvm::StringRef path);

/// Reads one line of JSON as `assay db export` writes them (docs/database.md).
/// What follows from the network (hash, counts) is passed over.
llvm::Expected<TableRow> parseNetworkLine(llvm::StringRef line);

} // namespace assay::bench_db

#endif // ASSAY_BENCH_DB_IMPORTERS_TABLE_H
