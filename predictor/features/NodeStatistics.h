//===- NodeStatistics.h - Per-node counts and network totals ----*- C++ -*-===//

#ifndef ASSAY_PREDICTOR_FEATURES_NODESTATISTICS_H
#define ASSAY_PREDICTOR_FEATURES_NODESTATISTICS_H

#include "predictor/features/FeatureGraph.h"
#include <array>

namespace assay::predictor {

/// Resolution stages: stage s has side R0 / 2^s, R0 the input's; the last one
/// also holds everything after the global pool.
inline constexpr int kNumStages = 6;

/// Counts by node and summed over the network.
struct NodeStatistics {
  std::vector<double> weights;     ///< Weights, biases and folded norms.
  std::vector<double> macs;        ///< Multiply-accumulates.
  std::vector<double> activations; ///< Elements of the output.
  std::vector<int> stage;
  std::vector<ContractionClass> contraction;

  double totalWeights = 0, totalMacs = 0, totalActivations = 0;
  double traffic = 0;   ///< Elements read and written, weights included.
  double reluUnits = 0; ///< Elements that pass a nonlinearity.
  double edges = 0;
  int inputSize = 32;
  int numContractions = 0;
  std::array<double, kNumContractionClasses> classWeights{}, classMacs{};
  std::array<int, kNumContractionClasses> classCount{};
  std::array<int, kNumNodeKinds> kindCount{};

  explicit NodeStatistics(const FeatureGraph &graph);
};

} // namespace assay::predictor

#endif // ASSAY_PREDICTOR_FEATURES_NODESTATISTICS_H
