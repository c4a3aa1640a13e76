//===- Migrations.cpp - Brings a file's schema up to date -----------------===//
//
// Migration N is bench_db/migrations/00N-*.sql; SQLite's user_version holds the
// number of the last one applied.
//
//===----------------------------------------------------------------------===//

#include "bench_db/StoreImpl.h"

using namespace assay::bench_db;

static const char *const kMigrations[] = {
#include "bench_db/Migrations.inc"
};

llvm::Error assay::bench_db::migrate(SQLite::Database &db) {
  constexpr int kNewest = std::size(kMigrations);
  int version = db.execAndGet("PRAGMA user_version").getInt();
  if (version > kNewest)
    return llvm::createStringError(
        "%s: has schema %d, but this program knows schemas up to %d",
        db.getFilename().c_str(), version, kNewest);
  if (version == kNewest)
    return llvm::Error::success();

  SQLite::Transaction transaction(db, SQLite::TransactionBehavior::IMMEDIATE);
  // Another process may have migrated while this one waited.
  version = db.execAndGet("PRAGMA user_version").getInt();
  if (version == 0 &&
      db.execAndGet("SELECT count(*) FROM sqlite_schema").getInt() > 0)
    return llvm::createStringError("%s: is a database of another program",
                                   db.getFilename().c_str());
  for (; version < kNewest; ++version)
    db.exec(kMigrations[version]);
  db.exec("PRAGMA user_version = " + std::to_string(kNewest));
  transaction.commit();
  return llvm::Error::success();
}
