//===- StoreRead.cpp - Reading, statistics and queries --------------------===//

#include "bench_db/Store.h"
#include "bench_db/StoreImpl.h"
#include "llvm/ADT/StringExtras.h"
#include <cmath>
#include <sqlite3.h>

using namespace assay::bench_db;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;

Expected<std::string> Store::Impl::decompress(int64_t dictionary,
                                              const SQLite::Column &frame,
                                              const llvm::Twine &owner) {
  Expected<std::string> content =
      compressor(dictionary).decompress(blob(frame));
  if (content)
    return content;
  return llvm::createStringError(path + ": " + owner + ": " +
                                 llvm::toString(content.takeError()));
}

Expected<std::string> Store::loadLossless(int64_t graph) {
  using Result = Expected<std::string>;
  return guarded<Result>(impl->path, [&]() -> Result {
    PreparedStatement select = impl->statement(
        "SELECT coalesce(dictionary, 0), data FROM graphs WHERE id = ?");
    select->bind(1, graph);
    if (!select->executeStep())
      return llvm::createStringError("%s: has no graph %lld",
                                     impl->path.c_str(),
                                     static_cast<long long>(graph));
    return impl->decompress(select->getColumn(0).getInt64(),
                            select->getColumn(1),
                            "graph " + llvm::Twine(graph));
  });
}

Error Store::forEachLabelled(
    const LabelFilter &filter,
    llvm::function_ref<Error(const LabelledGraph &)> visit) {
  return guarded<Error>(impl->path, [&]() -> Error {
    PreparedStatement select = impl->statement(
        "SELECT spaces.name, spec, canonical_hash, coalesce(dictionary, 0), "
        "data, dataset, metric, protocol, kind, epochs, value FROM labels "
        "JOIN label_series ON label_series.id = series "
        "JOIN architectures ON architectures.id = architecture "
        "JOIN spaces ON spaces.id = space JOIN graphs ON graphs.id = graph "
        "WHERE (?1 = '' OR spaces.name = ?1) AND (?2 = '' OR dataset = ?2) "
        "AND (?3 = '' OR metric = ?3) AND (?4 = '' OR kind = ?4) "
        "AND (?5 < 0 OR epochs = ?5) ORDER BY spaces.name, spec, series, seed");
    select->bind(1, filter.space);
    select->bind(2, filter.dataset);
    select->bind(3, filter.metric);
    select->bind(4, filter.kind);
    select->bind(5, filter.epochs);
    while (select->executeStep()) {
      LabelledGraph row;
      row.space = select->getColumn(0).getString();
      row.spec = select->getColumn(1).getString();
      row.canonicalHash = select->getColumn(2).getString();
      Expected<std::string> text = impl->decompress(
          select->getColumn(3).getInt64(), select->getColumn(4),
          "'" + row.spec + "' of space '" + row.space + "'");
      if (!text)
        return text.takeError();
      row.lossless = std::move(*text);
      row.dataset = select->getColumn(5).getString();
      row.metric = select->getColumn(6).getString();
      row.protocol = select->getColumn(7).getString();
      row.kind = select->getColumn(8).getString();
      row.epochs = select->getColumn(9).getInt64();
      row.value = select->getColumn(10).getDouble();
      if (Error error = visit(row))
        return error;
    }
    return Error::success();
  });
}

Expected<Store::Statistics> Store::statistics() {
  return guarded<Expected<Statistics>>(
      impl->path, [&]() -> Expected<Statistics> {
        Statistics statistics;
        for (const char *table :
             {"graphs", "texts", "spaces", "architectures", "labels",
              "latencies", "predictions", "kernels", "dictionaries"})
          statistics.rows.emplace_back(
              table,
              impl->db.execAndGet(std::string("SELECT count(*) FROM ") + table)
                  .getInt64());
        statistics.bytes = impl->db.execAndGet("PRAGMA page_count").getInt64() *
                           impl->db.execAndGet("PRAGMA page_size").getInt64();
        return statistics;
      });
}

/// The value as JSON has it; bytes become hex digits.
static llvm::json::Value readCell(const SQLite::Column &column) {
  if (column.isNull())
    return nullptr;
  if (column.isInteger())
    return column.getInt64();
  if (column.isFloat()) {
    double value = column.getDouble();
    if (std::isinf(value)) // JSON has no such numbers, SQLite no NaN
      return value < 0 ? "-inf" : "inf";
    return value;
  }
  if (column.isBlob())
    return llvm::toHex(blob(column), /*LowerCase=*/true);
  return llvm::json::fixUTF8(column.getString());
}

/// Fails unless `sql` is one statement that reads. SQLite would ignore what
/// follows the first.
static Error checkQuery(SQLite::Database &db, const std::string &sql) {
  int statements = 0;
  for (const char *rest = sql.c_str(); *rest && statements < 2;) {
    sqlite3_stmt *statement = nullptr;
    int code = sqlite3_prepare_v2(db.getHandle(), rest, -1, &statement, &rest);
    bool reads = !statement || sqlite3_stmt_readonly(statement);
    sqlite3_finalize(statement);
    if (code != SQLITE_OK && statements == 0)
      return llvm::createStringError(db.getErrorMsg());
    if (!reads)
      return llvm::createStringError("only a statement that reads can be run");
    // One that fails after the first may need what that would have done.
    statements += statement || code != SQLITE_OK;
    if (code != SQLITE_OK)
      break;
  }
  if (statements == 1)
    return Error::success();
  return llvm::createStringError(statements == 0
                                     ? "the query holds no statement"
                                     : "the query holds several statements");
}

Error Store::query(
    StringRef sql,
    llvm::function_ref<void(const std::vector<std::string> &)> columns,
    llvm::function_ref<void(const std::vector<llvm::json::Value> &)> row) {
  return guarded<Error>(impl->path, [&]() -> Error {
    SQLite::Database reader = Impl::connect(impl->path, Impl::Access::ReadOnly);
    if (Error error = checkQuery(reader, sql.str()))
      return llvm::createStringError("%s: %s", impl->path.c_str(),
                                     llvm::toString(std::move(error)).c_str());
    SQLite::Statement statement(reader, sql.str());
    std::vector<std::string> names;
    for (int i = 0; i < statement.getColumnCount(); ++i)
      names.push_back(statement.getColumnName(i));
    columns(names);
    while (statement.executeStep()) {
      std::vector<llvm::json::Value> values;
      for (int i = 0; i < statement.getColumnCount(); ++i)
        values.push_back(readCell(statement.getColumn(i)));
      row(values);
    }
    return Error::success();
  });
}
