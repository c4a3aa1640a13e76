//===- CanonicalOrder.cpp - An order that names do not change -------------===//

#include "predictor/text/CanonicalOrder.h"
#include "predictor/text/LosslessText.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/xxhash.h"

using namespace assay::predictor;
using Color = uint64_t;

static Color mix(Color seed, Color value) {
  Color x = seed ^ (value + 0x9E3779B97F4A7C15ull + (seed << 6) + (seed >> 2));
  x ^= x >> 33;
  x *= 0xFF51AFD7ED558CCDull;
  x ^= x >> 33;
  x *= 0xC4CEB9FE1A85EC53ull;
  return x ^ (x >> 33);
}

static Color colorOf(llvm::StringRef text) { return llvm::xxh3_64bits(text); }

static Color hashShape(const TensorShape &shape) {
  Color color = mix(colorOf(shape.elementType), shape.hasRank);
  for (int64_t dim : shape.dims)
    color = mix(color, dim);
  return color;
}

namespace {

/// Colours of values, refined forwards and backwards along edges.
class Refinement {
public:
  explicit Refinement(const Graph &graph);

  Color color(ValueId value) const { return colors[value]; }

  /// Gives `value` a colour of its own and refines again.
  void individualize(ValueId value);

private:
  void refine();
  void passForward();
  void passBackward();
  Color colorOfInputs(const Node &node) const;
  size_t numColors() const;

  const Graph &graph;
  std::vector<Color> nodeColors; ///< Operator and attributes.
  std::vector<Color> colors;
  std::vector<char> commutative;
  Color nextIndividual = 0;
};

} // namespace

Refinement::Refinement(const Graph &graph)
    : graph(graph), colors(graph.values.size()) {
  for (const Node &node : graph.nodes) {
    Color color = colorOf(node.op);
    for (const Attribute &attribute : node.attributes)
      color = mix(mix(color, colorOf(attribute.name)),
                  colorOf(printAttributeValue(attribute.value)));
    nodeColors.push_back(color);
    commutative.push_back(isCommutative(node.op));
  }
  for (auto [value, color] : llvm::zip_equal(graph.values, colors)) {
    color = static_cast<Color>(value.kind);
    if (value.kind != Value::Kind::Result) // results follow from their node
      color = mix(color, hashShape(value.shape));
    if (value.kind == Value::Kind::Literal)
      color = mix(color, colorOf(value.literal));
    if (value.kind == Value::Kind::Input)
      color = mix(color, value.position);
  }
  for (auto [position, output] : llvm::enumerate(graph.outputs))
    colors[output] = mix(colors[output], 0x0F0F + position);
  refine();
}

Color Refinement::colorOfInputs(const Node &node) const {
  llvm::SmallVector<Color, 4> inputs;
  for (ValueId input : node.inputs)
    inputs.push_back(input == kAbsent ? 1 : colors[input]);
  if (commutative[&node - graph.nodes.data()])
    llvm::sort(inputs);
  Color color = 0;
  for (Color input : inputs)
    color = mix(color, input);
  return color;
}

void Refinement::passForward() {
  for (auto [index, node] : llvm::enumerate(graph.nodes)) {
    Color color = mix(nodeColors[index], colorOfInputs(node));
    for (auto [position, result] : llvm::enumerate(node.results))
      colors[result] = mix(colors[result], mix(color, position));
  }
}

void Refinement::passBackward() {
  // Sums make the order of consumers irrelevant.
  std::vector<Color> uses(graph.values.size(), 0);
  for (int index = graph.nodes.size() - 1; index >= 0; --index) {
    const Node &node = graph.nodes[index];
    Color color = mix(nodeColors[index], colorOfInputs(node));
    for (ValueId result : node.results)
      color = mix(color, mix(colors[result], uses[result]));
    for (auto [position, input] : llvm::enumerate(node.inputs))
      if (input != kAbsent)
        uses[input] += mix(color, commutative[index] ? 0 : position + 1);
  }
  for (auto [color, use] : llvm::zip_equal(colors, uses))
    color = mix(color, use);
}

