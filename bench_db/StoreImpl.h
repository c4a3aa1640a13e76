//===- StoreImpl.h - What the parts of the store share ----------*- C++ -*-===//

#ifndef ASSAY_BENCH_DB_STOREIMPL_H
#define ASSAY_BENCH_DB_STOREIMPL_H

#include "bench_db/Compression.h"
#include "bench_db/Store.h"
#include "llvm/ADT/Twine.h"
#include <SQLiteCpp/SQLiteCpp.h>
#include <map>

namespace assay::bench_db {

/// A lent statement, reset when the loan ends: one that stopped in the middle
/// of its rows would pin the reader to an old state of the file, and the next
/// write transaction would be refused.
class PreparedStatement {
public:
  explicit PreparedStatement(SQLite::Statement &statement)
      : statement(statement) {}
  PreparedStatement(const PreparedStatement &) = delete;
  PreparedStatement &operator=(const PreparedStatement &) = delete;
  ~PreparedStatement() {
    statement.tryReset();
    statement.clearBindings();
  }
  operator SQLite::Statement &() { return statement; }
  SQLite::Statement *operator->() { return &statement; }

private:
  SQLite::Statement &statement;
};

struct Store::Impl {
  enum class Access { ReadWrite, ReadOnly };
  Impl(llvm::StringRef path, Access access);
  static SQLite::Database connect(const std::string &path, Access access);

  /// A statement that is prepared once and lent for one use.
  PreparedStatement statement(const char *sql);

  /// The compressor of a dictionary row; 0 stands for none.
  Compressor &compressor(int64_t dictionary);

  /// What a zstd frame holds. Errors name the file and `owner`.
  llvm::Expected<std::string> decompress(int64_t dictionary,
                                         const SQLite::Column &frame,
                                         const llvm::Twine &owner);

  /// Rows of the series that a number belongs to, added when they are new.
  int64_t labelSeries(const Label &label);
  int64_t latencySeries(const Latency &latency);

  /// Reports each text that does not decompress; returns how many.
  int64_t checkTexts(llvm::function_ref<void(llvm::StringRef)> report);
  int64_t checkKernels(llvm::function_ref<void(llvm::StringRef)> report);
  std::string readOnnxNet(int64_t graph);
  std::vector<ArchitectureKey> readArchitectures(int64_t graph);

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

inline llvm::StringRef blob(const SQLite::Column &column) {
  return llvm::StringRef(static_cast<const char *>(column.getBlob()),
                         column.getBytes());
}

/// Fails for a database of another program or of a newer schema; writes
/// nothing.
llvm::Error checkOwner(SQLite::Database &db);

/// Fails unless all migrations are applied; for files that cannot be written.
llvm::Error checkSchema(SQLite::Database &db);

/// Applies the migrations that the file lacks.
llvm::Error migrate(SQLite::Database &db);

} // namespace assay::bench_db

#endif // ASSAY_BENCH_DB_STOREIMPL_H
