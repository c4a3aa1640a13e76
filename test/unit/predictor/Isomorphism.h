//===- Isomorphism.h - Whether two networks are the same --------*- C++ -*-===//
//
// Judges the lossless text and the canonical order from outside: nothing here
// uses them.
//
//===----------------------------------------------------------------------===//

#ifndef ASSAY_TEST_UNIT_PREDICTOR_ISOMORPHISM_H
#define ASSAY_TEST_UNIT_PREDICTOR_ISOMORPHISM_H

#include "predictor/graph/Graph.h"

namespace assay::predictor {

/// A directed graph whose isomorphisms are those of the network: a vertex for
/// each graph input, shared weight, node and for the outputs as a whole; where
/// a node reads several of them, a vertex for each port, labelled by its
/// position unless the operator is commutative. Operands that nothing else
/// uses are part of the label. The colours are labels refined along edges: they
/// are equal where an isomorphism may map one vertex to the other.
struct ColoredGraph {
  std::vector<uint64_t> colors;
  std::vector<std::pair<uint32_t, uint32_t>> edges; ///< In topological order.

  /// The same for isomorphic graphs.
  uint64_t invariant() const;
};

ColoredGraph colorGraph(const Graph &graph);

/// By the VF2 algorithm of Boost.Graph.
bool areIsomorphic(const ColoredGraph &a, const ColoredGraph &b);

} // namespace assay::predictor

#endif // ASSAY_TEST_UNIT_PREDICTOR_ISOMORPHISM_H
