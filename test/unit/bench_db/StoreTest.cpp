//===- StoreTest.cpp - The benchmark database -----------------------------===//

#include "bench_db/Store.h"
#include "bench_db/Compression.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"
#include <SQLiteCpp/SQLiteCpp.h>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>

using namespace assay::bench_db;

namespace {
class StoreTest : public testing::Test {
protected:
  StoreTest() {
    llvm::sys::fs::createUniqueDirectory("assay-store", folder);
    path = (folder + "/bench.db").str();
  }
  ~StoreTest() override { llvm::sys::fs::remove_directories(folder); }

  std::unique_ptr<Store> open() {
    auto store = Store::open(path);
    EXPECT_TRUE(static_cast<bool>(store));
    return store ? std::move(*store) : nullptr;
  }

  static std::string hash(unsigned number) {
    return std::string(24, '0') + llvm::utohexstr(number, true, 8);
  }

  static GraphRecord record(unsigned number) {
    GraphRecord graph;
    graph.contentHash = hash(number);
    graph.canonicalHash = hash(number / 2);
    graph.lossless =
        "in x0:[1," + std::to_string(number) + "]\nRelu(x0) > out\n";
    graph.onnxNet = "Relu(1x8) --> Out\n";
    graph.nodes = 1;
    return graph;
  }

  static int64_t get(llvm::Expected<int64_t> value) {
    if (value)
      return *value;
    ADD_FAILURE() << llvm::toString(value.takeError());
    return -1;
  }

  static void ok(llvm::Error error) {
    if (error)
      ADD_FAILURE() << llvm::toString(std::move(error));
  }

  llvm::SmallString<128> folder;
  std::string path;
};
} // namespace

TEST_F(StoreTest, SeveralMayMakeTheFile) {
  for (int round = 0; round < 20; ++round) {
    std::string fresh = path + std::to_string(round);
    std::vector<std::string> errors(4);
    std::vector<std::thread> threads;
    for (std::string &error : errors)
      threads.emplace_back([&] {
        auto store = Store::open(fresh);
        error = store ? "" : llvm::toString(store.takeError());
      });
    for (std::thread &thread : threads)
      thread.join();
    for (const std::string &error : errors)
      EXPECT_EQ(error, "");
  }
}

TEST_F(StoreTest, KeepsOneRowForEachGraph) {
  auto store = open();
  int64_t first = get(store->addGraph(record(1)));
  EXPECT_EQ(get(store->addGraph(record(1))), first);
  EXPECT_NE(get(store->addGraph(record(2))), first);
  EXPECT_EQ(*store->loadLossless(first), record(1).lossless);
  // Another process sees it.
  EXPECT_EQ(*open()->loadLossless(first), record(1).lossless);
}

TEST_F(StoreTest, RefusesASpecWithAnotherNetwork) {
  auto store = open();
  int64_t first = get(store->addGraph(record(1)));
  int64_t second = get(store->addGraph(record(2)));
  int64_t row = get(store->addArchitecture("s", "spec", first));
  EXPECT_EQ(get(store->addArchitecture("s", "spec", first)), row);
  auto clash = store->addArchitecture("s", "spec", second);
  ASSERT_FALSE(static_cast<bool>(clash));
  EXPECT_NE(llvm::toString(clash.takeError()).find("already there"),
            std::string::npos);
}

TEST_F(StoreTest, RollsBackWhatFails) {
  auto store = open();
  llvm::Error error = store->transact([&]() -> llvm::Error {
    get(store->addGraph(record(1)));
    ok(store->setImportPosition("table", 5));
    return llvm::createStringError("no");
  });
  EXPECT_EQ(llvm::toString(std::move(error)), "no");
  EXPECT_EQ(get(store->importPosition("table")), 0);
  EXPECT_EQ(store->statistics()->rows[0].second, 0);
}

