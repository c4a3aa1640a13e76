//===- NodeStatistics.cpp - Per-node counts and network totals ------------===//

#include "predictor/features/NodeStatistics.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <cmath>

using namespace assay::predictor;

static double area(const FeatureNode &node) {
  return static_cast<double>(node.outSize) * node.outSize;
}

static double countWeights(const FeatureNode &node) {
  double in = node.inChannels, out = node.outChannels;
  switch (node.kind) {
  case NodeKind::Convolution: // with the scale and shift of its folded norm
    return node.kernel * node.kernel * in / node.groups * out + 2 * out;
  case NodeKind::Linear:
    return in * out + out;
  case NodeKind::Norm:
    return 2 * out;
  default:
    return 0;
  }
}

static double countMacs(const FeatureNode &node) {
  double in = node.inChannels, out = node.outChannels;
  switch (node.kind) {
  case NodeKind::Convolution:
    return node.kernel * node.kernel * in / node.groups * out * area(node);
  case NodeKind::Linear:
    return in * out * area(node);
  case NodeKind::MatMul:
    return out * area(node) * area(node);
  default:
    return 0;
  }
}

static int stageOf(const FeatureNode &node, int inputSize) {
  if (node.kind == NodeKind::GlobalPool || node.outSize == 1)
    return kNumStages - 1;
  long level = std::lround(
      std::log2(static_cast<double>(inputSize) / std::max(1, node.outSize)));
  return std::clamp<long>(level, 0, kNumStages - 1);
}

NodeStatistics::NodeStatistics(const FeatureGraph &graph) {
  size_t size = graph.nodes.size();
  weights.resize(size);
  macs.resize(size);
  activations.resize(size);
  stage.resize(size);
  contraction.resize(size);
  for (const FeatureNode &node : graph.nodes)
    if (node.kind == NodeKind::Input)
      inputSize = node.outSize;

  for (auto [i, node] : llvm::enumerate(graph.nodes)) {
    weights[i] = countWeights(node);
    macs[i] = countMacs(node);
    activations[i] = node.outChannels * area(node);
    stage[i] = stageOf(node, inputSize);
    contraction[i] = classify(node);

    totalWeights += weights[i];
    totalMacs += macs[i];
    totalActivations += activations[i];
    traffic += activations[i] + weights[i];
    for (int input : node.inputs)
      traffic += activations[input];
    edges += node.inputs.size();
    if (node.kind == NodeKind::Relu || node.kind == NodeKind::SmoothActivation)
      reluUnits += activations[i];
    ++kindCount[static_cast<size_t>(node.kind)];
    if (contraction[i] == ContractionClass::None)
      continue;
    auto c = static_cast<size_t>(contraction[i]);
    classWeights[c] += weights[i];
    classMacs[c] += macs[i];
    ++classCount[c];
    ++numContractions;
  }
}
