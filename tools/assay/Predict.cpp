//===- Predict.cpp - assay predict ----------------------------------------===//

#include "search/prediction/Predictor.h"
#include "tools/assay/Command.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"
#include <cerrno>
#include <unistd.h>

using namespace assay;
using namespace assay::search;
using namespace assay::tools;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;
namespace cl = llvm::cl;
namespace json = llvm::json;

static cl::SubCommand command(
    "predict",
    "score networks without training them\n\n"
    "  MODEL is an ONNX file, a folder of them (searched in depth), or "
    "- for JSON lines\n"
    "  on standard input: {\"path\": FILE}, {\"text\": lossless text} or "
    "{\"space\": NAME,\n"
    "  \"spec\": SPEC}, each with an optional \"id\" that the answer "
    "repeats.\n"
    "  A SPEC is built with the classes and images of the surrogate's data "
    "set.");
static cl::list<std::string> models(cl::Positional, cl::desc("MODEL..."),
                                    cl::OneOrMore, cl::sub(command));
static cl::opt<std::string>
    dataset("dataset", cl::value_desc("name"), cl::sub(command),
            cl::desc("estimate the accuracy on this data set (default: that of "
                     "--surrogate, else cifar10)"));
static cl::opt<cl::boolOrDefault>
    asJson("json", cl::sub(command),
           cl::desc("answer in JSON lines (default: unless on a terminal); "
                    "--json=false for a table"));
static cl::opt<bool> withLatency("latency", cl::sub(command),
                                 cl::desc("compile and time each network on "
                                          "this machine, on one thread"));
static cl::opt<std::string>
    dbPath("db", cl::value_desc("file"), cl::sub(command),
           cl::desc("the database that keeps the answers (default: $ASSAY_DB, "
                    "else assay/bench.db in the user's data directory)"));
static cl::opt<bool> noStore("no-store", cl::sub(command),
                             cl::desc("do not keep the answers"));
static cl::opt<unsigned>
    threads("threads", cl::init(0), cl::value_desc("n"), cl::sub(command),
            cl::desc("threads that read networks (default: one a processor)"));
static cl::opt<std::string>
    surrogatePath("surrogate", cl::value_desc("file.onnx"), cl::sub(command),
                  cl::desc("what 'assay train' wrote (default: "
                           "$ASSAY_SURROGATE, else the one that comes with "
                           "Assay)"));

namespace {

/// A request, or why its line is none.
struct Request : PredictionRequest {
  std::string error;
};

/// Prints answers as they come.
class Printer {
public:
  explicit Printer(bool asJson) : asJson(asJson) {}
  void print(const Request &request, const NetworkPrediction &prediction);
  void flush() { llvm::outs().flush(); }
  /// The note below a table that needs one.
  void finish();
  bool sawError() const { return failed; }

private:
  void printJson(const Request &request, const NetworkPrediction &prediction);
  void printRow(const Request &request, const NetworkPrediction &prediction);

  bool asJson;
  bool hasHeader = false;
  bool hasUnknown = false;
  bool failed = false;
};

} // namespace

/// Whether lines have the column of latencies.
static bool measures(const NetworkPrediction &prediction) {
  return prediction.latency || !prediction.latencyError.empty();
}

static std::string describe(const NetworkSource &source) {
  if (!source.path.empty())
    return source.path;
  if (!source.space.empty())
    return source.space + " " + source.spec;
  return source.text.empty() ? "input" : "text";
}

//===----------------------------------------------------------------------===//
// Printing
//===----------------------------------------------------------------------===//

/// JSON's own numbers show 17 digits.
static void printNumber(json::OStream &os, StringRef key, double value,
                        const char *format) {
  os.attributeBegin(key);
  os.rawValue(
      [&](llvm::raw_ostream &raw) { raw << llvm::format(format, value); });
  os.attributeEnd();
}

static void printText(json::OStream &os, StringRef key, StringRef text) {
  if (!text.empty())
    os.attribute(key, json::fixUTF8(text));
}

