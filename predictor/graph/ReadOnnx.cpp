//===- ReadOnnx.cpp - The light view of an onnx function ------------------===//

#include "dialects/onnx/Activation.h"
#include "dialects/onnx/Contraction.h"
#include "dialects/onnx/Convolution.h"
#include "dialects/onnx/Creation.h"
#include "dialects/onnx/Movement.h"
#include "dialects/onnx/Normalization.h"
#include "dialects/onnx/OnnxOp.h"
#include "dialects/onnx/Recurrent.h"
#include "dialects/onnx/Resampling.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "predictor/graph/Elements.h"
#include "predictor/graph/OnnxGraph.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace assay;
using namespace assay::predictor;
// Both mlir and predictor have a Value and an Attribute.
using GraphValue = assay::predictor::Value;

static TensorShape readShape(Type type) {
  TensorShape shape;
  auto tensor = cast<TensorType>(type);
  shape.elementType = spellElementType(tensor.getElementType());
  shape.hasRank = tensor.hasRank();
  if (shape.hasRank)
    for (int64_t dim : tensor.getShape())
      shape.dims.push_back(ShapedType::isDynamic(dim) ? -1 : dim);
  return shape;
}

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

/// Whether the op holds trained numbers at this position, however few.
static bool isWeight(OpOperand &operand) {
  return operand.getOperandNumber() > 0 &&
         isa<onnx::BatchNormalizationOp, onnx::ConvOp, onnx::ConvTransposeOp,
             onnx::GemmOp, onnx::GroupNormalizationOp, onnx::GRUOp,
             onnx::InstanceNormalizationOp, onnx::LayerNormalizationOp,
             onnx::LSTMOp, onnx::PReluOp, onnx::RNNOp>(operand.getOwner());
}

/// Whether the elements say something about the architecture. Scales of a
/// Resize do, though they are floats.
static bool isLiteral(onnx::ConstantOp op, ElementsAttr elements) {
  if (elements.getNumElements() > kMaxLiteralElements)
    return false;
  if (!isa<FloatType>(elements.getElementType()))
    return true;
  if (elements.getNumElements() <= 1)
    return !llvm::all_of(op->getUses(), isWeight);
  return llvm::any_of(op->getUsers(), llvm::IsaPred<onnx::ResizeOp>);
}

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

llvm::ArrayRef<NamedAttribute> OnnxGraphReader::defaultsOf(OperationName name) {
  auto [entry, isNew] = defaults.try_emplace(name);
  if (isNew) {
    OperationState state(UnknownLoc::get(context), name);
    Operation *bare = Operation::create(state);
    entry->second = bare->getAttrDictionary();
    bare->destroy();
  }
  return entry->second.getValue();
}

static std::optional<AttributeValue> readAttribute(mlir::Attribute attribute) {
  if (auto integer = dyn_cast<IntegerAttr>(attribute))
    return AttributeValue(integer.getInt());
  if (auto real = dyn_cast<FloatAttr>(attribute))
    return AttributeValue(static_cast<float>(real.getValueAsDouble()));
  if (auto string = dyn_cast<StringAttr>(attribute))
    return AttributeValue(string.str());
  if (auto ints = dyn_cast<DenseI64ArrayAttr>(attribute))
    return AttributeValue(ints.asArrayRef().vec());
  if (auto reals = dyn_cast<DenseF32ArrayAttr>(attribute))
    return AttributeValue(reals.asArrayRef().vec());
  if (auto type = dyn_cast<TypeAttr>(attribute))
    return AttributeValue(ElementTypeName{spellElementType(type.getValue())});
  if (auto elements = dyn_cast<ElementsAttr>(attribute)) {
    std::optional<std::string> text;
    if (elements.getNumElements() <= kMaxLiteralElements)
      text = printElements(elements);
    if (!text)
      return std::nullopt;
    return AttributeValue(
        TensorElements{readShape(elements.getType()), std::move(*text)});
  }
  if (auto array = dyn_cast<ArrayAttr>(attribute)) {
    std::vector<std::string> strings;
    for (auto string : array.getAsRange<StringAttr>())
      strings.push_back(string.str());
    return AttributeValue(std::move(strings));
  }
  return std::nullopt;
}

