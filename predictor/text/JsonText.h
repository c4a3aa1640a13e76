//===- JsonText.h - A network as JSON ---------------------------*- C++ -*-===//

#ifndef ASSAY_PREDICTOR_TEXT_JSONTEXT_H
#define ASSAY_PREDICTOR_TEXT_JSONTEXT_H

#include "predictor/graph/Graph.h"
#include "llvm/Support/JSON.h"

namespace assay::predictor {

/// {"inputs": [name...], "outputs": [name...], "values": {name: {"kind",
/// "elementType", "dims", "elements"}}, "nodes": [{"op", "inputs", "results",
/// "attributes"}]}. Values are named x0 (inputs), p0 (parameters), c0
/// (literals) and v0 (results); an absent input is null, as are a dynamic
/// dimension and the dimensions of an unknown rank.
llvm::json::Value printJson(const Graph &graph);

} // namespace assay::predictor

#endif // ASSAY_PREDICTOR_TEXT_JSONTEXT_H
