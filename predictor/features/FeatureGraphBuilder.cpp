//===- FeatureGraphBuilder.cpp - From the light view to features ----------===//

#include "predictor/features/FeatureGraphBuilder.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include <cmath>

using namespace assay::predictor;

namespace {

/// How an operator enters the feature graph.
enum class Role {
  Bypass, ///< Moves, rescales or reshapes data.
  Convolution,
  Activation, ///< Becomes a node of the kind given beside the role.
  WindowPool,
  GlobalPool,
  Reduce,
  Add,
  Concat,
  Multiply,
  MatMul,
  Recurrent,
  Plain ///< Becomes a node of the kind given beside the role.
};

struct OperatorRole {
  Role role;
  NodeKind kind = NodeKind::Constant;
};

} // namespace

static OperatorRole roleOf(llvm::StringRef op) {
  using R = OperatorRole;
  return llvm::StringSwitch<R>(op)
      .Cases({"Conv", "ConvTranspose"}, R{Role::Convolution})
      .Cases({"Relu", "LeakyRelu", "PRelu", "Clip", "ThresholdedRelu"},
             R{Role::Activation, NodeKind::Relu})
      .Cases({"Elu", "Selu", "Celu", "Gelu", "HardSwish", "Swish"},
             R{Role::Activation, NodeKind::SmoothActivation})
      .Cases({"Mish", "Softplus", "Softsign", "Tanh", "Erf", "Shrink"},
             R{Role::Activation, NodeKind::SmoothActivation})
      .Cases({"Sigmoid", "HardSigmoid"}, R{Role::Activation, NodeKind::Sigmoid})
      .Case("MaxPool", R{Role::WindowPool, NodeKind::MaxPool})
      .Cases({"AveragePool", "LpPool"},
             R{Role::WindowPool, NodeKind::AveragePool})
      .Cases({"GlobalAveragePool", "GlobalMaxPool"}, R{Role::GlobalPool})
      .Cases({"ReduceMean", "ReduceMax", "ReduceSum"}, R{Role::Reduce})
      .Cases({"Add", "Sum", "Sub", "Mean", "Max", "Min"}, R{Role::Add})
      .Case("Concat", R{Role::Concat})
      .Cases({"Mul", "Div", "Pow"}, R{Role::Multiply})
      .Cases({"Gemm", "MatMul"}, R{Role::MatMul})
      .Cases({"LSTM", "GRU", "RNN"}, R{Role::Recurrent})
      .Cases({"LayerNormalization", "GroupNormalization"},
             R{Role::Plain, NodeKind::Norm})
      .Cases({"InstanceNormalization", "RMSNormalization", "LRN"},
             R{Role::Plain, NodeKind::Norm})
      .Cases({"LpNormalization", "MeanVarianceNormalization"},
             R{Role::Plain, NodeKind::Norm})
      .Cases({"Softmax", "LogSoftmax", "Hardmax"},
             R{Role::Plain, NodeKind::Softmax})
      .Cases({"Resize", "DepthToSpace"}, R{Role::Plain, NodeKind::Upsample})
      .Default(R{Role::Bypass});
}

/// Channels of an image (N, C, spatial...), features of tokens (N, T, D) or of
/// a vector (N, D).
static int channelsOf(const TensorShape &shape) {
  size_t rank = shape.dims.size();
  if (rank == 0)
    return 1;
  int64_t dim = rank >= 4 || rank == 2 ? shape.dims[1] : shape.dims[rank - 1];
  return dim < 1 ? 1 : dim;
}

/// The side of the square with as many positions as the tensor has.
static int sizeOf(const TensorShape &shape) {
  size_t rank = shape.dims.size();
  double positions = 1;
  if (rank >= 4)
    for (int64_t dim : llvm::ArrayRef(shape.dims).drop_front(2))
      positions *= dim < 1 ? 1 : dim;
  else if (rank == 3)
    positions = shape.dims[1] < 1 ? 1 : shape.dims[1];
  return std::max(1l, std::lround(std::sqrt(positions)));
}

