//===- Table.cpp - Published tables of labels -----------------------------===//

#include "bench_db/importers/Table.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
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

  std::optional<double> number(StringRef column) const {
    double value;
    if (get(column).getAsDouble(value) || !std::isfinite(value))
      return std::nullopt;
    return value;
  }

private:
  llvm::ArrayRef<StringRef> columns;
  llvm::ArrayRef<StringRef> values;
};

struct Format {
  const char *name;
  const char *space;
  /// The columns that tell this table from others.
  std::vector<StringRef> required;
  void (*read)(const Fields &fields, TableRow &row);
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

static void readNasBench201(const Fields &fields, TableRow &row) {
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

static void readNasBench101(const Fields &fields, TableRow &row) {
  row.spec = (fields.get("adjacency_rowmajor") + ":" + fields.get("ops")).str();
  int64_t epochs = 0;
  fields.get("epochs").getAsInteger(10, epochs);
  std::string source = fields.get("source").str();
  addLabel(row, fields.number("val_acc"),
           {"cifar10", "validation-accuracy", "nasbench101", "trained", epochs,
            -1, 0, source});
  addLabel(row, fields.number("test_acc"),
           {"cifar10", "test-accuracy", "nasbench101", "trained", epochs, -1, 0,
            source});
}

static void readNasBenchMacro(const Fields &fields, TableRow &row) {
  row.spec = fields.get("arch").str();
  addLabel(row, fields.number("mean_acc"),
           {"cifar10", "test-accuracy", "nasbench-macro", "trained", 50, -1, 0,
            "nasbench-macro"});
  for (int64_t seed = 0; seed < 3; ++seed)
    addLabel(row, fields.number("acc" + std::to_string(seed + 1)),
             {"cifar10", "test-accuracy", "nasbench-macro", "trained", 50, seed,
              0, "nasbench-macro"});
}

static void readHwNasBench(const Fields &fields, TableRow &row) {
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

Expected<Table> assay::bench_db::readTable(StringRef path) {
  Expected<std::string> text = readAll(path);
  if (!text)
    return text.takeError();
  llvm::SmallVector<StringRef, 0> lines;
  StringRef(*text).split(lines, '\n');
  llvm::SmallVector<StringRef> columns;
  lines.front().rtrim('\r').split(columns, ',');
  const Format *format = findFormat(columns);
  if (!format) {
    std::string known;
    for (const Format &candidate : formats())
      known += "\n  " + std::string(candidate.name) + ": " +
               llvm::join(candidate.required, ",") + ",...";
    return llvm::createStringError(
        "%s: the header line is that of no known table; known are:%s",
        path.str().c_str(), known.c_str());
  }

  Table table{format->name, format->space, {}};
  for (size_t number = 1; number < lines.size(); ++number) {
    StringRef line = lines[number].rtrim('\r');
    if (line.empty())
      continue;
    llvm::SmallVector<StringRef> values;
    line.split(values, ',');
    if (values.size() != columns.size())
      return llvm::createStringError(
          "%s:%zu: has %zu fields, but the header has %zu", path.str().c_str(),
          number + 1, values.size(), columns.size());
    format->read(Fields(columns, values), table.rows.emplace_back());
  }
  return table;
}
