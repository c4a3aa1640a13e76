//===- ImportTableTest.cpp - Filling the store, undisturbed and killed ----===//

#include "search/catalog/ImportTable.h"
#include "mlir/IR/MLIRContext.h"
#include "search/catalog/GraphRecords.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"
#include <SQLiteCpp/SQLiteCpp.h>

#include <chrono>
#include <csignal>
#include <gtest/gtest.h>
#include <random>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace assay::search;
using namespace assay::bench_db;

/// The value, ending the process on an error in every kind of build.
template <typename T> static T take(llvm::Expected<T> value) {
  if (!value)
    llvm::report_fatal_error(value.takeError());
  return std::move(*value);
}

namespace {
class ImportTable : public testing::Test {
protected:
  ImportTable() {
    llvm::sys::fs::createUniqueDirectory("assay-import", folder);
  }
  ~ImportTable() override { llvm::sys::fs::remove_directories(folder); }

  std::string path(llvm::StringRef name) const {
    return (folder + "/" + name).str();
  }

  /// The first networks of NAS-Bench-Macro with two made-up labels each.
  static Table makeTable(size_t rows) {
    Table table{"macro.csv", "test", "0123", {}};
    lookupSpace("nasbench-macro")->enumerate([&](llvm::StringRef spec) {
      double value = table.rows.size();
      Label mean{"cifar10", "test-accuracy", "p", "trained", 50,
                 -1,        value,           "t"};
      Label seed = mean;
      seed.seed = 0;
      Latency latency{"device", 1, "", 1000 + int64_t(value), {}, {}, 1, "t"};
      table.rows.push_back({"nasbench-macro",
                            spec.str(),
                            "",
                            {mean, seed},
                            {latency},
                            table.rows.size() + 2});
      return table.rows.size() < rows;
    });
    return table;
  }

  static llvm::Expected<int64_t> import(Store &store, const Table &table) {
    ImportOptions options;
    options.threads = 2;
    options.dictionarySamples = 64;
    options.batch = 16;
    return importTable(store, table, options);
  }

  /// All content that does not depend on row numbers.
  static std::string digest(Store &store) {
    std::string text;
    auto add = [&](const std::vector<llvm::json::Value> &row) {
      llvm::raw_string_ostream os(text);
      for (const llvm::json::Value &value : row)
        os << value << ' ';
    };
    auto ignore = [](const auto &) {};
    for (const char *sql :
         {"SELECT spec, content_hash, canonical_hash, nodes, params, macs FROM "
          "architectures JOIN graphs ON graphs.id = graph ORDER BY spec",
          "SELECT spec, dataset, metric, epochs, seed, value FROM labels JOIN "
          "architectures ON architectures.id = architecture JOIN label_series "
          "ON label_series.id = series ORDER BY spec, series, seed",
          "SELECT content_hash, target, median_ns FROM latencies JOIN graphs "
          "ON "
          "graphs.id = graph JOIN latency_series ON latency_series.id = series "
          "ORDER BY content_hash, target"})
      if (llvm::Error error = store.query(sql, ignore, add))
        ADD_FAILURE() << llvm::toString(std::move(error));
    return text;
  }

  mlir::MLIRContext context{mlir::MLIRContext::Threading::DISABLED};
  llvm::SmallString<128> folder;
};
} // namespace

TEST_F(ImportTable, FillsTheStoreOnce) {
  Table table = makeTable(30);
  auto store = take(Store::open(path("a.db")));
  EXPECT_EQ(take(import(*store, table)), 30);
  EXPECT_EQ(take(import(*store, table)), 0);
  int64_t problems = take(
      store->verify([](int64_t, const GraphRecord &record,
                       const auto &) { return checkGraphRecord(record); },
                    [](llvm::StringRef line) { ADD_FAILURE() << line.str(); }));
  EXPECT_EQ(problems, 0);
}

