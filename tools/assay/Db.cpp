//===- Db.cpp - assay db --------------------------------------------------===//

#include "bench_db/Store.h"
#include "bench_db/importers/Table.h"
#include "search/catalog/GraphRecords.h"
#include "search/catalog/ImportTable.h"
#include "tools/assay/Command.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include <array>
#include <charconv>
#include <mutex>
#include <unistd.h>

using namespace assay;
using namespace assay::tools;
using bench_db::Store;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;
namespace cl = llvm::cl;

static cl::SubCommand command("db",
                              "keep graphs, labels, latencies and predictions");
static cl::opt<std::string> action(
    cl::Positional, cl::Required, cl::sub(command), cl::value_desc("ACTION"),
    cl::desc("init | import TABLE... | import --space=NAME | stats | query SQL "
             "| export | verify"));
static cl::list<std::string> arguments(cl::Positional, cl::sub(command),
                                       cl::desc("..."));
static cl::opt<std::string>
    dbPath("db", cl::value_desc("file"), cl::sub(command),
           cl::desc("the database (default: $ASSAY_DB, else assay/bench.db in "
                    "the user's data directory)"));
static cl::opt<std::string>
    spaceName("space", cl::value_desc("name"), cl::sub(command),
              cl::desc("import: every network of this space; export: only "
                       "networks of this space"));
static cl::opt<unsigned> threads("threads", cl::init(0), cl::sub(command),
                                 cl::value_desc("n"),
                                 cl::desc("import: threads that build networks "
                                          "(default: one a processor)"));
static cl::opt<bool> asJson("json", cl::sub(command),
                            cl::desc("stats, query: write JSON"));

static cl::opt<bool> quick("quick", cl::sub(command),
                           cl::desc("verify: check hashes only, do not build "
                                    "the networks again"));

/// Prints the error and returns the exit code for it.
static int fail(Error error) {
  printError("db: " + llvm::toString(std::move(error)));
  return ExitBadInput;
}

static void showProgress(StringRef what, int64_t done, int64_t total) {
  if (!isatty(STDERR_FILENO))
    return;
  constexpr int kWidth = 40;
  int filled = total ? kWidth * done / total : kWidth;
  llvm::errs() << "\r[" << std::string(filled, '#')
               << std::string(kWidth - filled, ' ') << "] " << done << '/'
               << total << ' ' << what << (done == total ? "\n" : "");
}

//===----------------------------------------------------------------------===//
// import
//===----------------------------------------------------------------------===//

static int importSpace(Store &store, const search::Space &space) {
  search::ImportOptions options;
  options.threads = threads;
  options.progress = [&](int64_t done, int64_t total) {
    showProgress(space.getName(), done, total);
  };
  Expected<int64_t> added = search::importSpace(store, space, options);
  if (!added)
    return fail(added.takeError());
  llvm::outs() << space.getName() << ": " << *added << " networks added\n";
  return ExitDone;
}

