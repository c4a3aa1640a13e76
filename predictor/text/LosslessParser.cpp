//===- LosslessParser.cpp - Reads the lossless text back ------------------===//

#include "predictor/text/LosslessText.h"
#include "predictor/text/Scalars.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"

using namespace assay;
using namespace assay::predictor;
using llvm::StringRef;

namespace {

/// Recursive descent over one text. Every parse function returns false after
/// recording an error.
class Parser {
public:
  explicit Parser(StringRef text) : text(text) {}
  llvm::Expected<Graph> parse();

private:
  bool parseStatement();
  bool parseInput();
  bool parseChain(StringRef firstName);
  bool parseStep(StringRef op, bool chained);
  bool parseOperand(Node &node);
  bool parseAttributes(Node &node);
  bool parseAttributeValue(AttributeValue &value);
  bool parseList(AttributeValue &value);
  bool parseString(std::string &string);
  bool parseNumber(AttributeValue &value);
  bool parseShape(TensorShape &shape);
  bool parseElements(TensorShape &shape, std::string &elements);
  bool parseTypeOrTensor(AttributeValue &value);
  bool parseResultNames(Node &node);
  bool useValue(StringRef name, ValueId &id);
  bool define(StringRef name, ValueId id);

  ValueId addValue(Value::Kind kind, TensorShape shape = {});
  StringRef parseName();
  StringRef takeWhile(llvm::function_ref<bool(char)> accept);
  char peek() const { return at < text.size() ? text[at] : '\0'; }
  bool accept(StringRef token);
  bool expect(StringRef token);
  bool fail(const llvm::Twine &message);

  StringRef text;
  size_t at = 0;
  Graph graph;
  llvm::StringMap<ValueId> names;
  LiteralTable literals;
  ValueId previous = kAbsent;
  bool finished = false;
  std::string error;
};

} // namespace

bool Parser::fail(const llvm::Twine &message) {
  if (!error.empty())
    return false;
  StringRef before = text.take_front(at);
  size_t line = before.count('\n') + 1;
  size_t column =
      at -
      (before.rfind('\n') == StringRef::npos ? 0 : before.rfind('\n') + 1) + 1;
  error = ("line " + llvm::Twine(line) + ", column " + llvm::Twine(column) +
           ": " + message)
              .str();
  return false;
}

bool Parser::accept(StringRef token) {
  if (!text.substr(at).starts_with(token))
    return false;
  at += token.size();
  return true;
}

bool Parser::expect(StringRef token) {
  return accept(token) ||
         fail(token == "\n" ? llvm::Twine("expected the end of the line")
                            : "expected '" + token + "'");
}

StringRef Parser::takeWhile(llvm::function_ref<bool(char)> accept) {
  size_t start = at;
  while (at < text.size() && accept(text[at]))
    ++at;
  return text.slice(start, at);
}

StringRef Parser::parseName() {
  if (!llvm::isAlpha(peek()) && peek() != '_')
    return {};
  return takeWhile([](char c) { return llvm::isAlnum(c) || c == '_'; });
}

ValueId Parser::addValue(Value::Kind kind, TensorShape shape) {
  Value value;
  value.kind = kind;
  value.shape = std::move(shape);
  graph.values.push_back(std::move(value));
  return graph.values.size() - 1;
}

bool Parser::define(StringRef name, ValueId id) {
  return names.try_emplace(name, id).second ||
         fail("'" + name + "' is defined twice");
}

bool Parser::useValue(StringRef name, ValueId &id) {
  auto found = names.find(name);
  if (found == names.end())
    return fail("'" + name + "' is not defined above");
  id = found->second;
  return true;
}

bool Parser::parseShape(TensorShape &shape) {
  StringRef type = parseName();
  shape.elementType = type.empty() ? "f32" : type.str();
  if (!expect("["))
    return false;
  if (accept("*]")) {
    shape.hasRank = false;
    return true;
  }
  if (accept("]"))
    return true;
  do {
    if (accept("?")) {
      shape.dims.push_back(-1);
      continue;
    }
    int64_t dim;
    if (takeWhile(llvm::isDigit).getAsInteger(10, dim))
      return fail("expected a dimension or '?'");
    shape.dims.push_back(dim);
  } while (accept(","));
  return expect("]");
}