TEST_F(ImportTable, FindsWhatWasTamperedWith) {
  {
    auto store = take(Store::open(path("whole.db")));
    take(import(*store, makeTable(4)));
    int64_t row = take(store->addGraph(take(
        buildGraphRecord("", "", "in x0:[1,8]\nRelu(x0) > out\n", &context))));
    EXPECT_FALSE(
        llvm::errorToBool(store->addPrediction(row, {"s", "d", 1, 1, true})));
    EXPECT_FALSE(llvm::errorToBool(store->addKernel({"h", "t", "code", 1})));
  }
  auto verify = [&](const char *sql) {
    EXPECT_FALSE(llvm::sys::fs::copy_file(path("whole.db"), path("a.db")));
    SQLite::Database(path("a.db"), SQLite::OPEN_READWRITE).exec(sql);
    std::string report;
    GraphChecker checker;
    int64_t problems = take(
        take(Store::open(path("a.db")))
            ->verify(
                [&](int64_t, const GraphRecord &record, auto architectures) {
                  return checker.check(record, architectures);
                },
                [&](llvm::StringRef line) { report += line.str() + '\n'; }));
    EXPECT_EQ(problems == 0, report.empty());
    return report;
  };
  EXPECT_EQ(verify(""), "");
  std::pair<const char *, const char *> cases[] = {
      {"UPDATE graphs SET nodes = nodes + 1 WHERE id = 2", "graph 2: "},
      {"UPDATE graphs SET params = 1 WHERE nodes = 1", ": has 1 nodes, 0 "},
      {"UPDATE graphs SET macs = macs + 1 WHERE id = 2", "graph 2: "},
      {"UPDATE graphs SET content_hash = substr(content_hash, 2) || 'x'",
       "another hash"},
      {"UPDATE graphs SET canonical_hash = substr(canonical_hash, 2) || 'x'",
       "canonical hash"},
      {"UPDATE graphs SET data = (SELECT data FROM graphs WHERE id = 2) WHERE "
       "id = 1",
       "another hash"},
      {"UPDATE graphs SET data = x'00' WHERE id = 1", "zstd"},
      {"UPDATE texts SET data = (SELECT data FROM texts WHERE graph = 2) WHERE "
       "graph = 1",
       "onnx-net"},
      {"UPDATE texts SET data = x'00' WHERE graph = 1", "text onnx-net"},
      {"UPDATE dictionaries SET data = x'00'", "does not decompress"},
      {"UPDATE architectures SET graph = 2 WHERE graph = 1",
       "is another network"},
      {"UPDATE architectures SET spec = '22222222' WHERE graph = 1",
       "is another network"},
      {"DELETE FROM spaces", "no such row in spaces"},
      {"UPDATE labels SET value = 'high'", "value that is no real"},
      {"PRAGMA ignore_check_constraints = 1; UPDATE label_series SET kind = "
       "'guess'",
       "CHECK constraint failed in label_series"},
      {"UPDATE latencies SET median_ns = 0.5", "median_ns that is no integer"},
      {"UPDATE predictions SET graph = 99", "table predictions"},
      {"UPDATE kernels SET object = x'00'", "kernel h of t"},
  };
  for (auto [sql, what] : cases)
    EXPECT_NE(verify(sql).find(what), std::string::npos) << sql;
}

TEST_F(ImportTable, NamesABadSpecAndKeepsNothingOfItsBatch) {
  Table table = makeTable(5);
  table.rows[3].spec = "0123";
  auto store = take(Store::open(path("a.db")));
  std::string message = llvm::toString(import(*store, table).takeError());
  EXPECT_NE(message.find("macro.csv:5: "), std::string::npos) << message;
  EXPECT_NE(message.find("'0123'"), std::string::npos) << message;
  EXPECT_EQ(take(store->importPosition("test 0123")), 0);
}

/// A process that adds numbered series without pause; `committed` counts those
/// whose transaction has returned.
static void writeForever(const std::string &path, volatile int64_t *committed) {
  auto store = take(Store::open(path));
  GraphRecord graph;
  graph.contentHash = std::string(32, 'f');
  graph.canonicalHash = graph.contentHash;
  while (true) {
    int64_t number = *committed + 1;
    llvm::Error error = store->transact([&]() -> llvm::Error {
      llvm::Expected<int64_t> row = store->addGraph(graph);
      if (!row)
        return row.takeError();
      return store->addPrediction(
          *row, {"writer" + std::to_string(number), "d", 1, 0, true});
    });
    if (error)
      llvm::report_fatal_error(std::move(error));
    *committed = number;
    usleep(500);
  }
}

static pid_t fork(llvm::function_ref<void()> body) {
  pid_t child = ::fork();
  if (child == 0) {
    body();
    _exit(0);
  }
  return child;
}

static void kill9(pid_t child) {
  kill(child, SIGKILL);
  int status = 0;
  waitpid(child, &status, 0);
  bool done = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  EXPECT_TRUE(done || (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL))
      << "the child failed by itself";
}

static int64_t countPredictions(Store &store) {
  for (auto &[table, rows] : take(store.statistics()).rows)
    if (table == "predictions")
      return rows;
  return -1;
}

TEST_F(ImportTable, SurvivesAHundredKills) {
  Table table = makeTable(1500);
  auto whole = take(Store::open(path("whole.db")));
  using Clock = std::chrono::steady_clock;
  Clock::time_point start = Clock::now();
  EXPECT_EQ(take(import(*whole, table)), 1500);
  // Long enough for some kills to come after the first of three batches.
  int64_t longest = std::max<int64_t>(
      150, std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() -
                                                                 start)
                   .count() /
               2);

  auto *committed = static_cast<volatile int64_t *>(
      mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
           -1, 0));
  *committed = 0;
  std::string killed = path("killed.db");
  std::mt19937 random(1);
  for (int round = 0; round < 100; ++round) {
    pid_t writer = fork([&] { writeForever(killed, committed); });
    pid_t importer = fork([&] {
      auto store = take(Store::open(killed));
      take(import(*store, table));
    });
    usleep(1000 * (1 + random() % longest));
    kill9(importer);
    usleep(1000 * (random() % 5));
    kill9(writer);

    auto store = take(Store::open(killed));
    int64_t problems = take(store->verify(
        [](int64_t, const GraphRecord &record, const auto &) {
          return record.contentHash[0] == 'f' && record.lossless.empty()
                     ? llvm::Error::success() // the second writer's
                     : checkGraphRecord(record);
        },
        [](llvm::StringRef line) { ADD_FAILURE() << line.str(); }));
    ASSERT_EQ(problems, 0) << "after kill " << round;
    ASSERT_GE(countPredictions(*store), *committed) << "after kill " << round;
    *committed = countPredictions(*store);
  }
  auto store = take(Store::open(killed));
  EXPECT_GT(take(store->importPosition("test 0123")), 0);
  take(import(*store, table));
  EXPECT_EQ(digest(*store), digest(*whole));
  EXPECT_GT(*committed, 0);
}
