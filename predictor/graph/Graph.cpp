//===- Graph.cpp - The light view of a network ----------------------------===//

#include "predictor/graph/Graph.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/MathExtras.h"
#include <limits>

using namespace assay::predictor;

int64_t TensorShape::numElements() const {
  if (llvm::is_contained(dims, 0))
    return 0;
  int64_t count = 1;
  for (int64_t dim : dims)
    if (dim > 0 && llvm::MulOverflow(count, dim, count))
      return std::numeric_limits<int64_t>::max();
  return count;
}

bool TensorShape::operator==(const TensorShape &other) const {
  return elementType == other.elementType && hasRank == other.hasRank &&
         dims == other.dims;
}

const AttributeValue *Node::find(llvm::StringRef name) const {
  for (const Attribute &attribute : attributes)
    if (attribute.name == name)
      return &attribute.value;
  return nullptr;
}

int64_t Node::getInt(llvm::StringRef name, int64_t otherwise) const {
  const AttributeValue *value = find(name);
  const int64_t *integer = value ? std::get_if<int64_t>(value) : nullptr;
  return integer ? *integer : otherwise;
}

std::vector<int64_t> Node::getInts(llvm::StringRef name) const {
  const AttributeValue *value = find(name);
  if (!value)
    return {};
  const auto *integers = std::get_if<std::vector<int64_t>>(value);
  return integers ? *integers : std::vector<int64_t>();
}

ValueId LiteralTable::get(Graph &graph, TensorShape shape,
                          std::string elements) {
  std::string key = shape.elementType;
  for (int64_t dim : shape.dims)
    key += "," + std::to_string(dim);
  key += ":" + elements;
  auto [entry, isNew] = ids.try_emplace(key, graph.values.size());
  if (!isNew)
    return entry->second;
  Value value;
  value.kind = Value::Kind::Literal;
  value.shape = std::move(shape);
  value.literal = std::move(elements);
  graph.values.push_back(std::move(value));
  return entry->second;
}

bool assay::predictor::isCommutative(llvm::StringRef op) {
  return llvm::StringSwitch<bool>(op)
      .Cases({"Add", "Mul", "Max", "Min", "Sum", "Mean"}, true)
      .Cases({"And", "Or", "Xor", "Equal"}, true)
      .Cases({"BitwiseAnd", "BitwiseOr", "BitwiseXor"}, true)
      .Default(false);
}

/// Keeps the values marked, renumbering all references.
static void compactValues(Graph &graph, llvm::ArrayRef<char> keep) {
  std::vector<ValueId> renumbered(graph.values.size(), kAbsent);
  size_t kept = 0;
  for (size_t value = 0; value < keep.size(); ++value) {
    if (!keep[value])
      continue;
    renumbered[value] = kept;
    if (kept != value)
      graph.values[kept] = std::move(graph.values[value]);
    ++kept;
  }
  graph.values.resize(kept);
  auto renumber = [&](auto &ids) {
    for (ValueId &id : ids)
      if (id != kAbsent)
        id = renumbered[id];
  };
  renumber(graph.inputs);
  renumber(graph.outputs);
  for (auto [index, node] : llvm::enumerate(graph.nodes)) {
    renumber(node.inputs);
    renumber(node.results);
    for (ValueId result : node.results)
      graph.values[result].producer = index;
  }
}

void assay::predictor::removeDeadNodes(Graph &graph) {
  std::vector<char> live(graph.values.size(), 0);
  for (ValueId output : graph.outputs)
    live[output] = 1;
  std::vector<char> used = live;
  std::vector<char> liveNode(graph.nodes.size(), 0);
  for (int i = graph.nodes.size() - 1; i >= 0; --i) {
    const Node &node = graph.nodes[i];
    liveNode[i] =
        llvm::any_of(node.results, [&](ValueId r) { return live[r]; });
    if (!liveNode[i])
      continue;
    for (ValueId input : node.inputs)
      if (input != kAbsent)
        used[input] = live[input] = 1;
    for (ValueId result : node.results)
      live[result] = 1;
  }
  for (ValueId input : graph.inputs)
    live[input] = 1;
  for (Node &node : graph.nodes)
    while (node.op != "Split" && node.results.size() > 1 &&
           !used[node.results.back()])
      live[node.results.pop_back_val()] = 0;
  size_t kept = 0;
  for (size_t i = 0; i < graph.nodes.size(); ++i)
    if (liveNode[i]) {
      if (kept != i)
        graph.nodes[kept] = std::move(graph.nodes[i]);
      ++kept;
    }
  graph.nodes.resize(kept);
  compactValues(graph, live);
}
