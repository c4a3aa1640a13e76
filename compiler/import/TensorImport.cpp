//===- TensorImport.cpp - TensorProto to elements attributes --------------===//

#include "compiler/import/TensorImport.h"
#include "compiler/import/ElementTypes.h"
#include "compiler/import/Import.h"
#include "dialects/onnx/OnnxDialect.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Diagnostics.h"

using namespace mlir;
using namespace assay;
using assay::onnx::Tensor;

namespace {

/// Element type, shape and element count, checked.
struct Description {
  Type elementType;
  SmallVector<int64_t> shape;
  int64_t count;

  /// Bits of one element in raw_data; below 8 elements are packed.
  int64_t getBits() const {
    if (auto complex = dyn_cast<ComplexType>(elementType))
      return 2 * complex.getElementType().getIntOrFloatBitWidth();
    int64_t bits = elementType.getIntOrFloatBitWidth();
    return bits == 1 ? 8 : bits;
  }
  int64_t getRawBytes() const {
    return getBits() < 8 ? llvm::divideCeil(count, 8 / getBits())
                         : count * (getBits() / 8);
  }
};

using Owner = std::shared_ptr<const void>;

} // namespace

static FailureOr<Description> describe(const proto::TensorProto &tensor,
                                       Location loc) {
  Description result;
  result.elementType = getElementType(loc.getContext(), tensor.data_type());
  if (!result.elementType)
    return emitError(loc) << "has the unknown data type " << tensor.data_type();
  result.shape.assign(tensor.dims().begin(), tensor.dims().end());
  for (int64_t dim : result.shape)
    if (dim < 0)
      return emitError(loc) << "has the negative dimension " << dim;
  std::optional<int64_t> count = assay::onnx::countElements(result.shape);
  if (!count)
    return emitError(loc) << "claims more elements than any memory holds";
  result.count = *count;
  return result;
}

static InFlightDiagnostic emitSizeError(Location loc, const Description &what,
                                        int64_t given, int64_t wanted,
                                        StringRef unit) {
  InFlightDiagnostic diagnostic = emitError(loc);
  diagnostic << "holds " << given << ' ' << unit << ", but its dims [";
  llvm::interleaveComma(what.shape, diagnostic);
  diagnostic << "] of " << what.elementType << " need " << wanted;
  return diagnostic;
}

/// Spreads packed 2 and 4 bit elements, lowest bits first, to a byte each.
static std::shared_ptr<std::string> unpack(ArrayRef<char> packed, int64_t bits,
                                           int64_t count, bool isSigned) {
  auto bytes = std::make_shared<std::string>(count, '\0');
  int64_t perByte = 8 / bits;
  unsigned mask = (1u << bits) - 1;
  for (int64_t i = 0; i < count; ++i) {
    unsigned value =
        static_cast<uint8_t>(packed[i / perByte]) >> (i % perByte * bits) &
        mask;
    if (isSigned && (value >> (bits - 1)))
      value |= ~mask;
    (*bytes)[i] = static_cast<char>(value);
  }
  return bytes;
}

static Tensor borrowBytes(const Description &what,
                          std::shared_ptr<std::string> bytes) {
  ArrayRef<char> data(bytes->data(), bytes->size());
  return Tensor::borrow(what.elementType, what.shape, data, std::move(bytes));
}

/// `data` is exactly what raw_data holds for `what`.
static Tensor fromRaw(const Description &what, ArrayRef<char> data,
                      Owner owner) {
  int64_t bits = what.getBits();
  if (bits < 8) {
    bool isSigned = what.elementType.isSignlessInteger();
    return borrowBytes(what, unpack(data, bits, what.count, isSigned));
  }
  if (what.elementType.isInteger(1) &&
      llvm::any_of(data, [](char c) { return c != 0 && c != 1; })) {
    auto bytes = std::make_shared<std::string>(data.begin(), data.end());
    for (char &c : *bytes)
      c = c != 0;
    return borrowBytes(what, std::move(bytes));
  }
  int64_t alignment = std::min<int64_t>(bits / 8, alignof(std::max_align_t));
  if (reinterpret_cast<uintptr_t>(data.data()) % alignment)
    return borrowBytes(what,
                       std::make_shared<std::string>(data.begin(), data.end()));
  return Tensor::borrow(what.elementType, what.shape, data, std::move(owner));
}

/// Takes a typed field whose entries have the bits of the elements.
template <typename T>
static FailureOr<Tensor> takeField(const Description &what, Location loc,
                                   google::protobuf::RepeatedField<T> &field) {
  int64_t wanted = what.count * (what.getBits() / 8) / sizeof(T);
  if (field.size() != wanted)
    return emitSizeError(loc, what, field.size(), wanted, "values");
  auto owner = std::make_shared<google::protobuf::RepeatedField<T>>();
  owner->Swap(&field);
  ArrayRef<char> data(reinterpret_cast<const char *>(owner->data()),
                      owner->size() * sizeof(T));
  return Tensor::borrow(what.elementType, what.shape, data, std::move(owner));
}

