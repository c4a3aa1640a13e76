//===- JsonText.cpp - A network as JSON -----------------------------------===//

#include "predictor/text/JsonText.h"

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

static json::Value describeAttribute(const AttributeValue &value) {
  return std::visit(
      [](const auto &held) -> json::Value {
        using Held = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<Held, ElementTypeName>)
          return held.name;
        else if constexpr (std::is_same_v<Held, std::vector<int64_t>> ||
                           std::is_same_v<Held, std::vector<float>> ||
                           std::is_same_v<Held, std::vector<std::string>>)
          return json::Array(held);
        else
          return held;
      },
      value);
}

static json::Object describeValue(const Value &value) {
  static constexpr const char *kKinds[] = {"input", "parameter", "literal",
                                           "result"};
  json::Object object{{"kind", kKinds[static_cast<size_t>(value.kind)]},
                      {"elementType", value.shape.elementType}};
  if (value.shape.hasRank) {
    json::Array dims;
    for (int64_t dim : value.shape.dims)
      dims.push_back(dim < 0 ? json::Value(nullptr) : json::Value(dim));
    object["dims"] = std::move(dims);
  }
  if (value.kind == Value::Kind::Literal)
    object["elements"] = value.literal;
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
      attributes[attribute.name] = describeAttribute(attribute.value);
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
