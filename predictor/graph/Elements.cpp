//===- Elements.cpp - Element types and constants as text -----------------===//

#include "predictor/graph/Elements.h"
#include "dialects/onnx/OnnxDialect.h"
#include "mlir/AsmParser/AsmParser.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/MLIRContext.h"
#include "predictor/text/Scalars.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace assay;
using namespace assay::predictor;

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

std::string assay::predictor::spellElementType(Type type) {
  if (type.isF32())
    return "f32";
  if (type.isInteger(64))
    return type.isUnsignedInteger() ? "ui64" : "i64";
  if (isa<onnx::StringType>(type))
    return "string";
  if (auto complex = dyn_cast<ComplexType>(type))
    return complex.getElementType().isF64() ? "complex128" : "complex64";
  std::string text;
  llvm::raw_string_ostream(text) << type;
  return text;
}

/// `i` or `ui` and a width: parsing any text as a type would report errors.
static Type parseIntegerType(MLIRContext *context, StringRef name) {
  bool isUnsigned = name.consume_front("u");
  unsigned width;
  if (!name.consume_front("i") || name.getAsInteger(10, width) || width < 1 ||
      width > 64)
    return {};
  return IntegerType::get(context, width,
                          isUnsigned ? IntegerType::Unsigned
                                     : IntegerType::Signless);
}

Type assay::predictor::parseElementType(MLIRContext *context, StringRef name) {
  if (name == "string")
    return onnx::StringType::get(context);
  if (name == "complex64")
    return ComplexType::get(Float32Type::get(context));
  if (name == "complex128")
    return ComplexType::get(Float64Type::get(context));
  if (Type integer = parseIntegerType(context, name))
    return integer;
  ScopedDiagnosticHandler quiet(context,
                                [](Diagnostic &) { return success(); });
  return dyn_cast_or_null<FloatType>(parseType(name, context));
}

//===----------------------------------------------------------------------===//
// Printing
//===----------------------------------------------------------------------===//

static std::string printElement(const APFloat &element) {
  return &element.getSemantics() == &APFloat::IEEEdouble()
             ? printDouble(element.convertToDouble())
             : printFloat(static_cast<float>(element.convertToDouble()));
}

static std::string printElement(const std::complex<APFloat> &element) {
  return printElement(element.real()) + ":" + printElement(element.imag());
}

static std::string printElement(StringRef element) {
  return printString(element);
}

template <typename T> static std::string join(DenseElementsAttr dense) {
  std::string text;
  for (const T &element : dense.getValues<T>())
    text += (text.empty() ? "" : ",") + printElement(element);
  return text;
}

static std::string joinIntegers(DenseElementsAttr dense) {
  Type type = dense.getElementType();
  bool isSigned = !type.isUnsignedInteger() && !type.isInteger(1);
  std::string text;
  for (const APInt &element : dense.getValues<APInt>())
    text += (text.empty() ? "" : ",") + llvm::toString(element, 10, isSigned);
  return text;
}

/// The constant with its elements in the attribute, or null.
static DenseElementsAttr getDense(ElementsAttr elements) {
  auto resource = dyn_cast<DenseResourceElementsAttr>(elements);
  if (!resource)
    return dyn_cast<DenseElementsAttr>(elements);
  auto type = cast<ShapedType>(resource.getType());
  const AsmResourceBlob *blob = resource.getRawHandle().getBlob();
  bool splat = false;
  if (!blob ||
      !DenseElementsAttr::isValidRawBuffer(type, blob->getData(), splat))
    return {};
  return DenseElementsAttr::getFromRawBuffer(type, blob->getData());
}

std::optional<std::string>
assay::predictor::printElements(ElementsAttr elements) {
  DenseElementsAttr dense = getDense(elements);
  if (!dense)
    return std::nullopt;
  if (isa<DenseStringElementsAttr>(dense))
    return join<StringRef>(dense);
  Type type = dense.getElementType();
  if (isa<FloatType>(type))
    return join<APFloat>(dense);
  if (auto complex = dyn_cast<ComplexType>(type);
      complex && isa<FloatType>(complex.getElementType()))
    return join<std::complex<APFloat>>(dense);
  if (type.isInteger())
    return joinIntegers(dense);
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Parsing
//===----------------------------------------------------------------------===//

static std::optional<APFloat> parseElement(StringRef text, FloatType type) {
  return parseReal(text, type.getFloatSemantics());
}

static std::optional<APInt> parseElement(StringRef text, IntegerType type) {
  bool negative = text.consume_front("-");
  APInt value(64, 0);
  unsigned width = type.getWidth();
  if (text.empty() || text.getAsInteger(10, value) ||
      (negative && type.isUnsigned()))
    return std::nullopt;
  // One more value fits below zero than above.
  unsigned bits =
      negative ? (value - 1).getActiveBits() : value.getActiveBits();
  bool hasSignBit = !type.isUnsigned() && width > 1;
  if ((negative && value.isZero()) || bits > width - hasSignBit)
    return std::nullopt;
  value = value.zextOrTrunc(width);
  return negative ? -value : value;
}

static std::optional<std::complex<APFloat>> parseElement(StringRef text,
                                                         ComplexType type) {
  auto part = cast<FloatType>(type.getElementType());
  auto [realText, imaginaryText] = text.split(':');
  std::optional<APFloat> real = parseElement(realText, part);
  std::optional<APFloat> imaginary = parseElement(imaginaryText, part);
  if (!real || !imaginary)
    return std::nullopt;
  return std::complex<APFloat>(*real, *imaginary);
}

static std::optional<std::string> parseElement(StringRef text,
                                               onnx::StringType) {
  std::string string;
  if (!parseString(text, string) || !text.empty())
    return std::nullopt;
  return string;
}

template <typename ElementType>
static DenseElementsAttr parseAll(RankedTensorType type,
                                  ArrayRef<StringRef> parts,
                                  ElementType element) {
  using Parsed =
      typename decltype(parseElement(StringRef(), element))::value_type;
  SmallVector<Parsed> parsed;
  for (StringRef part : parts) {
    auto value = parseElement(part, element);
    if (!value)
      return {};
    parsed.push_back(std::move(*value));
  }
  if constexpr (std::is_same_v<ElementType, onnx::StringType>) {
    SmallVector<StringRef> strings(parsed.begin(), parsed.end());
    return DenseStringElementsAttr::get(type, strings);
  } else {
    return DenseElementsAttr::get(type, parsed);
  }
}

DenseElementsAttr assay::predictor::parseElements(RankedTensorType type,
                                                  StringRef text) {
  SmallVector<StringRef> parts = splitElements(text);
  if (parts.size() != 1 &&
      static_cast<int64_t>(parts.size()) != type.getNumElements())
    return {};
  Type element = type.getElementType();
  if (auto real = dyn_cast<FloatType>(element))
    return parseAll(type, parts, real);
  if (auto integer = dyn_cast<IntegerType>(element))
    return parseAll(type, parts, integer);
  if (auto complex = dyn_cast<ComplexType>(element))
    return parseAll(type, parts, complex);
  if (auto string = dyn_cast<onnx::StringType>(element))
    return parseAll(type, parts, string);
  return {};
}

DenseElementsAttr assay::predictor::makeZeros(RankedTensorType type) {
  Type element = type.getElementType();
  StringRef zero = "0";
  if (isa<onnx::StringType>(element))
    zero = "\"\"";
  else if (isa<ComplexType>(element))
    zero = "0:0";
  return parseElements(type, type.getNumElements() ? zero : "");
}
