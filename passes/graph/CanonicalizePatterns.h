//===- CanonicalizePatterns.h - Patterns of canonicalize-onnx ---*- C++ -*-===//

#ifndef ASSAY_PASSES_GRAPH_CANONICALIZEPATTERNS_H
#define ASSAY_PASSES_GRAPH_CANONICALIZEPATTERNS_H

#include "mlir/IR/PatternMatch.h"

namespace assay {

/// Pad into Conv and AveragePool, global pools to reductions.
void populateContractionCanonicalization(mlir::RewritePatternSet &patterns);
/// Einsum of two inputs to MatMul.
void populateEinsumDecomposition(mlir::RewritePatternSet &patterns);
/// Merging of Transpose and Reshape pairs, and movement that does nothing.
void populateMovementCanonicalization(mlir::RewritePatternSet &patterns);
/// Identity, Dropout, Cast, and variadic elementwise ops of one input.
void populateSingleOpCanonicalization(mlir::RewritePatternSet &patterns);
/// Gelu from its chain of Erf.
void populateGeluFusion(mlir::RewritePatternSet &patterns);

} // namespace assay

#endif // ASSAY_PASSES_GRAPH_CANONICALIZEPATTERNS_H
