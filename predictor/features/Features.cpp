//===- Features.cpp - The feature vector of a network ---------------------===//

#include "predictor/features/Features.h"
#include "predictor/features/FeatureSink.h"
#include <cmath>

using namespace assay::predictor;

const std::array<const char *, kNumContractionClasses>
    assay::predictor::kContractionClassNames = {"k1",   "k3",    "k5p", "dw3",
                                                "dw5p", "token", "attn"};

void FeatureSink::add(double value, const llvm::Twine &name,
                      const llvm::Twine &formula, const char *source) {
  values.push_back(std::isfinite(value) ? static_cast<float>(value) : 0.0f);
  if (catalog)
    catalog->push_back({name.str(), formula.str(), source});
}

static std::vector<float> compute(const FeatureGraph &graph,
                                  std::vector<FeatureInfo> *catalog) {
  FeatureInputs inputs(graph);
  FeatureSink sink(catalog);
  addTotals(inputs, sink);
  addOperatorShares(inputs, sink);
  addPathFeatures(inputs, sink);
  addMeanFieldFeatures(inputs, sink);
  addStageProfile(inputs, sink);
  addDepthProfile(inputs, sink);
  return sink.take();
}

std::vector<float>
assay::predictor::computeFeatures(const FeatureGraph &graph) {
  return compute(graph, nullptr);
}

const std::vector<FeatureInfo> &assay::predictor::featureCatalog() {
  static const std::vector<FeatureInfo> catalog = [] {
    FeatureGraph identity;
    identity.nodes.resize(2);
    identity.nodes[0].kind = NodeKind::Input;
    identity.nodes[1].kind = NodeKind::Output;
    identity.nodes[1].inputs.push_back(0);
    std::vector<FeatureInfo> infos;
    compute(identity, &infos);
    return infos;
  }();
  return catalog;
}
