//===- GlobalFeatures.cpp - Totals, shares, paths, mean field -------------===//

#include "predictor/features/FeatureSink.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <cmath>

using namespace assay::predictor;

static constexpr const char *kCounting = "counting";
static constexpr const char *kGraf = "Kadlecova et al. 2024 (GRAF)";
static constexpr const char *kZen = "Lin et al. 2021 (Zen-NAS)";
static constexpr const char *kNngp = "Cho and Saul 2009; Poole et al. 2016";
static constexpr const char *kNtk = "Jacot et al. 2018";
static constexpr const char *kSynflow = "Tanaka et al. 2020";

static double safeLog(double x) { return std::log(std::max(1e-9, x)); }

namespace {
/// Averages of widths over contractions.
struct WidthStatistics {
  double macsLogWidth = 0, weightsLogWidth = 0;
  double widest = 0, narrowest = 1e9;
  double zen = 0;
  double expansion = 0;
  int expansions = 0;
};
} // namespace

static WidthStatistics measureWidths(const FeatureInputs &in) {
  WidthStatistics w;
  for (auto [i, node] : llvm::enumerate(in.graph.nodes)) {
    if (in.statistics.contraction[i] == ContractionClass::None)
      continue;
    double width = node.outChannels;
    w.macsLogWidth += in.statistics.macs[i] * std::log(width);
    w.weightsLogWidth += in.statistics.weights[i] * std::log(width);
    w.zen += std::log(static_cast<double>(node.kernel) * node.kernel *
                      std::max(1, node.inChannels) / node.groups);
    if (node.kind == NodeKind::Convolution) {
      w.widest = std::max(w.widest, width);
      w.narrowest = std::min(w.narrowest, width);
    }
    if (node.outChannels > node.inChannels) {
      w.expansion += std::log(width / std::max(1, node.inChannels));
      ++w.expansions;
    }
  }
  return w;
}

/// The last global pool: what the classifier sees.
static const FeatureNode *lastGlobalPool(const FeatureGraph &graph) {
  const FeatureNode *last = nullptr;
  for (const FeatureNode &node : graph.nodes)
    if (node.kind == NodeKind::GlobalPool && !node.inputs.empty())
      last = &node;
  return last;
}

/// Mean over Add nodes of the signal share that arrives without having passed
/// a contraction since the last fork.
static double skipSignalShare(const FeatureInputs &in) {
  const std::vector<FeatureNode> &nodes = in.graph.nodes;
  std::vector<int> uses(nodes.size(), 0);
  for (const FeatureNode &node : nodes)
    for (int input : node.inputs)
      ++uses[input];
  double sum = 0;
  int adds = 0;
  for (auto [i, node] : llvm::enumerate(nodes)) {
    if (node.kind != NodeKind::Add)
      continue;
    ++adds;
    for (auto [position, input] : llvm::enumerate(node.inputs)) {
      NodeKind kind = nodes[input].kind;
      bool skips = kind == NodeKind::Add || kind == NodeKind::Concat ||
                   kind == NodeKind::Input || kind == NodeKind::Relu ||
                   kind == NodeKind::SmoothActivation ||
                   kind == NodeKind::MaxPool || kind == NodeKind::AveragePool ||
                   (uses[input] > 1 && kind != NodeKind::Convolution);
      if (skips)
        sum += in.field.shares[i][position];
    }
  }
  return ratio(sum, adds);
}

