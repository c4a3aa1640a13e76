//===- LosslessText.cpp - A network as a short, exact text ----------------===//

#include "predictor/text/LosslessText.h"
#include "predictor/text/Scalars.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace assay::predictor;

static void printInts(llvm::raw_ostream &os, llvm::ArrayRef<int64_t> ints) {
  os << '[';
  if (ints.size() > 1 && llvm::all_equal(ints))
    os << ints.front() << '*' << ints.size();
  else
    llvm::interleave(ints, os, ",");
  os << ']';
}

static void printShape(llvm::raw_ostream &os, const TensorShape &shape) {
  if (shape.elementType != "f32")
    os << shape.elementType;
  if (!shape.hasRank) {
    os << "[*]";
    return;
  }
  os << '[';
  llvm::interleave(
      shape.dims, os,
      [&](int64_t dim) {
        if (dim < 0)
          os << '?';
        else
          os << dim;
      },
      ",");
  os << ']';
}

std::string assay::predictor::printAttributeValue(const AttributeValue &value) {
  std::string text;
  llvm::raw_string_ostream os(text);
  if (auto *integer = std::get_if<int64_t>(&value)) {
    os << *integer;
  } else if (auto *real = std::get_if<float>(&value)) {
    os << printFloat(*real);
  } else if (auto *string = std::get_if<std::string>(&value)) {
    os << printString(*string);
  } else if (auto *ints = std::get_if<std::vector<int64_t>>(&value)) {
    printInts(os, *ints);
  } else if (auto *reals = std::get_if<std::vector<float>>(&value)) {
    os << "[f ";
    llvm::interleave(*reals, os, [&](float f) { os << printFloat(f); }, ",");
    os << ']';
  } else if (auto *strings = std::get_if<std::vector<std::string>>(&value)) {
    os << "[s ";
    llvm::interleave(
        *strings, os, [&](const std::string &s) { os << printString(s); }, ",");
    os << ']';
  } else if (auto *type = std::get_if<ElementTypeName>(&value)) {
    os << type->name;
  } else {
    const auto &tensor = std::get<TensorElements>(value);
    // Without the type it would look like a list of integers.
    if (tensor.shape.elementType == "f32")
      os << "f32";
    printShape(os, tensor.shape);
    os << '<' << tensor.elements << '>';
  }
  return text;
}

namespace {

class Printer {
public:
  explicit Printer(const Graph &graph);
  std::string print();

private:
  bool continuesChain(size_t index) const;
  bool endsChain(const Node &node) const;
  void nameSharedParameters(llvm::ArrayRef<ValueId> operands);
  void printOperand(ValueId value, bool chained);
  void printStep(size_t index, bool chained);
  void printNames(const Node &node);
  void printOutputs(bool chained);

  const Graph &graph;
  std::vector<int> uses;
  std::vector<std::string> names;
  int numResults = 0;
  int numShared = 0;
  std::string text;
  llvm::raw_string_ostream os;
};

} // namespace

Printer::Printer(const Graph &graph)
    : graph(graph), uses(graph.values.size(), 0), names(graph.values.size()),
      os(text) {
  for (const Node &node : graph.nodes)
    for (ValueId input : node.inputs)
      if (input != kAbsent)
        ++uses[input];
  for (ValueId output : graph.outputs)
    ++uses[output];
}

/// Whether no step can follow `node` on its line: only a single result that is
/// used once can do without a name.
bool Printer::endsChain(const Node &node) const {
  return node.results.size() != 1 || uses[node.results[0]] != 1;
}

/// Whether node `index` consumes the single use of the result before it.
bool Printer::continuesChain(size_t index) const {
  if (index == 0 || endsChain(graph.nodes[index - 1]))
    return false;
  ValueId previous = graph.nodes[index - 1].results[0];
  return llvm::is_contained(graph.nodes[index].inputs, previous);
}

void Printer::printOperand(ValueId id, bool chained) {
  if (id == kAbsent) {
    os << '_';
    return;
  }
  const Value &value = graph.values[id];
  switch (value.kind) {
  case Value::Kind::Literal:
    if (value.shape.elementType != "i64" || value.shape.dims.size() != 1)
      printShape(os, value.shape);
    os << '<' << value.literal << '>';
    return;
  case Value::Kind::Parameter:
    if (uses[id] == 1)
      printShape(os, value.shape);
    else
      os << names[id];
    return;
  case Value::Kind::Input:
    os << names[id];
    return;
  case Value::Kind::Result:
    if (chained && names[id].empty())
      os << '.';
    else
      os << names[id];
    return;
  }
}

void Printer::printStep(size_t index, bool chained) {
  const Node &node = graph.nodes[index];
  os << node.op;
  llvm::ArrayRef<ValueId> inputs = node.inputs;
  while (!inputs.empty() && inputs.back() == kAbsent)
    inputs = inputs.drop_back();
  if (!chained || inputs.size() != 1) {
    os << '(';
    llvm::interleave(
        inputs, os, [&](ValueId input) { printOperand(input, chained); }, ",");
    os << ')';
  }
  if (node.attributes.empty())
    return;
  os << '{';
  llvm::interleave(
      node.attributes, os,
      [&](const Attribute &attribute) {
        os << attribute.name << '=' << printAttributeValue(attribute.value);
      },
      ",");
  os << '}';
}

/// ` = v3` or ` = v3,_,v4`; every result of an operator with several is listed,
/// so that their number can be read back.
void Printer::printNames(const Node &node) {
  os << " = ";
  llvm::interleave(
      node.results, os,
      [&](ValueId result) {
        if (uses[result] == 0) {
          os << '_';
          return;
        }
        names[result] = "v" + std::to_string(numResults++);
        os << names[result];
      },
      ",");
}

void Printer::printOutputs(bool chained) {
  os << "out";
  if (chained && graph.outputs.size() == 1)
    return;
  os << '(';
  llvm::interleave(
      graph.outputs, os, [&](ValueId output) { printOperand(output, chained); },
      ",");
  os << ')';
}

/// `p0=[16,8]` for each weight with several users.
void Printer::nameSharedParameters(llvm::ArrayRef<ValueId> operands) {
  for (ValueId id : operands) {
    if (id == kAbsent || uses[id] == 1 || !names[id].empty() ||
        graph.values[id].kind != Value::Kind::Parameter)
      continue;
    names[id] = "p" + std::to_string(numShared++);
    os << names[id] << '=';
    printShape(os, graph.shapeOf(id));
    os << '\n';
  }
}

std::string Printer::print() {
  for (auto [position, input] : llvm::enumerate(graph.inputs)) {
    names[input] = "x" + std::to_string(position);
    os << "in " << names[input] << ':';
    printShape(os, graph.shapeOf(input));
    os << '\n';
  }
  for (const Node &node : graph.nodes)
    nameSharedParameters(node.inputs);
  nameSharedParameters(graph.outputs);

  bool chained = false;
  for (size_t index = 0; index < graph.nodes.size(); ++index) {
    const Node &node = graph.nodes[index];
    printStep(index, chained);
    bool last = index + 1 == graph.nodes.size();
    chained = last ? !endsChain(node) &&
                         llvm::is_contained(graph.outputs, node.results[0])
                   : continuesChain(index + 1);
    if (chained) {
      os << " > ";
      continue;
    }
    printNames(node);
    os << '\n';
  }
  printOutputs(chained);
  os << '\n';
  return std::move(text);
}

std::string assay::predictor::printLossless(const Graph &graph) {
  return Printer(graph).print();
}