TEST_F(StoreTest, FiltersLabels) {
  auto store = open();
  int64_t graph = get(store->addGraph(record(1)));
  int64_t architecture = get(store->addArchitecture("s", "a", graph));
  Label label{"cifar10", "test-accuracy", "p", "trained", 108, -1, 93.5, "t"};
  ok(store->addLabel(architecture, label));
  label.epochs = 4;
  label.value = 60;
  ok(store->addLabel(architecture, label));
  label.value = 61; // replaces
  ok(store->addLabel(architecture, label));
  std::vector<double> values;
  LabelFilter filter;
  filter.dataset = "cifar10";
  ok(store->forEachLabelled(filter, [&](const LabelledGraph &row) {
    EXPECT_EQ(row.lossless, record(1).lossless);
    values.push_back(row.value);
    return llvm::Error::success();
  }));
  EXPECT_EQ(values, (std::vector<double>{93.5, 61}));
  filter.epochs = 108;
  values.clear();
  ok(store->forEachLabelled(filter, [&](const LabelledGraph &row) {
    values.push_back(row.value);
    return llvm::Error::success();
  }));
  EXPECT_EQ(values, std::vector<double>{93.5});
  // A kind that the schema does not know is refused.
  label.kind = "guessed";
  EXPECT_TRUE(static_cast<bool>(store->addLabel(architecture, label)));
}

TEST_F(StoreTest, CompressesWithADictionary) {
  auto store = open();
  std::vector<std::string> samples;
  for (unsigned i = 0; i < 2000; ++i)
    samples.push_back(record(i).lossless + record(i * 7 + 1).onnxNet);
  ok(store->ensureDictionary(samples));
  int64_t row = get(store->addGraph(record(3)));
  EXPECT_EQ(*store->loadLossless(row), record(3).lossless);
  EXPECT_EQ(store->statistics()->rows.back().second, 1);
  ok(store->ensureDictionary(samples)); // has one already
  EXPECT_EQ(store->statistics()->rows.back().second, 1);
}

TEST_F(StoreTest, KeepsKernels) {
  auto store = open();
  ok(store->addKernel({"abc", "znver4",
                       std::string("\x7f"
                                   "ELF\0x",
                                   6),
                       5}));
  ok(store->addKernel({"abc", "znver4", "again", std::nullopt}));
  auto kernel = store->findKernel("abc", "znver4");
  ASSERT_TRUE(kernel && *kernel);
  EXPECT_EQ((*kernel)->object, "again");
  EXPECT_EQ((*kernel)->medianNs, 5);
  auto other = store->findKernel("abc", "znver5");
  EXPECT_TRUE(other && !*other);
}

TEST_F(StoreTest, VerifyReportsDamage) {
  {
    auto store = open();
    for (unsigned i = 0; i < 4; ++i)
      get(store->addGraph(record(i)));
  }
  auto accept = [](int64_t, const GraphRecord &, const auto &) {
    return llvm::Error::success();
  };
  std::string report;
  auto collect = [&](llvm::StringRef line) { report += line.str() + "\n"; };
  EXPECT_EQ(get(open()->verify(accept, collect)), 0) << report;
  auto refuse = [](int64_t row, const GraphRecord &,
                   const auto &) -> llvm::Error {
    return row == 2 ? llvm::createStringError("hash differs")
                    : llvm::Error::success();
  };
  EXPECT_EQ(get(open()->verify(refuse, collect)), 1);
  EXPECT_EQ(report, "graph 2: hash differs\n");
}

TEST_F(StoreTest, VerifyKnowsTheTypeOfEveryValue) {
  get(open()->addGraph(record(1)));
  std::string report;
  auto verify = [&] {
    return get(
        open()->verify([](int64_t, const GraphRecord &,
                          const auto &) { return llvm::Error::success(); },
                       [&](llvm::StringRef line) { report += line; }));
  };
  SQLite::Database db(path, SQLite::OPEN_READWRITE);
  db.exec("ANALYZE"); // adds a table whose columns have no types
  EXPECT_EQ(verify(), 0) << report;
  db.exec("UPDATE graphs SET params = 'many'");
  EXPECT_EQ(verify(), 1);
  EXPECT_EQ(report, "table graphs: 1 rows have a params that is no integer");
}

