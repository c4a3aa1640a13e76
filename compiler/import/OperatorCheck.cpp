//===- OperatorCheck.cpp - Which operators import knows -------------------===//

#include "compiler/import/OperatorCheck.h"
#include "compiler/import/NodeOrder.h"
#include "compiler/import/OperatorVersions.h"
#include "compiler/import/upgrade/Upgrade.h"
#include "dialects/onnx/OnnxOp.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace assay;

/// Nodes named for each operator in the report.
static constexpr size_t kNamesShown = 8;

/// Why the operator of `node` cannot be imported, or "" when it can.
static std::string findFault(MLIRContext *context, const proto::NodeProto &node,
                             const Opsets &opsets) {
  StringRef domain = normalizeDomain(node.domain());
  std::string place = domain.empty() ? "" : "domain '" + domain.str() + "', ";
  auto opset = opsets.find(domain);
  if (opset == opsets.end())
    return node.op_type() + " (" + place + "whose domain has no opset_import)";
  if (domain == "com.microsoft" && node.op_type() == "Gelu")
    return "";
  int64_t version = opset->second;
  bool known =
      domain.empty() && (assay::onnx::isOnnxOperator(context, node.op_type()) ||
                         isUpgradedOperator(node.op_type(), version));
  int64_t first = known ? getFirstOpset(node.op_type()) : 0;
  if (known && version >= first)
    return "";
  std::string fault =
      node.op_type() + " (" + place + "opset " + std::to_string(version);
  if (known)
    fault += ", but the operator is read from opset " + std::to_string(first) +
             " on";
  return fault + ')';
}

namespace {

/// Collects the faults of a walk, by operator.
struct Walk {
  MLIRContext *context;
  const FunctionLibrary &functions;
  llvm::MapVector<std::string, std::vector<std::string>,
                  llvm::StringMap<unsigned>>
      faults;
  llvm::SmallPtrSet<const LocalFunction *, 8> entered;

  using Nodes = google::protobuf::RepeatedPtrField<proto::NodeProto>;

  void visit(const Nodes &nodes, const Opsets &opsets) {
    for (const proto::NodeProto &node : nodes)
      visit(node, opsets);
  }

  void visit(const proto::NodeProto &node, const Opsets &opsets) {
    if (const LocalFunction *function = functions.lookup(node)) {
      if (entered.insert(function).second)
        visit(function->body->node(), function->opsets);
      return;
    }
    std::string fault = findFault(context, node, opsets);
    if (!fault.empty())
      faults[fault].push_back(getNodeName(node).str());
    for (const proto::AttributeProto &attribute : node.attribute()) {
      visit(attribute.g().node(), opsets);
      for (const proto::GraphProto &graph : attribute.graphs())
        visit(graph.node(), opsets);
    }
  }
};

} // namespace

LogicalResult assay::checkOperators(const proto::GraphProto &graph,
                                    const FunctionLibrary &functions,
                                    const Opsets &opsets, Location loc) {
  Walk walk{loc.getContext(), functions, {}, {}};
  walk.visit(graph.node(), opsets);
  if (walk.faults.empty())
    return success();
  InFlightDiagnostic diagnostic = emitError(loc);
  diagnostic << walk.faults.size()
             << (walk.faults.size() == 1 ? " operator is" : " operators are")
             << " not supported:";
  for (const auto &[fault, nodes] : walk.faults) {
    diagnostic << "\n  " << fault << ": " << nodes.size()
               << (nodes.size() == 1 ? " node: " : " nodes: ");
    llvm::interleaveComma(
        ArrayRef(nodes).take_front(kNamesShown), diagnostic,
        [&](StringRef name) { diagnostic << '\'' << name << '\''; });
    if (nodes.size() > kNamesShown)
      diagnostic << ", ...";
  }
  return diagnostic;
}
