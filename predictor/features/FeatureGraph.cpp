//===- FeatureGraph.cpp - The canonical operator graph of features --------===//

#include "predictor/features/FeatureGraph.h"

using namespace assay::predictor;

void assay::predictor::pruneDeadNodes(FeatureGraph &graph) {
  std::vector<FeatureNode> &nodes = graph.nodes;
  graph.numNodesBeforePruning = nodes.size();
  std::vector<char> live(nodes.size(), 0);
  for (int i = nodes.size() - 1; i >= 0; --i) {
    live[i] |= nodes[i].kind == NodeKind::Output;
    if (live[i])
      for (int input : nodes[i].inputs)
        live[input] = 1;
  }
  std::vector<int> renumbered(nodes.size(), -1);
  size_t kept = 0;
  for (size_t i = 0; i < nodes.size(); ++i) {
    if (!live[i])
      continue;
    renumbered[i] = kept;
    if (kept != i)
      nodes[kept] = std::move(nodes[i]);
    for (int &input : nodes[kept].inputs)
      input = renumbered[input];
    ++kept;
  }
  nodes.resize(kept);
}

ContractionClass assay::predictor::classify(const FeatureNode &node) {
  switch (node.kind) {
  case NodeKind::Linear:
    return node.outSize == 1 ? ContractionClass::Pointwise
                             : ContractionClass::TokenLinear;
  case NodeKind::MatMul:
    return ContractionClass::Attention;
  case NodeKind::Convolution:
    break;
  default:
    return ContractionClass::None;
  }
  if (node.kernel == 1)
    return ContractionClass::Pointwise;
  bool depthwise = node.groups > 1 && node.groups >= node.inChannels;
  if (depthwise)
    return node.kernel <= 3 ? ContractionClass::Depthwise3
                            : ContractionClass::Depthwise5Plus;
  return node.kernel <= 3 ? ContractionClass::Kernel3
                          : ContractionClass::Kernel5Plus;
}
