//===- PathSums.h - Sums along all input-output paths -----------*- C++ -*-===//

#ifndef ASSAY_PREDICTOR_FEATURES_PATHSUMS_H
#define ASSAY_PREDICTOR_FEATURES_PATHSUMS_H

#include "predictor/features/MeanField.h"
#include <array>

namespace assay::predictor {

/// What is summed along a path.
enum PathQuantity : unsigned {
  PathWeights, ///< Contractions of any class.
  PathPointwise,
  PathKernel3,
  PathKernel5Plus,
  PathDepthwise3,
  PathDepthwise5Plus,
  PathActivations,
  PathMaxPools,
  PathAveragePools,
  PathLogFanIn,       ///< Half the logarithm of the fan-in of contractions.
  PathReceptiveField, ///< Growth of the receptive field over the input side.
  PathAdds,
  PathGates,
  kNumPathQuantities
};

/// Short names of the quantities, used in feature names.
extern const std::array<const char *, kNumPathQuantities> kPathQuantityNames;

/// Sums from the input up to each node, without enumerating paths.
struct PathSums {
  using Vector = std::array<double, kNumPathQuantities>;
  std::vector<double> logPaths; ///< ln of the number of paths.
  std::vector<Vector> maximum, minimum;
  std::vector<Vector> uniform; ///< Mean over paths, all equally likely.
  std::vector<Vector> signal;  ///< Mean, inputs weighted by their signal share.
  std::vector<double> signalSquare, uniformSquare; ///< E[PathWeights^2].

  PathSums(const FeatureGraph &graph, const MeanField &field, int inputSize);
};

} // namespace assay::predictor

#endif // ASSAY_PREDICTOR_FEATURES_PATHSUMS_H
