//===- Bench.cpp - assay bench --------------------------------------------===//

#include "predictor/features/FeatureGraphBuilder.h"
#include "search/catalog/GraphRecords.h"
#include "search/prediction/LatencyMeter.h"
#include "search/prediction/NetworkReader.h"
#include "tools/assay/Command.h"
#include "tools/assay/Models.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/JSON.h"
#include <chrono>

using namespace mlir;
using namespace assay;
using namespace assay::tools;
using assay::onnx::Tensor;
namespace cl = llvm::cl;

static cl::SubCommand command("bench", "measure how long a model takes");
static cl::opt<std::string> modelPath(cl::Positional, cl::desc("MODEL"),
                                      cl::Required, cl::sub(command));
static cl::opt<unsigned>
    threads("threads", cl::desc("threads to run on (default 1; 0: all)"),
            cl::init(1), cl::sub(command));
static cl::opt<double>
    minSeconds("min-time", cl::desc("seconds to measure for (default 1)"),
               cl::init(1.0), cl::sub(command));
static cl::opt<unsigned>
    minRuns("min-runs", cl::desc("fewest runs to measure (default 10)"),
            cl::init(10), cl::sub(command));
static cl::opt<double>
    warmupSeconds("warmup",
                  cl::desc("seconds to run before measuring (default 0.2)"),
                  cl::init(0.2), cl::sub(command));
static cl::list<std::string>
    inputFiles("input", cl::desc("read an input; others are random"),
               cl::value_desc("NAME=FILE.npy|.pb"), cl::sub(command));
static cl::list<std::string>
    shapes("shape",
           cl::desc("shape of an input; else dynamic dimensions are 1"),
           cl::value_desc("NAME=2x3x224"), cl::sub(command));
static cl::opt<bool> profile("profile", cl::desc("print a table per kernel"),
                             cl::sub(command));
static cl::opt<std::string>
    dbPath("db", cl::value_desc("file"), cl::sub(command),
           cl::desc("keep the latency of an ONNX file in this database"));
static cl::opt<bool> asJson("json", cl::desc("print JSON"), cl::sub(command));

using Clock = std::chrono::steady_clock;

namespace {

struct Measurement {
  double compileSeconds = 0;
  bench_db::Latency latency;
  std::vector<assay_kernel_profile>
      kernels; // longest first, of `profiled` runs
  size_t profiledRuns = 0;
};

/// Runs one model on fixed inputs, reusing its outputs.
class Runner {
public:
  Runner(Executable &executable, ArrayRef<Tensor> inputs)
      : session(executable.getSession()),
        results(executable.getSignature().outputs.size()) {
    for (const Tensor &tensor : inputs)
      arguments.push_back(
          {const_cast<char *>(tensor.getData().data()), tensor.getData().size(),
           toRuntimeType(tensor.getElementType()),
           static_cast<int32_t>(tensor.getRank()), tensor.getShape().data()});
  }

  /// False, with the reason in assay_error(), when the run fails.
  bool run() {
    return assay_session_run(session, arguments.data(), arguments.size(),
                             results.data(), results.size()) == 0;
  }
  /// Runs for a while and at least `runs` times, measuring each.
  bool measure(double seconds, size_t runs, std::vector<int64_t> &times);
  bool profileKernels(size_t runs, std::vector<assay_kernel_profile> &kernels);

private:
  assay_session *session;
  std::vector<assay_tensor> arguments;
  std::vector<assay_tensor> results;
};

} // namespace

static double secondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

bool Runner::measure(double seconds, size_t runs, std::vector<int64_t> &times) {
  Clock::time_point start = Clock::now();
  while (times.size() < runs || secondsSince(start) < seconds) {
    Clock::time_point before = Clock::now();
    if (!run())
      return false;
    times.push_back(std::chrono::nanoseconds(Clock::now() - before).count());
  }
  return true;
}

bool Runner::profileKernels(size_t runs,
                            std::vector<assay_kernel_profile> &kernels) {
  assay_session_set_profiling(session, 1);
  for (size_t i = 0; i < runs; ++i)
    if (!run())
      return false;
  kernels.resize(assay_session_profile(session, nullptr, 0));
  assay_session_profile(session, kernels.data(), kernels.size());
  assay_session_set_profiling(session, 0);
  llvm::sort(kernels, [](const auto &lhs, const auto &rhs) {
    return lhs.nanoseconds > rhs.nanoseconds;
  });
  return true;
}

static bool measureModel(Executable &executable, ArrayRef<Tensor> inputs,
                         const CompileOptions &options, Measurement &result) {
  Runner runner(executable, inputs);
  std::vector<int64_t> warmup, times;
  if (!runner.measure(warmupSeconds, 1, warmup) ||
      !runner.measure(minSeconds, std::max(1u, unsigned(minRuns)), times))
    return false;
  result.profiledRuns = std::min<size_t>(times.size(), 100);
  result.latency =
      search::summarizeRuns(std::move(times), options,
                            assay_session_threads(executable.getSession()));
  return !profile || runner.profileKernels(result.profiledRuns, result.kernels);
}