void assay::predictor::addTotals(const FeatureInputs &in, FeatureSink &sink) {
  const NodeStatistics &s = in.statistics;
  const PathSums &p = in.paths;
  int out = in.graph.nodes.size() - 1;
  double contractions = std::max(1, s.numContractions);
  double logWeights = std::log1p(s.totalWeights);
  double logMacs = std::log1p(s.totalMacs);
  WidthStatistics w = measureWidths(in);
  double meanLogWidth = ratio(w.macsLogWidth, s.totalMacs);

  sink.add(logWeights, "log_params", "ln(1 + weights)", kCounting);
  sink.add(logMacs, "log_flops", "ln(1 + multiply-accumulates)", kCounting);
  sink.add(std::log1p(s.totalActivations), "log_act", "ln(1 + output elements)",
           kCounting);
  sink.add(std::log1p(s.traffic), "log_mem",
           "ln(1 + elements read and written)", kCounting);
  sink.add(std::log1p(s.reluUnits), "log_relu_units",
           "ln(1 + elements through nonlinearities)", kCounting);
  sink.add(s.numContractions, "n_w", "contractions", kCounting);
  sink.add(std::log1p(s.numContractions), "log_n_w", "ln(1 + contractions)",
           kCounting);
  sink.add(in.graph.nodes.size(), "n_nodes", "nodes", kCounting);
  sink.add(logMacs - logWeights, "log_fl_per_p", "log_flops - log_params",
           kCounting);
  sink.add(logMacs - std::log1p(s.totalActivations), "log_fl_per_act",
           "log_flops - log_act", kCounting);
  sink.add(logMacs - std::log1p(s.traffic), "log_fl_per_mem",
           "log_flops - log_mem", "Williams et al. 2009 (roofline)");
  sink.add(p.logPaths[out], "log_paths", "ln(input-output paths)", kGraf);
  sink.add(p.logPaths[out] / contractions, "paths_per_w",
           "log_paths / contractions", kGraf);
  sink.add(meanLogWidth, "w_logc_flops", "mean of ln(channels), by MACs",
           kCounting);
  sink.add(ratio(w.weightsLogWidth, s.totalWeights), "w_logc_params",
           "mean of ln(channels), by weights", kCounting);
  sink.add(std::log1p(w.widest), "max_c", "ln(1 + widest convolution)",
           kCounting);
  sink.add(w.narrowest < 1e9 ? std::log1p(w.narrowest) : 0, "min_c",
           "ln(1 + narrowest convolution)", kCounting);
  sink.add(p.maximum[out][PathWeights] / std::exp(meanLogWidth),
           "depth_over_width", "longest path / exp(w_logc_flops)",
           "Roberts et al. 2022 (effective theory)");
  sink.add(0.5 * w.zen, "zen_sum", "sum of ln(fan-in) / 2", kZen);
  sink.add(0.5 * w.zen / contractions, "zen_per_layer",
           "zen_sum / contractions", kZen);
  sink.add(ratio(w.expansion, w.expansions), "exp_ratio",
           "mean of ln(out / in channels) where channels grow", kCounting);

  const FeatureNode *pool = lastGlobalPool(in.graph);
  double channels = pool ? pool->inChannels : 0, side = pool ? pool->inSize : 0;
  sink.add(std::log1p(channels), "last_c", "ln(1 + channels at global pool)",
           kCounting);
  sink.add(std::log1p(side), "last_h", "ln(1 + side at global pool)",
           kCounting);
  sink.add(std::log1p(channels * side * side), "last_vol",
           "ln(1 + elements at global pool)", kCounting);
  sink.add(std::log(static_cast<double>(s.inputSize)), "in_res",
           "ln(input side)", kCounting);
  sink.add(in.graph.numNodesBeforePruning
               ? 1.0 - static_cast<double>(in.graph.nodes.size()) /
                           in.graph.numNodesBeforePruning
               : 0,
           "dead_frac", "share of nodes pruned as dead", kCounting);
}

