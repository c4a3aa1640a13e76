//===- CanonicalOrder.h - An order that names do not change -----*- C++ -*-===//

#ifndef ASSAY_PREDICTOR_TEXT_CANONICALORDER_H
#define ASSAY_PREDICTOR_TEXT_CANONICALORDER_H

#include "predictor/graph/Graph.h"

namespace assay::predictor {

/// The nodes of `graph` reordered, and the inputs of commutative operators
/// sorted, so that equal computations become equal graphs whatever the order
/// and the names they came in. Dead nodes are dropped.
///
/// The order is that of a depth-first walk from the outputs. Where a
/// commutative operator leaves a choice, colours decide: hashes of a node's
/// operator, attributes, shapes, producers and consumers, refined until stable.
/// Values of equal colour are told apart one at a time, as in canonical
/// labelling by individualisation and refinement (McKay and Piperno 2014),
/// without backtracking: values that stay equal are taken to be symmetric.
Graph canonicalize(Graph graph);

/// 128-bit hash (XXH3) of a text, as 32 hex digits.
std::string hashText(llvm::StringRef text);

/// hashText of the canonical graph's lossless text.
std::string canonicalHash(const Graph &canonical);

} // namespace assay::predictor

#endif // ASSAY_PREDICTOR_TEXT_CANONICALORDER_H
