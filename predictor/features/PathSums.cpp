//===- PathSums.cpp - Sums along all input-output paths -------------------===//

#include "predictor/features/PathSums.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <cmath>

using namespace assay::predictor;
using Vector = PathSums::Vector;

const std::array<const char *, kNumPathQuantities>
    assay::predictor::kPathQuantityNames = {
        "w",    "k1",   "k3",   "k5p", "dw3", "dw5p", "act",
        "maxp", "avgp", "lfan", "rf",  "add", "gate"};

/// What one node adds to every path through it.
static Vector contribution(const FeatureNode &node, int inputSize) {
  Vector own{};
  ContractionClass contraction = classify(node);
  if (contraction != ContractionClass::None) {
    own[PathWeights] = 1;
    if (contraction <= ContractionClass::Depthwise5Plus)
      own[PathPointwise + static_cast<unsigned>(contraction)] = 1;
    if (contraction == ContractionClass::TokenLinear)
      own[PathPointwise] = 1;
    own[PathLogFanIn] =
        0.5 * std::log(static_cast<double>(node.kernel) * node.kernel *
                       std::max(1, node.inChannels) / node.groups);
  }
  bool window = node.kind == NodeKind::Convolution ||
                node.kind == NodeKind::MaxPool ||
                node.kind == NodeKind::AveragePool;
  if (window && node.kernel > 1) {
    double jump = static_cast<double>(inputSize) / std::max(1, node.inSize);
    own[PathReceptiveField] =
        (node.kernel - 1) * node.dilation * jump / inputSize;
  }
  switch (node.kind) {
  case NodeKind::Relu:
  case NodeKind::SmoothActivation:
    own[PathActivations] = 1;
    break;
  case NodeKind::MaxPool:
    own[PathMaxPools] = 1;
    break;
  case NodeKind::AveragePool:
    own[PathAveragePools] = 1;
    break;
  case NodeKind::Add:
    own[PathAdds] = 1;
    break;
  case NodeKind::Multiply:
  case NodeKind::Sigmoid:
    own[PathGates] = 1;
    break;
  default:
    break;
  }
  return own;
}

PathSums::PathSums(const FeatureGraph &graph, const MeanField &field,
                   int inputSize) {
  size_t size = graph.nodes.size();
  logPaths.assign(size, 0.0);
  maximum.assign(size, Vector{});
  minimum.assign(size, Vector{});
  uniform.assign(size, Vector{});
  signal.assign(size, Vector{});
  signalSquare.assign(size, 0.0);
  uniformSquare.assign(size, 0.0);

  for (auto [i, node] : llvm::enumerate(graph.nodes)) {
    if (node.inputs.empty())
      continue;
    double most = 0, total = 0;
    for (int input : node.inputs)
      most = std::max(most, logPaths[input]);
    for (int input : node.inputs)
      total += std::exp(logPaths[input] - most);
    logPaths[i] = most + std::log(total);

    Vector own = contribution(node, inputSize);
    double step = own[PathWeights];
    maximum[i].fill(-1e18);
    minimum[i].fill(1e18);
    for (auto [position, input] : llvm::enumerate(node.inputs)) {
      double share = field.shares[i][position];
      double odds = std::exp(logPaths[input] - logPaths[i]);
      for (unsigned q = 0; q < kNumPathQuantities; ++q) {
        maximum[i][q] = std::max(maximum[i][q], maximum[input][q]);
        minimum[i][q] = std::min(minimum[i][q], minimum[input][q]);
        uniform[i][q] += odds * uniform[input][q];
        signal[i][q] += share * signal[input][q];
      }
      signalSquare[i] += share * (signalSquare[input] +
                                  2 * step * signal[input][PathWeights] + step);
      uniformSquare[i] +=
          odds * (uniformSquare[input] +
                  2 * step * uniform[input][PathWeights] + step);
    }
    for (unsigned q = 0; q < kNumPathQuantities; ++q) {
      maximum[i][q] += own[q];
      minimum[i][q] += own[q];
      uniform[i][q] += own[q];
      signal[i][q] += own[q];
    }
  }
}
