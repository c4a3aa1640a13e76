//===- LosslessText.h - A network as a short, exact text --------*- C++ -*-===//
//
// One statement a line, operators chained by `>`:
//
//   in x0:[1,3,32,32]
//   Conv(x0,[16,3,3,3],[16]){pads=[1*4]} > Relu = v0
//   Conv(v0,[16,16,3,3],[16]){pads=[1*4]} > Add(v0,.) = v1
//   GlobalAveragePool(v1) > Flatten > Gemm(.,[10,16],[10]){transB=1} > out
//
//   text      ::= (input | parameter | chain)*
//   input     ::= "in " name ":" shape
//   parameter ::= name "=" shape              a weight with several users
//   chain     ::= step (" > " step)* (" = " name ("," name)*)?
//   step      ::= operator ("(" operand ("," operand)* ")")? ("{" attributes
//   "}")? operand   ::= "." | "_" | name | shape | literal shape     ::= type?
//   "[" (dim ("," dim)*)? "]"     f32 when no type is given literal   ::=
//   shape? "<" element ("," element)* ">"    1-D i64 without shape
//
// `.` is the result of the step before, `_` an optional input that is absent, a
// shape alone a weight of that shape. `[1*4]` is four ones. The pseudo operator
// `out` takes the graph's outputs. Result shapes follow from the operators.
//
//===----------------------------------------------------------------------===//

#ifndef ASSAY_PREDICTOR_TEXT_LOSSLESSTEXT_H
#define ASSAY_PREDICTOR_TEXT_LOSSLESSTEXT_H

#include "predictor/graph/Graph.h"
#include "llvm/Support/Error.h"

namespace assay::predictor {

/// Prints the graph in its present order; of canonical graphs, two print alike
/// if and only if they are the same computation up to names.
std::string printLossless(const Graph &graph);

/// Reads what printLossless writes. Results have no shape (hasRank is false).
/// Errors name the line and column and what was expected.
llvm::Expected<Graph> parseLossless(llvm::StringRef text);

/// `3`, `1.0`, `"same"`, `[1*4]`, `f16`.
std::string printAttributeValue(const AttributeValue &value);

/// The shortest text that reads back as the same float, always with a point or
/// an exponent: `1.0`, `1e-05`, `inf`.
std::string printFloat(float value);

} // namespace assay::predictor

#endif // ASSAY_PREDICTOR_TEXT_LOSSLESSTEXT_H
