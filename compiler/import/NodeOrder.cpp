//===- NodeOrder.cpp - Topological order of nodes -------------------------===//

#include "compiler/import/NodeOrder.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/StringMap.h"
#include <queue>

using namespace mlir;
using namespace assay;

using Nodes = google::protobuf::RepeatedPtrField<proto::NodeProto>;

StringRef assay::getNodeName(const proto::NodeProto &node) {
  if (!node.name().empty() || node.output_size() == 0)
    return node.name();
  return node.output(0);
}

/// Follows unordered producers from an unordered node until one repeats.
static InFlightDiagnostic emitCycle(const Nodes &nodes, Location loc,
                                    const llvm::StringMap<int> &producers,
                                    const std::vector<int> &pending) {
  int at = static_cast<int>(
      llvm::find_if(pending, [](int count) { return count > 0; }) -
      pending.begin());
  std::vector<int> path;
  while (!llvm::is_contained(path, at)) {
    path.push_back(at);
    for (const std::string &input : nodes[at].input()) {
      auto producer = producers.find(input);
      if (producer == producers.end() || pending[producer->second] == 0)
        continue;
      at = producer->second;
      break;
    }
  }
  path.erase(path.begin(), llvm::find(path, at));
  InFlightDiagnostic diagnostic = emitError(loc);
  diagnostic << "the nodes form a cycle: ";
  for (int node : llvm::reverse(path))
    diagnostic << '\'' << getNodeName(nodes[node]) << "' ("
               << nodes[node].op_type() << ") -> ";
  diagnostic << '\'' << getNodeName(nodes[path.back()]) << '\'';
  return diagnostic;
}

FailureOr<std::vector<int>> assay::orderNodes(const Nodes &nodes,
                                              Location loc) {
  llvm::StringMap<int> producers;
  for (auto [index, node] : llvm::enumerate(nodes))
    for (const std::string &output : node.output())
      if (!output.empty())
        producers.try_emplace(output, index);

  std::vector<int> pending(nodes.size());
  std::vector<std::vector<int>> users(nodes.size());
  std::priority_queue<int, std::vector<int>, std::greater<int>> ready;
  for (auto [index, node] : llvm::enumerate(nodes)) {
    for (const std::string &input : node.input()) {
      auto producer = producers.find(input);
      if (producer == producers.end())
        continue;
      users[producer->second].push_back(index);
      ++pending[index];
    }
    if (pending[index] == 0)
      ready.push(index);
  }
  std::vector<int> order;
  while (!ready.empty()) {
    order.push_back(ready.top());
    ready.pop();
    for (int user : users[order.back()])
      if (--pending[user] == 0)
        ready.push(user);
  }
  if (order.size() != pending.size())
    return emitCycle(nodes, loc, producers, pending);
  return order;
}