/// Reads "<...>" and checks the number of elements; a shape without a type is
/// filled in.
bool Parser::parseElements(TensorShape &shape, std::string &elements) {
  if (!expect("<"))
    return false;
  StringRef rest = text.substr(at);
  size_t length = findOutsideStrings(rest, ">\n");
  elements = rest.take_front(length).str();
  at = std::min(text.size(), at + elements.size());
  if (!expect(">"))
    return false;
  int64_t count = splitElements(elements).size();
  if (shape.elementType.empty()) {
    shape.elementType = "i64";
    shape.dims = {count};
  }
  if (!shape.hasRank || llvm::is_contained(shape.dims, -1))
    return fail("elements need a static shape");
  if (shape.numElements() != count)
    return fail("the shape asks for " + llvm::Twine(shape.numElements()) +
                " elements, but " + llvm::Twine(count) + " are given");
  return true;
}

bool Parser::parseOperand(Node &node) {
  ValueId id = kAbsent;
  size_t start = at;
  if (accept(".")) {
    if (previous == kAbsent)
      return fail("'.' needs a step before it");
    node.inputs.push_back(previous);
    return true;
  }
  TensorShape shape;
  std::string elements;
  StringRef name = parseName();
  if (peek() == '[') {
    at = start;
    if (!parseShape(shape))
      return false;
  } else if (peek() == '<' && name.empty()) {
    shape.elementType.clear();
  } else if (name.empty()) {
    return fail("expected an operand: '.', '_', a name, a shape or '<'");
  } else {
    if (name != "_" && !useValue(name, id))
      return false;
    node.inputs.push_back(id);
    return true;
  }
  if (peek() != '<') {
    node.inputs.push_back(addValue(Value::Kind::Parameter, std::move(shape)));
    return true;
  }
  if (!parseElements(shape, elements))
    return false;
  node.inputs.push_back(
      literals.get(graph, std::move(shape), std::move(elements)));
  return true;
}

bool Parser::parseString(std::string &string) {
  StringRef rest = text.substr(at);
  if (!predictor::parseString(rest, string))
    return fail("expected a string in double quotes");
  at = text.size() - rest.size();
  return true;
}

bool Parser::parseNumber(AttributeValue &value) {
  StringRef token = takeWhile([](char c) {
    return llvm::isAlnum(c) || c == '.' || c == '-' || c == '+';
  });
  if (int64_t integer; !token.getAsInteger(10, integer)) {
    value = integer;
    return true;
  }
  if (std::optional<llvm::APFloat> real =
          parseReal(token, llvm::APFloat::IEEEsingle())) {
    value = real->convertToFloat();
    return true;
  }
  return fail("expected a number, but found '" + token + "'");
}

bool Parser::parseList(AttributeValue &value) {
  if (accept("s ")) {
    std::vector<std::string> strings;
    while (peek() != ']') {
      if (!parseString(strings.emplace_back()))
        return false;
      if (!accept(","))
        break;
    }
    value = std::move(strings);
    return expect("]");
  }
  if (accept("f ")) {
    std::vector<float> reals;
    if (accept("]")) {
      value = std::move(reals);
      return true;
    }
    do {
      AttributeValue real;
      if (!parseNumber(real))
        return false;
      if (!std::holds_alternative<float>(real))
        return fail("expected a number with a point or an exponent");
      reals.push_back(std::get<float>(real));
    } while (accept(","));
    value = std::move(reals);
    return expect("]");
  }
  std::vector<int64_t> ints;
  if (accept("]")) {
    value = std::move(ints);
    return true;
  }
  do {
    AttributeValue integer;
    if (!parseNumber(integer))
      return false;
    if (!std::holds_alternative<int64_t>(integer))
      return fail("expected an integer");
    ints.push_back(std::get<int64_t>(integer));
    if (!accept("*"))
      continue;
    constexpr size_t kMostCopies = 1 << 16;
    size_t copies;
    if (takeWhile(llvm::isDigit).getAsInteger(10, copies) || copies < 1 ||
        copies > kMostCopies)
      return fail("expected how many copies, at most 65536");
    ints.resize(ints.size() + copies - 1, ints.back());
  } while (accept(","));
  value = std::move(ints);
  return expect("]");
}

