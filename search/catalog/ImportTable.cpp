//===- ImportTable.cpp - Fills the store from tables and spaces -----------===//

#include "search/catalog/ImportTable.h"
#include "mlir/IR/MLIRContext.h"
#include "search/catalog/GraphRecords.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/ThreadPool.h"
#include <atomic>
#include <future>
#include <mutex>

using namespace assay;
using namespace assay::search;
using bench_db::GraphRecord;
using bench_db::Store;
using bench_db::TableRow;
using llvm::Error;
using llvm::Expected;

namespace {

/// Builds the networks of a batch on several threads, each with a context of
/// its own.
class RecordPool {
public:
  /// Errors name `path` and the line of the row.
  RecordPool(llvm::StringRef path, unsigned threads)
      : path(path), pool(llvm::hardware_concurrency(threads)) {
    for (unsigned i = 0; i < pool.getMaxConcurrency(); ++i)
      contexts.push_back(std::make_unique<mlir::MLIRContext>(
          mlir::MLIRContext::Threading::DISABLED));
  }

  Expected<std::vector<GraphRecord>> build(llvm::ArrayRef<TableRow> rows);

private:
  Expected<GraphRecord> build(const TableRow &row, mlir::MLIRContext *context);

  std::string path;
  llvm::DefaultThreadPool pool;
  std::vector<std::unique_ptr<mlir::MLIRContext>> contexts;
};

} // namespace

Expected<GraphRecord> RecordPool::build(const TableRow &row,
                                        mlir::MLIRContext *context) {
  Expected<GraphRecord> record =
      buildGraphRecord(row.space, row.spec, row.text, context);
  if (record || row.line == 0)
    return record;
  return llvm::createStringError("%s:%zu: %s", path.c_str(), row.line,
                                 llvm::toString(record.takeError()).c_str());
}

Expected<std::vector<GraphRecord>>
RecordPool::build(llvm::ArrayRef<TableRow> rows) {
  std::vector<GraphRecord> records(rows.size());
  std::atomic<size_t> next = 0;
  std::mutex mutex;
  Error firstError = Error::success();
  for (std::unique_ptr<mlir::MLIRContext> &context : contexts)
    pool.async([&, context = context.get()] {
      for (size_t row; (row = next++) < rows.size();) {
        Expected<GraphRecord> record = build(rows[row], context);
        if (record) {
          records[row] = std::move(*record);
          continue;
        }
        std::lock_guard<std::mutex> lock(mutex);
        if (firstError)
          llvm::consumeError(record.takeError());
        else
          firstError = record.takeError();
        next = rows.size();
      }
    });
  pool.wait();
  if (firstError)
    return std::move(firstError);
  return records;
}

static Error addRow(Store &store, const TableRow &row,
                    const GraphRecord &record) {
  Expected<int64_t> graph = store.addGraph(record);
  if (!graph)
    return graph.takeError();
  for (const bench_db::Latency &latency : row.latencies)
    if (Error error = store.addLatency(*graph, latency))
      return error;
  if (row.space.empty())
    return Error::success();
  Expected<int64_t> architecture =
      store.addArchitecture(row.space, row.spec, *graph);
  if (!architecture)
    return architecture.takeError();
  for (const bench_db::Label &label : row.labels)
    if (Error error = store.addLabel(*architecture, label))
      return error;
  return Error::success();
}

/// Trains the dictionary on rows spread over all of the import.
static Error trainDictionary(Store &store, RecordPool &pool,
                             llvm::ArrayRef<TableRow> rows, size_t samplesMax) {
  if (store.hasDictionary())
    return Error::success();
  size_t stride =
      std::max<size_t>(1, llvm::divideCeil(rows.size(), samplesMax));
  std::vector<TableRow> chosen;
  for (size_t row = 0; row < rows.size(); row += stride)
    chosen.push_back(rows[row]);
  Expected<std::vector<GraphRecord>> records = pool.build(chosen);
  if (!records)
    return records.takeError();
  std::vector<std::string> samples;
  for (GraphRecord &record : *records) {
    samples.push_back(std::move(record.lossless));
    samples.push_back(std::move(record.onnxNet));
  }
  return store.transact([&] { return store.ensureDictionary(samples); });
}

static Expected<int64_t> importRows(Store &store, llvm::StringRef path,
                                    llvm::ArrayRef<TableRow> rows,
                                    llvm::StringRef source,
                                    const ImportOptions &options) {
  Expected<int64_t> position = store.importPosition(source);
  if (!position)
    return position.takeError();
  size_t start = std::min<size_t>(*position, rows.size());
  if (start == rows.size())
    return 0;
  RecordPool pool(path, options.threads);
  if (Error error =
          trainDictionary(store, pool, rows, options.dictionarySamples))
    return std::move(error);
  auto sliceAt = [&](size_t begin) {
    return rows.slice(begin, std::min(options.batch, rows.size() - begin));
  };
  auto startBuilding = [&](size_t begin) {
    return std::async(std::launch::async,
                      [&, begin] { return pool.build(sliceAt(begin)); });
  };
  // While one batch is written the next is built.
  auto building = startBuilding(start);
  for (size_t begin = start; begin < rows.size(); begin += options.batch) {
    llvm::ArrayRef<TableRow> batch = sliceAt(begin);
    Expected<std::vector<GraphRecord>> records = building.get();
    if (!records)
      return records.takeError();
    if (begin + options.batch < rows.size())
      building = startBuilding(begin + options.batch);
    Error error = store.transact([&]() -> Error {
      for (auto [row, record] : llvm::zip_equal(batch, *records))
        if (Error error = addRow(store, row, record))
          return error;
      return store.setImportPosition(source, begin + batch.size());
    });
    if (error) {
      if (building.valid())
        llvm::consumeError(building.get().takeError());
      return std::move(error);
    }
    options.progress(begin + batch.size(), rows.size());
  }
  return rows.size() - start;
}

Expected<int64_t> assay::search::importTable(Store &store,
                                             const bench_db::Table &table,
                                             const ImportOptions &options) {
  // By content: files of one name may differ, and copies need not be read.
  return importRows(store, table.path, table.rows,
                    table.format + " " + table.hash, options);
}

Expected<int64_t> assay::search::importSpace(Store &store, const Space &space,
                                             const ImportOptions &options) {
  std::vector<TableRow> rows;
  space.enumerate([&](llvm::StringRef spec) {
    TableRow &row = rows.emplace_back();
    row.space = space.getName();
    row.spec = spec;
    return true;
  });
  return importRows(store, "", rows, ("space " + space.getName()).str(),
                    options);
}