void Printer::printJson(const Request &request,
                        const NetworkPrediction &prediction) {
  json::OStream os(llvm::outs());
  os.objectBegin();
  if (request.id)
    os.attribute("id", *request.id);
  printText(os, "path", request.source.path);
  printText(os, "space", request.source.space);
  printText(os, "spec", request.source.spec);
  if (!prediction.error.empty()) {
    os.attribute("error", json::fixUTF8(prediction.error));
  } else {
    const predictor::Estimate &estimate = prediction.estimate;
    printNumber(os, "score", prediction.getScore(), "%.6f");
    os.attribute("ranked_by", estimate.familiar ? "surrogate" : "log-macs");
    os.attribute("familiar", estimate.familiar);
    if (estimate.familiar) {
      printNumber(os, "accuracy", estimate.accuracy, "%.3f");
      printNumber(os, "uncertainty", estimate.uncertainty, "%.3f");
    }
    os.attribute("params", prediction.record.params);
    os.attribute("macs", prediction.record.macs);
    if (prediction.latency)
      printNumber(os, "latency_ms", prediction.latency->medianNs * 1e-6,
                  "%.6f");
    printText(os, "latency_error", prediction.latencyError);
    os.attribute("hash", prediction.record.canonicalHash);
  }
  os.objectEnd();
  os.flush();
  llvm::outs() << '\n';
}

static void printFault(const NetworkSource &source, StringRef error) {
  llvm::outs().flush();
  std::string name = describe(source);
  printError(error.starts_with(name) ? error : name + ": " + error);
}

void Printer::printRow(const Request &request,
                       const NetworkPrediction &prediction) {
  if (!prediction.error.empty()) {
    printFault(request.source, prediction.error);
    return;
  }
  llvm::raw_ostream &os = llvm::outs();
  if (!hasHeader)
    os << "   score   accuracy       params (M)  MACs (M)"
       << (measures(prediction) ? "  latency (ms)" : "") << "  model\n";
  hasHeader = true;
  const predictor::Estimate &estimate = prediction.estimate;
  os << llvm::format("%8.3f", prediction.getScore());
  if (estimate.familiar)
    os << llvm::format("  %6.2f ± %-5.2f", estimate.accuracy,
                       estimate.uncertainty);
  else
    os << "  unknown*      ";
  os << llvm::format(" %10.3f %9.2f", prediction.record.params * 1e-6,
                     prediction.record.macs * 1e-6);
  if (prediction.latency)
    os << llvm::format("  %12.4f", prediction.latency->medianNs * 1e-6);
  else if (measures(prediction))
    os << "             -";
  os << "  " << describe(request.source) << '\n';
  hasUnknown |= !estimate.familiar;
  if (!prediction.latencyError.empty())
    printFault(request.source, prediction.latencyError);
}

void Printer::finish() {
  if (hasUnknown)
    llvm::outs() << "* unlike the networks the surrogate was trained on: the "
                    "score is ln(1 + MACs)\n";
}

void Printer::print(const Request &request,
                    const NetworkPrediction &prediction) {
  failed |= !prediction.error.empty() || !prediction.latencyError.empty();
  if (asJson)
    printJson(request, prediction);
  else
    printRow(request, prediction);
}

//===----------------------------------------------------------------------===//
// Input
//===----------------------------------------------------------------------===//

/// The model files at and below `path`, in order of name. What is wrong with
/// the path itself shows when it is read.
static std::vector<Request> findModels(const std::string &path) {
  std::vector<Request> requests;
  auto add = [&](std::string file) {
    requests.emplace_back().source.path = std::move(file);
  };
  if (!llvm::sys::fs::is_directory(path)) {
    add(path);
    return requests;
  }
  std::vector<std::string> files;
  std::error_code error;
  // Links to folders may lead in circles.
  for (llvm::sys::fs::recursive_directory_iterator
           it(path, error, /*follow_symlinks=*/false),
       end;
       it != end && !error; it.increment(error))
    if (StringRef(it->path()).ends_with(".onnx") &&
        !llvm::sys::fs::is_directory(it->path()))
      files.push_back(it->path());
  llvm::sort(files);
  for (std::string &file : files)
    add(std::move(file));
  if (error || files.empty()) {
    add(path);
    requests.back().error =
        error ? error.message() : "the folder holds no *.onnx file";
  }
  return requests;
}

