//===- GraphImporter.cpp - GraphProto to a function -----------------------===//

#include "compiler/import/GraphImporter.h"
#include "compiler/import/AttributeImport.h"
#include "compiler/import/ElementTypes.h"
#include "compiler/import/ImportLocation.h"
#include "compiler/import/NodeOrder.h"
#include "compiler/import/OperatorCheck.h"
#include "compiler/import/TensorImport.h"
#include "dialects/onnx/Creation.h"
#include "dialects/onnx/OnnxOp.h"
#include "mlir/IR/Verifier.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace assay;

/// More dimensions than any model has; bounds what hostile files cost.
static constexpr int kMaxRank = 64;

FailureOr<OwningOpRef<ModuleOp>> GraphImporter::run() {
  if (!model.has_graph())
    return emitError(fileLoc) << "has no graph";
  opsets = collectOpsets(model.opset_import());
  if (failed(checkVersions()) ||
      failed(functions.collect(model, opsets, fileLoc)) ||
      failed(checkOperators(model.graph(), functions, opsets, fileLoc)))
    return failure();

  for (const proto::ValueInfoProto &info : model.graph().value_info())
    if (FailureOr<Type> type = importType(info); succeeded(type))
      declaredTypes.try_emplace(info.name(), *type);
    else
      return failure();

  OwningOpRef<ModuleOp> module = ModuleOp::create(fileLoc);
  setModelAttributes(*module);
  builder.setInsertionPointToEnd(module->getBody());
  auto function = func::FuncOp::create(builder, fileLoc, "main",
                                       builder.getFunctionType({}, {}));
  builder.setInsertionPointToEnd(function.addEntryBlock());
  Scope scope{{}, opsets, "", /*depth=*/0, /*bindings=*/nullptr};
  if (failed(importInputs(function, scope)) ||
      failed(importInitializers(scope)) ||
      failed(importNodes(*model.mutable_graph()->mutable_node(), scope)) ||
      failed(importOutputs(function, scope)))
    return failure();
  return module;
}

Location GraphImporter::getNodeLoc(const proto::NodeProto &node,
                                   const Scope &scope) {
  if (!options.nodeLocations)
    return fileLoc;
  auto entry = operatorLocs.find(node.op_type());
  if (entry == operatorLocs.end())
    entry = operatorLocs
                .try_emplace(node.op_type(),
                             getOperatorLoc(fileLoc, node.op_type()))
                .first;
  return assay::getNodeLoc(entry->second,
                           scope.prefix + getNodeName(node).str());
}

Location GraphImporter::getValueLoc(StringRef name) {
  return options.nodeLocations ? assay::getValueLoc(fileLoc, name) : fileLoc;
}

LogicalResult GraphImporter::checkVersions() {
  auto opset = opsets.find("");
  if (opset == opsets.end() && opsets.empty())
    return emitError(fileLoc) << "imports no opset; opsets " << kMinOpset
                              << " to " << kMaxOpset << " are accepted";
  if (opset != opsets.end() &&
      (opset->second < kMinOpset || opset->second > kMaxOpset))
    return emitError(fileLoc)
           << "uses opset " << opset->second << "; opsets " << kMinOpset
           << " to " << kMaxOpset << " are accepted";
  for (const proto::FunctionProto &function : model.functions()) {
    Opsets own = collectOpsets(function.opset_import());
    auto version = own.find("");
    if (version != own.end() &&
        (version->second < kMinOpset || version->second > kMaxOpset))
      return emitError(fileLoc)
             << "function '" << function.name() << "' uses opset "
             << version->second << "; opsets " << kMinOpset << " to "
             << kMaxOpset << " are accepted";
  }
  return success();
}

void GraphImporter::setModelAttributes(ModuleOp module) {
  auto setInt = [&](StringRef name, int64_t value) {
    module->setAttr(name, builder.getI64IntegerAttr(value));
  };
  auto setString = [&](StringRef name, StringRef value) {
    if (!value.empty())
      module->setAttr(name, builder.getStringAttr(value));
  };
  setInt("onnx.ir_version", model.ir_version());
  if (auto opset = opsets.find(""); opset != opsets.end())
    setInt("onnx.opset", opset->second);
  if (model.has_model_version())
    setInt("onnx.model_version", model.model_version());
  setString("onnx.graph_name", model.graph().name());
  setString("onnx.producer_name", model.producer_name());
  setString("onnx.producer_version", model.producer_version());
  setString("onnx.domain", model.domain());
  NamedAttrList properties;
  for (const proto::StringStringEntryProto &entry : model.metadata_props())
    if (!entry.key().empty())
      properties.set(entry.key(), builder.getStringAttr(entry.value()));
  if (!properties.empty())
    module->setAttr("onnx.metadata_props",
                    properties.getDictionary(module.getContext()));
}

