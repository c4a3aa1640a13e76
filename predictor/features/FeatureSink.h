//===- FeatureSink.h - Collects values or describes them --------*- C++ -*-===//

#ifndef ASSAY_PREDICTOR_FEATURES_FEATURESINK_H
#define ASSAY_PREDICTOR_FEATURES_FEATURESINK_H

#include "predictor/features/Features.h"
#include "predictor/features/NodeStatistics.h"
#include "predictor/features/PathSums.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/Twine.h"

namespace assay::predictor {

/// Takes one value after the other. The same code that computes a feature
/// names it, so that values and catalog cannot drift apart.
class FeatureSink {
public:
  explicit FeatureSink(std::vector<FeatureInfo> *catalog) : catalog(catalog) {
    values.reserve(kNumFeatures);
  }

  /// Appends a feature. The strings are only built when a catalog is asked
  /// for.
  void add(double value, const llvm::Twine &name, const llvm::Twine &formula,
           const char *source);

  std::vector<float> take() { return std::move(values); }

private:
  std::vector<float> values;
  std::vector<FeatureInfo> *catalog;
};

/// Everything that features are computed from.
struct FeatureInputs {
  const FeatureGraph &graph;
  NodeStatistics statistics;
  MeanField field;
  PathSums paths;

  explicit FeatureInputs(const FeatureGraph &graph)
      : graph(graph), statistics(graph), field(graph),
        paths(graph, field, statistics.inputSize) {}
};

/// One function per group, in catalog order.
void addTotals(const FeatureInputs &inputs, FeatureSink &sink);
void addOperatorShares(const FeatureInputs &inputs, FeatureSink &sink);
void addPathFeatures(const FeatureInputs &inputs, FeatureSink &sink);
void addMeanFieldFeatures(const FeatureInputs &inputs, FeatureSink &sink);
void addStageProfile(const FeatureInputs &inputs, FeatureSink &sink);
void addDepthProfile(const FeatureInputs &inputs, FeatureSink &sink);

/// Short names of contraction classes, used in feature names.
extern const std::array<const char *, kNumContractionClasses>
    kContractionClassNames;

/// x / y, or 0 when y is 0.
inline double ratio(double x, double y) { return y != 0 ? x / y : 0; }

} // namespace assay::predictor

#endif // ASSAY_PREDICTOR_FEATURES_FEATURESINK_H
