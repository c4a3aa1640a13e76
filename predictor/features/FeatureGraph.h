//===- FeatureGraph.h - The canonical operator graph of features *- C++ -*-===//
//
// What is left of a network once everything that says nothing about its
// architecture is gone: batch normalisation is folded, reshapes are bypassed,
// branches that do not depend on the input or do not reach the output are
// pruned. Eighteen kinds of node remain.
//
//===----------------------------------------------------------------------===//

#ifndef ASSAY_PREDICTOR_FEATURES_FEATUREGRAPH_H
#define ASSAY_PREDICTOR_FEATURES_FEATUREGRAPH_H

#include "llvm/ADT/SmallVector.h"
#include <cstdint>
#include <vector>

namespace assay::predictor {

enum class NodeKind : uint8_t {
  Input,
  Convolution,
  Relu,
  SmoothActivation,
  Sigmoid,
  MaxPool,
  AveragePool,
  GlobalPool,
  Add,
  Concat,
  Multiply,
  Linear, ///< A matrix product with a weight.
  MatMul, ///< A matrix product of two activations.
  Softmax,
  Norm,
  Upsample,
  Constant,
  Output
};
inline constexpr unsigned kNumNodeKinds = 18;

struct FeatureNode {
  NodeKind kind;
  int kernel = 1;
  int stride = 1;
  int groups = 1;
  int dilation = 1;
  int inChannels = 0;
  int outChannels = 0;
  /// Side of a square image; the square root of the number of tokens for
  /// sequences; 1 for vectors.
  int inSize = 1;
  int outSize = 1;
  /// Indices of producers, all smaller than the node's own.
  llvm::SmallVector<int, 2> inputs;
};

/// Nodes in topological order; the last one is the Output.
struct FeatureGraph {
  std::vector<FeatureNode> nodes;
  /// Nodes before dead ones were pruned.
  unsigned numNodesBeforePruning = 0;
};

/// Removes nodes that do not reach the Output, keeping the order, and records
/// how many there were.
void pruneDeadNodes(FeatureGraph &graph);

/// Classes of operators that multiply with weights or with each other.
enum class ContractionClass : int8_t {
  None = -1,
  Pointwise, ///< 1x1 convolution, or a linear layer on a vector.
  Kernel3,
  Kernel5Plus,
  Depthwise3,
  Depthwise5Plus,
  TokenLinear, ///< A linear layer on a sequence.
  Attention    ///< A product of two activations.
};
inline constexpr unsigned kNumContractionClasses = 7;

ContractionClass classify(const FeatureNode &node);

} // namespace assay::predictor

#endif // ASSAY_PREDICTOR_FEATURES_FEATUREGRAPH_H
