//===- OnnxNetText.cpp - The text of the ONNX-Net paper -------------------===//

#include "predictor/text/OnnxNetText.h"
#include "predictor/graph/Simplify.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace assay::predictor;

namespace {

class Printer {
public:
  explicit Printer(const Graph &graph)
      : graph(graph), names(graph.values.size()), os(text) {}
  std::string print();

private:
  bool isOutput(ValueId value) const {
    return llvm::is_contained(graph.outputs, value);
  }
  llvm::SmallVector<ValueId, 4> producedInputs(const Node &node) const;
  bool isChainable(size_t index) const;
  void printOperand(ValueId id);
  void printAttributes(const Node &node);
  void closeChain(const Node &node);

  const Graph &graph;
  std::vector<std::string> names;
  int numNames = 0;
  std::string text;
  llvm::raw_string_ostream os;
};

} // namespace

static void printDims(llvm::raw_ostream &os, llvm::ArrayRef<int64_t> dims,
                      const char *separator) {
  llvm::interleave(
      dims, os,
      [&](int64_t dim) {
        if (dim < 0)
          os << '?';
        else
          os << dim;
      },
      separator);
}

llvm::SmallVector<ValueId, 4> Printer::producedInputs(const Node &node) const {
  llvm::SmallVector<ValueId, 4> produced;
  for (ValueId input : node.inputs)
    if (input != kAbsent && graph.values[input].producer >= 0)
      produced.push_back(input);
  return produced;
}

/// Whether a node can stand inside a chain: one produced input and one result.
bool Printer::isChainable(size_t index) const {
  const Node &node = graph.nodes[index];
  return producedInputs(node).size() == 1 && node.results.size() == 1;
}

void Printer::printOperand(ValueId id) {
  const Value &value = graph.values[id];
  switch (value.kind) {
  case Value::Kind::Input:
    printDims(os, value.shape.dims, "x");
    return;
  case Value::Kind::Parameter:
  case Value::Kind::Literal:
    os << "Param[";
    printDims(os, value.shape.dims, ",");
    os << ']';
    return;
  case Value::Kind::Result:
    os << (names[id].empty() ? "prev" : names[id]);
    return;
  }
}

/// The lists that exporters write out for windows, which the graph leaves out
/// where they say nothing: `dilations=1,kernel_shape=3,pads=0,strides=1`.
static std::vector<Attribute> listAttributes(const Graph &graph,
                                             const Node &node) {
  std::vector<Attribute> lists;
  bool convolves = node.op == "Conv" || node.op == "ConvTranspose";
  bool pools = node.op == "MaxPool" || node.op == "AveragePool";
  auto add = [&](const char *name, int64_t otherwise) {
    std::vector<int64_t> ints = node.getInts(name);
    lists.push_back({name, ints.empty() ? std::vector<int64_t>{otherwise}
                                        : std::move(ints)});
  };
  if (!convolves && !pools) {
    for (const Attribute &attribute : node.attributes)
      if (std::holds_alternative<std::vector<int64_t>>(attribute.value))
        lists.push_back(attribute);
    return lists;
  }
  if (convolves) {
    add("dilations", 1);
    llvm::ArrayRef<int64_t> weight = graph.shapeOf(node.inputs[1]).dims;
    if (weight.size() > 2)
      lists.push_back({"kernel_shape", weight.drop_front(2).vec()});
  } else {
    add("kernel_shape", 1);
  }
  add("pads", 0);
  add("strides", 1);
  return lists;
}

void Printer::printAttributes(const Node &node) {
  std::vector<Attribute> lists = listAttributes(graph, node);
  if (lists.empty())
    return;
  os << '(';
  llvm::interleave(
      lists, os,
      [&](const Attribute &attribute) {
        const auto &ints = std::get<std::vector<int64_t>>(attribute.value);
        os << attribute.name << '=';
        if (!ints.empty() && llvm::all_equal(ints)) {
          os << ints.front();
          return;
        }
        os << '[';
        llvm::interleave(ints, os, ",");
        os << ']';
      },
      ",");
  os << ')';
}

void Printer::closeChain(const Node &node) {
  for (auto [position, result] : llvm::enumerate(node.results)) {
    os << (position ? ", " : "");
    if (isOutput(result)) {
      os << "Out";
      continue;
    }
    names[result] = "Value" + std::to_string(++numNames);
    os << names[result] << ':';
    printDims(os, graph.shapeOf(result).dims, "x");
  }
  os << '\n';
}

std::string Printer::print() {
  bool firstConvolution = true;
  ValueId previous = kAbsent;
  for (size_t index = 0; index < graph.nodes.size(); ++index) {
    const Node &node = graph.nodes[index];
    bool alone = !isChainable(index);
    if (node.op == "Conv" && firstConvolution) {
      alone = true;
      firstConvolution = false;
    }
    os << node.op << '(';
    bool first = true;
    for (ValueId input : node.inputs) {
      if (input == kAbsent)
        continue;
      os << (first ? "" : ", ");
      printOperand(input);
      first = false;
    }
    os << ')';
    printAttributes(node);
    os << " --> ";
    previous = node.results[0];
    bool continues =
        !alone && index + 1 < graph.nodes.size() && isChainable(index + 1) &&
        producedInputs(graph.nodes[index + 1]).front() == previous &&
        !isOutput(previous);
    if (!continues)
      closeChain(node);
  }
  return std::move(text);
}

std::string assay::predictor::printOnnxNet(Graph graph) {
  simplify(graph);
  return Printer(graph).print();
}