size_t Refinement::numColors() const {
  llvm::DenseSet<Color> distinct;
  distinct.reserve(colors.size());
  for (Color color : colors)
    distinct.insert(color >> 1); // the set keeps the largest keys for itself
  return distinct.size();
}

void Refinement::refine() {
  size_t before = 0, now = numColors();
  do {
    passForward();
    passBackward();
    before = now;
    now = numColors();
  } while (now > before);
}

void Refinement::individualize(ValueId value) {
  colors[value] = mix(colors[value], 0xABCD + ++nextIndividual);
  refine();
}

namespace {

/// Depth-first walk from the outputs; nodes are listed after their inputs.
class Walk {
public:
  explicit Walk(Graph &graph)
      : graph(graph), refinement(graph), visited(graph.nodes.size(), 0) {}

  std::vector<int32_t> run();

private:
  void sortInputs(Node &node);
  ValueId findTie(const Node &node) const;
  void breakTies(Node &node);
  int32_t nextUnvisited(const Node &node) const;

  Graph &graph;
  Refinement refinement;
  std::vector<char> visited;
};

} // namespace

/// Puts the inputs of a commutative node in the order of their colours.
void Walk::sortInputs(Node &node) {
  llvm::sort(node.inputs, [&](ValueId a, ValueId b) {
    return refinement.color(a) < refinement.color(b);
  });
}

/// An input with the colour of another one, or kAbsent. Inputs are sorted.
ValueId Walk::findTie(const Node &node) const {
  for (size_t i = 0; i + 1 < node.inputs.size(); ++i) {
    ValueId a = node.inputs[i], b = node.inputs[i + 1];
    if (a != b && refinement.color(a) == refinement.color(b))
      return a;
  }
  return kAbsent;
}

void Walk::breakTies(Node &node) {
  sortInputs(node);
  for (ValueId tie; (tie = findTie(node)) != kAbsent;) {
    refinement.individualize(tie);
    sortInputs(node);
  }
}

int32_t Walk::nextUnvisited(const Node &node) const {
  for (ValueId input : node.inputs) {
    int32_t producer = input == kAbsent ? -1 : graph.values[input].producer;
    if (producer >= 0 && !visited[producer])
      return producer;
  }
  return -1;
}

std::vector<int32_t> Walk::run() {
  std::vector<int32_t> order;
  std::vector<int32_t> stack;
  auto enter = [&](int32_t index) {
    if (isCommutative(graph.nodes[index].op))
      breakTies(graph.nodes[index]);
    stack.push_back(index);
  };
  for (ValueId output : graph.outputs) {
    int32_t producer = graph.values[output].producer;
    if (producer < 0 || visited[producer])
      continue;
    enter(producer);
    while (!stack.empty()) {
      int32_t index = stack.back();
      if (int32_t next = nextUnvisited(graph.nodes[index]); next >= 0) {
        enter(next);
        continue;
      }
      stack.pop_back();
      visited[index] = 1;
      order.push_back(index);
    }
  }
  return order;
}

Graph assay::predictor::canonicalize(Graph graph) {
  removeDeadNodes(graph);
  std::vector<int32_t> order = Walk(graph).run();
  std::vector<Node> nodes;
  nodes.reserve(order.size());
  for (int32_t index : order) {
    for (ValueId result : graph.nodes[index].results)
      graph.values[result].producer = nodes.size();
    nodes.push_back(std::move(graph.nodes[index]));
  }
  graph.nodes = std::move(nodes);
  return graph;
}

std::string assay::predictor::hashText(llvm::StringRef text) {
  llvm::XXH128_hash_t hash =
      llvm::xxh3_128bits(llvm::arrayRefFromStringRef<uint8_t>(text));
  return llvm::utohexstr(hash.high64, /*LowerCase=*/true, /*Width=*/16) +
         llvm::utohexstr(hash.low64, /*LowerCase=*/true, /*Width=*/16);
}

std::string assay::predictor::canonicalHash(const Graph &canonical) {
  return hashText(printLossless(canonical));
}
