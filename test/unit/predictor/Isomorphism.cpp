//===- Isomorphism.cpp - Whether two networks are the same ----------------===//

#include "Isomorphism.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/STLExtras.h"
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/vf2_sub_graph_iso.hpp>
#include <map>
#include <sstream>

using namespace assay::predictor;

//===----------------------------------------------------------------------===//
// Labels
//===----------------------------------------------------------------------===//

static void write(std::ostream &os, int64_t value) { os << 'i' << value; }
static void write(std::ostream &os, float value) {
  os << 'f' << std::hexfloat << value;
}
static void write(std::ostream &os, const std::string &text) {
  os << 's' << text.size() << ':' << text;
}
static void write(std::ostream &os, const ElementTypeName &type) {
  os << 't' << type.name;
}
static void write(std::ostream &os, const TensorShape &shape) {
  os << shape.elementType << (shape.hasRank ? '[' : '*');
  for (int64_t dim : shape.dims)
    os << dim << ',';
}
static void write(std::ostream &os, const TensorElements &tensor) {
  write(os, tensor.shape);
  write(os, tensor.elements);
}
template <typename T>
static void write(std::ostream &os, const std::vector<T> &list) {
  os << 'l' << list.size();
  for (const T &item : list)
    write(os, item);
}

namespace {

class Coloring {
public:
  explicit Coloring(const Graph &graph)
      : graph(graph), uses(graph.values.size(), 0),
        live(graph.nodes.size(), false), vertices(graph.values.size(), -1) {}
  ColoredGraph run();

private:
  void countUses();
  bool hasVertex(ValueId id) const;
  std::string describe(ValueId id) const;
  uint32_t addVertex(const std::string &label);
  uint32_t addConsumer(std::string label, llvm::ArrayRef<ValueId> inputs,
                       bool commutative);
  void refineForward();
  void refineBackward();

  const Graph &graph;
  std::vector<int> uses;
  std::vector<bool> live;        ///< Of nodes.
  std::vector<int64_t> vertices; ///< Of values.
  ColoredGraph colored;
};

} // namespace

/// Nodes that no output needs are no part of the network.
void Coloring::countUses() {
  for (ValueId output : graph.outputs)
    ++uses[output];
  for (size_t index = graph.nodes.size(); index-- > 0;) {
    const Node &node = graph.nodes[index];
    live[index] =
        llvm::any_of(node.results, [&](ValueId r) { return uses[r]; });
    for (ValueId input : node.inputs)
      if (live[index] && input != kAbsent)
        ++uses[input];
  }
}

bool Coloring::hasVertex(ValueId id) const {
  if (id == kAbsent || graph.values[id].kind == Value::Kind::Literal)
    return false;
  return graph.values[id].kind != Value::Kind::Parameter || uses[id] > 1;
}

std::string Coloring::describe(ValueId id) const {
  if (id == kAbsent)
    return "_";
  const Value &value = graph.values[id];
  std::ostringstream os;
  os << "ipcr"[static_cast<int>(value.kind)];
  if (value.kind == Value::Kind::Result)
    os << value.position; // its shape follows
  else
    write(os, value.shape);
  write(os, value.literal);
  if (value.kind == Value::Kind::Input)
    os << '#' << value.position;
  return os.str();
}

uint32_t Coloring::addVertex(const std::string &label) {
  colored.colors.push_back(llvm::hash_value(label));
  return colored.colors.size() - 1;
}

uint32_t Coloring::addConsumer(std::string label,
                               llvm::ArrayRef<ValueId> inputs,
                               bool commutative) {
  std::vector<std::string> constants;
  std::vector<std::pair<size_t, ValueId>> read;
  for (auto [position, input] : llvm::enumerate(inputs)) {
    std::string where = commutative ? "" : std::to_string(position);
    if (hasVertex(input))
      read.emplace_back(position, input);
    else
      constants.push_back(where + describe(input));
  }
  if (commutative)
    llvm::sort(constants);
  for (const std::string &constant : constants)
    label += "|" + constant;
  bool hasPorts = read.size() > 1;
  if (!hasPorts)
    for (auto [position, input] : read)
      label += "|" + (commutative ? "" : std::to_string(position)) + "r" +
               std::to_string(graph.values[input].position);
  std::vector<uint32_t> ports;
  for (auto [position, input] : read) {
    uint32_t source = vertices[input];
    if (hasPorts) {
      uint32_t port =
          addVertex("port" + (commutative ? "" : std::to_string(position)) +
                    "r" + std::to_string(graph.values[input].position));
      colored.edges.emplace_back(source, port);
      source = port;
    }
    ports.push_back(source);
  }
  uint32_t vertex = addVertex(label);
  for (uint32_t port : ports)
    colored.edges.emplace_back(port, vertex);
  return vertex;
}

