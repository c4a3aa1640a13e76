//===- MeanField.cpp - Signals and gradients at initialisation ------------===//

#include "predictor/features/MeanField.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <cmath>

using namespace assay::predictor;
using Signal = MeanField::Signal;

static constexpr double kTiny = 1e-9;

/// Arc-cosine kernel of degree 1 over that of correlation 1.
static double arcCosine1(double c) {
  c = std::clamp(c, -1.0, 1.0);
  return (std::sqrt(std::max(0.0, 1 - c * c)) + c * (M_PI - std::acos(c))) /
         M_PI;
}

/// Arc-cosine kernel of degree 0: the correlation of derivatives.
static double arcCosine0(double c) {
  return (M_PI - std::acos(std::clamp(c, -1.0, 1.0))) / M_PI;
}

static double logSumExp(double a, double b) {
  if (a < b)
    std::swap(a, b);
  return a + std::log1p(std::exp(b - a));
}

/// Weight of input `position` in the sum that enters the node.
static double inputFactor(const FeatureGraph &graph, const FeatureNode &node,
                          size_t position) {
  switch (node.kind) {
  case NodeKind::Concat:
    return static_cast<double>(graph.nodes[node.inputs[position]].outChannels) /
           node.outChannels;
  case NodeKind::Multiply: // the second factor is a gate
    return position == 0 ? 1.0 : 0.0;
  case NodeKind::MatMul:
    return node.inputs.size() == 2 ? 0.5 : 1.0;
  default:
    return 1.0;
  }
}

static Signal sumOfInputs(const FeatureGraph &graph, const FeatureNode &node,
                          const std::vector<Signal> &signals,
                          llvm::SmallVectorImpl<double> &shares) {
  Signal sum = {0, 0, 0, 0, 0, 0, 0};
  bool anyFlow = false;
  for (size_t position = 0; position < node.inputs.size(); ++position) {
    const Signal &in = signals[node.inputs[position]];
    double factor = inputFactor(graph, node, position);
    shares.push_back(in.moment * factor);
    sum.moment += in.moment * factor;
    sum.covariance0 += in.covariance0 * factor;
    sum.covariance9 += in.covariance9 * factor;
    sum.tangent += in.tangent * factor;
    sum.tangent0 += in.tangent0 * factor;
    sum.tangent9 += in.tangent9 * factor;
    if (node.kind == NodeKind::Multiply && position > 0)
      continue;
    double scale = node.kind == NodeKind::Concat ? factor : 1.0;
    double flow = in.logSynflow + std::log(std::max(1e-12, scale));
    sum.logSynflow = anyFlow ? logSumExp(sum.logSynflow, flow) : flow;
    anyFlow = true;
  }
  for (double &share : shares)
    share = sum.moment > 0 ? share / sum.moment : 1.0 / shares.size();
  return sum;
}

static Signal scaled(Signal s, double factor) {
  s.moment *= factor;
  s.covariance0 *= factor;
  s.covariance9 *= factor;
  s.tangent *= factor;
  s.tangent0 *= factor;
  s.tangent9 *= factor;
  return s;
}

/// What a node does to the sum of its inputs.
static Signal propagate(const FeatureNode &node, const Signal &in) {
  double moment = std::max(kTiny, in.moment);
  double correlation0 = in.covariance0 / moment;
  double correlation9 = in.covariance9 / moment;
  Signal out = in;
  switch (node.kind) {
  case NodeKind::Convolution:
  case NodeKind::Linear: // He-initialised and normalised: moment 1
    out.moment = 1;
    out.covariance0 = correlation0;
    out.covariance9 = correlation9;
    out.tangent = 1 + in.tangent / moment;
    out.tangent0 = correlation0 + in.tangent0 / moment;
    out.tangent9 = correlation9 + in.tangent9 / moment;
    out.logSynflow +=
        0.5 * std::log(static_cast<double>(node.kernel) * node.kernel *
                       std::max(1, node.inChannels) / node.groups);
    return out;
  case NodeKind::Norm: {
    out = scaled(in, 1 / moment);
    out.moment = 1;
    return out;
  }
  case NodeKind::Relu:
  case NodeKind::SmoothActivation:
    out.moment = moment / 2;
    out.covariance0 = moment / 2 * arcCosine1(correlation0);
    out.covariance9 = moment / 2 * arcCosine1(correlation9);
    out.tangent = in.tangent / 2;
    out.tangent0 = in.tangent0 / 2 * arcCosine0(correlation0);
    out.tangent9 = in.tangent9 / 2 * arcCosine0(correlation9);
    return out;
  case NodeKind::AveragePool: {
    // Neighbours correlate at 0.4: the variance of their mean.
    double own = 1.0 / (node.kernel * node.kernel);
    return scaled(in, own + (1 - own) * 0.4);
  }
  case NodeKind::Multiply: // E[sigmoid^2], roughly
    return scaled(in, 0.3);
  default:
    return out;
  }
}

/// The factor between the gradient behind a node and behind its input.
static double gradientFactor(const FeatureGraph &graph, const FeatureNode &node,
                             size_t position, const Signal &input) {
  switch (node.kind) {
  case NodeKind::Convolution:
  case NodeKind::Linear:
    return 1 / std::max(kTiny, input.moment);
  case NodeKind::Relu:
  case NodeKind::SmoothActivation:
  case NodeKind::AveragePool:
    return 0.5;
  case NodeKind::Multiply:
    return position == 0 ? 0.3 : 0.05;
  case NodeKind::Concat:
    return inputFactor(graph, node, position);
  default:
    return 1;
  }
}

MeanField::MeanField(const FeatureGraph &graph)
    : shares(graph.nodes.size()), gradient(graph.nodes.size(), 0.0) {
  signals.reserve(graph.nodes.size());
  for (auto [i, node] : llvm::enumerate(graph.nodes)) {
    if (node.inputs.empty())
      signals.push_back(Signal());
    else
      signals.push_back(
          propagate(node, sumOfInputs(graph, node, signals, shares[i])));
  }
  gradient.back() = 1;
  for (int i = graph.nodes.size() - 1; i >= 0; --i) {
    const FeatureNode &node = graph.nodes[i];
    for (auto [position, input] : llvm::enumerate(node.inputs))
      gradient[input] +=
          gradient[i] * gradientFactor(graph, node, position, signals[input]);
  }
}