static Error predict(Predictor &predictor, const std::vector<Request> &requests,
                     Printer &printer) {
  std::vector<NetworkSource> sources;
  for (const Request &request : requests)
    if (request.error.empty())
      sources.push_back(request.source);
  auto request = requests.begin();
  auto printFaults = [&] {
    for (; request != requests.end() && !request->error.empty(); ++request) {
      NetworkPrediction fault;
      fault.error = request->error;
      printer.print(*request, fault);
    }
  };
  printFaults();
  Error error = predictor.predict(
      sources, [&](size_t, const NetworkPrediction &prediction) {
        printer.print(*request++, prediction);
        printFaults();
      });
  printer.flush();
  return error;
}

/// Answers lines as they come: all that have arrived are one batch, so that a
/// loop that waits for each answer gets it.
static Error predictLines(Predictor &predictor, Printer &printer) {
  std::string pending;
  std::vector<char> buffer(1 << 20);
  while (true) {
    ssize_t size = read(STDIN_FILENO, buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR)
      continue;
    if (size < 0)
      return llvm::createStringError(
          std::error_code(errno, std::generic_category()), "standard input");
    // A line may be long: only what is new can end it.
    StringRef fresh(buffer.data(), size);
    size_t newline = fresh.rfind('\n');
    size_t end = 0;
    if (size == 0)
      end = pending.size();
    else if (newline != StringRef::npos)
      end = pending.size() + newline + 1;
    pending += fresh;
    llvm::SmallVector<StringRef> lines;
    StringRef(pending).take_front(end).split(lines, '\n');
    std::vector<Request> requests;
    for (StringRef line : lines) {
      if (line.trim().empty())
        continue;
      Request &request = requests.emplace_back();
      if (Error error = parseRequest(line, request))
        request.error = llvm::toString(std::move(error));
    }
    if (Error error = predict(predictor, requests, printer))
      return error;
    pending.erase(0, end);
    if (size == 0)
      return Error::success();
  }
}

static Error predictAll(Predictor &predictor, Printer &printer) {
  std::vector<Request> requests;
  for (const std::string &model : models) {
    if (model != "-") {
      llvm::append_range(requests, findModels(model));
      continue;
    }
    if (Error error = predict(predictor, requests, printer))
      return error;
    requests.clear();
    if (Error error = predictLines(predictor, printer))
      return error;
  }
  return predict(predictor, requests, printer);
}

//===----------------------------------------------------------------------===//
// The command
//===----------------------------------------------------------------------===//

static int fail(Error error) {
  printError("predict: " + llvm::toString(std::move(error)));
  return ExitBadInput;
}

static int run() {
  PredictorOptions options;
  options.threads = threads;
  options.latency = withLatency;
  options.surrogate = surrogatePath;
  if (surrogatePath.empty())
    options.surrogate =
        defaultSurrogatePath(dataset.empty() ? "cifar10" : dataset.c_str());
  if (options.surrogate.empty())
    return failUsage("predict", "no surrogate for the data set '" + dataset +
                                    "' comes with Assay; train one with "
                                    "'assay train' and name it by "
                                    "--surrogate");
  std::unique_ptr<bench_db::Store> store;
  if (!noStore) {
    Expected<std::unique_ptr<bench_db::Store>> opened = bench_db::Store::open(
        dbPath.empty() ? bench_db::defaultStorePath() : dbPath);
    if (!opened)
      return fail(opened.takeError());
    store = std::move(*opened);
    options.store = store.get();
  }
  Expected<std::unique_ptr<Predictor>> predictor = Predictor::create(options);
  if (!predictor)
    return fail(predictor.takeError());
  StringRef known = (*predictor)->getSurrogate().getDataset();
  if (!dataset.empty() && dataset != known)
    return failUsage("predict", "the surrogate estimates accuracies on " +
                                    known + ", not on '" + dataset + "'");
  bool toTerminal = isatty(STDOUT_FILENO) && !llvm::is_contained(models, "-");
  Printer printer(asJson == cl::BOU_UNSET ? !toTerminal
                                          : asJson == cl::BOU_TRUE);
  Error error = predictAll(**predictor, printer);
  printer.finish();
  if (error)
    return fail(std::move(error));
  return printer.sawError() ? ExitBadInput : ExitDone;
}

Command assay::tools::predictCommand() { return {&command, run}; }
