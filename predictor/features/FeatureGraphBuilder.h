//===- FeatureGraphBuilder.h - From the light view to features --*- C++ -*-===//

#ifndef ASSAY_PREDICTOR_FEATURES_FEATUREGRAPHBUILDER_H
#define ASSAY_PREDICTOR_FEATURES_FEATUREGRAPHBUILDER_H

#include "predictor/features/FeatureGraph.h"
#include "predictor/graph/Graph.h"

namespace assay::predictor {

/// The canonical operator graph of a network: normalisation behind a
/// contraction is folded, x * sigmoid(x) is one activation, operators that only
/// move or rescale data are bypassed, and what does not depend on the input is
/// gone. The result is pruned.
FeatureGraph buildFeatureGraph(const Graph &graph);

} // namespace assay::predictor

#endif // ASSAY_PREDICTOR_FEATURES_FEATUREGRAPHBUILDER_H