namespace {

class Builder {
public:
  explicit Builder(const Graph &graph)
      : graph(graph), source(graph.values.size(), kNone),
        uses(graph.values.size(), 0) {}
  FeatureGraph build();

private:
  /// Values that no feature node stands behind: they do not depend on the
  /// input.
  static constexpr int kNone = -1;

  void visit(const Node &node);
  void visitConvolution(const Node &node);
  void visitWindowPool(const Node &node, NodeKind kind);
  void visitReduce(const Node &node);
  void visitAdd(const Node &node);
  void visitMultiply(const Node &node);
  void visitMatMul(const Node &node);
  void visitRecurrent(const Node &node);
  bool isGate(int gate, int data) const;
  bool isZero(ValueId value) const;
  llvm::SmallVector<ValueId, 4> dynamicInputs(const Node &node) const;
  FeatureNode &addNode(const Node &node, NodeKind kind,
                       llvm::ArrayRef<ValueId> inputs);
  void bypass(const Node &node, int featureNode);

  const Graph &graph;
  FeatureGraph features;
  std::vector<int> source; ///< The feature node behind each value.
  std::vector<int> uses;
};

} // namespace

llvm::SmallVector<ValueId, 4> Builder::dynamicInputs(const Node &node) const {
  llvm::SmallVector<ValueId, 4> inputs;
  for (ValueId input : node.inputs)
    if (input != kAbsent && source[input] != kNone)
      inputs.push_back(input);
  return inputs;
}

void Builder::bypass(const Node &node, int featureNode) {
  for (ValueId result : node.results)
    source[result] = featureNode;
}

FeatureNode &Builder::addNode(const Node &node, NodeKind kind,
                              llvm::ArrayRef<ValueId> inputs) {
  FeatureNode feature;
  feature.kind = kind;
  const TensorShape &in = graph.shapeOf(inputs.front());
  const TensorShape &out = graph.shapeOf(node.results.front());
  feature.inChannels = channelsOf(in);
  feature.outChannels = channelsOf(out);
  feature.inSize = sizeOf(in);
  feature.outSize = sizeOf(out);
  for (ValueId input : inputs)
    feature.inputs.push_back(source[input]);
  bypass(node, features.nodes.size());
  features.nodes.push_back(std::move(feature));
  return features.nodes.back();
}

void Builder::visitConvolution(const Node &node) {
  FeatureNode &feature = addNode(node, NodeKind::Convolution, node.inputs[0]);
  const TensorShape &weight = graph.shapeOf(node.inputs[1]);
  for (int64_t side : llvm::ArrayRef(weight.dims)
                          .drop_front(std::min<size_t>(2, weight.dims.size())))
    feature.kernel = std::max<int64_t>(feature.kernel, side);
  std::vector<int64_t> strides = node.getInts("strides");
  std::vector<int64_t> dilations = node.getInts("dilations");
  feature.stride = strides.empty() ? 1 : strides.front();
  feature.dilation = dilations.empty() ? 1 : dilations.front();
  feature.groups = std::max<int64_t>(1, node.getInt("group", 1));
}

void Builder::visitWindowPool(const Node &node, NodeKind kind) {
  std::vector<int64_t> kernel = node.getInts("kernel_shape");
  const TensorShape &in = graph.shapeOf(node.inputs[0]);
  const TensorShape &out = graph.shapeOf(node.results[0]);
  bool global = sizeOf(out) == 1 && sizeOf(in) > 1 && !kernel.empty() &&
                kernel.front() >= sizeOf(in);
  FeatureNode &feature =
      addNode(node, global ? NodeKind::GlobalPool : kind, node.inputs[0]);
  if (global)
    return;
  std::vector<int64_t> strides = node.getInts("strides");
  feature.kernel = kernel.empty() ? 1 : kernel.front();
  feature.stride = strides.empty() ? 1 : strides.front();
}