FailureOr<Type> GraphImporter::importType(const proto::ValueInfoProto &info) {
  auto emitTypeError = [&]() { return emitError(getValueLoc(info.name())); };
  if (!info.type().has_tensor_type())
    return emitTypeError() << "is no tensor; sequences, maps, optional values "
                              "and sparse tensors are not supported";
  const proto::TypeProto::Tensor &tensor = info.type().tensor_type();
  Type elementType = getElementType(builder.getContext(), tensor.elem_type());
  if (!elementType)
    return emitTypeError() << "has the unknown data type "
                           << tensor.elem_type();
  if (!tensor.has_shape())
    return Type(UnrankedTensorType::get(elementType));
  if (tensor.shape().dim_size() > kMaxRank)
    return emitTypeError() << "has " << tensor.shape().dim_size()
                           << " dimensions; at most " << kMaxRank
                           << " are supported";
  SmallVector<int64_t> shape;
  SmallVector<int64_t> known;
  for (const proto::TensorShapeProto::Dimension &dim : tensor.shape().dim()) {
    if (!dim.has_dim_value()) {
      shape.push_back(ShapedType::kDynamic);
      continue;
    }
    if (dim.dim_value() < 0)
      return emitTypeError()
             << "has the negative dimension " << dim.dim_value();
    shape.push_back(dim.dim_value());
    known.push_back(dim.dim_value());
  }
  if (!assay::onnx::countElements(known))
    return emitTypeError() << "claims more elements than any memory holds";
  return Type(RankedTensorType::get(shape, elementType));
}

void GraphImporter::refineType(Value value, StringRef name) {
  auto declared = declaredTypes.find(name);
  if (declared == declaredTypes.end())
    return;
  auto known = cast<TensorType>(value.getType());
  auto wanted = dyn_cast<RankedTensorType>(declared->second);
  if (!wanted || wanted.getElementType() != known.getElementType())
    return;
  if (!known.hasRank()) {
    value.setType(wanted);
    return;
  }
  if (known.getRank() != wanted.getRank())
    return;
  SmallVector<int64_t> shape(known.getShape());
  for (auto [dim, declaredDim] : llvm::zip_equal(shape, wanted.getShape()))
    if (ShapedType::isDynamic(dim))
      dim = declaredDim;
    else if (!ShapedType::isDynamic(declaredDim) && declaredDim != dim)
      return;
  value.setType(RankedTensorType::get(shape, known.getElementType()));
}

LogicalResult GraphImporter::define(Scope &scope, StringRef name, Value value,
                                    Location loc) {
  if (!scope.values.try_emplace(name, value).second)
    return emitError(loc) << "'" << name << "' is defined twice";
  return success();
}

/// The names of symbolic dimensions, "" for others; null without any.
static ArrayAttr getDimParams(OpBuilder &builder,
                              const proto::ValueInfoProto &info) {
  SmallVector<StringRef> names;
  for (const auto &dim : info.type().tensor_type().shape().dim())
    names.push_back(dim.dim_param());
  if (llvm::all_of(names, [](StringRef name) { return name.empty(); }))
    return {};
  return builder.getStrArrayAttr(names);
}

static DictionaryAttr getValueAttributes(OpBuilder &builder,
                                         const proto::ValueInfoProto &info) {
  NamedAttrList attributes;
  attributes.set("onnx.name", builder.getStringAttr(info.name()));
  if (ArrayAttr names = getDimParams(builder, info))
    attributes.set("onnx.dim_params", names);
  return attributes.getDictionary(builder.getContext());
}

LogicalResult GraphImporter::importInputs(func::FuncOp function, Scope &scope) {
  llvm::StringSet<> constants;
  for (const proto::TensorProto &tensor : model.graph().initializer())
    constants.insert(tensor.name());
  for (const proto::SparseTensorProto &tensor :
       model.graph().sparse_initializer())
    constants.insert(tensor.values().name());
  for (const proto::ValueInfoProto &input : model.graph().input()) {
    if (constants.contains(input.name()))
      continue;
    Location loc = getValueLoc(input.name());
    if (input.name().empty())
      return emitError(fileLoc) << "a graph input has no name";
    FailureOr<Type> type = importType(input);
    if (failed(type) ||
        failed(function.insertArgument(function.getNumArguments(), *type,
                                       getValueAttributes(builder, input),
                                       loc)) ||
        failed(
            define(scope, input.name(), function.getArguments().back(), loc)))
      return failure();
  }
  return success();
}

