//===- BuildOnnx.cpp - An onnx function from the light view ---------------===//

#include "dialects/onnx/Creation.h"
#include "dialects/onnx/OnnxDialect.h"
#include "dialects/onnx/OnnxOp.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "predictor/graph/Elements.h"
#include "predictor/graph/OnnxGraph.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace assay;
using namespace assay::predictor;
using GraphValue = assay::predictor::Value;

namespace {

/// Builds the body of @main in the order of the graph's nodes.
class ModuleBuilder {
public:
  ModuleBuilder(MLIRContext *context, const Graph &graph)
      : context(context), builder(context), loc(UnknownLoc::get(context)),
        graph(graph), built(graph.values.size()) {}

  llvm::FailureOr<OwningOpRef<ModuleOp>> build();

private:
  Type tensorType(const TensorShape &shape);
  mlir::Value constant(const GraphValue &value);
  mlir::Value valueOf(ValueId id);
  mlir::Attribute attribute(const AttributeValue &value);
  LogicalResult addNode(const Node &node);

  MLIRContext *context;
  OpBuilder builder;
  Location loc;
  const Graph &graph;
  std::vector<mlir::Value> built;
};

} // namespace

Type ModuleBuilder::tensorType(const TensorShape &shape) {
  Type element = parseElementType(context, shape.elementType);
  if (!element)
    return {};
  if (!shape.hasRank)
    return UnrankedTensorType::get(element);
  SmallVector<int64_t> dims;
  for (int64_t dim : shape.dims)
    dims.push_back(dim < 0 ? ShapedType::kDynamic : dim);
  return RankedTensorType::get(dims, element);
}

mlir::Value ModuleBuilder::constant(const GraphValue &value) {
  auto type = dyn_cast_or_null<RankedTensorType>(tensorType(value.shape));
  if (!type || !type.hasStaticShape()) {
    emitError(loc) << "a constant needs a known element type and static "
                      "dimensions";
    return {};
  }
  DenseElementsAttr elements = value.kind == GraphValue::Kind::Parameter
                                   ? makeZeros(type)
                                   : parseElements(type, value.literal);
  if (!elements) {
    emitError(loc) << "literal <" << value.literal << "> does not fit " << type;
    return {};
  }
  return onnx::ConstantOp::create(builder, loc, type, elements);
}

mlir::Value ModuleBuilder::valueOf(ValueId id) {
  if (id == kAbsent)
    return {};
  if (!built[id] && graph.values[id].kind != GraphValue::Kind::Result)
    built[id] = constant(graph.values[id]);
  return built[id];
}

mlir::Attribute ModuleBuilder::attribute(const AttributeValue &value) {
  if (auto *integer = std::get_if<int64_t>(&value))
    return builder.getI64IntegerAttr(*integer);
  if (auto *real = std::get_if<float>(&value))
    return builder.getF32FloatAttr(*real);
  if (auto *string = std::get_if<std::string>(&value))
    return builder.getStringAttr(*string);
  if (auto *ints = std::get_if<std::vector<int64_t>>(&value))
    return builder.getDenseI64ArrayAttr(*ints);
  if (auto *reals = std::get_if<std::vector<float>>(&value))
    return builder.getDenseF32ArrayAttr(*reals);
  if (auto *strings = std::get_if<std::vector<std::string>>(&value)) {
    SmallVector<StringRef> refs(strings->begin(), strings->end());
    return builder.getStrArrayAttr(refs);
  }
  if (auto *name = std::get_if<ElementTypeName>(&value)) {
    Type type = parseElementType(context, name->name);
    return type ? TypeAttr::get(type) : mlir::Attribute();
  }
  const auto &tensor = std::get<TensorElements>(value);
  auto type = dyn_cast_or_null<RankedTensorType>(tensorType(tensor.shape));
  if (!type || !type.hasStaticShape())
    return {};
  return parseElements(type, tensor.elements);
}

LogicalResult ModuleBuilder::addNode(const Node &node) {
  SmallVector<mlir::Value> inputs;
  for (ValueId id : node.inputs) {
    inputs.push_back(valueOf(id));
    if (id != kAbsent && !inputs.back())
      return failure();
  }
  SmallVector<NamedAttribute> attributes;
  for (const predictor::Attribute &named : node.attributes) {
    mlir::Attribute value = attribute(named.value);
    if (!value)
      return emitError(loc) << "attribute " << named.name << " of " << node.op
                            << " has no element type that ONNX knows, or "
                               "elements that are not of it";
    attributes.push_back(builder.getNamedAttr(named.name, value));
  }
  Operation *op = onnx::buildOnnxOp(builder, loc, node.op, inputs, attributes,
                                    node.results.size());
  if (!op)
    return failure();
  if (op->getNumResults() < node.results.size())
    return emitError(loc) << "operator " << node.op << " has "
                          << op->getNumResults() << " results, not "
                          << node.results.size();
  for (auto [id, result] : llvm::zip(node.results, op->getResults()))
    built[id] = result;
  return success();
}

llvm::FailureOr<OwningOpRef<ModuleOp>> ModuleBuilder::build() {
  context->loadDialect<func::FuncDialect, onnx::OnnxDialect>();
  OwningOpRef<ModuleOp> module = ModuleOp::create(loc);
  SmallVector<Type> argumentTypes;
  for (ValueId input : graph.inputs) {
    Type type = tensorType(graph.shapeOf(input));
    if (!type)
      return emitError(loc)
             << "unknown element type " << graph.shapeOf(input).elementType;
    argumentTypes.push_back(type);
  }
  builder.setInsertionPointToEnd(module->getBody());
  auto main = func::FuncOp::create(builder, loc, "main",
                                   builder.getFunctionType(argumentTypes, {}));
  Block *body = main.addEntryBlock();
  for (auto [input, argument] :
       llvm::zip_equal(graph.inputs, body->getArguments()))
    built[input] = argument;
  builder.setInsertionPointToEnd(body);
  for (const Node &node : graph.nodes)
    if (failed(addNode(node)))
      return failure();
  SmallVector<mlir::Value> outputs;
  for (ValueId output : graph.outputs) {
    outputs.push_back(valueOf(output));
    if (!outputs.back())
      return failure();
  }
  func::ReturnOp::create(builder, loc, outputs);
  main.setType(builder.getFunctionType(
      argumentTypes, llvm::to_vector(ValueRange(outputs).getTypes())));
  return module;
}

llvm::FailureOr<OwningOpRef<ModuleOp>>
assay::predictor::buildOnnxModule(MLIRContext *context, const Graph &graph) {
  return ModuleBuilder(context, graph).build();
}
