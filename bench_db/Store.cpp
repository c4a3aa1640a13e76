//===- Store.cpp - The benchmark database ---------------------------------===//

#include "bench_db/Store.h"
#include "bench_db/StoreImpl.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include <chrono>
#include <sqlite3.h>
#include <thread>

using namespace assay::bench_db;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;

Store::Store(std::unique_ptr<Impl> impl) : impl(std::move(impl)) {}
Store::~Store() = default;

PreparedStatement Store::Impl::statement(const char *sql) {
  auto found = statements.find(sql);
  if (found == statements.end())
    found = statements
                .emplace(std::piecewise_construct, std::forward_as_tuple(sql),
                         std::forward_as_tuple(db, sql))
                .first;
  return PreparedStatement(found->second);
}

Compressor &Store::Impl::compressor(int64_t id) {
  auto found = compressors.find(id);
  if (found != compressors.end())
    return found->second;
  std::string data;
  if (id != 0) {
    PreparedStatement select =
        statement("SELECT data FROM dictionaries WHERE id = ?");
    select->bind(1, id);
    if (select->executeStep())
      data = select->getColumn(0).getString();
  }
  return compressors.try_emplace(id, data).first->second;
}

/// Whether SQLite can write the file and the log that it keeps beside it.
static bool isWritable(StringRef path) {
  StringRef folder = llvm::sys::path::parent_path(path);
  auto canWrite = [](StringRef name) {
    return !llvm::sys::fs::access(name, llvm::sys::fs::AccessMode::Write);
  };
  return canWrite(path) && canWrite(folder.empty() ? "." : folder);
}

/// For a file that nobody can be writing: without a log beside it, SQLite reads
/// a folder that it cannot write to only if it is told so.
static std::string makeImmutableUri(StringRef path) {
  std::string uri = "file:";
  for (char c : path)
    uri += llvm::isAlnum(c) || StringRef("/._-").contains(c)
               ? std::string(1, c)
               : "%" + llvm::toHex(StringRef(&c, 1));
  return uri + "?immutable=1";
}

static constexpr int kBusyTimeoutMs = 60'000;

SQLite::Database Store::Impl::connect(const std::string &path, Access access) {
  if (access == Access::ReadWrite)
    return SQLite::Database(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE,
                            kBusyTimeoutMs);
  if (isWritable(path) || llvm::sys::fs::exists(path + "-wal"))
    return SQLite::Database(path, SQLite::OPEN_READONLY, kBusyTimeoutMs);
  return SQLite::Database(makeImmutableUri(path),
                          SQLite::OPEN_READONLY | SQLite::OPEN_URI,
                          kBusyTimeoutMs);
}

Store::Impl::Impl(StringRef path, Access access)
    : path(path.str()), db(connect(this->path, access)) {}