void Builder::visitReduce(const Node &node) {
  const TensorShape &in = graph.shapeOf(node.inputs[0]);
  const TensorShape &out = graph.shapeOf(node.results[0]);
  bool poolsPositions =
      sizeOf(in) > 1 && sizeOf(out) == 1 && channelsOf(out) == channelsOf(in);
  if (poolsPositions)
    addNode(node, NodeKind::GlobalPool, node.inputs[0]);
  else
    bypass(node, source[node.inputs[0]]);
}

void Builder::visitAdd(const Node &node) {
  llvm::SmallVector<ValueId, 4> inputs = dynamicInputs(node);
  if (inputs.size() == 1)
    return bypass(node, source[inputs.front()]);
  FeatureNode &sum = addNode(node, NodeKind::Add, inputs);
  // A sum of a sum is one sum: a + b + c in any association.
  llvm::SmallVector<int, 2> terms;
  for (auto [input, term] : llvm::zip_equal(inputs, sum.inputs)) {
    const FeatureNode &inner = features.nodes[term];
    if (inner.kind == NodeKind::Add && uses[input] == 1)
      terms.append(inner.inputs.begin(), inner.inputs.end());
    else
      terms.push_back(term);
  }
  sum.inputs.assign(terms.begin(), terms.end());
}

/// Whether `gate` is an activation of `data`: their product is x * sigmoid(x)
/// or x * (1 + erf(x)).
bool Builder::isGate(int gate, int data) const {
  const FeatureNode &node = features.nodes[gate];
  return (node.kind == NodeKind::Sigmoid ||
          node.kind == NodeKind::SmoothActivation) &&
         llvm::ArrayRef(node.inputs) == llvm::ArrayRef({data});
}

bool Builder::isZero(ValueId value) const {
  double number;
  return value != kAbsent && graph.values[value].kind == Value::Kind::Literal &&
         !llvm::StringRef(graph.values[value].literal).getAsDouble(number) &&
         number == 0;
}

void Builder::visitMultiply(const Node &node) {
  if (node.op == "Mul" &&
      llvm::any_of(node.inputs, [&](ValueId value) { return isZero(value); }))
    return;
  llvm::SmallVector<ValueId, 4> inputs = dynamicInputs(node);
  if (inputs.size() == 1)
    return bypass(node, source[inputs.front()]);
  for (auto [gate, data] : {std::pair(1, 0), std::pair(0, 1)}) {
    int gateNode = source[inputs[gate]];
    if (!isGate(gateNode, source[inputs[data]]))
      continue;
    features.nodes[gateNode].kind = NodeKind::SmoothActivation;
    return bypass(node, gateNode);
  }
  // The data comes first, its gate second.
  if (graph.shapeOf(inputs[0]).numElements() <
      graph.shapeOf(inputs[1]).numElements())
    std::swap(inputs[0], inputs[1]);
  addNode(node, NodeKind::Multiply, inputs);
}

void Builder::visitMatMul(const Node &node) {
  const TensorShape &a = graph.shapeOf(node.inputs[0]);
  const TensorShape &b = graph.shapeOf(node.inputs[1]);
  llvm::SmallVector<ValueId, 4> inputs;
  for (ValueId input : llvm::ArrayRef(node.inputs).take_front(2))
    if (source[input] != kNone)
      inputs.push_back(input);
  if (inputs.size() < 2) {
    addNode(node, NodeKind::Linear, inputs);
    return;
  }
  // Heads times features of a head, on the tokens of A.
  FeatureNode &feature = addNode(node, NodeKind::MatMul, inputs);
  size_t rank = a.dims.size();
  int64_t heads = 1;
  for (int64_t dim :
       llvm::ArrayRef(a.dims).drop_back(std::min<size_t>(rank, 2)))
    heads *= dim < 1 ? 1 : dim;
  int64_t inner = rank ? a.dims[rank - 1] : 1;
  int64_t outer = b.dims.empty() ? 1 : b.dims.back();
  int64_t tokens = rank >= 2 ? a.dims[rank - 2] : 1;
  feature.outChannels = std::max<int64_t>(1, heads * std::min(inner, outer));
  feature.inChannels = feature.outChannels;
  feature.outSize = std::max(1l, std::lround(std::sqrt(double(tokens))));
  feature.inSize = feature.outSize;
}

