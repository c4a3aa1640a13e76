//===- NasBenchMacro.cpp - The NAS-Bench-Macro space ----------------------===//

#include "search/spaces/NasBenchMacro.h"

using namespace mlir;
using namespace assay::onnx;
using namespace assay::search;

static constexpr int64_t kLayersOfStage[] = {2, 3, 3};
static constexpr size_t kLayers = 8;
static constexpr int64_t kStemChannels = 32;
static constexpr int64_t kHeadChannels = 1280;

static Value convBnRelu(GraphBuilder &b, Value x, int64_t channels,
                        int64_t kernel, int64_t stride = 1,
                        int64_t groups = 1) {
  return b.relu(b.batchNorm(b.conv(x, channels, kernel, stride, groups)));
}

static Value buildIdentity(GraphBuilder &b, Value x, int64_t channels,
                           int64_t stride) {
  if (stride == 1 && GraphBuilder::dim(x, 1) == channels)
    return x;
  return b.batchNorm(b.conv(x, channels, /*kernel=*/1, stride));
}

static Value buildInvertedResidual(GraphBuilder &b, Value x, int64_t channels,
                                   int64_t stride, int64_t kernel,
                                   int64_t expansion) {
  int64_t inChannels = GraphBuilder::dim(x, 1);
  int64_t hidden = inChannels * expansion;
  Value y = convBnRelu(b, x, hidden, /*kernel=*/1);
  y = convBnRelu(b, y, hidden, kernel, stride, /*groups=*/hidden);
  y = b.batchNorm(b.conv(y, channels, /*kernel=*/1));
  return stride == 1 && inChannels == channels ? b.add(y, x) : y;
}

static Value buildLayer(GraphBuilder &b, Value x, char operation,
                        int64_t channels, int64_t stride) {
  switch (operation) {
  case '0':
    return buildIdentity(b, x, channels, stride);
  case '1':
    return buildInvertedResidual(b, x, channels, stride, /*kernel=*/3,
                                 /*expansion=*/3);
  default:
    return buildInvertedResidual(b, x, channels, stride, /*kernel=*/5,
                                 /*expansion=*/6);
  }
}

Network NasBenchMacro::build(StringRef spec, const NetworkOptions &given,
                             MLIRContext *context) const {
  Location loc = NameLoc::get(StringAttr::get(context, getName()));
  FailureOr<NetworkOptions> options =
      completeOptions(given, {1, 3, 32, 32}, /*classes=*/10, loc);
  if (failed(options))
    return {};
  spec = spec.trim();
  if (spec.size() != kLayers ||
      spec.find_first_not_of("012") != StringRef::npos) {
    emitError(loc) << "a spec has 8 digits, each 0, 1 or 2, but '" << spec
                   << "' is given";
    return {};
  }

  GraphBuilder b(context, options->seed, options->weights);
  Value x = b.input("input", options->inputShape);
  b.setScope("stem");
  x = convBnRelu(b, x, kStemChannels, /*kernel=*/3);
  int64_t channels = kStemChannels;
  size_t layer = 0;
  for (int64_t layers : kLayersOfStage) {
    channels *= 2;
    for (int64_t index = 0; index < layers; ++index, ++layer) {
      b.setScope("layer" + Twine(layer));
      x = buildLayer(b, x, spec[layer], channels, index == 0 ? 2 : 1);
    }
  }
  b.setScope("head");
  x = convBnRelu(b, x, kHeadChannels, /*kernel=*/1);
  x = b.gemm(b.globalPool(x), options->classes);
  return {b.finish({{"output", x}}, getName()), b.getParameterCount()};
}

std::string NasBenchMacro::sample(std::mt19937_64 &random) const {
  std::string spec;
  for (size_t layer = 0; layer < kLayers; ++layer)
    spec += static_cast<char>('0' + random() % 3);
  return spec;
}

void NasBenchMacro::enumerate(
    llvm::function_ref<bool(StringRef spec)> visit) const {
  for (int64_t number = 0; number < getSize(); ++number) {
    std::string spec(kLayers, '0');
    int64_t rest = number;
    for (size_t layer = kLayers; layer-- > 0; rest /= 3)
      spec[layer] = static_cast<char>('0' + rest % 3);
    if (!visit(spec))
      return;
  }
}