/// Two processes that do this at once with a new file hold locks that the other
/// one needs, so SQLite refuses both rather than let them wait.
static void switchToWriteAheadLog(SQLite::Database &db) {
  using Clock = std::chrono::steady_clock;
  Clock::time_point end =
      Clock::now() + std::chrono::milliseconds(kBusyTimeoutMs);
  while (true) {
    try {
      db.exec("PRAGMA journal_mode = WAL");
      return;
    } catch (const SQLite::Exception &exception) {
      if (exception.getErrorCode() != SQLITE_BUSY || Clock::now() > end)
        throw;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

/// Brings the schema up to date where the file can be written.
static Error prepare(SQLite::Database &db, bool writable) {
  if (Error error = checkOwner(db))
    return error;
  if (!writable)
    return checkSchema(db);
  switchToWriteAheadLog(db);
  db.exec("PRAGMA synchronous = NORMAL");
  db.exec("PRAGMA foreign_keys = ON");
  return migrate(db);
}

Expected<std::unique_ptr<Store>> Store::open(StringRef path, OpenMode mode) {
  StringRef folder = llvm::sys::path::parent_path(path);
  if (mode == OpenMode::Reading && !llvm::sys::fs::exists(path))
    return llvm::createStringError("%s: there is no such file",
                                   path.str().c_str());
  if (mode == OpenMode::Create && !folder.empty())
    if (std::error_code error = llvm::sys::fs::create_directories(folder))
      return llvm::createStringError("%s: %s", folder.str().c_str(),
                                     error.message().c_str());
  bool writable = mode == OpenMode::Create || isWritable(path);
  using Result = Expected<std::unique_ptr<Store>>;
  return guarded<Result>(path.str(), [&]() -> Result {
    auto impl = std::make_unique<Impl>(path, writable ? Impl::Access::ReadWrite
                                                      : Impl::Access::ReadOnly);
    if (Error error = prepare(impl->db, writable))
      return llvm::createStringError("%s: %s", path.str().c_str(),
                                     llvm::toString(std::move(error)).c_str());
    impl->dictionary =
        impl->db.execAndGet("SELECT coalesce(max(id), 0) FROM dictionaries")
            .getInt64();
    return std::unique_ptr<Store>(new Store(std::move(impl)));
  });
}

Error Store::transact(llvm::function_ref<Error()> body) {
  int64_t dictionary = impl->dictionary;
  Error error = guarded<Error>(impl->path, [&]() -> Error {
    SQLite::Transaction transaction(impl->db,
                                    SQLite::TransactionBehavior::IMMEDIATE);
    if (Error error = body())
      return error; // the destructor rolls back
    transaction.commit();
    return Error::success();
  });
  if (error && impl->dictionary != dictionary) {
    // It was rolled back, too.
    impl->compressors.erase(impl->dictionary);
    impl->dictionary = dictionary;
  }
  return error;
}

/// Binds `dictionary`, or NULL for 0.
static void bindDictionary(SQLite::Statement &statement, int position,
                           int64_t dictionary) {
  if (dictionary)
    statement.bind(position, dictionary);
}

Expected<std::optional<int64_t>> Store::findGraph(StringRef contentHash) {
  using Result = Expected<std::optional<int64_t>>;
  return guarded<Result>(impl->path, [&]() -> Result {
    PreparedStatement select =
        impl->statement("SELECT id FROM graphs WHERE content_hash = ?");
    select->bind(1, contentHash.str());
    if (!select->executeStep())
      return std::nullopt;
    return select->getColumn(0).getInt64();
  });
}

Expected<int64_t> Store::addGraph(const GraphRecord &graph) {
  Expected<std::optional<int64_t>> known = findGraph(graph.contentHash);
  if (!known)
    return known.takeError();
  if (*known)
    return **known;
  return guarded<Expected<int64_t>>(impl->path, [&]() -> Expected<int64_t> {
    Compressor &compressor = impl->compressor(impl->dictionary);
    PreparedStatement insert = impl->statement(
        "INSERT INTO graphs (content_hash, canonical_hash, dictionary, data, "
        "nodes, params, macs) VALUES (?, ?, ?, ?, ?, ?, ?)");
    std::string data = compressor.compress(graph.lossless);
    insert->bind(1, graph.contentHash);
    insert->bind(2, graph.canonicalHash);
    bindDictionary(insert, 3, impl->dictionary);
    insert->bind(4, data.data(), data.size());
    insert->bind(5, graph.nodes);
    insert->bind(6, graph.params);
    insert->bind(7, graph.macs);
    insert->exec();
    int64_t id = impl->db.getLastInsertRowid();
    if (graph.onnxNet.empty())
      return id;
    PreparedStatement text =
        impl->statement("INSERT INTO texts (graph, format, dictionary, data) "
                        "VALUES (?, 'onnx-net', ?, ?)");
    data = compressor.compress(graph.onnxNet);
    text->bind(1, id);
    bindDictionary(text, 2, impl->dictionary);
    text->bind(3, data.data(), data.size());
    text->exec();
    return id;
  });
}

Expected<int64_t> Store::addArchitecture(StringRef space, StringRef spec,
                                         int64_t graph) {
  return guarded<Expected<int64_t>>(impl->path, [&]() -> Expected<int64_t> {
    PreparedStatement addSpace = impl->statement(
        "INSERT INTO spaces (name) VALUES (?) ON CONFLICT DO NOTHING");
    addSpace->bind(1, space.str());
    addSpace->exec();
    PreparedStatement insert =
        impl->statement("INSERT INTO architectures (space, spec, graph) VALUES "
                        "((SELECT id FROM spaces WHERE name = ?), ?, ?) ON "
                        "CONFLICT DO NOTHING");
    insert->bind(1, space.str());
    insert->bind(2, spec.str());
    insert->bind(3, graph);
    insert->exec();
    PreparedStatement select = impl->statement(
        "SELECT architectures.id, graph FROM architectures JOIN spaces ON "
        "spaces.id = space WHERE name = ? AND spec = ?");
    select->bind(1, space.str());
    select->bind(2, spec.str());
    select->executeStep();
    if (select->getColumn(1).getInt64() != graph)
      return llvm::createStringError(
          "%s: architecture '%s' of space '%s' is already there with another "
          "network",
          impl->path.c_str(), spec.str().c_str(), space.str().c_str());
    return select->getColumn(0).getInt64();
  });
}

/// Row of a series, added when it is new. `bind` fills the key of both
/// statements.
static int64_t
findOrAddSeries(PreparedStatement select, PreparedStatement insert,
                llvm::function_ref<void(SQLite::Statement &)> bind) {
  bind(select);
  if (!select->executeStep()) {
    bind(insert);
    insert->exec();
    select->reset();
    select->executeStep();
  }
  return select->getColumn(0).getInt64();
}

int64_t Store::Impl::labelSeries(const Label &label) {
  auto bind = [&](SQLite::Statement &statement) {
    statement.bind(1, label.dataset);
    statement.bind(2, label.metric);
    statement.bind(3, label.protocol);
    statement.bind(4, label.kind);
    statement.bind(5, label.epochs);
    statement.bind(6, label.source);
  };
  return findOrAddSeries(
      statement("SELECT id FROM label_series WHERE dataset = ? AND metric = ? "
                "AND protocol = ? AND kind = ? AND epochs = ? AND source = ?"),
      statement("INSERT INTO label_series (dataset, metric, protocol, kind, "
                "epochs, source) VALUES (?, ?, ?, ?, ?, ?)"),
      bind);
}

int64_t Store::Impl::latencySeries(const Latency &latency) {
  auto bind = [&](SQLite::Statement &statement) {
    statement.bind(1, latency.target);
    statement.bind(2, latency.threads);
    statement.bind(3, latency.options);
    statement.bind(4, latency.source);
  };
  return findOrAddSeries(
      statement("SELECT id FROM latency_series WHERE target = ? AND "
                "threads = ? AND options = ? AND source = ?"),
      statement("INSERT INTO latency_series (target, threads, options, source) "
                "VALUES (?, ?, ?, ?)"),
      bind);
}

Error Store::addLabel(int64_t architecture, const Label &label) {
  return guarded<Error>(impl->path, [&]() -> Error {
    int64_t series = impl->labelSeries(label);
    PreparedStatement insert = impl->statement(
        "INSERT INTO labels (architecture, series, seed, value) "
        "VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value");
    insert->bind(1, architecture);
    insert->bind(2, series);
    insert->bind(3, label.seed);
    insert->bind(4, label.value);
    insert->exec();
    return Error::success();
  });
}

Error Store::addLatency(int64_t graph, const Latency &latency) {
  return guarded<Error>(impl->path, [&]() -> Error {
    int64_t series = impl->latencySeries(latency);
    PreparedStatement insert = impl->statement(
        "INSERT INTO latencies (graph, series, median_ns, p10_ns, p90_ns, "
        "runs) "
        "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
        "median_ns = excluded.median_ns, p10_ns = excluded.p10_ns, "
        "p90_ns = excluded.p90_ns, runs = excluded.runs");
    insert->bind(1, graph);
    insert->bind(2, series);
    insert->bind(3, latency.medianNs);
    if (latency.p10Ns)
      insert->bind(4, *latency.p10Ns);
    if (latency.p90Ns)
      insert->bind(5, *latency.p90Ns);
    insert->bind(6, latency.runs);
    insert->exec();
    return Error::success();
  });
}

Error Store::addPrediction(int64_t graph, const Prediction &prediction) {
  return guarded<Error>(impl->path, [&]() -> Error {
    PreparedStatement insert = impl->statement(
        "INSERT INTO predictions (graph, surrogate, dataset, mean, "
        "uncertainty, familiar) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT DO UPDATE SET mean = excluded.mean, "
        "uncertainty = excluded.uncertainty, familiar = excluded.familiar");
    insert->bind(1, graph);
    insert->bind(2, prediction.surrogate);
    insert->bind(3, prediction.dataset);
    insert->bind(4, prediction.mean);
    insert->bind(5, prediction.uncertainty);
    insert->bind(6, static_cast<int>(prediction.familiar));
    insert->exec();
    return Error::success();
  });
}

Error Store::ensureDictionary(const std::vector<std::string> &samples) {
  return guarded<Error>(impl->path, [&]() -> Error {
    PreparedStatement newest =
        impl->statement("SELECT coalesce(max(id), 0) FROM dictionaries");
    newest->executeStep();
    impl->dictionary = newest->getColumn(0).getInt64();
    newest->reset();
    if (impl->dictionary)
      return Error::success();
    std::string data = trainDictionary(samples);
    if (data.empty())
      return Error::success();
    PreparedStatement insert =
        impl->statement("INSERT INTO dictionaries (data) VALUES (?)");
    insert->bind(1, data.data(), data.size());
    insert->exec();
    impl->dictionary = impl->db.getLastInsertRowid();
    return Error::success();
  });
}

bool Store::hasDictionary() const { return impl->dictionary != 0; }

Expected<int64_t> Store::importPosition(StringRef source) {
  return guarded<Expected<int64_t>>(impl->path, [&]() -> Expected<int64_t> {
    PreparedStatement select =
        impl->statement("SELECT next_row FROM imports WHERE source = ?");
    select->bind(1, source.str());
    return select->executeStep() ? select->getColumn(0).getInt64() : 0;
  });
}

Error Store::setImportPosition(StringRef source, int64_t nextRow) {
  return guarded<Error>(impl->path, [&]() -> Error {
    PreparedStatement insert = impl->statement(
        "INSERT INTO imports (source, next_row) VALUES (?, ?) "
        "ON CONFLICT DO UPDATE SET next_row = excluded.next_row");
    insert->bind(1, source.str());
    insert->bind(2, nextRow);
    insert->exec();
    return Error::success();
  });
}

std::string assay::bench_db::defaultStorePath() {
  if (std::optional<std::string> path = llvm::sys::Process::GetEnv("ASSAY_DB"))
    return *path;
  llvm::SmallString<128> path;
  if (std::optional<std::string> data =
          llvm::sys::Process::GetEnv("XDG_DATA_HOME")) {
    path = *data;
  } else {
    llvm::sys::path::home_directory(path);
    llvm::sys::path::append(path, ".local", "share");
  }
  llvm::sys::path::append(path, "assay", "bench.db");
  return std::string(path);
}