TEST_F(StoreTest, NamesWhatDoesNotDecompress) {
  auto store = open();
  int64_t graph = get(store->addGraph(record(1)));
  int64_t architecture = get(store->addArchitecture("space", "spec", graph));
  ok(store->addLabel(architecture, {"d", "m", "", "trained", 1, -1, 50, "s"}));
  ok(store->addKernel({"abc", "znver4", "code", std::nullopt}));
  SQLite::Database(path, SQLite::OPEN_READWRITE)
      .exec(
          "UPDATE graphs SET data = x'00'; UPDATE kernels SET object = x'00'");
  auto none = [](const auto &) { return llvm::Error::success(); };
  const char *problem = "is no zstd frame of a known size";
  EXPECT_EQ(llvm::toString(store->loadLossless(graph).takeError()),
            path + ": graph 1: " + problem);
  EXPECT_EQ(llvm::toString(store->forEachNetwork("", none)),
            path + ": graph 1: " + problem);
  EXPECT_EQ(llvm::toString(store->forEachLabelled({}, none)),
            path + ": 'spec' of space 'space': " + problem);
  EXPECT_EQ(llvm::toString(store->findKernel("abc", "znver4").takeError()),
            path + ": kernel abc of znver4: " + problem);
}

TEST_F(StoreTest, VerifyFindsAChangedByte) {
  get(open()->addGraph(record(1)));
  std::string bytes = (*llvm::MemoryBuffer::getFile(path))->getBuffer().str();
  size_t frame = bytes.find("\x28\xB5\x2F\xFD"); // how zstd frames begin
  ASSERT_NE(frame, std::string::npos);
  bytes[frame + 12] ^= 1;
  std::error_code code;
  llvm::raw_fd_ostream(path, code) << bytes;
  std::string report;
  int64_t problems =
      get(open()->verify([](int64_t, const GraphRecord &,
                            const auto &) { return llvm::Error::success(); },
                         [&](llvm::StringRef line) { report += line; }));
  EXPECT_EQ(problems, 1) << report;
}

TEST_F(StoreTest, QueryReadsOnly) {
  auto store = open();
  get(store->addGraph(record(1)));
  std::string seen;
  ok(store->query(
      "SELECT nodes, dictionary, 0.5, 'a', x'00ff' FROM graphs",
      [&](const std::vector<std::string> &names) {
        seen += names[0] + "," + names[1] + ";";
      },
      [&](const std::vector<llvm::json::Value> &row) {
        llvm::raw_string_ostream os(seen);
        for (const llvm::json::Value &value : row)
          os << value << ' ';
      }));
  EXPECT_EQ(seen, "nodes,dictionary;1 null 0.5 \"a\" \"00ff\" ");
  auto ignore = [](const auto &) {};
  auto run = [&](const char *sql) {
    return llvm::toString(store->query(sql, ignore, ignore));
  };
  EXPECT_EQ(run("DELETE FROM graphs"),
            path + ": only a statement that reads can be run");
  EXPECT_EQ(run("SELECT 1; DELETE FROM graphs"),
            path + ": only a statement that reads can be run");
  EXPECT_EQ(run("SELECT 1; SELECT 2"),
            path + ": the query holds several statements");
  EXPECT_EQ(run(" -- nothing"), path + ": the query holds no statement");
  EXPECT_EQ(run("SELECT 1; -- nothing"), "");
  EXPECT_EQ(store->statistics()->rows[0].second, 1);
}

TEST_F(StoreTest, NamesInfinities) {
  std::string seen;
  ok(open()->query(
      "SELECT 9e999, -9e999", [](const auto &) {},
      [&](const std::vector<llvm::json::Value> &row) {
        llvm::raw_string_ostream(seen) << row[0] << row[1];
      }));
  EXPECT_EQ(seen, "\"inf\"\"-inf\"");
}

TEST_F(StoreTest, MakesNoFileWhereOneMustExist) {
  auto store = Store::open(path, Store::OpenMode::Reading);
  ASSERT_FALSE(static_cast<bool>(store));
  EXPECT_NE(llvm::toString(store.takeError()).find("no such file"),
            std::string::npos);
  EXPECT_FALSE(llvm::sys::fs::exists(path));
}