void Builder::visitRecurrent(const Node &node) {
  // The input projection: all gates of all steps at once.
  const TensorShape &weight = graph.shapeOf(node.inputs[1]);
  FeatureNode &linear = addNode(node, NodeKind::Linear, node.inputs[0]);
  if (weight.dims.size() == 3) {
    linear.outChannels = weight.dims[0] * weight.dims[1];
    linear.inChannels = weight.dims[2];
  }
  linear.outSize = linear.inSize;
  int projection = features.nodes.size() - 1;
  FeatureNode gate = features.nodes[projection];
  gate.kind = NodeKind::SmoothActivation;
  gate.inChannels = gate.outChannels =
      channelsOf(graph.shapeOf(node.results.front()));
  gate.inputs.assign({projection});
  bypass(node, features.nodes.size());
  features.nodes.push_back(std::move(gate));
}

void Builder::visit(const Node &node) {
  llvm::SmallVector<ValueId, 4> inputs = dynamicInputs(node);
  if (inputs.empty())
    return;
  bool dataIsDynamic =
      node.inputs[0] != kAbsent && source[node.inputs[0]] != kNone;
  OperatorRole role = roleOf(node.op);
  switch (role.role) {
  case Role::Add:
    return visitAdd(node);
  case Role::Multiply:
    return visitMultiply(node);
  case Role::MatMul:
    return visitMatMul(node);
  case Role::Concat:
    if (inputs.size() == 1)
      return bypass(node, source[inputs.front()]);
    addNode(node, NodeKind::Concat, inputs);
    return;
  default:
    break;
  }
  if (!dataIsDynamic)
    return bypass(node, source[inputs.front()]);
  switch (role.role) {
  case Role::Convolution:
    return visitConvolution(node);
  case Role::WindowPool:
    return visitWindowPool(node, role.kind);
  case Role::GlobalPool:
    addNode(node, NodeKind::GlobalPool, node.inputs[0]);
    return;
  case Role::Reduce:
    return visitReduce(node);
  case Role::Recurrent:
    return visitRecurrent(node);
  case Role::Activation:
  case Role::Plain:
    addNode(node, role.kind, node.inputs[0]);
    return;
  default:
    return bypass(node, source[node.inputs[0]]);
  }
}

FeatureGraph Builder::build() {
  for (const Node &node : graph.nodes)
    for (ValueId input : node.inputs)
      if (input != kAbsent)
        ++uses[input];
  for (ValueId output : graph.outputs)
    ++uses[output];

  for (ValueId input : graph.inputs) {
    FeatureNode node;
    node.kind = NodeKind::Input;
    node.inChannels = node.outChannels = channelsOf(graph.shapeOf(input));
    node.inSize = node.outSize = sizeOf(graph.shapeOf(input));
    source[input] = features.nodes.size();
    features.nodes.push_back(std::move(node));
  }
  for (const Node &node : graph.nodes)
    visit(node);

  FeatureNode output;
  output.kind = NodeKind::Output;
  for (ValueId value : graph.outputs)
    if (source[value] != kNone)
      output.inputs.push_back(source[value]);
  if (!output.inputs.empty()) {
    const FeatureNode &last = features.nodes[output.inputs.front()];
    output.inChannels = output.outChannels = last.outChannels;
    output.inSize = output.outSize = last.outSize;
  }
  features.nodes.push_back(std::move(output));
  pruneDeadNodes(features);
  return std::move(features);
}

FeatureGraph assay::predictor::buildFeatureGraph(const Graph &graph) {
  return Builder(graph).build();
}