/// Narrows a typed field to the elements: the value's low bits.
template <typename T>
static FailureOr<Tensor>
narrowField(const Description &what, Location loc,
            const google::protobuf::RepeatedField<T> &field) {
  int64_t bits = what.getBits();
  int64_t wanted = bits < 8 ? what.getRawBytes() : what.count;
  if (field.size() != wanted)
    return emitSizeError(loc, what, field.size(), wanted, "values");
  int64_t bytes = llvm::divideCeil(bits, 8);
  auto narrowed = std::make_shared<std::string>();
  narrowed->reserve(wanted * bytes);
  for (T value : field)
    narrowed->append(reinterpret_cast<const char *>(&value), bytes);
  ArrayRef<char> data(narrowed->data(), narrowed->size());
  return fromRaw(what, data, std::move(narrowed));
}

static FailureOr<Tensor> fromTypedField(const Description &what, Location loc,
                                        proto::TensorProto &tensor) {
  switch (static_cast<DataType>(tensor.data_type())) {
  case DataType::Float:
  case DataType::Complex64:
    return takeField(what, loc, *tensor.mutable_float_data());
  case DataType::Double:
  case DataType::Complex128:
    return takeField(what, loc, *tensor.mutable_double_data());
  case DataType::Int64:
    return takeField(what, loc, *tensor.mutable_int64_data());
  case DataType::UInt64:
    return takeField(what, loc, *tensor.mutable_uint64_data());
  case DataType::UInt32:
    return narrowField(what, loc, tensor.uint64_data());
  case DataType::Int32:
    return takeField(what, loc, *tensor.mutable_int32_data());
  default:
    return narrowField(what, loc, tensor.int32_data());
  }
}

static FailureOr<ExternalData::Bytes>
mapExternal(const Description &what, Location loc,
            const proto::TensorProto &tensor, ExternalData &external) {
  StringRef location;
  uint64_t offset = 0;
  uint64_t wanted = what.getRawBytes();
  uint64_t length = wanted;
  for (const proto::StringStringEntryProto &entry : tensor.external_data()) {
    if (entry.key() == "location")
      location = entry.value();
    uint64_t *number = entry.key() == "offset"   ? &offset
                       : entry.key() == "length" ? &length
                                                 : nullptr;
    if (number && StringRef(entry.value()).getAsInteger(10, *number))
      return emitError(loc)
             << "the " << entry.key() << " of its external data is '"
             << entry.value() << "', no number";
  }
  if (length != wanted)
    return emitSizeError(loc, what, length, wanted, "bytes");
  return external.map(loc, location, offset, length);
}

static bool isExternal(const proto::TensorProto &tensor) {
  return tensor.data_location() == proto::TensorProto::EXTERNAL;
}

static LogicalResult checkWhole(const proto::TensorProto &tensor,
                                Location loc) {
  if (tensor.has_segment())
    return emitError(loc) << "is one segment of a larger tensor, which is not "
                             "supported";
  return success();
}

static LogicalResult checkRawSize(const Description &what, Location loc,
                                  int64_t given) {
  if (given != what.getRawBytes())
    return emitSizeError(loc, what, given, what.getRawBytes(), "bytes");
  return success();
}

static FailureOr<Tensor> readTensor(const Description &what, Location loc,
                                    proto::TensorProto &tensor,
                                    ExternalData &external) {
  if (failed(checkWhole(tensor, loc)))
    return failure();
  if (isExternal(tensor)) {
    FailureOr<ExternalData::Bytes> bytes =
        mapExternal(what, loc, tensor, external);
    if (failed(bytes))
      return failure();
    return fromRaw(what, bytes->data, bytes->owner);
  }
  if (!tensor.has_raw_data())
    return fromTypedField(what, loc, tensor);
  if (failed(checkRawSize(what, loc, tensor.raw_data().size())))
    return failure();
  auto raw =
      std::make_shared<std::string>(std::move(*tensor.mutable_raw_data()));
  ArrayRef<char> data(raw->data(), raw->size());
  return fromRaw(what, data, std::move(raw));
}

FailureOr<Tensor> assay::readTensor(proto::TensorProto &tensor, Location loc,
                                    ExternalData &external) {
  FailureOr<Description> what = describe(tensor, loc);
  if (failed(what))
    return failure();
  if (isa<assay::onnx::StringType>(what->elementType))
    return emitError(loc) << "is a string tensor, which is not supported here";
  return ::readTensor(*what, loc, tensor, external);
}