/// Whether leaving the attribute out means the same: unit strides and
/// dilations, no padding, a kernel shape that the weight has anyway, zeros as
/// the value of a ConstantOfShape.
static bool isImplied(Operation *op, NamedAttribute attribute) {
  if (auto value = dyn_cast<DenseFPElementsAttr>(attribute.getValue()))
    return isa<onnx::ConstantOfShapeOp>(op) && value.isSplat() &&
           value.getElementType().isF32() &&
           value.getSplatValue<APFloat>().isPosZero();
  auto ints = dyn_cast<DenseI64ArrayAttr>(attribute.getValue());
  if (!ints)
    return false;
  StringRef name = attribute.getName();
  if (name == "strides" || name == "dilations")
    return llvm::all_of(ints.asArrayRef(), [](int64_t i) { return i == 1; });
  if (name == "pads")
    return llvm::all_of(ints.asArrayRef(), [](int64_t i) { return i == 0; });
  if (name != "kernel_shape" || !isa<onnx::ConvOp, onnx::ConvTransposeOp>(op))
    return false;
  auto weight = dyn_cast<RankedTensorType>(op->getOperand(1).getType());
  return weight && weight.getRank() > 2 &&
         weight.getShape().drop_front(2) == ints.asArrayRef();
}

LogicalResult OnnxGraphReader::readAttributes(Operation *op, Node &node) {
  ArrayRef<NamedAttribute> usual = defaultsOf(op->getName());
  // The dictionary is sorted by name.
  for (NamedAttribute attribute : op->getAttrDictionary()) {
    if (attribute.getName() == "operandSegmentSizes" ||
        llvm::is_contained(usual, attribute) || isImplied(op, attribute))
      continue;
    std::optional<AttributeValue> value = readAttribute(attribute.getValue());
    if (!value)
      return op->emitOpError("cannot be described: its attribute '")
             << attribute.getName().getValue() << "' has no text form";
    node.attributes.push_back({attribute.getName().str(), std::move(*value)});
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

static bool isTensor(Type type) { return isa<TensorType>(type); }

static ValueId addValue(Graph &graph, GraphValue::Kind kind, Type type) {
  GraphValue value;
  value.kind = kind;
  value.shape = readShape(type);
  graph.values.push_back(std::move(value));
  return graph.values.size() - 1;
}

/// The results up to the last one used, but the first at least. The number of
/// results of a Split is part of what it does.
static ResultRange usedResults(Operation &op) {
  ResultRange results = op.getResults();
  if (isa<onnx::SplitOp>(op))
    return results;
  while (results.size() > 1 && results.back().use_empty())
    results = results.drop_back();
  return results;
}

llvm::FailureOr<Graph> OnnxGraphReader::read(ModuleOp module) {
  auto main = module.lookupSymbol<func::FuncOp>("main");
  if (!main || !main.getBody().hasOneBlock())
    return module.emitError("has no function @main of one block");

  if (!llvm::all_of(main.getArgumentTypes(), isTensor))
    return main.emitError("takes values that are no tensors");
  Graph graph;
  graph.values.reserve(main.getNumArguments() +
                       main.front().getOperations().size());
  LiteralTable literals;
  llvm::DenseMap<mlir::Value, ValueId> ids;
  for (BlockArgument argument : main.getArguments()) {
    ValueId id = addValue(graph, GraphValue::Kind::Input, argument.getType());
    graph.values[id].position = argument.getArgNumber();
    graph.inputs.push_back(id);
    ids[argument] = id;
  }
  for (Operation &op : main.front()) {
    if (auto constant = dyn_cast<onnx::ConstantOp>(op)) {
      if (!isLiteral(constant, constant.getValue())) {
        ids[constant] =
            addValue(graph, GraphValue::Kind::Parameter, constant.getType());
        continue;
      }
      std::optional<std::string> elements = printElements(constant.getValue());
      if (!elements)
        return op.emitOpError("cannot be described: its elements are missing");
      ids[constant] = literals.get(graph, readShape(constant.getType()),
                                   std::move(*elements));
      continue;
    }
    if (isa<func::ReturnOp>(op)) {
      for (mlir::Value operand : op.getOperands())
        graph.outputs.push_back(ids.lookup(operand));
      continue;
    }
    auto onnxOp = dyn_cast<onnx::OnnxOp>(op);
    if (!onnxOp || op.getNumRegions() != 0 ||
        !llvm::all_of(op.getResultTypes(), isTensor))
      return op.emitOpError("cannot be described: only ONNX operators on "
                            "tensors, without regions, can");
    Node node;
    node.op = onnxOp.getOnnxName().str();
    for (mlir::Value input : onnxOp.getOnnxInputs())
      node.inputs.push_back(input ? ids.lookup(input) : kAbsent);
    while (!node.inputs.empty() && node.inputs.back() == kAbsent)
      node.inputs.pop_back();
    for (OpResult result : usedResults(op)) {
      ValueId id = addValue(graph, GraphValue::Kind::Result, result.getType());
      graph.values[id].producer = graph.nodes.size();
      graph.values[id].position = result.getResultNumber();
      node.results.push_back(id);
      ids[result] = id;
    }
    if (failed(readAttributes(&op, node)))
      return failure();
    graph.nodes.push_back(std::move(node));
  }
  return graph;
}
