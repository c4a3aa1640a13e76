//===- Bench.cpp - assay bench --------------------------------------------===//

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
static cl::opt<bool> asJson("json", cl::desc("print JSON"), cl::sub(command));

using Clock = std::chrono::steady_clock;

namespace {

struct Measurement {
  double compileSeconds = 0;
  std::vector<double> milliseconds; // sorted
  std::vector<assay_kernel_profile>
      kernels; // longest first, of `profiled` runs
  size_t profiledRuns = 0;

  double quantile(double fraction) const {
    return milliseconds[static_cast<size_t>(fraction *
                                            (milliseconds.size() - 1))];
  }
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
  bool measure(double seconds, size_t runs, std::vector<double> &milliseconds);
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

bool Runner::measure(double seconds, size_t runs,
                     std::vector<double> &milliseconds) {
  Clock::time_point start = Clock::now();
  while (milliseconds.size() < runs || secondsSince(start) < seconds) {
    Clock::time_point before = Clock::now();
    if (!run())
      return false;
    milliseconds.push_back(secondsSince(before) * 1e3);
  }
  llvm::sort(milliseconds);
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
                         Measurement &result) {
  Runner runner(executable, inputs);
  std::vector<double> warmup;
  if (!runner.measure(warmupSeconds, 1, warmup) ||
      !runner.measure(minSeconds, std::max(1u, unsigned(minRuns)),
                      result.milliseconds))
    return false;
  result.profiledRuns = std::min<size_t>(result.milliseconds.size(), 100);
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

static void printText(const Measurement &result, int threadCount) {
  llvm::outs() << llvm::format(
      "median %.4f ms, p10 %.4f ms, p90 %.4f ms (%zu runs, %d thread%s)\n",
      result.quantile(0.5), result.quantile(0.1), result.quantile(0.9),
      result.milliseconds.size(), threadCount, threadCount == 1 ? "" : "s");
  if (profile)
    printTable(result);
}

static void printJson(const Measurement &result, int threadCount) {
  llvm::json::OStream json(llvm::outs(), /*IndentSize=*/2);
  json.object([&] {
    json.attribute("model", modelPath.getValue());
    json.attribute("threads", threadCount);
    json.attribute("runs", int64_t(result.milliseconds.size()));
    json.attribute("load_seconds", result.compileSeconds);
    json.attribute("median_ms", result.quantile(0.5));
    json.attribute("p10_ms", result.quantile(0.1));
    json.attribute("p90_ms", result.quantile(0.9));
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

static int run() {
  auto options = makeOptions("native", 3);
  if (!options)
    return ExitBadInput;
  options->threads = threads;
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
  if (!measureModel(**executable, *inputs, result)) {
    printError(modelPath + ": " + assay_error());
    return ExitBadInput;
  }
  int threadCount = assay_session_threads((*executable)->getSession());
  if (asJson)
    printJson(result, threadCount);
  else
    printText(result, threadCount);
  return ExitDone;
}

Command assay::tools::benchCommand() { return {&command, run}; }