TEST_F(StoreTest, LeavesDatabasesOfOtherProgramsAlone) {
  for (int version : {0, 1, 7}) {
    {
      SQLite::Database db(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
      db.exec("DROP TABLE IF EXISTS t; CREATE TABLE t (a);"
              "PRAGMA user_version = " +
              std::to_string(version));
    }
    std::string before =
        (*llvm::MemoryBuffer::getFile(path))->getBuffer().str();
    for (auto mode : {Store::OpenMode::Create, Store::OpenMode::Reading})
      EXPECT_EQ(llvm::toString(Store::open(path, mode).takeError()),
                path + ": is a database of another program");
    EXPECT_EQ((*llvm::MemoryBuffer::getFile(path))->getBuffer(), before);
  }
}

TEST_F(StoreTest, RefusesANewerSchema) {
  open();
  SQLite::Database(path, SQLite::OPEN_READWRITE)
      .exec("PRAGMA user_version = 99");
  EXPECT_NE(llvm::toString(Store::open(path).takeError()).find("has schema 99"),
            std::string::npos);
}

/// A file of schema 1 differs by its number and by naming no owner.
TEST_F(StoreTest, BringsOldSchemasUpToDate) {
  get(open()->addGraph(record(1)));
  SQLite::Database(path, SQLite::OPEN_READWRITE)
      .exec("PRAGMA user_version = 1; PRAGMA application_id = 0");
  EXPECT_EQ(open()->statistics()->rows[0].second, 1);
  SQLite::Database db(path);
  EXPECT_GT(db.execAndGet("PRAGMA user_version").getInt(), 1);
  EXPECT_EQ(db.execAndGet("PRAGMA application_id").getInt(), 0x41737379);
}

TEST_F(StoreTest, ReadsWhatItCannotWrite) {
  if (geteuid() == 0)
    GTEST_SKIP() << "root can write everything";
  get(open()->addGraph(record(1)));
  namespace fs = llvm::sys::fs;
  fs::setPermissions(path, fs::owner_read);
  fs::setPermissions(folder, fs::owner_read | fs::owner_exe);
  auto store = Store::open(path, Store::OpenMode::Reading);
  std::string seen;
  if (store)
    ok((*store)->query(
        "SELECT nodes FROM graphs", [](const auto &) {},
        [&](const std::vector<llvm::json::Value> &row) {
          llvm::raw_string_ostream(seen) << row[0];
        }));
  EXPECT_EQ(llvm::toString(store.takeError()), "");
  EXPECT_EQ(seen, "1");
  EXPECT_TRUE(llvm::errorToBool(Store::open(path).takeError()));
  fs::setPermissions(folder, fs::owner_all);
}

/// What was learned in a transaction that failed is not used after it.
TEST_F(StoreTest, ForgetsADictionaryThatWasRolledBack) {
  auto store = open();
  std::vector<std::string> samples;
  for (unsigned i = 0; i < 2000; ++i)
    samples.push_back(record(i).lossless + record(i * 7 + 1).onnxNet);
  EXPECT_TRUE(llvm::errorToBool(store->transact([&]() -> llvm::Error {
    ok(store->ensureDictionary(samples));
    get(store->addGraph(record(1)));
    return llvm::createStringError("no");
  })));
  EXPECT_FALSE(store->hasDictionary());
  int64_t row = get(store->addGraph(record(2)));
  EXPECT_EQ(*open()->loadLossless(row), record(2).lossless);
}

TEST_F(StoreTest, RefusesForeignFiles) {
  {
    std::error_code code;
    llvm::raw_fd_ostream(path, code) << std::string(8192, 'x');
  }
  auto store = Store::open(path);
  ASSERT_FALSE(static_cast<bool>(store));
  EXPECT_NE(llvm::toString(store.takeError()).find("not a database"),
            std::string::npos);
}

TEST(Compression, RefusesDamagedFrames) {
  Compressor compressor("");
  std::string frame = compressor.compress(std::string(5000, 'a') + "tail");
  frame[frame.size() / 2] ^= 1;
  EXPECT_TRUE(llvm::errorToBool(compressor.decompress(frame).takeError()));
  EXPECT_TRUE(llvm::errorToBool(compressor.decompress("abc").takeError()));
}
