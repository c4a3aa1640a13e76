//===- Tensor.cpp - Dense tensors in memory -------------------------------===//

#include "dialects/onnx/reference/Tensor.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/raw_ostream.h"
#include <cmath>
#include <cstring>

using namespace mlir;
using namespace assay::onnx;

/// Larger constants than this become resource blobs.
static constexpr int64_t kInlineBytes = 256;
static constexpr int64_t kMaxBytes = int64_t(1) << 40;

//===----------------------------------------------------------------------===//
// Sizes and types
//===----------------------------------------------------------------------===//

int64_t assay::onnx::getElementBytes(Type elementType) {
  if (auto complex = dyn_cast<ComplexType>(elementType))
    return 2 * getElementBytes(complex.getElementType());
  if (!elementType.isIntOrFloat())
    return 0;
  unsigned bits = elementType.getIntOrFloatBitWidth();
  return bits <= 64 ? llvm::PowerOf2Ceil(llvm::divideCeil(bits, 8)) : 0;
}

std::optional<int64_t> assay::onnx::countElements(ArrayRef<int64_t> shape) {
  if (llvm::any_of(shape, [](int64_t dim) { return dim < 0; }))
    return std::nullopt;
  if (llvm::is_contained(shape, 0))
    return 0;
  int64_t count = 1;
  for (int64_t dim : shape)
    if (llvm::MulOverflow(count, dim, count))
      return std::nullopt;
  if (count > std::numeric_limits<int64_t>::max() / 16)
    return std::nullopt;
  return count;
}

bool assay::onnx::checkSize(Type elementType, ArrayRef<int64_t> shape) {
  int64_t bytes = getElementBytes(elementType);
  std::optional<int64_t> count = countElements(shape);
  return bytes && count && *count <= kMaxBytes / bytes;
}

SmallVector<int64_t> assay::onnx::computeStrides(ArrayRef<int64_t> shape) {
  SmallVector<int64_t> strides(shape.size(), 1);
  for (int64_t axis = static_cast<int64_t>(shape.size()) - 2; axis >= 0; --axis)
    // Only empty shapes overflow, and theirs are never used.
    (void)llvm::MulOverflow(strides[axis + 1], shape[axis + 1], strides[axis]);
  return strides;
}

Tensor::Kind Tensor::kindOf(Type elementType) {
  if (isa<ComplexType>(elementType))
    return Kind::Complex;
  if (elementType.isF32())
    return Kind::F32;
  if (elementType.isF64())
    return Kind::F64;
  if (elementType.isBF16())
    return Kind::BF16;
  if (isa<FloatType>(elementType))
    return Kind::SmallFloat;
  if (elementType.isInteger(1))
    return Kind::Bool;
  return elementType.isUnsignedInteger() ? Kind::Unsigned : Kind::Signed;
}

//===----------------------------------------------------------------------===//
// Construction
//===----------------------------------------------------------------------===//

static std::shared_ptr<char> allocate(int64_t bytes) {
  // calloc leaves the pages of large zero tensors untouched.
  char *memory =
      static_cast<char *>(std::calloc(std::max<int64_t>(bytes, 1), 1));
  if (!memory)
    llvm::report_bad_alloc_error("tensor allocation failed");
  return std::shared_ptr<char>(memory, std::free);
}

Tensor::Tensor(Type elementType, ArrayRef<int64_t> shape)
    : Tensor(borrow(elementType, shape, {})) {
  assert(checkSize(elementType, shape) && "shape was not checked");
  std::shared_ptr<char> memory = allocate(numElements * elementBytes);
  data = memory.get();
  owner = std::move(memory);
  writable = true;
}

Tensor Tensor::borrow(Type elementType, ArrayRef<int64_t> shape,
                      ArrayRef<char> data, std::shared_ptr<const void> owner) {
  Tensor tensor;
  tensor.elementType = elementType;
  tensor.shape.assign(shape.begin(), shape.end());
  tensor.numElements = countElements(shape).value_or(0);
  tensor.elementBytes = assay::onnx::getElementBytes(elementType);
  tensor.kind = kindOf(elementType);
  tensor.data = data.data();
  tensor.owner = std::move(owner);
  return tensor;
}

