//===- Simplify.h - Simplification without weight values --------*- C++ -*-===//

#ifndef ASSAY_PREDICTOR_GRAPH_SIMPLIFY_H
#define ASSAY_PREDICTOR_GRAPH_SIMPLIFY_H

#include "predictor/graph/Graph.h"

namespace assay::predictor {

/// Removes each BatchNormalization that follows a Conv or ConvTranspose with no
/// other user, giving the convolution a bias if it has none: what folding the
/// weights leaves of the graph. Identity and inference-time Dropout go too.
void simplify(Graph &graph);

} // namespace assay::predictor

#endif // ASSAY_PREDICTOR_GRAPH_SIMPLIFY_H
