//===- Table.cpp - Networks and numbers from files ------------------------===//

#include "bench_db/importers/Table.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/xxhash.h"
#include <cmath>
#include <zlib.h>

using namespace assay::bench_db;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;

namespace {

/// The fields of one line, by column name.
class Fields {
public:
  Fields(llvm::ArrayRef<StringRef> columns, llvm::ArrayRef<StringRef> values)
      : columns(columns), values(values) {}

  StringRef get(StringRef column) const {
    for (size_t i = 0; i < columns.size(); ++i)
      if (columns[i] == column)
        return values[i];
    return {};
  }

  /// Nothing for an empty field and for "nan".
  std::optional<double> number(StringRef column) {
    StringRef text = get(column);
    double value;
    if (text.empty())
      return std::nullopt;
    if (text.getAsDouble(value)) {
      fail(column, "number");
      return std::nullopt;
    }
    return std::isfinite(value) ? std::optional(value) : std::nullopt;
  }

  int64_t count(StringRef column) {
    int64_t value = 0;
    if (get(column).getAsInteger(10, value) || value < 0)
      fail(column, "count");
    return value;
  }

  /// What is wrong with a field; empty where nothing is.
  std::string error;

private:
  void fail(StringRef column, StringRef wanted) {
    error = (column + " is '" + get(column) + "', which is no " + wanted).str();
  }

  llvm::ArrayRef<StringRef> columns;
  llvm::ArrayRef<StringRef> values;
};

struct Format {
  const char *name;
  const char *space;
  /// The columns that tell this table from others.
  std::vector<StringRef> required;
  void (*read)(Fields &fields, TableRow &row);
};

} // namespace

static void addLabel(TableRow &row, std::optional<double> value, Label label) {
  if (!value)
    return;
  label.value = *value;
  row.labels.push_back(std::move(label));
}

/// Values at or below zero mark measurements that failed.
static void addLatency(TableRow &row, std::optional<double> milliseconds,
                       Latency latency) {
  if (!milliseconds || *milliseconds <= 0)
    return;
  latency.medianNs = std::llround(*milliseconds * 1e6);
  row.latencies.push_back(std::move(latency));
}

static void readNasBench201(Fields &fields, TableRow &row) {
  row.spec = fields.get("arch_str").str();
  struct Column {
    const char *name, *dataset, *metric, *protocol;
    int64_t epochs;
  };
  static constexpr Column kColumns[] = {
      {"c10_test200", "cifar10", "test-accuracy", "nasbench201", 200},
      {"c100_test200", "cifar100", "test-accuracy", "nasbench201", 200},
      {"in16_test200", "imagenet16-120", "test-accuracy", "nasbench201", 200},
      {"c10_test_mini12", "cifar10", "test-accuracy", "nasbench201-12", 12},
      {"c10_val_mini12", "cifar10", "validation-accuracy", "nasbench201-12",
       12},
      {"c100_test_mini12", "cifar100", "test-accuracy", "nasbench201-12", 12},
      {"c100_val_mini12", "cifar100", "validation-accuracy", "nasbench201-12",
       12},
      {"in16_test_mini12", "imagenet16-120", "test-accuracy", "nasbench201-12",
       12},
      {"in16_val_mini12", "imagenet16-120", "validation-accuracy",
       "nasbench201-12", 12},
  };
  for (const Column &column : kColumns)
    addLabel(row, fields.number(column.name),
             {column.dataset, column.metric, column.protocol, "trained",
              column.epochs, -1, 0, "nasbench201"});
}

static void readNasBench101(Fields &fields, TableRow &row) {
  row.spec = (fields.get("adjacency_rowmajor") + ":" + fields.get("ops")).str();
  int64_t epochs = fields.count("epochs");
  std::string source = fields.get("source").str();
  addLabel(row, fields.number("val_acc"),
           {"cifar10", "validation-accuracy", "nasbench101", "trained", epochs,
            -1, 0, source});
  addLabel(row, fields.number("test_acc"),
           {"cifar10", "test-accuracy", "nasbench101", "trained", epochs, -1, 0,
            source});
}

static void readNasBenchMacro(Fields &fields, TableRow &row) {
  row.spec = fields.get("arch").str();
  addLabel(row, fields.number("mean_acc"),
           {"cifar10", "test-accuracy", "nasbench-macro", "trained", 50, -1, 0,
            "nasbench-macro"});
  for (int64_t seed = 0; seed < 3; ++seed)
    addLabel(row, fields.number("acc" + std::to_string(seed + 1)),
             {"cifar10", "test-accuracy", "nasbench-macro", "trained", 50, seed,
              0, "nasbench-macro"});
}

static void readHwNasBench(Fields &fields, TableRow &row) {
  row.spec = fields.get("arch_str").str();
  for (const char *device :
       {"edgegpu", "raspi4", "edgetpu", "pixel3", "eyeriss", "fpga"})
    addLatency(row, fields.number(std::string(device) + "_latency"),
               {device, 1, "", 0, {}, {}, 1, "hw-nas-bench"});
}

