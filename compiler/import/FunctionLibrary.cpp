//===- FunctionLibrary.cpp - Model-local functions ------------------------===//

#include "compiler/import/FunctionLibrary.h"
#include "mlir/IR/Diagnostics.h"

using namespace mlir;
using namespace assay;

/// Fields that came after Debian's protobuf classes.
static constexpr int kNodeOverload = 8;
static constexpr int kFunctionAttributeProto = 11;
static constexpr int kFunctionOverload = 13;

StringRef assay::normalizeDomain(StringRef domain) {
  return domain == "ai.onnx" ? "" : domain;
}

Opsets assay::collectOpsets(
    const google::protobuf::RepeatedPtrField<proto::OperatorSetIdProto>
        &imports) {
  Opsets opsets;
  for (const proto::OperatorSetIdProto &import : imports)
    opsets[normalizeDomain(import.domain())] = import.version();
  return opsets;
}

static std::string makeKey(StringRef domain, StringRef name,
                           StringRef overload) {
  std::string key = normalizeDomain(domain).str();
  key.push_back('\0');
  key.append(name.data(), name.size());
  key.push_back('\0');
  key.append(overload.data(), overload.size());
  return key;
}

static std::vector<proto::AttributeProto>
collectDefaults(const proto::FunctionProto &function) {
  std::vector<proto::AttributeProto> defaults;
  const google::protobuf::UnknownFieldSet &fields = function.unknown_fields();
  for (int i = 0; i < fields.field_count(); ++i) {
    const google::protobuf::UnknownField &field = fields.field(i);
    if (field.number() != kFunctionAttributeProto ||
        field.type() != google::protobuf::UnknownField::TYPE_LENGTH_DELIMITED)
      continue;
    proto::AttributeProto attribute;
    if (attribute.ParseFromString(field.length_delimited()))
      defaults.push_back(std::move(attribute));
  }
  return defaults;
}

LogicalResult FunctionLibrary::collect(const proto::ModelProto &model,
                                       const Opsets &modelOpsets,
                                       Location loc) {
  for (const proto::FunctionProto &function : model.functions()) {
    LocalFunction entry{&function, collectOpsets(function.opset_import()),
                        collectDefaults(function)};
    for (const auto &opset : modelOpsets)
      entry.opsets.try_emplace(opset.getKey(), opset.getValue());
    std::string key =
        makeKey(function.domain(), function.name(),
                getUnknownString(function.unknown_fields(), kFunctionOverload));
    if (!functions.try_emplace(key, std::move(entry)).second)
      return emitError(loc)
             << "function '" << function.name() << "' of domain '"
             << function.domain() << "' is defined twice";
  }
  return success();
}

const LocalFunction *
FunctionLibrary::lookup(const proto::NodeProto &node) const {
  if (functions.empty())
    return nullptr;
  auto found = functions.find(
      makeKey(node.domain(), node.op_type(),
              getUnknownString(node.unknown_fields(), kNodeOverload)));
  return found == functions.end() ? nullptr : &found->second;
}