static void printTable(const Measurement &result) {
  llvm::raw_ostream &os = llvm::outs();
  uint64_t total = 0;
  for (const assay_kernel_profile &kernel : result.kernels)
    total += kernel.nanoseconds;
  os << "\n  share   us/run  launches  us/launch  kernel\n";
  for (const assay_kernel_profile &kernel : result.kernels) {
    if (kernel.launches == 0)
      continue;
    double us = kernel.nanoseconds * 1e-3;
    os << llvm::format("%6.1f%% %8.1f %9.1f %10.2f  ",
                       100.0 * kernel.nanoseconds /
                           std::max<uint64_t>(total, 1),
                       us / result.profiledRuns,
                       double(kernel.launches) / result.profiledRuns,
                       us / kernel.launches)
       << kernel.name << (*kernel.operators ? " " : "") << kernel.operators
       << '\n';
  }
}

static void printText(const Measurement &result) {
  const bench_db::Latency &latency = result.latency;
  llvm::outs() << llvm::format("median %.4f ms, p10 %.4f ms, p90 %.4f ms",
                               latency.medianNs * 1e-6, *latency.p10Ns * 1e-6,
                               *latency.p90Ns * 1e-6)
               << " (" << latency.runs << " runs, " << latency.threads
               << (latency.threads == 1 ? " thread)\n" : " threads)\n");
  if (profile)
    printTable(result);
}

static void printJson(const Measurement &result) {
  const bench_db::Latency &latency = result.latency;
  llvm::json::OStream json(llvm::outs(), /*IndentSize=*/2);
  json.object([&] {
    json.attribute("model", modelPath.getValue());
    json.attribute("threads", latency.threads);
    json.attribute("runs", latency.runs);
    json.attribute("load_seconds", result.compileSeconds);
    json.attribute("median_ms", latency.medianNs * 1e-6);
    json.attribute("p10_ms", *latency.p10Ns * 1e-6);
    json.attribute("p90_ms", *latency.p90Ns * 1e-6);
    if (!profile)
      return;
    json.attributeArray("kernels", [&] {
      for (const assay_kernel_profile &kernel : result.kernels)
        json.object([&] {
          json.attribute("name", kernel.name);
          json.attribute("operators", kernel.operators);
          json.attribute("launches_per_run",
                         double(kernel.launches) / result.profiledRuns);
          json.attribute("us_per_run",
                         kernel.nanoseconds * 1e-3 / result.profiledRuns);
        });
    });
  });
  llvm::outs() << '\n';
}

static llvm::Expected<bench_db::GraphRecord> readRecord() {
  search::NetworkSource source;
  source.path = modelPath;
  auto graph = search::NetworkReader().read(source, /*dataset=*/"");
  if (!graph)
    return graph.takeError();
  predictor::FeatureGraph features = buildFeatureGraph(*graph);
  return search::makeGraphRecord(std::move(*graph), features);
}

static llvm::Error keep(bench_db::Store &store,
                        const bench_db::GraphRecord &record,
                        const bench_db::Latency &latency) {
  return store.transact([&]() -> llvm::Error {
    llvm::Expected<int64_t> graph = store.addGraph(record);
    return graph ? store.addLatency(*graph, latency) : graph.takeError();
  });
}

static int fail(llvm::Error error) {
  printError(llvm::toString(std::move(error)));
  return ExitBadInput;
}

static int run() {
  if (!dbPath.empty() && (!inputFiles.empty() || !shapes.empty()))
    return failUsage("bench", "--db keeps latencies of random inputs whose "
                              "dynamic dimensions are 1, and takes neither "
                              "--input nor --shape");
  auto options = makeOptions("native", 3);
  if (!options)
    return ExitBadInput;
  options->threads = threads;
  // Before the time that measuring takes.
  bench_db::GraphRecord record;
  std::unique_ptr<bench_db::Store> store;
  if (!dbPath.empty()) {
    auto read = readRecord();
    if (!read)
      return fail(read.takeError());
    record = std::move(*read);
    auto opened = bench_db::Store::open(dbPath);
    if (!opened)
      return fail(opened.takeError());
    store = std::move(*opened);
  }
  ModelContext context;
  Measurement result;
  Clock::time_point start = Clock::now();
  auto executable = Executable::load(context.get(), modelPath, *options);
  if (failed(executable))
    return context.getFailure();
  result.compileSeconds = secondsSince(start);
  auto inputs = makeInputs(context.get(), (*executable)->getSignature(),
                           inputFiles, shapes, /*seed=*/0);
  if (!inputs)
    return ExitBadInput;
  if (!measureModel(**executable, *inputs, options->compile, result)) {
    printError(modelPath + ": " + assay_error());
    return ExitBadInput;
  }
  if (store)
    if (llvm::Error error = keep(*store, record, result.latency))
      return fail(std::move(error));
  if (asJson)
    printJson(result);
  else
    printText(result);
  return ExitDone;
}

Command assay::tools::benchCommand() { return {&command, run}; }
