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

static constexpr int kNewest = std::size(kMigrations);

/// "Assy", set by migration 2.
static constexpr int kApplicationId = 0x41737379;

static int readPragma(SQLite::Database &db, const char *name) {
  return db.execAndGet(std::string("PRAGMA ") + name).getInt();
}

llvm::Error assay::bench_db::checkOwner(SQLite::Database &db) {
  // One statement sees one state, whoever migrates the file meanwhile.
  SQLite::Statement select(
      db, "SELECT (SELECT count(*) FROM sqlite_schema), "
          "(SELECT user_version FROM pragma_user_version), "
          "(SELECT application_id FROM pragma_application_id), "
          "(SELECT count(*) FROM pragma_table_info('graphs') WHERE name = "
          "'canonical_hash')");
  select.executeStep();
  bool empty = select.getColumn(0).getInt() == 0;
  int version = select.getColumn(1).getInt();
  int owner = select.getColumn(2).getInt();
  bool isSchema1 = version == 1 && select.getColumn(3).getInt() == 1;
  // Schema 1 did not say whose it was.
  bool unsignedOurs = owner == 0 && (version == 0 ? empty : isSchema1);
  if (owner != kApplicationId && !unsignedOurs)
    return llvm::createStringError("is a database of another program");
  if (version > kNewest)
    return llvm::createStringError(
        "has schema %d, but this program knows schemas up to %d", version,
        kNewest);
  return llvm::Error::success();
}

llvm::Error assay::bench_db::checkSchema(SQLite::Database &db) {
  int version = readPragma(db, "user_version");
  if (version == kNewest)
    return llvm::Error::success();
  return llvm::createStringError(
      "has schema %d and needs schema %d, but cannot be written", version,
      kNewest);
}

llvm::Error assay::bench_db::migrate(SQLite::Database &db) {
  if (readPragma(db, "user_version") == kNewest)
    return llvm::Error::success();
  SQLite::Transaction transaction(db, SQLite::TransactionBehavior::IMMEDIATE);
  // Another process may have come first while this one waited.
  if (llvm::Error error = checkOwner(db))
    return error;
  for (int version = readPragma(db, "user_version"); version < kNewest;
       ++version)
    db.exec(kMigrations[version]);
  db.exec("PRAGMA user_version = " + std::to_string(kNewest));
  transaction.commit();
  return llvm::Error::success();
}
