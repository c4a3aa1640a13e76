//===- StoreImpl.h - What the parts of the store share ----------*- C++ -*-===//

#ifndef ASSAY_BENCH_DB_STOREIMPL_H
#define ASSAY_BENCH_DB_STOREIMPL_H

#include "bench_db/Compression.h"
#include "bench_db/Store.h"
#include <SQLiteCpp/SQLiteCpp.h>
#include <map>

namespace assay::bench_db {

struct Store::Impl {
  Impl(llvm::StringRef path, int flags)
      : path(path.str()), db(this->path, flags, /*busyTimeoutMs=*/60'000) {}

  /// A statement that is prepared once and reset for each use.
  SQLite::Statement &statement(const char *sql);

  /// The compressor of a dictionary row; 0 stands for none.
  Compressor &compressor(int64_t dictionary);

  /// Reports each text that does not decompress; returns how many.
  int64_t checkTexts(llvm::function_ref<void(llvm::StringRef)> report);

  std::string path;
  SQLite::Database db;
  std::map<std::string, SQLite::Statement, std::less<>> statements;
  std::map<int64_t, Compressor> compressors;
  int64_t dictionary = 0; ///< For new rows.
};

/// Runs `body`, turning the exceptions of SQLiteCpp into errors that name the
/// file.
template <typename Result, typename Body>
Result guarded(const std::string &path, Body body) {
  try {
    return body();
  } catch (const SQLite::Exception &exception) {
    return llvm::createStringError("%s: %s", path.c_str(), exception.what());
  }
}

/// Applies the migrations that the file lacks.
llvm::Error migrate(SQLite::Database &db);

} // namespace assay::bench_db

#endif // ASSAY_BENCH_DB_STOREIMPL_H