LogicalResult GraphImporter::importInitializers(Scope &scope) {
  auto add = [&](StringRef name, FailureOr<ElementsAttr> elements,
                 Location loc) -> LogicalResult {
    if (failed(elements))
      return failure();
    Value value =
        onnx::ConstantOp::create(builder, loc, elements->getType(), *elements);
    return define(scope, name, value, loc);
  };
  proto::GraphProto &graph = *model.mutable_graph();
  for (proto::TensorProto &tensor : *graph.mutable_initializer()) {
    Location loc = getValueLoc(tensor.name());
    if (tensor.name().empty())
      return emitError(fileLoc) << "an initializer has no name";
    FailureOr<ElementsAttr> elements =
        options.structureOnly
            ? importTensorStructure(tensor, loc, tensor.name(), external,
                                    skipped)
            : importTensor(tensor, loc, tensor.name(), external);
    if (failed(add(tensor.name(), elements, loc)))
      return failure();
  }
  for (proto::SparseTensorProto &tensor : *graph.mutable_sparse_initializer()) {
    StringRef name = tensor.values().name();
    Location loc = getValueLoc(name);
    if (failed(add(name, importSparseTensor(tensor, loc, name, external), loc)))
      return failure();
  }
  return success();
}

LogicalResult GraphImporter::importOutputs(func::FuncOp function,
                                           Scope &scope) {
  SmallVector<Value> values;
  SmallVector<Attribute> attributes;
  for (const proto::ValueInfoProto &output : model.graph().output()) {
    Location loc = getValueLoc(output.name());
    auto value = scope.values.find(output.name());
    if (value == scope.values.end())
      return emitError(loc) << "is a graph output, but no node, input or "
                               "initializer defines it";
    values.push_back(value->second);
    attributes.push_back(getValueAttributes(builder, output));
    if (!output.has_type())
      continue;
    FailureOr<Type> declared = importType(output);
    if (failed(declared))
      return failure();
    auto known = cast<TensorType>(value->second.getType());
    Type wanted = cast<TensorType>(*declared).getElementType();
    if (known.getElementType() != wanted)
      return emitError(loc)
             << "is declared as an output of " << wanted
             << ", but its producer gives " << known.getElementType();
    declaredTypes[output.name()] = *declared;
    if (isa<BlockArgument>(value->second))
      continue;
    refineType(value->second, output.name());
    // Its users were built for the type before.
    if (value->second.getType() != known &&
        !llvm::all_of(value->second.getUsers(), [](Operation *user) {
          return succeeded(verify(user, /*verifyRecursively=*/false));
        }))
      return failure();
  }
  func::ReturnOp::create(builder, fileLoc, values);
  function.setFunctionType(builder.getFunctionType(
      function.getArgumentTypes(), ValueRange(values).getTypes()));
  function.setResAttrsAttr(builder.getArrayAttr(attributes));
  return success();
}

LogicalResult GraphImporter::importNodes(Nodes &nodes, Scope &scope) {
  FailureOr<std::vector<int>> order = orderNodes(nodes, fileLoc);
  if (failed(order))
    return failure();
  for (int index : *order)
    if (failed(importNode(nodes[index], scope)))
      return failure();
  return success();
}

LogicalResult GraphImporter::importNode(proto::NodeProto &node, Scope &scope) {
  Location loc = getNodeLoc(node, scope);
  if (++numNodes > options.maxNodes)
    return emitError(loc) << "the model has more than " << options.maxNodes
                          << " nodes once its functions are inlined";
  FailureOr<SmallVector<Value>> inputs = lookupInputs(node, scope, loc);
  if (failed(inputs))
    return failure();
  if (const LocalFunction *function = functions.lookup(node))
    return inlineCall(node, *function, scope, loc, *inputs);
  return importOperator(node, scope, loc, std::move(*inputs));
}

FailureOr<SmallVector<Value>>
GraphImporter::lookupInputs(const proto::NodeProto &node, const Scope &scope,
                            Location loc) {
  SmallVector<Value> inputs;
  for (const std::string &name : node.input()) {
    auto value = scope.values.find(name);
    if (!name.empty() && value == scope.values.end())
      return emitError(loc) << "its input '" << name
                            << "' is no graph input, initializer or output of "
                               "another node";
    inputs.push_back(name.empty() ? Value() : value->second);
  }
  while (!inputs.empty() && !inputs.back())
    inputs.pop_back();
  return inputs;
}