static int importTables(Store &store, llvm::ArrayRef<bench_db::Table> tables) {
  for (auto [path, table] : llvm::zip_equal(arguments, tables)) {
    StringRef source = llvm::sys::path::filename(path);
    search::ImportOptions options;
    options.threads = threads;
    options.progress = [&](int64_t done, int64_t total) {
      showProgress(source, done, total);
    };
    Expected<int64_t> added = search::importTable(store, table, options);
    if (!added)
      return fail(added.takeError());
    llvm::outs() << source << ": " << *added << " rows of " << table.rows.size()
                 << " added (" << table.format << ")\n";
  }
  return ExitDone;
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

static int printStatistics(Store &store) {
  Expected<Store::Statistics> statistics = store.statistics();
  if (!statistics)
    return fail(statistics.takeError());
  if (asJson) {
    llvm::json::Object object;
    for (auto &[table, rows] : statistics->rows)
      object[table] = rows;
    object["bytes"] = statistics->bytes;
    llvm::outs() << llvm::json::Value(std::move(object)) << '\n';
    return ExitDone;
  }
  for (auto &[table, rows] : statistics->rows)
    llvm::outs() << llvm::format("%10lld  ", static_cast<long long>(rows))
                 << table << '\n';
  llvm::outs() << llvm::format("%10.1f  ", statistics->bytes / 1e6) << "MB\n";
  return ExitDone;
}

/// The shortest decimal that reads back as the same number; llvm::json prints
/// 17 digits.
static std::string formatNumber(const llvm::json::Value &value) {
  if (std::optional<int64_t> integer = value.getAsInteger())
    return std::to_string(*integer);
  std::array<char, 32> text;
  auto end = std::to_chars(text.begin(), text.end(), *value.getAsNumber()).ptr;
  return std::string(text.begin(), end);
}

static void printMember(llvm::json::OStream &json, StringRef name,
                        const llvm::json::Value &value) {
  if (value.kind() != llvm::json::Value::Number)
    return json.attribute(name, value);
  json.attributeBegin(name);
  json.rawValue(formatNumber(value));
  json.attributeEnd();
}

/// Columns of two tables may have one name, members of an object not: the
/// second "id" becomes "id:2".
static std::vector<std::string> makeUnique(std::vector<std::string> names) {
  llvm::StringMap<int> seen;
  for (std::string &name : names)
    if (int times = ++seen[name]; times > 1)
      name += ":" + std::to_string(times);
  return names;
}

static int runQuery(Store &store, StringRef sql) {
  std::vector<std::string> names;
  auto printRow = [&](const std::vector<llvm::json::Value> &row) {
    if (asJson) {
      llvm::json::OStream json(llvm::outs());
      json.object([&] {
        for (auto [name, value] : llvm::zip_equal(names, row))
          printMember(json, name, value);
      });
      json.flush();
      llvm::outs() << '\n';
      return;
    }
    for (auto [i, value] : llvm::enumerate(row)) {
      llvm::outs() << (i ? "\t" : "");
      if (std::optional<StringRef> text = value.getAsString())
        llvm::outs() << *text;
      else if (value.kind() == llvm::json::Value::Number)
        llvm::outs() << formatNumber(value);
    }
    llvm::outs() << '\n';
  };
  auto printNames = [&](const std::vector<std::string> &columns) {
    names = makeUnique(columns);
    if (!asJson)
      llvm::outs() << llvm::join(columns, "\t") << '\n';
  };
  if (Error error = store.query(sql, printNames, printRow))
    return fail(std::move(error));
  return ExitDone;
}

static void printLabel(llvm::json::OStream &json,
                       const bench_db::Label &label) {
  json.object([&] {
    json.attribute("dataset", label.dataset);
    json.attribute("metric", label.metric);
    json.attribute("protocol", label.protocol);
    json.attribute("kind", label.kind);
    json.attribute("epochs", label.epochs);
    json.attribute("seed", label.seed);
    printMember(json, "value", label.value);
    json.attribute("source", label.source);
  });
}

static void printLatency(llvm::json::OStream &json,
                         const bench_db::Latency &latency) {
  json.object([&] {
    json.attribute("target", latency.target);
    json.attribute("threads", latency.threads);
    json.attribute("options", latency.options);
    json.attribute("median_ns", latency.medianNs);
    if (latency.p10Ns)
      json.attribute("p10_ns", *latency.p10Ns);
    if (latency.p90Ns)
      json.attribute("p90_ns", *latency.p90Ns);
    json.attribute("runs", latency.runs);
    json.attribute("source", latency.source);
  });
}

static void printNetwork(const bench_db::StoredNetwork &network) {
  llvm::json::OStream json(llvm::outs());
  json.object([&] {
    if (!network.space.empty()) {
      json.attribute("space", network.space);
      json.attribute("spec", network.spec);
    }
    json.attribute("canonical_hash", network.graph.canonicalHash);
    json.attribute("nodes", network.graph.nodes);
    json.attribute("params", network.graph.params);
    json.attribute("macs", network.graph.macs);
    json.attributeArray("labels", [&] {
      for (const bench_db::Label &label : network.labels)
        printLabel(json, label);
    });
    json.attributeArray("latencies", [&] {
      for (const bench_db::Latency &latency : network.latencies)
        printLatency(json, latency);
    });
    json.attribute("text", llvm::json::fixUTF8(network.graph.lossless));
  });
  json.flush();
  llvm::outs() << '\n';
}

/// One JSON object a line: a network with its text, labels and latencies.
static int exportNetworks(Store &store) {
  bool any = false;
  Error error = store.forEachNetwork(
      spaceName, [&](const bench_db::StoredNetwork &network) -> Error {
        printNetwork(network);
        any = true;
        return Error::success();
      });
  if (!error && !any && !spaceName.empty() && !search::lookupSpace(spaceName))
    error = llvm::createStringError("no network of a space named '%s' is kept",
                                    spaceName.c_str());
  return error ? fail(std::move(error)) : ExitDone;
}

static int verifyStore(Store &store) {
  Expected<Store::Statistics> statistics = store.statistics();
  if (!statistics)
    return fail(statistics.takeError());
  int64_t total = statistics->rows.front().second;
  search::GraphChecker checker;
  std::mutex mutex;
  int64_t checked = 0;
  auto count = [&] {
    std::lock_guard<std::mutex> lock(mutex);
    ++checked;
    if (checked % 256 == 0 || checked == total)
      showProgress("graphs", checked, total);
  };
  Expected<int64_t> problems = store.verify(
      [&](int64_t, const bench_db::GraphRecord &record,
          llvm::ArrayRef<bench_db::ArchitectureKey> architectures) {
        count();
        return quick ? search::checkGraphRecord(record)
                     : checker.check(record, architectures);
      },
      [](StringRef line) { printError("db: " + line); });
  if (!problems)
    return fail(problems.takeError());
  llvm::outs() << checked << " graphs checked, " << *problems
               << " problems found\n";
  return *problems ? ExitBadInput : ExitDone;
}

static std::string listSpaces() {
  std::string names;
  for (const search::Space *space : search::getSpaces())
    names += " " + space->getName().str();
  return names;
}

/// An option given that the action does not take, or "".
static StringRef findStrayOption(StringRef name) {
  struct {
    const cl::Option &option;
    llvm::SmallVector<StringRef, 2> actions;
  } options[] = {{spaceName, {"import", "export"}},
                 {threads, {"import"}},
                 {asJson, {"stats", "query"}},
                 {quick, {"verify"}}};
  for (const auto &[option, actions] : options)
    if (option.getNumOccurrences() && !llvm::is_contained(actions, name))
      return option.ArgStr;
  return "";
}

static int run() {
  std::string path = dbPath.empty() ? bench_db::defaultStorePath() : dbPath;
  StringRef name = action;
  static constexpr StringRef kActions[] = {"init",  "import", "stats",
                                           "query", "export", "verify"};
  if (!llvm::is_contained(kActions, name))
    return failUsage("db", "unknown action '" + name + "'");
  if (name == "query" && arguments.size() != 1)
    return failUsage("db", "query needs one SQL statement");
  if (name == "import" && arguments.empty() == spaceName.empty())
    return failUsage("db", "import needs either a TABLE or --space");
  if (StringRef option = findStrayOption(name); !option.empty())
    return failUsage("db", name + " takes no --" + option);
  if (name != "query" && name != "import" && !arguments.empty())
    return failUsage("db", name + " takes no '" + arguments.front() + "'");
  const search::Space *space = search::lookupSpace(spaceName);
  if (name == "import" && !spaceName.empty() && !space)
    return failUsage("db", "no space named '" + spaceName +
                               "'; known are:" + listSpaces());
  std::vector<bench_db::Table> tables;
  if (name == "import")
    for (const std::string &table : arguments) {
      Expected<bench_db::Table> read = bench_db::readTable(table);
      if (!read)
        return fail(read.takeError());
      tables.push_back(std::move(*read));
    }
  bool creates = name == "init" || name == "import";
  Expected<std::unique_ptr<Store>> store = Store::open(
      path, creates ? Store::OpenMode::Create : Store::OpenMode::Reading);
  if (!store)
    return fail(store.takeError());
  if (name == "import")
    return space ? importSpace(**store, *space) : importTables(**store, tables);
  if (name == "stats")
    return printStatistics(**store);
  if (name == "query")
    return runQuery(**store, arguments.front());
  if (name == "export")
    return exportNetworks(**store);
  if (name == "verify")
    return verifyStore(**store);
  llvm::outs() << path << '\n';
  return ExitDone;
}

Command assay::tools::dbCommand() { return {&command, run}; }