Tensor Tensor::fromDoubles(Type elementType, ArrayRef<int64_t> shape,
                           ArrayRef<double> values) {
  Tensor tensor(elementType, shape);
  for (auto [index, value] : llvm::enumerate(values))
    tensor.setDouble(index, value);
  return tensor;
}

Tensor Tensor::fromInts(Type elementType, ArrayRef<int64_t> shape,
                        ArrayRef<int64_t> values) {
  Tensor tensor(elementType, shape);
  for (auto [index, value] : llvm::enumerate(values))
    tensor.setInt(index, value);
  return tensor;
}

RankedTensorType Tensor::getType() const {
  return RankedTensorType::get(shape, elementType);
}

MutableArrayRef<char> Tensor::getMutableData() {
  int64_t bytes = numElements * elementBytes;
  if (!writable || owner.use_count() != 1) {
    std::shared_ptr<char> memory = allocate(bytes);
    if (bytes)
      std::memcpy(memory.get(), data, bytes);
    data = memory.get();
    owner = std::move(memory);
    writable = true;
  }
  return {const_cast<char *>(data), static_cast<size_t>(bytes)};
}

Tensor Tensor::reshaped(ArrayRef<int64_t> newShape) const {
  assert(countElements(newShape) == numElements && "element count changes");
  Tensor tensor = *this;
  tensor.shape.assign(newShape.begin(), newShape.end());
  return tensor;
}

Tensor Tensor::converted(Type newElementType) const {
  if (newElementType == elementType)
    return *this;
  Tensor tensor(newElementType, shape);
  bool integers =
      !isa<FloatType>(elementType) && !isa<FloatType>(newElementType);
  for (int64_t i = 0; i < numElements; ++i)
    integers ? tensor.setInt(i, getInt(i)) : tensor.setDouble(i, getDouble(i));
  return tensor;
}

//===----------------------------------------------------------------------===//
// Element access
//===----------------------------------------------------------------------===//

static uint64_t loadBits(const char *data, int64_t index, int64_t bytes) {
  uint64_t bits = 0;
  std::memcpy(&bits, data + index * bytes, bytes); // Little-endian hosts only.
  return bits;
}

static void storeBits(char *data, int64_t index, int64_t bytes, uint64_t bits) {
  std::memcpy(data + index * bytes, &bits, bytes);
}

double Tensor::getDouble(int64_t index) const {
  switch (kind) {
  case Kind::F32:
    return getAs<float>()[index];
  case Kind::F64:
    return getAs<double>()[index];
  case Kind::BF16:
    return llvm::bit_cast<float>(static_cast<uint32_t>(getAs<uint16_t>()[index])
                                 << 16);
  case Kind::SmallFloat: {
    auto type = cast<FloatType>(elementType);
    APInt bits(type.getWidth(), loadBits(data, index, elementBytes),
               /*isSigned=*/false, /*implicitTrunc=*/true);
    return APFloat(type.getFloatSemantics(), bits).convertToDouble();
  }
  case Kind::Unsigned:
    return static_cast<double>(static_cast<uint64_t>(getInt(index)));
  default:
    return static_cast<double>(getInt(index));
  }
}

/// Truncation of any double, NaN included, without undefined behaviour:
/// out-of-range values saturate, NaN is 0.
static int64_t truncateToInt(double value) {
  if (std::isnan(value))
    return 0;
  if (value >= 0x1p63)
    // The upper half of ui64 arrives here.
    return value >= 0x1p64 ? std::numeric_limits<int64_t>::max()
                           : static_cast<int64_t>(static_cast<uint64_t>(value));
  if (value < -0x1p63)
    return std::numeric_limits<int64_t>::min();
  return static_cast<int64_t>(value);
}

int64_t Tensor::getInt(int64_t index) const {
  switch (kind) {
  case Kind::Bool:
    return data[index] != 0;
  case Kind::Signed:
    return llvm::SignExtend64(loadBits(data, index, elementBytes),
                              elementType.getIntOrFloatBitWidth());
  case Kind::Unsigned:
    return loadBits(data, index, elementBytes) &
           llvm::maskTrailingOnes<uint64_t>(
               elementType.getIntOrFloatBitWidth());
  case Kind::Complex:
    llvm_unreachable("complex elements have no real value");
  default:
    return truncateToInt(getDouble(index));
  }
}