void assay::predictor::addOperatorShares(const FeatureInputs &in,
                                         FeatureSink &sink) {
  const NodeStatistics &s = in.statistics;
  double contractions = std::max(1, s.numContractions);
  auto count = [&](NodeKind kind) -> double {
    return s.kindCount[static_cast<size_t>(kind)];
  };
  double adds = count(NodeKind::Add), concats = count(NodeKind::Concat);
  double gates = count(NodeKind::Multiply), maxPools = count(NodeKind::MaxPool);
  double averagePools = count(NodeKind::AveragePool);
  double smooth = count(NodeKind::SmoothActivation);
  double activations = count(NodeKind::Relu) + smooth;

  sink.add(s.edges / in.graph.nodes.size(), "edge_per_node", "edges / nodes",
           kGraf);
  auto perContraction = [&](double n, const char *name) {
    sink.add(n / contractions, llvm::Twine(name) + "_per_w",
             llvm::Twine(name) + " nodes / contractions", kGraf);
  };
  perContraction(adds, "add");
  perContraction(concats, "cat");
  perContraction(gates, "gate");
  perContraction(activations, "act");
  perContraction(maxPools, "maxp");
  perContraction(averagePools, "avgp");
  auto logCount = [&](double n, const char *name) {
    sink.add(std::log1p(n), llvm::Twine("n_") + name,
             llvm::Twine("ln(1 + ") + name + " nodes)", kGraf);
  };
  logCount(adds, "add");
  logCount(concats, "cat");
  logCount(maxPools, "maxp");
  logCount(averagePools, "avgp");
  logCount(activations, "act");
  logCount(gates, "gate");
  sink.add(smooth / std::max(1.0, activations), "smooth_act_frac",
           "smooth activations / activations", kCounting);
  sink.add(skipSignalShare(in), "skip_sig_share",
           "mean share of an Add's signal that skipped contractions",
           "Veit et al. 2016");

  for (unsigned c = 0; c < kNumContractionClasses; ++c) {
    const char *name = kContractionClassNames[c];
    sink.add(s.classMacs[c] / std::max(1.0, s.totalMacs),
             llvm::Twine("ff_") + name, llvm::Twine(name) + " MACs / MACs",
             kCounting);
    sink.add(s.classWeights[c] / std::max(1.0, s.totalWeights),
             llvm::Twine("pf_") + name,
             llvm::Twine(name) + " weights / weights", kCounting);
    sink.add(s.classCount[c] / contractions, llvm::Twine("nf_") + name,
             llvm::Twine(name) + " nodes / contractions", kGraf);
    sink.add(std::log1p(s.classCount[c]), llvm::Twine("ln_") + name,
             llvm::Twine("ln(1 + ") + name + " nodes)", kGraf);
    sink.add(std::log1p(s.classMacs[c]), llvm::Twine("lf_") + name,
             llvm::Twine("ln(1 + ") + name + " MACs)", kCounting);
  }
  double spatialMacs = 0, spatialCount = 0;
  for (ContractionClass c :
       {ContractionClass::Kernel3, ContractionClass::Kernel5Plus,
        ContractionClass::Depthwise3, ContractionClass::Depthwise5Plus}) {
    spatialMacs += s.classMacs[static_cast<size_t>(c)];
    spatialCount += s.classCount[static_cast<size_t>(c)];
  }
  sink.add(spatialMacs / std::max(1.0, s.totalMacs), "spatial_flops_frac",
           "MACs of kernels above 1x1 / MACs", kCounting);
  sink.add(std::log1p(spatialMacs), "log_spatial_flops",
           "ln(1 + MACs of kernels above 1x1)", kCounting);
  sink.add(std::log1p(spatialCount), "n_spatial",
           "ln(1 + convolutions above 1x1)", kCounting);
}

void assay::predictor::addPathFeatures(const FeatureInputs &in,
                                       FeatureSink &sink) {
  int out = in.graph.nodes.size() - 1;
  const PathSums::Vector &most = in.paths.maximum[out];
  const PathSums::Vector &least = in.paths.minimum[out];
  const PathSums::Vector &uniform = in.paths.uniform[out];
  const PathSums::Vector &signal = in.paths.signal[out];
  for (unsigned q = 0; q < kNumPathQuantities; ++q) {
    const char *name = kPathQuantityNames[q];
    auto add = [&](double value, const char *prefix, const char *formula) {
      sink.add(value, llvm::Twine(prefix) + name,
               llvm::Twine(formula) + " of " + name + " along paths", kGraf);
    };
    add(most[q], "mx_", "maximum");
    add(least[q], "mn_", "minimum");
    add(uniform[q], "um_", "mean over equally likely paths");
    add(signal[q], "sm_", "mean weighted by signal share");
    add(most[q] - least[q], "rg_", "maximum - minimum");
    add(most[q] > 0 ? least[q] / most[q] : 0, "mmr_", "minimum / maximum");
    add(most[q] > 0 ? signal[q] / most[q] : 0, "smr_", "signal mean / maximum");
  }
  auto addLog = [&](double value, const char *name, const char *of) {
    sink.add(std::log1p(value), llvm::Twine("log_") + name,
             llvm::Twine("ln(1 + ") + of + ")", kGraf);
  };
  addLog(most[PathWeights], "mx_w", "mx_w");
  addLog(signal[PathWeights], "sm_w", "sm_w");
  addLog(uniform[PathWeights], "um_w", "um_w");
  addLog(most[PathReceptiveField], "mx_rf", "mx_rf");
  addLog(signal[PathReceptiveField], "sm_rf", "sm_rf");
  auto deviation = [](double square, double mean) {
    return std::sqrt(std::max(0.0, square - mean * mean));
  };
  sink.add(deviation(in.paths.signalSquare[out], signal[PathWeights]),
           "sm_std_w", "standard deviation behind sm_w", kGraf);
  sink.add(deviation(in.paths.uniformSquare[out], uniform[PathWeights]),
           "um_std_w", "standard deviation behind um_w", kGraf);
  double spatial = signal[PathKernel3] + signal[PathKernel5Plus] +
                   signal[PathDepthwise3] + signal[PathDepthwise5Plus];
  sink.add(spatial, "sm_spatial", "sm_k3 + sm_k5p + sm_dw3 + sm_dw5p", kGraf);
  addLog(spatial, "sm_spatial", "sm_spatial");
}

