//===- GraphExporter.cpp - A function to a ModelProto ---------------------===//

#include "compiler/export/GraphExporter.h"
#include "compiler/export/AttributeExport.h"
#include "compiler/export/TensorExport.h"
#include "compiler/import/ElementTypes.h"
#include "compiler/import/Import.h"

using namespace mlir;
using namespace assay;

/// The IR version that came with an opset (ONNX Versioning.md).
static int64_t getIrVersion(int64_t opset) {
  static constexpr std::pair<int64_t, int64_t> versions[] = {
      {18, 8}, {20, 9}, {22, 10}, {23, 11}, {24, 12}};
  for (auto [last, version] : versions)
    if (opset <= last)
      return version;
  return 13;
}

/// The name that import put into the location, or "".
static StringRef getName(Location loc) {
  auto name = dyn_cast<NameLoc>(loc);
  return name ? name.getName().getValue() : StringRef();
}

/// Results that a node may leave out.
static bool isOptionalResult(StringRef operatorName, size_t position) {
  static constexpr StringLiteral operators[] = {
      "BatchNormalization", "Dropout", "GRU", "LSTM",
      "LayerNormalization", "MaxPool", "RNN"};
  return position > 0 && llvm::is_contained(operators, operatorName);
}

LogicalResult GraphExporter::run() {
  auto function = module.lookupSymbol<func::FuncOp>("main");
  if (!function || function.isExternal() || !function.getBody().hasOneBlock())
    return module.emitError("has no function @main of one block to export");
  if (failed(chooseOpset(function)))
    return failure();
  setModelFields();
  if (failed(nameArguments(function)))
    return failure();
  nameReturned(function);
  for (Operation &op : function.getBody().front()) {
    if (isa<func::ReturnOp, onnx::ConstantOp>(op))
      continue;
    if (failed(exportNode(cast<onnx::OnnxOp>(op))))
      return failure();
  }
  return exportOutputs(function);
}

LogicalResult GraphExporter::chooseOpset(func::FuncOp function) {
  opset = options.opset ? options.opset : kMinExportOpset;
  if (opset < kMinExportOpset || opset > kMaxOpset)
    return module.emitError()
           << "cannot be exported to opset " << opset << "; opsets "
           << kMinExportOpset << " to " << kMaxOpset << " are written";
  for (Operation &operation : function.getBody().front()) {
    if (isa<func::ReturnOp, onnx::ConstantOp>(operation))
      continue;
    auto op = dyn_cast<onnx::OnnxOp>(operation);
    if (!op)
      return operation.emitError("is no onnx op, so it cannot be exported");
    // An attribute that is dropped at one opset is written at a higher one, so
    // the need never falls as the opset rises.
    ExportForm form(op);
    int64_t needed = downgrade(form, opset);
    if (needed == opset)
      continue;
    if (options.opset)
      return op->emitError()
             << "operator " << op.getOnnxName() << " in this form needs opset "
             << needed << ", but opset " << opset << " is asked for";
    opset = needed;
  }
  return success();
}

void GraphExporter::setModelFields() {
  auto text = [&](StringRef name, StringRef otherwise = "") {
    auto value = module->getAttrOfType<StringAttr>(name);
    return (value ? value.getValue() : otherwise).str();
  };
  model.set_ir_version(getIrVersion(opset));
  proto::OperatorSetIdProto &import = *model.add_opset_import();
  import.set_domain("");
  import.set_version(opset);
  model.set_producer_name(text("onnx.producer_name", "assay"));
  model.set_producer_version(text("onnx.producer_version"));
  model.set_domain(text("onnx.domain"));
  if (auto version = module->getAttrOfType<IntegerAttr>("onnx.model_version"))
    model.set_model_version(version.getInt());
  model.mutable_graph()->set_name(text("onnx.graph_name", "main"));
  auto properties =
      module->getAttrOfType<DictionaryAttr>("onnx.metadata_props");
  for (NamedAttribute property :
       properties ? properties.getValue() : ArrayRef<NamedAttribute>()) {
    auto value = dyn_cast<StringAttr>(property.getValue());
    if (!value)
      continue;
    proto::StringStringEntryProto &entry = *model.add_metadata_props();
    entry.set_key(property.getName().str());
    entry.set_value(value.str());
  }
}

std::string GraphExporter::makeUnique(StringRef wanted) {
  std::string name = wanted.empty() ? "value" : wanted.str();
  while (!used.insert(name).second)
    name =
        ((wanted.empty() ? "value" : wanted) + "_" + Twine(++suffixes[wanted]))
            .str();
  return name;
}

std::string GraphExporter::nameNode(StringRef wanted) {
  if (wanted.empty())
    return "";
  std::string name = wanted.str();
  while (!nodeNames.try_emplace(name, 0).second)
    name = (wanted + "_" + Twine(++nodeNames[wanted])).str();
  return name;
}

