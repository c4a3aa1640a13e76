//===- StoreVerify.cpp - Whether all rows are whole -----------------------===//

#include "bench_db/StoreImpl.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Parallel.h"

using namespace assay::bench_db;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;

static int64_t checkFile(SQLite::Database &db,
                         llvm::function_ref<void(StringRef)> report) {
  int64_t problems = 0;
  SQLite::Statement integrity(db, "PRAGMA integrity_check");
  while (integrity.executeStep()) {
    std::string line = integrity.getColumn(0).getString();
    if (line == "ok")
      continue;
    report(line);
    ++problems;
  }
  SQLite::Statement keys(db, "PRAGMA foreign_key_check");
  while (keys.executeStep()) {
    report("table " + keys.getColumn(0).getString() + ", row " +
           keys.getColumn(1).getString() + ": no such row in " +
           keys.getColumn(2).getString());
    ++problems;
  }
  return problems;
}

/// Reports columns that hold values of other types than they declare, which
/// SQLite lets in. Its own tables, as those of ANALYZE, declare none.
static int64_t checkTypes(SQLite::Database &db,
                          llvm::function_ref<void(StringRef)> report) {
  int64_t problems = 0;
  SQLite::Statement columns(
      db, "SELECT tables.name, columns.name, lower(columns.type) "
          "FROM sqlite_schema AS tables, pragma_table_info(tables.name) AS "
          "columns WHERE tables.type = 'table' AND "
          "tables.name NOT LIKE 'sqlite^_%' ESCAPE '^'");
  while (columns.executeStep()) {
    std::string table = columns.getColumn(0).getString();
    std::string column = columns.getColumn(1).getString();
    std::string type = columns.getColumn(2).getString();
    int64_t wrong =
        db.execAndGet("SELECT count(*) FROM " + table + " WHERE typeof(" +
                      column + ") NOT IN ('null', '" + type + "')")
            .getInt64();
    if (wrong == 0)
      continue;
    report("table " + table + ": " + std::to_string(wrong) + " rows have a " +
           column + " that is no " + type);
    problems += wrong;
  }
  return problems;
}

int64_t Store::Impl::checkTexts(llvm::function_ref<void(StringRef)> report) {
  int64_t problems = 0;
  SQLite::Statement texts(
      db, "SELECT graph, format, coalesce(dictionary, 0), data FROM texts");
  while (texts.executeStep()) {
    Expected<std::string> text = compressor(texts.getColumn(2).getInt64())
                                     .decompress(blob(texts.getColumn(3)));
    if (text)
      continue;
    report("text " + texts.getColumn(1).getString() + " of graph " +
           texts.getColumn(0).getString() + ": " +
           llvm::toString(text.takeError()));
    ++problems;
  }
  return problems;
}

namespace {
struct StoredGraph {
  int64_t id;
  GraphRecord record;
  std::vector<ArchitectureKey> architectures;
  std::string problem; ///< Empty where there is none.
};
} // namespace

/// Empty where there is none, or a damaged one, which checkTexts reports.
std::string Store::Impl::readOnnxNet(int64_t graph) {
  PreparedStatement select = statement(
      "SELECT coalesce(dictionary, 0), data FROM texts WHERE graph = ? AND "
      "format = 'onnx-net'");
  select->bind(1, graph);
  if (!select->executeStep())
    return "";
  Expected<std::string> text = compressor(select->getColumn(0).getInt64())
                                   .decompress(blob(select->getColumn(1)));
  if (text)
    return std::move(*text);
  llvm::consumeError(text.takeError());
  return "";
}

std::vector<ArchitectureKey> Store::Impl::readArchitectures(int64_t graph) {
  PreparedStatement select =
      statement("SELECT spaces.name, spec FROM architectures JOIN spaces ON "
                "spaces.id = space WHERE graph = ?");
  select->bind(1, graph);
  std::vector<ArchitectureKey> keys;
  while (select->executeStep())
    keys.push_back(
        {select->getColumn(0).getString(), select->getColumn(1).getString()});
  return keys;
}

static StoredGraph readGraph(SQLite::Statement &row, Compressor &compressor) {
  StoredGraph graph;
  graph.id = row.getColumn(0).getInt64();
  graph.record.contentHash = row.getColumn(1).getString();
  graph.record.canonicalHash = row.getColumn(2).getString();
  graph.record.nodes = row.getColumn(3).getInt64();
  graph.record.params = row.getColumn(4).getInt64();
  graph.record.macs = row.getColumn(5).getInt64();
  Expected<std::string> text = compressor.decompress(blob(row.getColumn(7)));
  if (text)
    graph.record.lossless = std::move(*text);
  else
    graph.problem = llvm::toString(text.takeError());
  return graph;
}

/// Reports the graphs that do not pass, empties the batch, and returns how many
/// they were.
static int64_t checkGraphs(std::vector<StoredGraph> &batch,
                           Store::GraphCheck check,
                           llvm::function_ref<void(StringRef)> report) {
  llvm::parallelFor(0, batch.size(), [&](size_t i) {
    if (batch[i].problem.empty())
      if (Error error =
              check(batch[i].id, batch[i].record, batch[i].architectures))
        batch[i].problem = llvm::toString(std::move(error));
  });
  int64_t problems = 0;
  for (const StoredGraph &graph : batch) {
    if (graph.problem.empty())
      continue;
    report(("graph " + llvm::Twine(graph.id) + ": " + graph.problem).str());
    ++problems;
  }
  batch.clear();
  return problems;
}

Expected<int64_t> Store::verify(GraphCheck check,
                                llvm::function_ref<void(StringRef)> report) {
  return guarded<Expected<int64_t>>(impl->path, [&]() -> Expected<int64_t> {
    int64_t problems = checkFile(impl->db, report);
    problems += checkTypes(impl->db, report);
    problems += impl->checkTexts(report);
    problems += impl->checkKernels(report);
    SQLite::Statement graphs(
        impl->db, "SELECT id, content_hash, canonical_hash, nodes, params, "
                  "macs, coalesce(dictionary, 0), data FROM graphs");
    std::vector<StoredGraph> batch;
    constexpr size_t kBatch = 1024;
    while (graphs.executeStep()) {
      StoredGraph &graph = batch.emplace_back(
          readGraph(graphs, impl->compressor(graphs.getColumn(6).getInt64())));
      graph.record.onnxNet = impl->readOnnxNet(graph.id);
      graph.architectures = impl->readArchitectures(graph.id);
      if (batch.size() == kBatch)
        problems += checkGraphs(batch, check, report);
    }
    return problems + checkGraphs(batch, check, report);
  });
}
