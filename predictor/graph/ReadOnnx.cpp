//===- ReadOnnx.cpp - The light view of an onnx function ------------------===//

#include "dialects/onnx/Creation.h"
#include "dialects/onnx/Movement.h"
#include "dialects/onnx/OnnxOp.h"
#include "dialects/onnx/Resampling.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "predictor/graph/OnnxGraph.h"
#include "predictor/text/LosslessText.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace assay;
using namespace assay::predictor;
// Both mlir and predictor have a Value and an Attribute.
using GraphValue = assay::predictor::Value;

static std::string spell(Type type) {
  if (type.isF32())
    return "f32";
  if (type.isInteger(64))
    return "i64";
  std::string text;
  llvm::raw_string_ostream(text) << type;
  return text;
}

static TensorShape readShape(Type type) {
  TensorShape shape;
  auto tensor = cast<TensorType>(type);
  shape.elementType = spell(tensor.getElementType());
  shape.hasRank = tensor.hasRank();
  if (shape.hasRank)
    for (int64_t dim : tensor.getShape())
      shape.dims.push_back(ShapedType::isDynamic(dim) ? -1 : dim);
  return shape;
}

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

/// Whether the elements say something about the architecture. Scales of a
/// Resize do, though they are floats.
static bool isLiteral(onnx::ConstantOp op, ElementsAttr elements) {
  if (elements.getNumElements() > kMaxLiteralElements)
    return false;
  if (!isa<FloatType>(elements.getElementType()) ||
      elements.getNumElements() <= 1)
    return true;
  return llvm::any_of(op->getUsers(), [](Operation *user) {
    return isa<onnx::ResizeOp>(user);
  });
}

static std::string printElement(const APFloat &element) {
  return printFloat(element.convertToDouble());
}

static std::string printElement(const APInt &element, bool isUnsigned) {
  return llvm::toString(element, 10, !isUnsigned && element.getBitWidth() > 1);
}

/// The elements of a constant, "1,-1,512". A resource blob is read in place.
static std::string printElements(ElementsAttr elements) {
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(elements)) {
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    if (!blob)
      return {};
    elements = DenseElementsAttr::getFromRawBuffer(
        cast<ShapedType>(resource.getType()), blob->getData());
  }
  std::string text;
  llvm::raw_string_ostream os(text);
  auto dense = cast<DenseElementsAttr>(elements);
  if (isa<FloatType>(dense.getElementType())) {
    llvm::interleave(
        dense.getValues<APFloat>(), os,
        [&](const APFloat &f) { os << printElement(f); }, ",");
  } else if (dense.getElementType().isIntOrIndex()) {
    bool isUnsigned = dense.getElementType().isUnsignedInteger();
    llvm::interleave(
        dense.getValues<APInt>(), os,
        [&](const APInt &i) { os << printElement(i, isUnsigned); }, ",");
  }
  return text;
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
    return AttributeValue(ElementTypeName{spell(type.getValue())});
  if (auto array = dyn_cast<ArrayAttr>(attribute)) {
    std::vector<std::string> strings;
    for (auto string : array.getAsRange<StringAttr>())
      strings.push_back(string.str());
    return AttributeValue(std::move(strings));
  }
  return std::nullopt;
}

/// Whether leaving the attribute out means the same: unit strides and
/// dilations, no padding, a kernel shape that the weight has anyway.
static bool isImplied(Operation *op, NamedAttribute attribute) {
  auto ints = dyn_cast<DenseI64ArrayAttr>(attribute.getValue());
  if (!ints)
    return false;
  StringRef name = attribute.getName();
  if (name == "strides" || name == "dilations")
    return llvm::all_of(ints.asArrayRef(), [](int64_t i) { return i == 1; });
  if (name == "pads")
    return llvm::all_of(ints.asArrayRef(), [](int64_t i) { return i == 0; });
  if (name != "kernel_shape" || op->getNumOperands() < 2)
    return false;
  auto weight = dyn_cast<RankedTensorType>(op->getOperand(1).getType());
  return weight && weight.getRank() > 2 &&
         weight.getShape().drop_front(2) == ints.asArrayRef();
}

void OnnxGraphReader::readAttributes(Operation *op, Node &node) {
  ArrayRef<NamedAttribute> usual = defaultsOf(op->getName());
  // The dictionary is sorted by name.
  for (NamedAttribute attribute : op->getAttrDictionary()) {
    if (attribute.getName() == "operandSegmentSizes" ||
        llvm::is_contained(usual, attribute) || isImplied(op, attribute))
      continue;
    if (std::optional<AttributeValue> value =
            readAttribute(attribute.getValue()))
      node.attributes.push_back({attribute.getName().str(), std::move(*value)});
  }
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

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

  Graph graph;
  graph.values.reserve(main.getNumArguments() +
                       main.front().getOperations().size());
  llvm::DenseMap<mlir::Value, ValueId> ids;
  for (BlockArgument argument : main.getArguments()) {
    ValueId id = addValue(graph, GraphValue::Kind::Input, argument.getType());
    graph.values[id].position = argument.getArgNumber();
    graph.inputs.push_back(id);
    ids[argument] = id;
  }
  for (Operation &op : main.front()) {
    if (auto constant = dyn_cast<onnx::ConstantOp>(op)) {
      bool literal = isLiteral(constant, constant.getValue());
      ValueId id = addValue(graph,
                            literal ? GraphValue::Kind::Literal
                                    : GraphValue::Kind::Parameter,
                            constant.getType());
      if (literal)
        graph.values[id].literal = printElements(constant.getValue());
      ids[constant] = id;
      continue;
    }
    if (isa<func::ReturnOp>(op)) {
      for (mlir::Value operand : op.getOperands())
        graph.outputs.push_back(ids.lookup(operand));
      continue;
    }
    auto onnxOp = dyn_cast<onnx::OnnxOp>(op);
    if (!onnxOp || op.getNumRegions() != 0)
      return op.emitError("cannot be described: it is no plain ONNX operator");
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
    readAttributes(&op, node);
    graph.nodes.push_back(std::move(node));
  }
  return graph;
}
