//===- ProfileFeatures.cpp - Profiles by resolution and by depth ----------===//

#include "predictor/features/FeatureSink.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <cmath>

using namespace assay::predictor;

static constexpr const char *kProfile =
    "Radosavovic et al. 2020 (design spaces)";

namespace {
/// Sums over the contractions of one stage or one depth bin.
struct Bin {
  double macs = 0, weights = 0, count = 0;
  double kernels = 0, spatial = 0; ///< Sum of kernel sides > 1, and how many.
  double logWidth = 0, expansion = 0;
  double gates = 0, adds = 0;
  std::array<double, kNumContractionClasses> classMacs{};

  void addContraction(const FeatureNode &node, const NodeStatistics &s,
                      size_t i) {
    macs += s.macs[i];
    weights += s.weights[i];
    count += 1;
    if (node.kernel > 1) {
      kernels += node.kernel;
      spatial += 1;
    }
    double width = node.outChannels;
    logWidth += std::log(width);
    if (node.outChannels > node.inChannels)
      expansion += std::log(width / std::max(1, node.inChannels));
    classMacs[static_cast<size_t>(s.contraction[i])] += s.macs[i];
  }
};
} // namespace

void assay::predictor::addStageProfile(const FeatureInputs &in,
                                       FeatureSink &sink) {
  const NodeStatistics &s = in.statistics;
  std::array<Bin, kNumStages> stages;
  for (auto [i, node] : llvm::enumerate(in.graph.nodes)) {
    Bin &stage = stages[s.stage[i]];
    if (s.contraction[i] != ContractionClass::None)
      stage.addContraction(node, s, i);
    stage.gates += node.kind == NodeKind::Multiply;
    stage.adds += node.kind == NodeKind::Add;
  }
  double contractions = std::max(1, s.numContractions);
  for (auto [index, stage] : llvm::enumerate(stages)) {
    auto add = [&, index = index](double value, const llvm::Twine &name,
                                  const llvm::Twine &formula) {
      sink.add(value, "r" + llvm::Twine(index) + "_" + name,
               formula + " at side input / " + llvm::Twine(1u << index),
               kProfile);
    };
    add(stage.macs / std::max(1.0, s.totalMacs), "ff", "share of MACs");
    add(stage.weights / std::max(1.0, s.totalWeights), "pf",
        "share of weights");
    add(stage.count / contractions, "nf", "share of contractions");
    add(std::log1p(stage.macs), "lf", "ln(1 + MACs)");
    add(std::log1p(stage.weights), "lp", "ln(1 + weights)");
    add(std::log1p(stage.count), "n", "ln(1 + contractions)");
    add(ratio(stage.kernels, stage.spatial), "mk", "mean kernel above 1x1");
    add(stage.spatial, "ns", "convolutions above 1x1");
    add(ratio(stage.logWidth, stage.count), "mc", "mean ln(channels)");
    add(stage.expansion, "ex", "sum of ln(out / in channels)");
    add(stage.gates, "gt", "gates");
    add(stage.adds, "ad", "additions");
    for (unsigned c = 0; c <= unsigned(ContractionClass::Depthwise5Plus); ++c)
      add(stage.classMacs[c] / std::max(1.0, stage.macs),
          llvm::Twine("kf_") + kContractionClassNames[c],
          llvm::Twine(kContractionClassNames[c]) + " share of MACs");
  }
}

void assay::predictor::addDepthProfile(const FeatureInputs &in,
                                       FeatureSink &sink) {
  constexpr int kNumBins = 8;
  const NodeStatistics &s = in.statistics;
  double depth =
      std::max(1.0, in.paths.maximum[in.graph.nodes.size() - 1][PathWeights]);
  std::array<Bin, kNumBins> bins;
  for (auto [i, node] : llvm::enumerate(in.graph.nodes)) {
    if (s.contraction[i] == ContractionClass::None)
      continue;
    double position = (in.paths.maximum[i][PathWeights] - 1) / depth;
    int bin =
        std::clamp(static_cast<int>(kNumBins * position), 0, kNumBins - 1);
    bins[bin].addContraction(node, s, i);
  }
  double contractions = std::max(1, s.numContractions);
  for (auto [index, bin] : llvm::enumerate(bins)) {
    auto add = [&, index = index](double value, const char *name,
                                  const char *formula) {
      sink.add(value, "b" + llvm::Twine(index) + "_" + name,
               llvm::Twine(formula) + " in eighth " + llvm::Twine(index + 1) +
                   " of the depth",
               kProfile);
    };
    add(bin.macs / std::max(1.0, s.totalMacs), "ff", "share of MACs");
    add(bin.weights / std::max(1.0, s.totalWeights), "pf", "share of weights");
    add(std::log1p(bin.macs), "lf", "ln(1 + MACs)");
    add(ratio(bin.kernels, bin.spatial), "mk", "mean kernel above 1x1");
    add(ratio(bin.logWidth, bin.count), "mc", "mean ln(channels)");
    add(bin.count / contractions, "nf", "share of contractions");
  }
}
