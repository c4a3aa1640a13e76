//===- JsonLines.cpp - Networks as JSON, a line each ----------------------===//

#include "bench_db/importers/Table.h"
#include "llvm/ADT/StringExtras.h"
#include <cmath>

using namespace assay::bench_db;
using llvm::Expected;
using llvm::StringRef;
namespace json = llvm::json;

static constexpr StringRef kKinds[] = {"trained", "weight-sharing", "surrogate",
                                       "proxy", "rank"};

namespace {

/// Reads the members of one object, and keeps the first error.
class Members {
public:
  explicit Members(const json::Object &object) : object(object) {}

  void read(StringRef key, std::string &value, bool required = false) {
    const json::Value *member = find(key, required);
    if (!member)
      return;
    if (std::optional<StringRef> text = member->getAsString())
      value = text->str();
    else
      fail(key, "a string");
  }
  void read(StringRef key, int64_t &value, int64_t least,
            bool required = false) {
    const json::Value *member = find(key, required);
    if (!member)
      return;
    std::optional<int64_t> integer = member->getAsInteger();
    if (integer && *integer >= least)
      value = *integer;
    else
      fail(key, "an integer from " + std::to_string(least) + " on");
  }
  void read(StringRef key, std::optional<int64_t> &value) {
    int64_t integer = -1;
    read(key, integer, /*least=*/0);
    if (integer >= 0)
      value = integer;
  }
  void read(StringRef key, double &value) {
    const json::Value *member = find(key, /*required=*/true);
    if (!member)
      return;
    std::optional<double> number = member->getAsNumber();
    if (number && std::isfinite(*number)) // 1e999 is read as infinity
      value = *number;
    else
      fail(key, "a finite number");
  }
  void fail(StringRef key, const llvm::Twine &wanted) {
    if (error.empty())
      error = ("\"" + key + "\" must be " + wanted).str();
  }

  std::string error;

private:
  const json::Value *find(StringRef key, bool required) {
    const json::Value *member = object.get(key);
    if (member && !member->getAsNull())
      return member;
    if (required && error.empty())
      error = ("has no \"" + key + "\"").str();
    return nullptr;
  }

  const json::Object &object;
};

} // namespace

static std::string readLabel(const json::Object &object, Label &label) {
  Members members(object);
  members.read("dataset", label.dataset, /*required=*/true);
  members.read("metric", label.metric, /*required=*/true);
  members.read("protocol", label.protocol);
  members.read("kind", label.kind, /*required=*/true);
  members.read("epochs", label.epochs, /*least=*/0);
  members.read("seed", label.seed, /*least=*/-1);
  members.read("value", label.value);
  members.read("source", label.source);
  if (!llvm::is_contained(kKinds, label.kind))
    members.fail("kind", "one of " + llvm::join(llvm::ArrayRef(kKinds), ", "));
  return members.error;
}

static std::string readLatency(const json::Object &object, Latency &latency) {
  Members members(object);
  members.read("target", latency.target, /*required=*/true);
  members.read("threads", latency.threads, /*least=*/1);
  members.read("options", latency.options);
  members.read("median_ns", latency.medianNs, /*least=*/0, /*required=*/true);
  members.read("p10_ns", latency.p10Ns);
  members.read("p90_ns", latency.p90Ns);
  members.read("runs", latency.runs, /*least=*/1);
  members.read("source", latency.source);
  return members.error;
}

/// Reads the objects of the list `key`, where there is one.
template <typename T>
static std::string readList(const json::Object &network, StringRef key,
                            std::string (*read)(const json::Object &, T &),
                            std::vector<T> &items) {
  const json::Value *list = network.get(key);
  if (!list || list->getAsNull())
    return "";
  if (!list->getAsArray())
    return ("\"" + key + "\" must be a list").str();
  for (auto [index, item] : llvm::enumerate(*list->getAsArray())) {
    std::string error = item.getAsObject()
                            ? read(*item.getAsObject(), items.emplace_back())
                            : "is no object";
    if (!error.empty())
      return (key + "[" + llvm::Twine(index) + "]: " + error).str();
  }
  return "";
}

Expected<TableRow> assay::bench_db::parseNetworkLine(StringRef line) {
  Expected<json::Value> value = json::parse(line);
  if (!value)
    return llvm::createStringError("is no JSON: %s",
                                   toString(value.takeError()).c_str());
  const json::Object *network = value->getAsObject();
  if (!network)
    return llvm::createStringError("is no JSON object");
  TableRow row;
  Members members(*network);
  members.read("space", row.space);
  members.read("spec", row.spec);
  members.read("text", row.text);
  std::string error = members.error;
  if (error.empty())
    error = readList(*network, "labels", readLabel, row.labels);
  if (error.empty())
    error = readList(*network, "latencies", readLatency, row.latencies);
  if (error.empty() && row.space.empty() != row.spec.empty())
    error = "\"space\" and \"spec\" need each other";
  if (error.empty() && row.space.empty() && row.text.empty())
    error = "expected \"text\", or \"space\" and \"spec\"";
  if (error.empty() && row.space.empty() && !row.labels.empty())
    error = "labels belong to a point of a space: expected \"space\" and "
            "\"spec\"";
  if (!error.empty())
    return llvm::createStringError(error);
  return row;
}
