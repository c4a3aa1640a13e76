//===- Kernels.cpp - Single layers in compiled models ---------------------===//
//
// Models of one layer, compiled for this machine and run on one core. FLOP/s
// counts a multiply-add as two, as the peak of PeakFma.cpp does.
//
//===----------------------------------------------------------------------===//

#include "compiler/api/Executable.h"
#include "dialects/onnx/GraphBuilder.h"
#include "mlir/IR/Diagnostics.h"

#include <benchmark/benchmark.h>

using namespace assay;
using namespace mlir;
using onnx::GraphBuilder;

namespace {
struct Layer {
  std::string name;
  std::vector<int64_t> inputShape;
  double flops;
  std::function<Value(GraphBuilder &, Value)> build;
};
} // namespace

static Layer matMul(int64_t m, int64_t n, int64_t k) {
  return {"matmul/" + std::to_string(m) + "x" + std::to_string(n) + "x" +
              std::to_string(k),
          {m, k},
          2.0 * m * n * k,
          [=](GraphBuilder &b, Value x) {
            return b.op("MatMul", {x, b.weight("w", {k, n}, 0.1)});
          }};
}

static Layer conv(int64_t channels, int64_t out, int64_t side, int64_t kernel,
                  int64_t groups = 1) {
  std::string name = groups == 1 ? "conv" : "depthwise";
  name += std::to_string(kernel) + "/" + std::to_string(channels) + "to" +
          std::to_string(out) + "x" + std::to_string(side);
  return {name,
          {1, channels, side, side},
          2.0 * channels / groups * out * side * side * kernel * kernel,
          [=](GraphBuilder &b, Value x) {
            return b.conv(x, out, kernel, /*stride=*/1, groups);
          }};
}

static void runLayer(benchmark::State &state, const Layer &layer) {
  MLIRContext context(MLIRContext::Threading::DISABLED);
  prepareContext(context);
  GraphBuilder b(&context);
  Value x = b.input("x", layer.inputShape);
  auto module = b.finish({{"y", layer.build(b, x)}});
  auto options = getDefaultOptions();
  if (!module || !options)
    return state.SkipWithError("cannot be built");
  auto executable = Executable::compile(*module, *options);
  if (failed(executable))
    return state.SkipWithError("cannot be compiled");

  onnx::Tensor input(Float32Type::get(&context), layer.inputShape);
  fillRandom(input, /*seed=*/1);
  assay_tensor argument = {
      const_cast<char *>(input.getData().data()), input.getData().size(),
      toRuntimeType(input.getElementType()),
      static_cast<int32_t>(input.getRank()), input.getShape().data()};
  assay_tensor result = {};
  int64_t runs = 0;
  for (auto _ : state) {
    if (assay_session_run((*executable)->getSession(), &argument, 1, &result,
                          1) != 0)
      return state.SkipWithError(assay_error());
    ++runs;
  }
  state.counters["FLOP/s"] =
      benchmark::Counter(layer.flops * runs, benchmark::Counter::kIsRate);
}

static bool registerLayers() {
  const Layer layers[] = {
      matMul(512, 512, 512),  matMul(1024, 1024, 1024),
      matMul(128, 768, 768),  matMul(128, 3072, 768),
      matMul(128, 768, 3072), matMul(16, 768, 768),
      matMul(1, 768, 768),    conv(64, 64, 56, 3),
      conv(128, 128, 28, 3),  conv(256, 256, 14, 3),
      conv(512, 512, 7, 3),   conv(256, 64, 56, 1),
      conv(64, 256, 56, 1),   conv(144, 144, 56, 3, /*groups=*/144),
      conv(3, 64, 112, 7),
  };
  for (const Layer &layer : layers)
    benchmark::RegisterBenchmark(
        layer.name.c_str(),
        [layer](benchmark::State &state) { runLayer(state, layer); })
        ->Unit(benchmark::kMicrosecond);
  return true;
}

[[maybe_unused]] static const bool registered = registerLayers();
