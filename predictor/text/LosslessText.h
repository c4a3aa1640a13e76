//===- LosslessText.h - A network as a short, exact text --------*- C++ -*-===//
//
// One statement a line, operators chained by `>`:
//
//   in x0:[1,3,32,32]
//   Conv(x0,[16,3,3,3],[16]){pads=[1*4]} > Relu = v0
//   Conv(v0,[16,16,3,3],[16]){pads=[1*4]} > Add(v0,.) = v1
//   GlobalAveragePool(v1) > Flatten > Gemm(.,[10,16],[10]){transB=1} > out
//
// `.` is the result of the step before, `_` an optional input that is absent, a
// shape alone a weight of that shape. `[1*4]` is four ones. The pseudo operator
// `out` takes the graph's outputs. Result shapes follow from the operators.
// docs/text.md has the grammar and what is normalised away.
//
//===----------------------------------------------------------------------===//

#ifndef ASSAY_PREDICTOR_TEXT_LOSSLESSTEXT_H
#define ASSAY_PREDICTOR_TEXT_LOSSLESSTEXT_H

#include "predictor/graph/Graph.h"
#include "llvm/Support/Error.h"

namespace assay::predictor {

/// Prints the graph in its present order. Two graphs that print alike are the
/// same computation up to names and weights; canonicalize gives graphs that are
/// the same one order.
std::string printLossless(const Graph &graph);

/// Reads what printLossless writes. Results have no shape (hasRank is false).
/// Errors name the line and column and what was expected.
llvm::Expected<Graph> parseLossless(llvm::StringRef text);

/// `3`, `1.0`, `"same"`, `[1*4]`, `[f 0.5]`, `[s "a"]`, `f16`, `i64[1]<7>`.
std::string printAttributeValue(const AttributeValue &value);

} // namespace assay::predictor

#endif // ASSAY_PREDICTOR_TEXT_LOSSLESSTEXT_H
