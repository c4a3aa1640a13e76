//===- OnnxOp.cpp - Signatures and generic op building --------------------===//

#include "dialects/onnx/OnnxOp.h"
#include "dialects/onnx/OnnxDialect.h"
#include "dialects/onnx/ShapeUtils.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/MathExtras.h"
#include <cstring>

using namespace mlir;
using namespace assay::onnx;

static constexpr StringLiteral kSegments = "operandSegmentSizes";

static SmallVector<Parameter, 4> parseSide(StringRef text) {
  SmallVector<Parameter, 4> side;
  SmallVector<StringRef> parts;
  text.split(parts, ',', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  for (StringRef part : parts) {
    Parameter parameter;
    parameter.heterogeneous = part.consume_back("*");
    parameter.variadic = part.consume_back("...");
    parameter.optional = part.consume_back("?");
    parameter.elementType = part;
    side.push_back(parameter);
  }
  return side;
}

Signature Signature::parse(StringRef text) {
  auto [inputs, results] = text.split("->");
  Signature signature;
  signature.inputs = parseSide(inputs);
  llvm::append_range(signature.results, parseSide(results));
  return signature;
}

bool Signature::needsSegments() const {
  return llvm::count_if(inputs, [](const Parameter &p) {
           return p.optional || p.variadic;
         }) > 1;
}

bool Signature::hasVariadicInput() const {
  return !inputs.empty() && inputs.back().variadic;
}

const Signature &Signature::get(StringRef literal) {
  static thread_local llvm::DenseMap<const char *, std::unique_ptr<Signature>>
      parsed;
  std::unique_ptr<Signature> &signature = parsed[literal.data()];
  if (!signature)
    signature = std::make_unique<Signature>(Signature::parse(literal));
  return *signature;
}

/// The op called `name` ("Conv"), or nullopt.
static std::optional<RegisteredOperationName> lookupOp(MLIRContext *context,
                                                       StringRef name) {
  context->loadDialect<OnnxDialect>();
  SmallString<32> fullName("onnx.");
  fullName += name;
  std::optional<RegisteredOperationName> info =
      RegisteredOperationName::lookup(fullName, context);
  if (!info || !info->getInterface<OnnxOp>())
    return std::nullopt;
  return info;
}

static const Signature &getSignature(RegisteredOperationName info) {
  return Signature::get(info.getInterface<OnnxOp>()->getSignature());
}

bool assay::onnx::isOnnxOperator(MLIRContext *context, StringRef name) {
  return lookupOp(context, name).has_value();
}

SmallVector<Value> assay::onnx::detail::getOnnxInputs(Operation *op) {
  const Signature &signature = Signature::get(cast<OnnxOp>(op).getSignature());
  auto segments = op->getAttrOfType<DenseI32ArrayAttr>(kSegments);
  if (!segments) {
    SmallVector<Value> inputs(op->getOperands());
    if (!signature.hasVariadicInput())
      inputs.resize(std::max(inputs.size(), signature.inputs.size()));
    return inputs;
  }
  SmallVector<Value> inputs;
  auto operand = op->operand_begin();
  for (auto [parameter, size] :
       llvm::zip_equal(signature.inputs, segments.asArrayRef())) {
    if (size == 0 && !parameter.variadic)
      inputs.push_back(Value());
    for (int32_t i = 0; i < size; ++i)
      inputs.push_back(*operand++);
  }
  return inputs;
}

namespace {

/// Binds the element type variables of a signature, refusing contradictions.
class ElementTypeBinding {
public:
  ElementTypeBinding(OnnxOp op, const Signature &signature)
      : op(op), signature(signature) {}

  LogicalResult bindInputs();
  /// After the inputs.
  LogicalResult bindResults();

private:
  LogicalResult bind(Value value, ArrayRef<Parameter> parameters,
                     StringRef role, size_t position);

  OnnxOp op;
  const Signature &signature;
  SmallVector<std::pair<StringRef, Type>, 4> bound;
};

} // namespace

LogicalResult ElementTypeBinding::bind(Value value,
                                       ArrayRef<Parameter> parameters,
                                       StringRef role, size_t position) {
  const Parameter &parameter =
      parameters[std::min(position, parameters.size() - 1)];
  auto type = dyn_cast<TensorType>(value.getType());
  if (!type)
    return op->emitOpError() << role << ' ' << position << " is no tensor";
  if (parameter.heterogeneous)
    return success();
  auto *entry = llvm::find_if(bound, [&](const auto &binding) {
    return binding.first == parameter.elementType;
  });
  if (entry == bound.end())
    bound.emplace_back(parameter.elementType, type.getElementType());
  else if (entry->second != type.getElementType())
    return op->emitOpError()
           << role << ' ' << position << " has element type "
           << type.getElementType() << ", but type variable "
           << parameter.elementType << " is already " << entry->second;
  return success();
}

LogicalResult ElementTypeBinding::bindInputs() {
  for (auto [position, input] : llvm::enumerate(op.getOnnxInputs()))
    if (input && failed(bind(input, signature.inputs, "input", position)))
      return failure();
  return success();
}

LogicalResult ElementTypeBinding::bindResults() {
  for (auto [position, result] : llvm::enumerate(op->getResults()))
    if (failed(bind(result, signature.results, "result", position)))
      return failure();
  return success();
}

/// Checks what inference relies on before it runs: that every attribute is one
/// of the operator and of its type, and that none is missing.
static LogicalResult verifyAttributes(OnnxOp op, RegisteredOperationName info,
                                      const NamedAttrList &attributes) {
  for (NamedAttribute attribute : attributes)
    if (!llvm::is_contained(info.getAttributeNames(), attribute.getName()))
      return op->emitOpError() << "has no attribute " << attribute.getName();
  NamedAttrList checked(attributes);
  if (failed(info.verifyInherentAttrs(checked,
                                      [&]() { return op->emitOpError(); })))
    return failure();
  SmallVector<StringRef> required;
  op.getRequiredAttributes().split(required, ',', /*MaxSplit=*/-1,
                                   /*KeepEmpty=*/false);
  for (StringRef name : required)
    if (!attributes.get(name))
      return op->emitOpError()
             << "lacks its required attribute '" << name << "'";
  return success();
}

Operation *assay::onnx::buildOnnxOp(OpBuilder &builder, Location loc,
                                    StringRef name, ArrayRef<Value> inputs,
                                    ArrayRef<NamedAttribute> attributes,
                                    unsigned numResults) {
  std::optional<RegisteredOperationName> info =
      lookupOp(builder.getContext(), name);
  if (!info) {
    emitError(loc) << "operator " << name << " is not supported";
    return nullptr;
  }
  const Signature *signature = &getSignature(*info);
  size_t formal = signature->inputs.size();
  bool variadic = signature->hasVariadicInput();
  if (inputs.size() > formal && !variadic) {
    emitError(loc) << "operator " << name << " takes at most " << formal
                   << " inputs, but has " << inputs.size();
    return nullptr;
  }

  OperationState state(loc, *info);
  SmallVector<int32_t> segments;
  for (auto [position, parameter] : llvm::enumerate(signature->inputs)) {
    if (parameter.variadic) {
      int32_t count = 0;
      for (Value input : inputs.drop_front(std::min(position, inputs.size()))) {
        if (!input) {
          emitError(loc) << "operator " << name << " has an empty name among "
                         << "its variadic inputs";
          return nullptr;
        }
        state.operands.push_back(input);
        ++count;
      }
      segments.push_back(count);
      continue;
    }
    Value input = position < inputs.size() ? inputs[position] : Value();
    if (!input && !parameter.optional) {
      emitError(loc) << "operator " << name << " lacks its required input "
                     << position;
      return nullptr;
    }
    if (input)
      state.operands.push_back(input);
    segments.push_back(input ? 1 : 0);
  }
  for (NamedAttribute attribute : attributes)
    state.addAttribute(attribute.getName(), attribute.getValue());
  if (signature->needsSegments())
    state.addAttribute(kSegments, builder.getDenseI32ArrayAttr(segments));

  bool variadicResults =
      !signature->results.empty() && signature->results.back().variadic;
  if (!variadicResults)
    numResults = signature->results.size();
  state.types.assign(numResults, builder.getNoneType());

  NamedAttrList given(state.attributes);
  Operation *op = builder.create(state);
  auto onnxOp = cast<OnnxOp>(op);
  ElementTypeBinding binding(onnxOp, *signature);
  SmallVector<Type> types;
  if (failed(verifyAttributes(onnxOp, *info, given)) ||
      failed(binding.bindInputs()) || failed(onnxOp.inferResultTypes(types))) {
    op->erase();
    return nullptr;
  }
  assert(types.size() == op->getNumResults() && "one type for each result");
  for (auto [result, type] : llvm::zip_equal(op->getResults(), types))
    result.setType(type);
  // With what ran before, all that the verifier checks.
  if (failed(binding.bindResults()) || failed(onnxOp.verifyDefinition())) {
    op->erase();
    return nullptr;
  }
  return op;
}

ElementsAttr assay::onnx::getConstant(Value value) {
  ElementsAttr elements;
  if (value && matchPattern(value, m_Constant(&elements)))
    return elements;
  return {};
}

std::optional<SmallVector<int64_t>> assay::onnx::getConstantInts(Value value) {
  ElementsAttr elements = getConstant(value);
  if (!elements || !elements.getElementType().isIntOrIndex())
    return std::nullopt;
  SmallVector<int64_t> ints;
  if (auto dense = dyn_cast<DenseIntElementsAttr>(elements)) {
    for (const APInt &element : dense.getValues<APInt>())
      ints.push_back(dense.getElementType().isUnsignedInteger()
                         ? static_cast<int64_t>(element.getZExtValue())
                         : element.getSExtValue());
    return ints;
  }
  auto resource = dyn_cast<DenseResourceElementsAttr>(elements);
  if (!resource || !resource.getRawHandle().getBlob())
    return std::nullopt;
  ArrayRef<char> data = resource.getRawHandle().getBlob()->getData();
  if (data.size() != static_cast<size_t>(elements.getNumElements()) *
                         elements.getElementType().getIntOrFloatBitWidth() / 8)
    return std::nullopt;
  if (elements.getElementType().isInteger(64)) {
    auto *values = reinterpret_cast<const int64_t *>(data.data());
    ints.assign(values, values + data.size() / sizeof(int64_t));
    return ints;
  }
  if (elements.getElementType().isInteger(32)) {
    auto *values = reinterpret_cast<const int32_t *>(data.data());
    ints.assign(values, values + data.size() / sizeof(int32_t));
    return ints;
  }
  return std::nullopt;
}

LogicalResult assay::onnx::detail::verifyOnnxOp(Operation *operation) {
  auto op = cast<OnnxOp>(operation);
  ElementTypeBinding binding(op, Signature::get(op.getSignature()));
  if (failed(binding.bindInputs()) || failed(binding.bindResults()))
    return failure();
  SmallVector<Type> inferred;
  if (failed(op.inferResultTypes(inferred)))
    return failure();
  if (inferred.size() != op->getNumResults())
    return op->emitOpError()
           << "has " << op->getNumResults()
           << " results, but the operator gives " << inferred.size();
  for (auto [position, pair] :
       llvm::enumerate(llvm::zip_equal(inferred, op->getResultTypes()))) {
    auto [expected, actual] = pair;
    auto expectedTensor = cast<TensorType>(expected);
    auto actualTensor = cast<TensorType>(actual);
    if (expectedTensor.getElementType() != actualTensor.getElementType() ||
        failed(verifyCompatibleShape(expected, actual)))
      return op->emitOpError() << "result " << position << " is " << actual
                               << ", but the operator gives " << expected;
  }
  return success();
}

std::optional<SmallVector<double>>
assay::onnx::getConstantDoubles(Value value) {
  if (std::optional<SmallVector<int64_t>> ints = getConstantInts(value))
    return SmallVector<double>(ints->begin(), ints->end());
  ElementsAttr elements = getConstant(value);
  auto type =
      elements ? dyn_cast<FloatType>(elements.getElementType()) : FloatType();
  if (!type)
    return std::nullopt;
  SmallVector<double> doubles;
  if (auto dense = dyn_cast<DenseFPElementsAttr>(elements)) {
    for (const APFloat &element : dense)
      doubles.push_back(element.convertToDouble());
    return doubles;
  }
  auto resource = dyn_cast<DenseResourceElementsAttr>(elements);
  if (!resource || !resource.getRawHandle().getBlob())
    return std::nullopt;
  ArrayRef<char> data = resource.getRawHandle().getBlob()->getData();
  unsigned bytes = llvm::divideCeil(type.getWidth(), 8);
  if (data.size() != static_cast<size_t>(elements.getNumElements()) * bytes)
    return std::nullopt;
  for (size_t offset = 0; offset + bytes <= data.size(); offset += bytes) {
    uint64_t bits = 0;
    std::memcpy(&bits, data.data() + offset, bytes);
    APInt pattern(type.getWidth(), bits, /*isSigned=*/false,
                  /*implicitTrunc=*/true);
    doubles.push_back(
        APFloat(type.getFloatSemantics(), pattern).convertToDouble());
  }
  return doubles;
}
