//===- Features.h - The feature vector of a network -------------*- C++ -*-===//
//
// 342 numbers: 192 global ones (totals, shares of operators, sums along paths,
// mean field) and 150 profiles (by resolution stage and by depth). Each has a
// name, a formula and a source; `featureCatalog` lists them and
// docs/features.md shows the list.
//
//===----------------------------------------------------------------------===//

#ifndef ASSAY_PREDICTOR_FEATURES_FEATURES_H
#define ASSAY_PREDICTOR_FEATURES_FEATURES_H

#include "predictor/features/FeatureGraph.h"
#include <string>

namespace assay::predictor {

inline constexpr unsigned kNumGlobalFeatures = 192;
inline constexpr unsigned kNumProfileFeatures = 150;
inline constexpr unsigned kNumFeatures =
    kNumGlobalFeatures + kNumProfileFeatures;

struct FeatureInfo {
  std::string name;
  std::string formula;
  std::string source; ///< The paper or the field's standard practice.
};

/// The names and formulas, in the order of computeFeatures.
const std::vector<FeatureInfo> &featureCatalog();

/// Features of a pruned graph whose last node is the Output. Values that would
/// not be finite are 0.
std::vector<float> computeFeatures(const FeatureGraph &graph);

/// Positions of the two baselines in the feature vector: ln(1 + weights) and
/// ln(1 + multiply-accumulates).
inline constexpr unsigned kLogParamsFeature = 0;
inline constexpr unsigned kLogMacsFeature = 1;

} // namespace assay::predictor

#endif // ASSAY_PREDICTOR_FEATURES_FEATURES_H
