//===- Convolutional.cpp - ResNet, MobileNet, EfficientNet ----------------===//

#include "test/networks/Networks.h"

using namespace mlir;
using namespace assay::networks;
using namespace assay::onnx;

static constexpr int64_t kClasses = 1000;

//===----------------------------------------------------------------------===//
// ResNet-50
//===----------------------------------------------------------------------===//

static Value bottleneck(GraphBuilder &b, Value x, int64_t width, int64_t stride,
                        bool project) {
  Value main = b.relu(b.batchNorm(b.conv(x, width, 1)));
  main = b.relu(b.batchNorm(b.conv(main, width, 3, stride)));
  main = b.batchNorm(b.conv(main, 4 * width, 1));
  Value shortcut = project ? b.batchNorm(b.conv(x, 4 * width, 1, stride)) : x;
  return b.relu(b.add(main, shortcut));
}

Outputs assay::networks::buildResNet50(GraphBuilder &b, int64_t size) {
  Value x = b.input("input", {1, 3, size, size});
  b.setScope("stem");
  x = b.relu(b.batchNorm(b.conv(x, 64, 7, 2)));
  x = b.maxPool(x, /*kernel=*/3, /*stride=*/2, /*pad=*/1);
  static constexpr int64_t depths[] = {3, 4, 6, 3};
  for (auto [stage, depth] : llvm::enumerate(depths))
    for (int64_t block = 0; block < depth; ++block) {
      b.setScope("layer" + Twine(stage + 1) + "." + Twine(block));
      int64_t stride = block == 0 && stage > 0 ? 2 : 1;
      x = bottleneck(b, x, int64_t(64) << stage, stride, block == 0);
    }
  b.setScope("head");
  return {{"logits", b.gemm(b.globalPool(x), kClasses)}};
}

//===----------------------------------------------------------------------===//
// MobileNetV2
//===----------------------------------------------------------------------===//

static Value relu6(GraphBuilder &b, Value x) {
  return b.op("Clip", {x, b.scalar(0), b.scalar(6)});
}

static Value invertedResidual(GraphBuilder &b, Value x, int64_t expansion,
                              int64_t channels, int64_t stride) {
  int64_t inChannels = GraphBuilder::dim(x, 1);
  int64_t hidden = inChannels * expansion;
  Value y = x;
  if (expansion != 1)
    y = relu6(b, b.batchNorm(b.conv(y, hidden, 1)));
  y = relu6(b, b.batchNorm(b.conv(y, hidden, 3, stride, /*groups=*/hidden)));
  y = b.batchNorm(b.conv(y, channels, 1));
  return stride == 1 && inChannels == channels ? b.add(x, y) : y;
}

Outputs assay::networks::buildMobileNetV2(GraphBuilder &b, int64_t size) {
  struct Stage {
    int64_t expansion, channels, depth, stride;
  };
  static constexpr Stage stages[] = {
      {1, 16, 1, 1}, {6, 24, 2, 2},  {6, 32, 3, 2}, {6, 64, 4, 2},
      {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}};
  Value x = b.input("input", {1, 3, size, size});
  b.setScope("stem");
  x = relu6(b, b.batchNorm(b.conv(x, 32, 3, 2)));
  for (auto [index, stage] : llvm::enumerate(stages))
    for (int64_t block = 0; block < stage.depth; ++block) {
      b.setScope("stage" + Twine(index) + "." + Twine(block));
      x = invertedResidual(b, x, stage.expansion, stage.channels,
                           block == 0 ? stage.stride : 1);
    }
  b.setScope("head");
  x = relu6(b, b.batchNorm(b.conv(x, 1280, 1)));
  return {{"logits", b.gemm(b.globalPool(x), kClasses)}};
}

//===----------------------------------------------------------------------===//
// EfficientNet-B0
//===----------------------------------------------------------------------===//

static constexpr double kEpsilon = 1e-3;

static Value swish(GraphBuilder &b, Value x) {
  return b.mul(x, b.op("Sigmoid", {x}));
}

/// Scales each channel by a gate computed from the mean of all of them.
static Value squeezeExcite(GraphBuilder &b, Value x, int64_t squeezed) {
  int64_t channels = GraphBuilder::dim(x, 1);
  Value gate = b.op("GlobalAveragePool", {x});
  gate = swish(b, b.conv(gate, squeezed, 1, 1, 1, /*bias=*/true));
  gate = b.conv(gate, channels, 1, 1, 1, /*bias=*/true);
  return b.mul(x, b.op("Sigmoid", {gate}));
}

static Value mobileBlock(GraphBuilder &b, Value x, int64_t expansion,
                         int64_t channels, int64_t kernel, int64_t stride) {
  int64_t inChannels = GraphBuilder::dim(x, 1);
  int64_t hidden = inChannels * expansion;
  Value y = x;
  if (expansion != 1)
    y = swish(b, b.batchNorm(b.conv(y, hidden, 1), kEpsilon));
  y = b.conv(y, hidden, kernel, stride, /*groups=*/hidden);
  y = swish(b, b.batchNorm(y, kEpsilon));
  y = squeezeExcite(b, y, std::max<int64_t>(1, inChannels / 4));
  y = b.batchNorm(b.conv(y, channels, 1), kEpsilon);
  return stride == 1 && inChannels == channels ? b.add(x, y) : y;
}

Outputs assay::networks::buildEfficientNetB0(GraphBuilder &b, int64_t size) {
  struct Stage {
    int64_t expansion, channels, depth, kernel, stride;
  };
  static constexpr Stage stages[] = {
      {1, 16, 1, 3, 1},  {6, 24, 2, 3, 2},  {6, 40, 2, 5, 2}, {6, 80, 3, 3, 2},
      {6, 112, 3, 5, 1}, {6, 192, 4, 5, 2}, {6, 320, 1, 3, 1}};
  Value x = b.input("input", {1, 3, size, size});
  b.setScope("stem");
  x = swish(b, b.batchNorm(b.conv(x, 32, 3, 2), kEpsilon));
  for (auto [index, stage] : llvm::enumerate(stages))
    for (int64_t block = 0; block < stage.depth; ++block) {
      b.setScope("stage" + Twine(index) + "." + Twine(block));
      x = mobileBlock(b, x, stage.expansion, stage.channels, stage.kernel,
                      block == 0 ? stage.stride : 1);
    }
  b.setScope("head");
  x = swish(b, b.batchNorm(b.conv(x, 1280, 1), kEpsilon));
  return {{"logits", b.gemm(b.globalPool(x), kClasses)}};
}