bool Parser::parseAttributeValue(AttributeValue &value) {
  if (accept("["))
    return parseList(value);
  if (peek() == '"') {
    std::string string;
    if (!parseString(string))
      return false;
    value = std::move(string);
    return true;
  }
  StringRef rest = text.substr(at);
  bool special = rest.starts_with("inf") || rest.starts_with("nan");
  if (llvm::isAlpha(peek()) && !special)
    return parseTypeOrTensor(value);
  return parseNumber(value);
}

bool Parser::parseTypeOrTensor(AttributeValue &value) {
  size_t start = at;
  ElementTypeName type{parseName().str()};
  if (peek() != '[') {
    value = std::move(type);
    return true;
  }
  at = start;
  TensorElements tensor;
  if (!parseShape(tensor.shape) ||
      !parseElements(tensor.shape, tensor.elements))
    return false;
  value = std::move(tensor);
  return true;
}

bool Parser::parseAttributes(Node &node) {
  do {
    Attribute attribute;
    attribute.name = parseName().str();
    if (attribute.name.empty())
      return fail("expected the name of an attribute");
    if (!expect("=") || !parseAttributeValue(attribute.value))
      return false;
    node.attributes.push_back(std::move(attribute));
  } while (accept(","));
  return expect("}");
}

bool Parser::parseStep(StringRef op, bool chained) {
  Node node;
  node.op = op.str();
  if (accept("(")) {
    if (!accept(")")) {
      do
        if (!parseOperand(node))
          return false;
      while (accept(","));
      if (!expect(")"))
        return false;
    }
  } else if (chained) {
    node.inputs.push_back(previous);
  } else {
    return fail("expected '(' after the first operator of a chain");
  }
  if (op == "out") {
    graph.outputs.assign(node.inputs.begin(), node.inputs.end());
    if (llvm::is_contained(graph.outputs, kAbsent))
      return fail("an output cannot be absent");
    finished = true;
    return true;
  }
  if (accept("{") && !parseAttributes(node))
    return false;
  graph.nodes.push_back(std::move(node));
  return true;
}

bool Parser::parseResultNames(Node &node) {
  int32_t producer = &node - graph.nodes.data();
  do {
    StringRef name = parseName();
    if (name.empty())
      return fail("expected a name for a result");
    ValueId id = addValue(Value::Kind::Result);
    graph.values[id].shape.hasRank = false;
    graph.values[id].producer = producer;
    graph.values[id].position = node.results.size();
    node.results.push_back(id);
    if (name != "_" && !define(name, id))
      return false;
  } while (accept(","));
  return true;
}

bool Parser::parseChain(StringRef op) {
  previous = kAbsent;
  bool chained = false;
  while (true) {
    if (!parseStep(op, chained))
      return false;
    if (finished)
      return true;
    if (accept(" = "))
      return parseResultNames(graph.nodes.back());
    ValueId id = addValue(Value::Kind::Result);
    graph.values[id].shape.hasRank = false;
    graph.values[id].producer = graph.nodes.size() - 1;
    graph.nodes.back().results.push_back(id);
    previous = id;
    chained = true;
    if (!accept(" > "))
      return fail("expected ' > ' or ' = '");
    op = parseName();
    if (op.empty())
      return fail("expected an operator");
  }
}

bool Parser::parseInput() {
  StringRef name = parseName();
  if (name.empty())
    return fail("expected the name of an input");
  TensorShape shape;
  if (!expect(":") || !parseShape(shape))
    return false;
  ValueId id = addValue(Value::Kind::Input, shape);
  graph.values[id].position = graph.inputs.size();
  graph.inputs.push_back(id);
  return define(name, id);
}

bool Parser::parseStatement() {
  if (accept("in "))
    return parseInput();
  StringRef name = parseName();
  if (name.empty())
    return fail("expected 'in', a parameter or an operator");
  if (!accept("="))
    return parseChain(name);
  TensorShape shape;
  return parseShape(shape) &&
         define(name, addValue(Value::Kind::Parameter, shape));
}

llvm::Expected<Graph> Parser::parse() {
  while (at < text.size() && !finished)
    if (!parseStatement() || !expect("\n"))
      break;
  if (error.empty() && !finished)
    fail("expected 'out' at the end");
  if (error.empty() && at != text.size())
    fail("expected nothing after 'out'");
  if (!error.empty())
    return llvm::createStringError(error);
  return std::move(graph);
}

llvm::Expected<Graph> assay::predictor::parseLossless(StringRef text) {
  return Parser(text).parse();
}
