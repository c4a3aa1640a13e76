//===- OperatorCheck.h - Which operators import knows -----------*- C++ -*-===//

#ifndef ASSAY_COMPILER_IMPORT_OPERATORCHECK_H
#define ASSAY_COMPILER_IMPORT_OPERATORCHECK_H

#include "compiler/import/FunctionLibrary.h"

namespace assay {

/// Walks all nodes of `graph`, their subgraphs and the functions they call.
/// Reports every operator that cannot be imported in one error on `loc`, with
/// its domain, opset and nodes: it is no operator of the dialect, its domain is
/// not imported, or its opset is older than the operator.
llvm::LogicalResult checkOperators(const proto::GraphProto &graph,
                                   const FunctionLibrary &functions,
                                   const Opsets &opsets, mlir::Location loc);

} // namespace assay

#endif // ASSAY_COMPILER_IMPORT_OPERATORCHECK_H
