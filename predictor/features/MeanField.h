//===- MeanField.h - Signals and gradients at initialisation ----*- C++ -*-===//
//
// Propagates, through a network of infinite width with He initialisation, the
// second moment of a signal, the correlation of two inputs (NNGP) and the
// neural tangent kernel, then the second moment of gradients backwards.
//
// Sources: Cho and Saul 2009 (arc-cosine kernels); Poole et al. 2016 and
// Schoenholz et al. 2017 (mean field); Jacot et al. 2018 (NTK); Tanaka et al.
// 2020 (synaptic flow).
//
//===----------------------------------------------------------------------===//

#ifndef ASSAY_PREDICTOR_FEATURES_MEANFIELD_H
#define ASSAY_PREDICTOR_FEATURES_MEANFIELD_H

#include "predictor/features/FeatureGraph.h"

namespace assay::predictor {

struct MeanField {
  /// State of the signal behind a node.
  struct Signal {
    double moment = 1;        ///< E[x^2].
    double covariance0 = 0;   ///< E[x x'], inputs uncorrelated.
    double covariance9 = 0.9; ///< E[x x'], inputs of correlation 0.9.
    double tangent = 0;       ///< NTK, diagonal.
    double tangent0 = 0;      ///< NTK of uncorrelated inputs.
    double tangent9 = 0;      ///< NTK of inputs of correlation 0.9.
    double logSynflow = 0;    ///< ln of the sum over paths of weight scales.
  };
  std::vector<Signal> signals;
  /// By node and input: the share of the node's moment that comes through it.
  std::vector<llvm::SmallVector<double, 2>> shares;
  /// E[(dL/dx)^2] behind each node, 1 at the output.
  std::vector<double> gradient;

  explicit MeanField(const FeatureGraph &graph);
};

} // namespace assay::predictor

#endif // ASSAY_PREDICTOR_FEATURES_MEANFIELD_H
