//===- Simplify.cpp - Simplification without weight values ----------------===//

#include "predictor/graph/Simplify.h"
#include "llvm/ADT/ArrayRef.h"

using namespace assay::predictor;

static std::vector<int> countUses(const Graph &graph) {
  std::vector<int> uses(graph.values.size(), 0);
  for (const Node &node : graph.nodes)
    for (ValueId input : node.inputs)
      if (input != kAbsent)
        ++uses[input];
  for (ValueId output : graph.outputs)
    ++uses[output];
  return uses;
}

static bool isFoldableConvolution(const Graph &graph, ValueId value,
                                  const std::vector<int> &uses) {
  int32_t producer = graph.values[value].producer;
  if (producer < 0 || uses[value] != 1)
    return false;
  const Node &node = graph.nodes[producer];
  return node.op == "Conv" || node.op == "ConvTranspose";
}

void assay::predictor::simplify(Graph &graph) {
  std::vector<int> uses = countUses(graph);
  std::vector<ValueId> replacement(graph.values.size());
  for (size_t value = 0; value < replacement.size(); ++value)
    replacement[value] = value;

  for (Node &node : graph.nodes) {
    for (ValueId &input : node.inputs)
      if (input != kAbsent)
        input = replacement[input];
    ValueId source = node.inputs.empty() ? kAbsent : node.inputs[0];
    if (source == kAbsent)
      continue;
    bool otherResultsUsed = false;
    for (ValueId result : llvm::ArrayRef(node.results).drop_front())
      otherResultsUsed |= uses[result] > 0;
    if (otherResultsUsed)
      continue;
    if (node.op == "Identity" || node.op == "Dropout") {
      replacement[node.results[0]] = source;
      // The source takes over the users, in place of this one.
      uses[source] += uses[node.results[0]] - 1;
    } else if (node.op == "BatchNormalization" && node.inputs.size() > 2 &&
               node.getInt("training_mode", 0) == 0 &&
               isFoldableConvolution(graph, source, uses)) {
      Node &convolution = graph.nodes[graph.values[source].producer];
      if (convolution.inputs.size() < 3)
        convolution.inputs.push_back(node.inputs[2]);
      uses[source] = uses[node.results[0]];
      replacement[node.results[0]] = source;
    }
  }
  for (ValueId &output : graph.outputs)
    output = replacement[output];
  removeDeadNodes(graph);
}