LogicalResult GraphImporter::inlineCall(proto::NodeProto &call,
                                        const LocalFunction &function,
                                        Scope &scope, Location loc,
                                        ArrayRef<Value> inputs) {
  constexpr int kMaxDepth = 64;
  if (scope.depth == kMaxDepth)
    return emitError(loc) << "functions call each other more than " << kMaxDepth
                          << " deep; a function must not call itself";
  const proto::FunctionProto &body = *function.body;
  if (inputs.size() > static_cast<size_t>(body.input_size()) ||
      call.output_size() > body.output_size())
    return emitError(loc) << "calls a function of " << body.input_size()
                          << " inputs and " << body.output_size()
                          << " outputs with " << inputs.size() << " and "
                          << call.output_size();

  llvm::StringMap<const proto::AttributeProto *> bindings;
  for (const proto::AttributeProto &attribute : function.defaults)
    bindings[attribute.name()] = &attribute;
  for (const proto::AttributeProto &attribute : call.attribute()) {
    const proto::AttributeProto *value = &attribute;
    if (!attribute.ref_attr_name().empty()) {
      auto outer = scope.bindings
                       ? scope.bindings->find(attribute.ref_attr_name())
                       : bindings.end();
      if (!scope.bindings || outer == scope.bindings->end())
        continue;
      value = outer->second;
    }
    bindings[attribute.name()] = value;
  }

  Scope inner{{},
              function.opsets,
              scope.prefix + getNodeName(call).str() + "/",
              scope.depth + 1,
              &bindings};
  for (auto [position, name] : llvm::enumerate(body.input()))
    if (position < inputs.size() && inputs[position])
      if (failed(define(inner, name, inputs[position], loc)))
        return failure();
  // A body is imported once for each call, so it must keep its tensors.
  Nodes nodes = body.node();
  if (failed(importNodes(nodes, inner)))
    return failure();
  for (auto [position, name] : llvm::enumerate(call.output())) {
    if (name.empty())
      continue;
    auto value = inner.values.find(body.output(position));
    if (value == inner.values.end())
      return emitError(loc) << "output '" << body.output(position)
                            << "' of the function is defined nowhere in it";
    if (failed(define(scope, name, value->second, loc)))
      return failure();
  }
  return success();
}

FailureOr<NamedAttrList> GraphImporter::importAttributes(proto::NodeProto &node,
                                                         const Scope &scope,
                                                         Location loc) {
  NamedAttrList attributes;
  for (proto::AttributeProto &attribute : *node.mutable_attribute()) {
    if (attribute.name().empty())
      return emitError(loc) << "an attribute has no name";
    proto::AttributeProto bound;
    proto::AttributeProto *source = &attribute;
    if (!attribute.ref_attr_name().empty()) {
      if (!scope.bindings)
        return emitError(loc) << "attribute '" << attribute.name()
                              << "' refers to one of a function, outside any";
      auto found = scope.bindings->find(attribute.ref_attr_name());
      if (found == scope.bindings->end())
        continue;
      bound = *found->second;
      source = &bound;
    }
    FailureOr<Attribute> value = importAttribute(*source, loc, external);
    if (failed(value))
      return failure();
    if (attributes.set(attribute.name(), *value))
      return emitError(loc)
             << "attribute '" << attribute.name() << "' is given twice";
  }
  return attributes;
}

LogicalResult GraphImporter::setTypeAttributes(NodeForm &form) {
  for (StringRef name : {"to", "dtype", "output_dtype"}) {
    auto dataType = dyn_cast_or_null<IntegerAttr>(form.attributes.get(name));
    if (!dataType)
      continue;
    if (dataType.getInt() == 0 && name == "output_dtype") {
      form.attributes.erase(name);
      continue;
    }
    Type type = getElementType(builder.getContext(), dataType.getInt());
    if (!type)
      return emitError(form.loc) << "attribute '" << name << "' is "
                                 << dataType.getInt() << ", no data type";
    form.attributes.set(name, TypeAttr::get(type));
  }
  return success();
}

LogicalResult GraphImporter::importOperator(proto::NodeProto &node,
                                            Scope &scope, Location loc,
                                            SmallVector<Value> inputs) {
  FailureOr<NamedAttrList> attributes = importAttributes(node, scope, loc);
  if (failed(attributes))
    return failure();
  StringRef domain = normalizeDomain(node.domain());
  int64_t opset = domain.empty() ? scope.opsets.lookup(domain) : kMaxOpset;
  NodeForm form{builder,
                loc,
                node.op_type(),
                opset,
                std::move(inputs),
                std::move(*attributes),
                static_cast<unsigned>(node.output_size()),
                {}};
  if (failed(upgradeNode(form)))
    return failure();
  if (form.results.empty()) {
    if (failed(setTypeAttributes(form)))
      return failure();
    Operation *op =
        onnx::buildOnnxOp(builder, loc, form.name, form.inputs,
                          form.attributes.getAttrs(), form.numResults);
    if (!op)
      return failure();
    llvm::append_range(form.results, op->getResults());
  }
  for (auto [position, name] : llvm::enumerate(node.output())) {
    if (name.empty())
      continue;
    if (position >= form.results.size())
      return emitError(loc)
             << "lists output " << position << ", '" << name
             << "', but the operator gives only " << form.results.size();
    Value result = form.results[position];
    if (scope.depth == 0 && result.getDefiningOp())
      refineType(result, name);
    if (failed(define(scope, name, result, loc)))
      return failure();
  }
  return success();
}