static uint64_t mixSorted(uint64_t seed, std::vector<uint64_t> colors) {
  llvm::sort(colors);
  return llvm::hash_combine(
      seed, llvm::hash_combine_range(colors.begin(), colors.end()));
}

/// Edges come in topological order, so that one pass reaches everything after.
void Coloring::refineForward() {
  std::vector<std::vector<uint64_t>> in(colored.colors.size());
  size_t next = 0;
  for (uint32_t vertex = 0; vertex < colored.colors.size(); ++vertex) {
    for (; next < colored.edges.size() && colored.edges[next].second == vertex;
         ++next)
      in[vertex].push_back(colored.colors[colored.edges[next].first]);
    colored.colors[vertex] =
        mixSorted(colored.colors[vertex], std::move(in[vertex]));
  }
}

void Coloring::refineBackward() {
  std::vector<std::vector<uint64_t>> out(colored.colors.size());
  size_t next = colored.edges.size();
  for (uint32_t vertex = colored.colors.size(); vertex-- > 0;) {
    colored.colors[vertex] =
        mixSorted(colored.colors[vertex], std::move(out[vertex]));
    for (; next > 0 && colored.edges[next - 1].second == vertex; --next)
      out[colored.edges[next - 1].first].push_back(colored.colors[vertex]);
  }
}

ColoredGraph Coloring::run() {
  countUses();
  for (size_t id = 0; id < graph.values.size(); ++id) {
    Value::Kind kind = graph.values[id].kind;
    if (kind == Value::Kind::Input ||
        (kind == Value::Kind::Parameter && uses[id] > 1))
      vertices[id] = addVertex(describe(id));
  }
  for (auto [index, node] : llvm::enumerate(graph.nodes)) {
    if (!live[index])
      continue;
    std::ostringstream os;
    os << node.op;
    if (node.op == "Split")
      os << node.results.size();
    for (const Attribute &attribute : node.attributes) {
      os << ' ' << attribute.name << '=';
      std::visit([&](const auto &held) { write(os, held); }, attribute.value);
    }
    uint32_t vertex =
        addConsumer(os.str(), node.inputs, isCommutative(node.op));
    for (ValueId result : node.results)
      vertices[result] = vertex;
  }
  addConsumer("out", graph.outputs, /*commutative=*/false);
  llvm::sort(colored.edges,
             [](const auto &a, const auto &b) { return a.second < b.second; });
  refineForward();
  refineBackward();
  return std::move(colored);
}

ColoredGraph assay::predictor::colorGraph(const Graph &graph) {
  return Coloring(graph).run();
}

uint64_t ColoredGraph::invariant() const {
  return mixSorted(edges.size(), colors);
}

//===----------------------------------------------------------------------===//
// Isomorphism
//===----------------------------------------------------------------------===//

bool assay::predictor::areIsomorphic(const ColoredGraph &a,
                                     const ColoredGraph &b) {
  using Boost =
      boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS>;
  if (a.colors.size() != b.colors.size() || a.edges.size() != b.edges.size())
    return false;
  Boost first(a.edges.begin(), a.edges.end(), a.colors.size());
  Boost second(b.edges.begin(), b.edges.end(), b.colors.size());
  auto stopAtFirst = [](const auto &, const auto &) { return false; };
  auto sameColor = [&](size_t x, size_t y) {
    return a.colors[x] == b.colors[y];
  };
  return boost::vf2_graph_iso(
      first, second, stopAtFirst, boost::vertex_order_by_mult(first),
      boost::edges_equivalent(boost::always_equivalent())
          .vertices_equivalent(sameColor));
}