void assay::predictor::addMeanFieldFeatures(const FeatureInputs &in,
                                            FeatureSink &sink) {
  int out = in.graph.nodes.size() - 1;
  const MeanField::Signal &end = in.field.signals[out];
  double moment = std::max(1e-9, end.moment);
  double tangent = std::max(1e-9, end.tangent);
  sink.add(end.moment > 0 ? end.covariance0 / end.moment : 0, "nngp_c0",
           "output correlation of uncorrelated inputs", kNngp);
  sink.add(safeLog(1 - end.covariance0 / moment + 1e-6), "nngp_l0",
           "ln(1 - nngp_c0)", kNngp);
  sink.add(end.covariance9 / moment, "nngp_c9",
           "output correlation of inputs of correlation 0.9", kNngp);
  sink.add(std::log1p(end.tangent), "ntk_logd", "ln(1 + NTK diagonal)", kNtk);
  sink.add(end.tangent0 / tangent, "ntk_ratio0",
           "NTK of uncorrelated inputs / diagonal", kNtk);
  sink.add(end.tangent9 / tangent, "ntk_ratio9",
           "NTK of inputs of correlation 0.9 / diagonal", kNtk);
  sink.add(end.logSynflow, "logsynflow",
           "ln of the sum over paths of weight scales", kSynflow);
  sink.add(end.logSynflow - in.paths.maximum[out][PathLogFanIn],
           "synflow_excess", "logsynflow - mx_lfan", kSynflow);

  double first = 0, sum = 0, squares = 0, weighted = 0;
  int count = 0;
  for (size_t i = 0; i < in.graph.nodes.size(); ++i) {
    ContractionClass c = in.statistics.contraction[i];
    if (c == ContractionClass::None || c == ContractionClass::Attention)
      continue;
    double g = std::log(std::max(1e-12, in.field.gradient[i]));
    if (count++ == 0)
      first = g;
    sum += g;
    squares += g * g;
    weighted += in.field.gradient[i] *
                std::sqrt(std::max(1.0, in.statistics.weights[i]));
  }
  double mean = ratio(sum, count);
  double variance = count ? squares / count - mean * mean : 0;
  static constexpr const char *kGradients = "Schoenholz et al. 2017";
  sink.add(first, "grad_first", "ln E[gradient^2] at the first contraction",
           kGradients);
  sink.add(mean, "grad_mean", "mean of ln E[gradient^2] over contractions",
           kGradients);
  sink.add(std::sqrt(std::max(0.0, variance)), "grad_std",
           "standard deviation of ln E[gradient^2]", kGradients);
  sink.add(safeLog(weighted), "grad_logsum",
           "ln of the sum of E[gradient^2] sqrt(weights)",
           "Abdelfattah et al. 2021 (grad-norm)");
  const FeatureNode &last = in.graph.nodes[out];
  double beforeHead = 0;
  if (out >= 2 && !last.inputs.empty())
    beforeHead = safeLog(in.field.signals[last.inputs[0]].moment);
  sink.add(beforeHead, "q_pre_head", "ln E[x^2] before the output", kNngp);
}
