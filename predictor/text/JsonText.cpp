//===- JsonText.cpp - A network as JSON -----------------------------------===//

#include "predictor/text/JsonText.h"
#include "predictor/text/Scalars.h"
#include <cmath>

using namespace assay::predictor;
namespace json = llvm::json;

static std::vector<std::string> nameValues(const Graph &graph) {
  int counts[4] = {0, 0, 0, 0};
  std::vector<std::string> names;
  for (const Value &value : graph.values) {
    auto kind = static_cast<size_t>(value.kind);
    names.push_back("xpcv"[kind] + std::to_string(counts[kind]++));
  }
  return names;
}

static json::Value toJson(int64_t value) { return value; }

/// JSON has no infinities; they become strings.
static json::Value toJson(float value) {
  return std::isfinite(value) ? json::Value(value)
                              : json::Value(printFloat(value));
}

static json::Value toJson(const std::string &text) {
  return json::fixUTF8(text);
}

static json::Value toJson(const ElementTypeName &type) { return type.name; }

static json::Value toJson(const TensorShape &shape) {
  if (!shape.hasRank)
    return nullptr;
  json::Array dims;
  for (int64_t dim : shape.dims)
    dims.push_back(dim < 0 ? json::Value(nullptr) : json::Value(dim));
  return dims;
}

static json::Value toJson(const TensorElements &tensor) {
  return json::Object{{"elementType", tensor.shape.elementType},
                      {"dims", toJson(tensor.shape)},
                      {"elements", toJson(tensor.elements)}};
}

template <typename T> static json::Value toJson(const std::vector<T> &list) {
  json::Array array;
  for (const T &item : list)
    array.push_back(toJson(item));
  return array;
}

static json::Object describeValue(const Value &value) {
  static constexpr const char *kKinds[] = {"input", "parameter", "literal",
                                           "result"};
  json::Object object{{"kind", kKinds[static_cast<size_t>(value.kind)]},
                      {"elementType", value.shape.elementType},
                      {"dims", toJson(value.shape)}};
  if (value.kind == Value::Kind::Literal)
    object["elements"] = toJson(value.literal);
  return object;
}

json::Value assay::predictor::printJson(const Graph &graph) {
  std::vector<std::string> names = nameValues(graph);
  auto nameAll = [&](llvm::ArrayRef<ValueId> ids) {
    json::Array array;
    for (ValueId id : ids)
      array.push_back(id == kAbsent ? json::Value(nullptr)
                                    : json::Value(names[id]));
    return array;
  };
  json::Object values;
  for (size_t id = 0; id < graph.values.size(); ++id)
    values[names[id]] = describeValue(graph.values[id]);
  json::Array nodes;
  for (const Node &node : graph.nodes) {
    json::Object attributes;
    for (const Attribute &attribute : node.attributes)
      attributes[attribute.name] = std::visit(
          [](const auto &held) { return toJson(held); }, attribute.value);
    nodes.push_back(json::Object{{"op", node.op},
                                 {"inputs", nameAll(node.inputs)},
                                 {"results", nameAll(node.results)},
                                 {"attributes", std::move(attributes)}});
  }
  return json::Object{{"inputs", nameAll(graph.inputs)},
                      {"outputs", nameAll(graph.outputs)},
                      {"values", std::move(values)},
                      {"nodes", std::move(nodes)}};
}