static const std::vector<Format> &formats() {
  static const std::vector<Format> formats = {
      {"nasbench201 accuracy",
       "nasbench201",
       {"idx", "arch_str", "c10_test200"},
       readNasBench201},
      {"nasbench201 latency",
       "nasbench201",
       {"idx", "arch_str", "edgegpu_latency"},
       readHwNasBench},
      {"nasbench101 accuracy",
       "nasbench101",
       {"adjacency_rowmajor", "ops", "epochs", "val_acc"},
       readNasBench101},
      {"nasbench-macro accuracy",
       "nasbench-macro",
       {"arch", "mean_acc", "acc1"},
       readNasBenchMacro},
  };
  return formats;
}

static const Format *findFormat(llvm::ArrayRef<StringRef> columns) {
  for (const Format &format : formats())
    if (llvm::all_of(format.required, [&](StringRef column) {
          return llvm::is_contained(columns, column);
        }))
      return &format;
  return nullptr;
}

static Expected<std::string> readAll(StringRef path) {
  // zlib reads plain files as they are.
  gzFile file = gzopen(path.str().c_str(), "rb");
  if (!file)
    return llvm::createStringError("%s: cannot be opened", path.str().c_str());
  std::string text;
  char buffer[1 << 16];
  int got;
  while ((got = gzread(file, buffer, sizeof(buffer))) > 0)
    text.append(buffer, got);
  int code;
  std::string message = gzerror(file, &code);
  gzclose_r(file);
  if (got < 0 || (code != Z_OK && code != Z_STREAM_END))
    return llvm::createStringError("%s: damaged gzip stream: %s",
                                   path.str().c_str(), message.c_str());
  return text;
}

/// Calls `read` for each line from number `first` (from 1) on that is not
/// empty. Errors become those of the file and line.
static Error
forEachLine(Table &table, StringRef text, size_t first,
            llvm::function_ref<Error(StringRef line, TableRow &row)> read) {
  size_t number = 1;
  for (; !text.empty(); ++number) {
    StringRef line;
    std::tie(line, text) = text.split('\n');
    line = line.rtrim('\r');
    if (number < first || line.trim().empty())
      continue;
    TableRow row;
    if (Error error = read(line, row))
      return llvm::createStringError("%s:%zu: %s", table.path.c_str(), number,
                                     llvm::toString(std::move(error)).c_str());
    row.line = number;
    table.rows.push_back(std::move(row));
  }
  return Error::success();
}

static Error readCommaSeparated(Table &table, StringRef text,
                                llvm::ArrayRef<StringRef> columns,
                                const Format &format) {
  table.format = format.name;
  return forEachLine(table, text, 2, [&](StringRef line, TableRow &row) {
    llvm::SmallVector<StringRef> values;
    line.split(values, ',');
    if (values.size() != columns.size())
      return llvm::createStringError("has %zu fields, but the header has %zu",
                                     values.size(), columns.size());
    Fields fields(columns, values);
    row.space = format.space;
    format.read(fields, row);
    return fields.error.empty() ? Error::success()
                                : llvm::createStringError(fields.error);
  });
}

static Error readJsonLines(Table &table, StringRef text) {
  table.format = "networks";
  return forEachLine(table, text, 1, [](StringRef line, TableRow &row) {
    Expected<TableRow> parsed = parseNetworkLine(line);
    if (parsed)
      row = std::move(*parsed);
    return parsed.takeError();
  });
}

static Error refuseHeader(StringRef path) {
  std::string known = "\n  networks: JSON lines of 'assay db export'";
  for (const Format &format : formats())
    known += "\n  " + std::string(format.name) + ": " +
             llvm::join(format.required, ",") + ",...";
  return llvm::createStringError(
      "%s: the first line is that of no known table; known are:%s",
      path.str().c_str(), known.c_str());
}

Expected<Table> assay::bench_db::readTable(StringRef path) {
  Expected<std::string> text = readAll(path);
  if (!text)
    return text.takeError();
  Table table;
  table.path = path;
  llvm::XXH128_hash_t hash =
      llvm::xxh3_128bits(llvm::arrayRefFromStringRef<uint8_t>(*text));
  table.hash = llvm::utohexstr(hash.high64, /*LowerCase=*/true, 16) +
               llvm::utohexstr(hash.low64, /*LowerCase=*/true, 16);
  StringRef rows = *text;
  rows.consume_front("\xEF\xBB\xBF"); // spreadsheets write a byte order mark
  StringRef header = rows.split('\n').first.rtrim('\r');
  llvm::SmallVector<StringRef> columns;
  header.split(columns, ',');
  const Format *format = findFormat(columns);
  if (!format && !header.starts_with("{"))
    return refuseHeader(path);
  if (Error error = format ? readCommaSeparated(table, rows, columns, *format)
                           : readJsonLines(table, rows))
    return std::move(error);
  return table;
}