void Tensor::setDouble(int64_t index, double value) {
  char *out = getMutableData().data();
  switch (kind) {
  case Kind::F32:
    reinterpret_cast<float *>(out)[index] = static_cast<float>(value);
    return;
  case Kind::F64:
    reinterpret_cast<double *>(out)[index] = value;
    return;
  case Kind::BF16:
  case Kind::SmallFloat: {
    APFloat rounded(value);
    bool losesInfo;
    rounded.convert(cast<FloatType>(elementType).getFloatSemantics(),
                    APFloat::rmNearestTiesToEven, &losesInfo);
    storeBits(out, index, elementBytes,
              rounded.bitcastToAPInt().getZExtValue());
    return;
  }
  case Kind::Bool:
    out[index] = value != 0.0;
    return;
  default:
    setInt(index, truncateToInt(value));
  }
}

void Tensor::setInt(int64_t index, int64_t value) {
  switch (kind) {
  case Kind::Bool:
    getMutableData()[index] = value != 0;
    return;
  case Kind::Signed:
  case Kind::Unsigned:
    storeBits(getMutableData().data(), index, elementBytes,
              static_cast<uint64_t>(value) &
                  llvm::maskTrailingOnes<uint64_t>(
                      elementType.getIntOrFloatBitWidth()));
    return;
  case Kind::Complex:
    llvm_unreachable("complex elements have no real value");
  default:
    setDouble(index, static_cast<double>(value));
  }
}

std::vector<double> Tensor::toDoubles() const {
  std::vector<double> values(numElements);
  for (int64_t i = 0; i < numElements; ++i)
    values[i] = getDouble(i);
  return values;
}

std::vector<int64_t> Tensor::toInts() const {
  std::vector<int64_t> values(numElements);
  for (int64_t i = 0; i < numElements; ++i)
    values[i] = getInt(i);
  return values;
}

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

/// Dense attributes of i1 keep a layout of their own; read them by value.
static Tensor fromBools(DenseElementsAttr dense) {
  Tensor tensor(dense.getElementType(), dense.getType().getShape());
  for (auto [index, value] : llvm::enumerate(dense.getValues<bool>()))
    tensor.setInt(index, value);
  return tensor;
}

FailureOr<Tensor> Tensor::fromAttr(ElementsAttr attr, std::string &error) {
  Type element = attr.getElementType();
  ArrayRef<int64_t> shape = attr.getShapedType().getShape();
  llvm::raw_string_ostream os(error);
  if (!checkSize(element, shape)) {
    os << "constant of type " << attr.getType()
       << " is not held in memory: its elements must be numbers or bools and "
          "its size below 1 TiB";
    return failure();
  }
  if (auto dense = dyn_cast<DenseElementsAttr>(attr)) {
    if (element.isInteger(1))
      return fromBools(dense);
    ArrayRef<char> raw = dense.getRawData();
    if (!dense.isSplat())
      return borrow(element, shape, raw);
    Tensor tensor(element, shape);
    MutableArrayRef<char> bytes = tensor.getMutableData();
    for (int64_t i = 0; i < tensor.numElements; ++i)
      std::memcpy(bytes.data() + i * tensor.elementBytes, raw.data(),
                  tensor.elementBytes);
    return tensor;
  }
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(attr)) {
    const AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    Tensor tensor = borrow(element, shape, {});
    size_t bytes = tensor.numElements * tensor.elementBytes;
    if (!blob || blob->getData().size() != bytes) {
      os << "resource '" << resource.getRawHandle().getKey() << "' has "
         << (blob ? blob->getData().size() : 0) << " bytes, but "
         << attr.getType() << " takes " << bytes;
      return failure();
    }
    return borrow(element, shape, blob->getData());
  }
  os << "constant is neither dense nor dense_resource";
  return failure();
}

/// Whether all elements are the first one, bit by bit.
static bool isSplat(ArrayRef<char> data, int64_t elementBytes) {
  return data.size() > static_cast<size_t>(elementBytes) &&
         std::memcmp(data.data(), data.data() + elementBytes,
                     data.size() - elementBytes) == 0;
}