LogicalResult GraphExporter::setType(Type type, ArrayAttr dimParams,
                                     Location loc,
                                     proto::ValueInfoProto &info) {
  auto tensorType = cast<TensorType>(type);
  DataType dataType = getDataType(tensorType.getElementType());
  if (dataType == DataType::Undefined)
    return emitError(loc) << "has the type " << type
                          << ", whose elements ONNX does not have";
  proto::TypeProto::Tensor &tensor =
      *info.mutable_type()->mutable_tensor_type();
  tensor.set_elem_type(static_cast<int32_t>(dataType));
  if (!tensorType.hasRank())
    return success();
  proto::TensorShapeProto &shape = *tensor.mutable_shape();
  for (auto [axis, dim] : llvm::enumerate(tensorType.getShape())) {
    proto::TensorShapeProto::Dimension &dimension = *shape.add_dim();
    if (!ShapedType::isDynamic(dim)) {
      dimension.set_dim_value(dim);
      continue;
    }
    auto name = dimParams && axis < dimParams.size()
                    ? dyn_cast<StringAttr>(dimParams[axis])
                    : StringAttr();
    if (name && !name.empty())
      dimension.set_dim_param(name.str());
  }
  return success();
}

LogicalResult GraphExporter::nameArguments(func::FuncOp function) {
  for (BlockArgument argument : function.getArguments()) {
    unsigned index = argument.getArgNumber();
    auto name = function.getArgAttrOfType<StringAttr>(index, "onnx.name");
    std::string unique =
        makeUnique(name ? name.getValue() : ("input_" + Twine(index)).str());
    proto::ValueInfoProto &info = *model.mutable_graph()->add_input();
    info.set_name(unique);
    names[argument] = unique;
    if (failed(setType(
            argument.getType(),
            function.getArgAttrOfType<ArrayAttr>(index, "onnx.dim_params"),
            function.getLoc(), info)))
      return failure();
  }
  return success();
}

/// A result that is returned has the name of the output.
void GraphExporter::nameReturned(func::FuncOp function) {
  Operation *ret = function.getBody().front().getTerminator();
  for (OpOperand &operand : ret->getOpOperands()) {
    unsigned index = operand.getOperandNumber();
    auto name = function.getResultAttrOfType<StringAttr>(index, "onnx.name");
    std::string unique =
        makeUnique(name ? name.getValue() : ("output_" + Twine(index)).str());
    model.mutable_graph()->add_output()->set_name(unique);
    Operation *producer = operand.get().getDefiningOp();
    if (producer && !isa<onnx::ConstantOp>(producer))
      names.try_emplace(operand.get(), unique);
  }
}

LogicalResult GraphExporter::exportOutputs(func::FuncOp function) {
  Operation *ret = function.getBody().front().getTerminator();
  proto::GraphProto &graph = *model.mutable_graph();
  for (OpOperand &operand : ret->getOpOperands()) {
    unsigned index = operand.getOperandNumber();
    proto::ValueInfoProto &info = *graph.mutable_output(index);
    if (failed(setType(
            operand.get().getType(),
            function.getResultAttrOfType<ArrayAttr>(index, "onnx.dim_params"),
            function.getLoc(), info)))
      return failure();
    FailureOr<StringRef> name = nameUse(operand.get());
    if (failed(name))
      return failure();
    if (*name == info.name())
      continue;
    // An input, a constant, or a value that is returned twice.
    proto::NodeProto &identity = *graph.add_node();
    identity.set_op_type("Identity");
    identity.set_name(nameNode(info.name() + "_identity"));
    identity.add_input(name->str());
    identity.add_output(info.name());
  }
  return success();
}

LogicalResult GraphExporter::addInitializer(StringRef name,
                                            ElementsAttr elements,
                                            Location loc) {
  proto::TensorProto &tensor = *model.mutable_graph()->add_initializer();
  tensor.set_name(name.str());
  return exportTensor(elements, loc, tensor);
}

FailureOr<StringRef> GraphExporter::nameUse(Value value) {
  std::string &name = names[value];
  auto constant = value.getDefiningOp<onnx::ConstantOp>();
  if (!constant || !name.empty())
    return StringRef(name);
  name = makeUnique(getName(constant.getLoc()));
  if (failed(addInitializer(name, constant.getValue(), constant.getLoc())))
    return failure();
  return StringRef(name);
}

LogicalResult GraphExporter::exportNode(onnx::OnnxOp op) {
  ExportForm form(op);
  downgrade(form, opset);
  proto::GraphProto &graph = *model.mutable_graph();
  proto::NodeProto node;
  StringRef name = getName(op->getLoc());
  node.set_name(nameNode(name));
  node.set_op_type(op.getOnnxName().str());
  for (const ExportInput &input : form.inputs) {
    if (!input) {
      node.add_input("");
      continue;
    }
    if (input.value) {
      FailureOr<StringRef> use = nameUse(input.value);
      if (failed(use))
        return failure();
      node.add_input(use->str());
      continue;
    }
    std::string constant = makeUnique(name);
    if (failed(addInitializer(constant, input.constant, op->getLoc())))
      return failure();
    node.add_input(constant);
  }
  for (NamedAttribute attribute : form.attributes)
    if (failed(exportAttribute(attribute, op->getLoc(), *node.add_attribute())))
      return failure();
  for (OpResult result : op->getResults()) {
    if (result.use_empty() &&
        isOptionalResult(op.getOnnxName(), result.getResultNumber())) {
      node.add_output("");
      continue;
    }
    std::string &output = names[result];
    if (output.empty()) {
      output = makeUnique(name);
      proto::ValueInfoProto info;
      info.set_name(output);
      if (failed(setType(result.getType(), {}, op->getLoc(), info)))
        return failure();
      if (info.type().tensor_type().has_shape())
        *graph.add_value_info() = std::move(info);
    }
    node.add_output(output);
  }
  while (node.output_size() > 1 && node.output(node.output_size() - 1).empty())
    node.mutable_output()->RemoveLast();
  *graph.add_node() = std::move(node);
  return success();
}
