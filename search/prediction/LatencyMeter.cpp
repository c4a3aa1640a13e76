//===- LatencyMeter.cpp - How fast a network runs here --------------------===//

#include "search/prediction/LatencyMeter.h"
#include "search/prediction/NetworkReader.h"
#include <chrono>

using namespace mlir;
using namespace assay;
using namespace assay::search;
using assay::onnx::Tensor;
using bench_db::Latency;
using Clock = std::chrono::steady_clock;

static constexpr auto kWarmup = std::chrono::milliseconds(50);
static constexpr auto kMeasured = std::chrono::milliseconds(200);
static constexpr size_t kMinRuns = 5;

Latency assay::search::summarizeRuns(std::vector<int64_t> times,
                                     const CompileOptions &options,
                                     int64_t threads) {
  llvm::sort(times);
  auto quantile = [&](double fraction) {
    return times[static_cast<size_t>(fraction * (times.size() - 1))];
  };
  Latency latency;
  latency.target = options.target.cpu;
  latency.threads = threads;
  latency.options = "-O" + std::to_string(options.level);
  latency.medianNs = quantile(0.5);
  latency.p10Ns = quantile(0.1);
  latency.p90Ns = quantile(0.9);
  latency.runs = times.size();
  latency.source = "assay";
  return latency;
}

llvm::Expected<std::unique_ptr<LatencyMeter>> LatencyMeter::create() {
  llvm::Expected<ExecutableOptions> options = getDefaultOptions();
  if (!options)
    return options.takeError();
  auto meter = std::make_unique<LatencyMeter>();
  meter->options = std::move(*options);
  return meter;
}

static llvm::Expected<std::vector<Tensor>>
makeRandomInputs(MLIRContext *context, const ModelSignature &signature) {
  std::vector<Tensor> inputs;
  for (const ValueSignature &value : signature.inputs) {
    SmallVector<int64_t> dims = value.dims;
    for (int64_t &dim : dims)
      dim = dim < 0 ? 1 : dim;
    Type type = fromRuntimeType(context, value.type);
    if (!onnx::checkSize(type, dims))
      return llvm::createStringError("input %s is too large",
                                     value.name.c_str());
    onnx::fillRandom(inputs.emplace_back(type, dims), inputs.size());
  }
  return inputs;
}

/// Runs for a while and adds the nanoseconds of each run.
static llvm::Error runFor(Executable &executable, ArrayRef<Tensor> inputs,
                          Clock::duration duration,
                          std::vector<int64_t> &times) {
  Clock::time_point start = Clock::now();
  do {
    Clock::time_point before = Clock::now();
    auto outputs = executable.run(inputs);
    if (!outputs)
      return outputs.takeError();
    times.push_back(std::chrono::nanoseconds(Clock::now() - before).count());
  } while (times.size() < kMinRuns || Clock::now() - start < duration);
  return llvm::Error::success();
}

/// The kernels of `compiled` with their median times over some runs.
static llvm::Expected<std::vector<bench_db::Kernel>>
measureKernels(Executable &executable, ArrayRef<Tensor> inputs,
               const CompiledModel &compiled, StringRef target) {
  assay_session *session = executable.getSession();
  std::vector<std::vector<int64_t>> times(compiled.objects.size() - 1);
  std::vector<assay_kernel_profile> profile(times.size());
  for (size_t run = 0; run < kMinRuns; ++run) {
    assay_session_set_profiling(session, 1);
    auto outputs = executable.run(inputs);
    if (!outputs)
      return outputs.takeError();
    assay_session_profile(session, profile.data(), profile.size());
    for (auto [kernel, entry] : llvm::zip_equal(times, profile))
      if (entry.launches)
        kernel.push_back(entry.nanoseconds / entry.launches);
  }
  assay_session_set_profiling(session, 0);
  std::vector<bench_db::Kernel> kernels;
  // The first object is the host program.
  for (auto [entry, object, runs] :
       llvm::zip_equal(profile, llvm::drop_begin(compiled.objects), times)) {
    if (runs.empty())
      continue;
    llvm::sort(runs);
    StringRef hash = entry.name;
    hash.consume_front("kernel_");
    kernels.push_back({hash.str(), target.str(), object->getBuffer().str(),
                       runs[runs.size() / 2]});
  }
  return kernels;
}

llvm::Expected<LatencyMeter::Measurement>
LatencyMeter::measure(const NetworkSource &source, StringRef dataset) {
  // Weights stay in their context, so each network gets its own.
  MLIRContext context;
  prepareContext(context);
  context.printOpOnDiagnostic(false);
  DiagnosticCollector errors(&context);
  auto module = loadNetwork(&context, source, dataset, /*structureOnly=*/false);
  if (failed(module))
    return errors.takeError();
  auto compiled = compileModule(**module, options.compile);
  if (failed(compiled))
    return errors.takeError();
  auto executable = Executable::link(**module, *compiled, options.threads);
  if (failed(executable))
    return errors.takeError();
  auto inputs = makeRandomInputs(&context, (*executable)->getSignature());
  if (!inputs)
    return inputs.takeError();
  std::vector<int64_t> times;
  if (llvm::Error error = runFor(**executable, *inputs, kWarmup, times))
    return std::move(error);
  times.clear();
  if (llvm::Error error = runFor(**executable, *inputs, kMeasured, times))
    return std::move(error);
  Measurement result;
  result.latency =
      summarizeRuns(std::move(times), options.compile, options.threads);
  auto kernels =
      measureKernels(**executable, *inputs, *compiled, result.latency.target);
  if (!kernels)
    return kernels.takeError();
  result.kernels = std::move(*kernels);
  return result;
}