ElementsAttr Tensor::toAttr(StringRef name) const {
  RankedTensorType type = getType();
  ArrayRef<char> bytes = getData();
  bool splat = isSplat(bytes, elementBytes);
  if (kind == Kind::Bool && (splat || numElements <= kInlineBytes)) {
    SmallVector<bool> values;
    for (int64_t i = 0, e = splat ? 1 : numElements; i < e; ++i)
      values.push_back(bytes[i] != 0);
    return DenseElementsAttr::get(type, ArrayRef<bool>(values));
  }
  if (splat || static_cast<int64_t>(bytes.size()) <= kInlineBytes)
    return DenseElementsAttr::getFromRawBuffer(
        type, splat ? bytes.take_front(elementBytes) : bytes);
  Tensor kept = *this;
  if (!owner)
    (void)kept.getMutableData();
  ArrayRef<char> shared = kept.getData();
  // The tensor inside the deleter keeps the buffer alive.
  AsmResourceBlob blob(
      shared, /*dataAlignment=*/elementBytes,
      [kept = std::move(kept)](void *, size_t, size_t) {},
      /*dataIsMutable=*/false);
  return DenseResourceElementsAttr::get(type, name, std::move(blob));
}

//===----------------------------------------------------------------------===//
// Random values and comparison
//===----------------------------------------------------------------------===//

/// SplitMix64 (Steele, Lea, Flood 2014).
static uint64_t nextRandom(uint64_t &state) {
  uint64_t z = (state += 0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

void assay::onnx::fillRandom(Tensor &tensor, uint64_t seed, double low,
                             double high) {
  Type element = tensor.getElementType();
  bool isFloat = isa<FloatType>(element);
  if (isa<ComplexType>(element))
    return;
  for (int64_t i = 0; i < tensor.getNumElements(); ++i) {
    double unit = (nextRandom(seed) >> 11) * 0x1p-53;
    if (element.isInteger(1))
      tensor.setInt(i, unit < 0.5);
    else if (isFloat)
      tensor.setDouble(i, low + unit * (high - low));
    else
      tensor.setInt(i, std::ceil(low) + std::floor(unit * (std::ceil(high) -
                                                           std::ceil(low))));
  }
}

static bool agree(double actual, double expected, double rtol, double atol) {
  if (std::isnan(actual) || std::isnan(expected))
    return std::isnan(actual) && std::isnan(expected);
  if (std::isinf(actual) || std::isinf(expected))
    return actual == expected;
  return std::fabs(actual - expected) <= atol + rtol * std::fabs(expected);
}

static std::string formatIndex(int64_t index, ArrayRef<int64_t> shape) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << '[';
  SmallVector<int64_t> strides = computeStrides(shape);
  for (auto [axis, stride] : llvm::enumerate(strides)) {
    os << (axis ? ", " : "") << index / stride;
    index %= stride;
  }
  os << ']';
  return text;
}

std::optional<std::string> assay::onnx::findMismatch(const Tensor &actual,
                                                     const Tensor &expected,
                                                     double rtol, double atol) {
  std::string text;
  llvm::raw_string_ostream os(text);
  if (actual.getElementType() != expected.getElementType() ||
      actual.getShape() != expected.getShape()) {
    os << "type is " << actual.getType() << ", expected " << expected.getType();
    return text;
  }
  if (actual.getData() == expected.getData())
    return std::nullopt;
  // A complex number is compared as two reals.
  Tensor left = actual, right = expected;
  if (auto complex = dyn_cast<ComplexType>(actual.getElementType())) {
    SmallVector<int64_t> shape(actual.getShape());
    shape.push_back(2);
    left = Tensor::borrow(complex.getElementType(), shape, actual.getData());
    right = Tensor::borrow(complex.getElementType(), shape, expected.getData());
  }
  int64_t wrong = 0;
  for (int64_t i = 0; i < left.getNumElements(); ++i) {
    double a = left.getDouble(i), e = right.getDouble(i);
    bool same = isa<FloatType>(left.getElementType())
                    ? agree(a, e, rtol, atol)
                    : left.getInt(i) == right.getInt(i) ||
                          (a != e && agree(a, e, rtol, atol));
    if (same)
      continue;
    if (wrong++ == 0) {
      os << "element " << formatIndex(i, left.getShape()) << " is ";
      os << llvm::format("%.9g", a) << ", expected " << llvm::format("%.9g", e);
    }
  }
  if (!wrong)
    return std::nullopt;
  os << " (" << wrong << " of " << left.getNumElements() << " elements differ)";
  return text;
}
