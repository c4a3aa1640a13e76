//===- NodeOrder.h - Topological order of nodes -----------------*- C++ -*-===//

#ifndef ASSAY_COMPILER_IMPORT_NODEORDER_H
#define ASSAY_COMPILER_IMPORT_NODEORDER_H

#include "compiler/import/ModelReader.h"

namespace assay {

/// The name of a node, or of its first output when it has none.
llvm::StringRef getNodeName(const proto::NodeProto &node);

/// Positions of `nodes` with producers before consumers; as they are, where
/// that holds already. A cycle is an error on `loc` that names its nodes.
mlir::FailureOr<std::vector<int>>
orderNodes(const google::protobuf::RepeatedPtrField<proto::NodeProto> &nodes,
           mlir::Location loc);

} // namespace assay

#endif // ASSAY_COMPILER_IMPORT_NODEORDER_H