FailureOr<ElementsAttr> assay::importTensor(proto::TensorProto &tensor,
                                            Location loc, StringRef name,
                                            ExternalData &external) {
  FailureOr<Description> what = describe(tensor, loc);
  if (failed(what))
    return failure();
  if (isa<assay::onnx::StringType>(what->elementType)) {
    if (tensor.string_data_size() != what->count)
      return emitSizeError(loc, *what, tensor.string_data_size(), what->count,
                           "strings");
    SmallVector<StringRef> strings(tensor.string_data().begin(),
                                   tensor.string_data().end());
    return ElementsAttr(DenseStringElementsAttr::get(
        RankedTensorType::get(what->shape, what->elementType), strings));
  }
  FailureOr<Tensor> read = ::readTensor(*what, loc, tensor, external);
  if (failed(read))
    return failure();
  return read->toAttr(name.empty() ? "tensor" : name);
}

/// A splat of 0; no string tensor.
static ElementsAttr makeZeros(const Description &what) {
  auto type = RankedTensorType::get(what.shape, what.elementType);
  if (what.elementType.isInteger(1))
    return DenseElementsAttr::get(type, false);
  SmallVector<char> zero(llvm::divideCeil(what.getBits(), 8), 0);
  return DenseElementsAttr::getFromRawBuffer(type, zero);
}

FailureOr<ElementsAttr>
assay::importTensorStructure(proto::TensorProto &tensor, Location loc,
                             StringRef name, ExternalData &external,
                             const SkippedData &skipped) {
  auto entry = skipped.find(&tensor);
  if (entry == skipped.end() && !isExternal(tensor))
    return importTensor(tensor, loc, name, external);
  FailureOr<Description> what = describe(tensor, loc);
  if (failed(what))
    return failure();
  // The data of these is not in raw_data, whatever that holds.
  if (isa<assay::onnx::StringType>(what->elementType) ||
      (isExternal(tensor) && what->getRawBytes() <= kMaxStructureBytes))
    return importTensor(tensor, loc, name, external);
  if (failed(checkWhole(tensor, loc)) ||
      failed(isExternal(tensor)
                 ? LogicalResult(mapExternal(*what, loc, tensor, external))
                 : checkRawSize(*what, loc, entry->second)))
    return failure();
  return makeZeros(*what);
}

/// The row-major position of entry `entry` of `indices`, which hold one linear
/// position each, or one coordinate a dimension.
static FailureOr<int64_t> locate(const Tensor &indices, int64_t entry,
                                 ArrayRef<int64_t> shape, int64_t count,
                                 Location loc) {
  int64_t position = 0;
  if (indices.getRank() == 1) {
    position = indices.getInt(entry);
  } else {
    for (auto [axis, dim] : llvm::enumerate(shape)) {
      int64_t coordinate = indices.getInt(entry * shape.size() + axis);
      if (coordinate < 0 || coordinate >= dim)
        return emitError(loc) << "has an index outside its dims";
      position = position * dim + coordinate;
    }
  }
  if (position < 0 || position >= count)
    return emitError(loc) << "has an index outside its dims";
  return position;
}

FailureOr<ElementsAttr>
assay::importSparseTensor(proto::SparseTensorProto &sparse, Location loc,
                          StringRef name, ExternalData &external) {
  FailureOr<Tensor> values =
      readTensor(*sparse.mutable_values(), loc, external);
  FailureOr<Tensor> indices =
      readTensor(*sparse.mutable_indices(), loc, external);
  if (failed(values) || failed(indices))
    return failure();
  SmallVector<int64_t> shape(sparse.dims().begin(), sparse.dims().end());
  if (!assay::onnx::checkSize(values->getElementType(), shape))
    return emitError(loc) << "has dims that are negative or too large";
  int64_t entries = values->getNumElements();
  int64_t count = *assay::onnx::countElements(shape);
  constexpr int64_t kAlwaysDense = 1 << 20;
  if (count > kAlwaysDense && count / 1000 > entries)
    return emitError(loc) << "claims " << count << " elements and gives only "
                          << entries
                          << "; sparser than one in a thousand is "
                             "not supported";
  bool coordinates = indices->getRank() == 2;
  if (!indices->getElementType().isInteger(64) || values->getRank() != 1 ||
      indices->getRank() > 2 || indices->getRank() < 1 ||
      indices->getDim(0) != entries ||
      (coordinates && indices->getDim(1) != static_cast<int64_t>(shape.size())))
    return emitError(loc) << "has indices that do not fit its values and dims";
  Tensor dense(values->getElementType(), shape);
  int64_t bytes = dense.getElementBytes();
  MutableArrayRef<char> data = dense.getMutableData();
  for (int64_t entry = 0; entry < entries; ++entry) {
    FailureOr<int64_t> position = locate(*indices, entry, shape, count, loc);
    if (failed(position))
      return failure();
    std::memcpy(data.data() + *position * bytes,
                values->getData().data() + entry * bytes, bytes);
  }
  return dense.toAttr(name.empty() ? "tensor" : name);
}
