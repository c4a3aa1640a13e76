//===- Npy.cpp - Tensors in NumPy's file format ---------------------------===//

#include "compiler/api/Npy.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace assay;
using onnx::Tensor;

static constexpr StringLiteral kMagic("\x93NUMPY");
/// The data begins at a multiple of this.
static constexpr size_t kAlignment = 64;

static Location getLoc(MLIRContext *context, StringRef path) {
  return FileLineColLoc::get(context, path, 0, 0);
}

//===----------------------------------------------------------------------===//
// Element types: 'f4' and the like
//===----------------------------------------------------------------------===//

static Type parseElementType(MLIRContext *context, StringRef code) {
  Builder b(context);
  return llvm::StringSwitch<Type>(code)
      .Case("b1", b.getI1Type())
      .Case("i1", b.getI8Type())
      .Case("i2", b.getI16Type())
      .Case("i4", b.getI32Type())
      .Case("i8", b.getI64Type())
      .Case("u1", b.getIntegerType(8, /*isSigned=*/false))
      .Case("u2", b.getIntegerType(16, /*isSigned=*/false))
      .Case("u4", b.getIntegerType(32, /*isSigned=*/false))
      .Case("u8", b.getIntegerType(64, /*isSigned=*/false))
      .Case("f2", b.getF16Type())
      .Case("f4", b.getF32Type())
      .Case("f8", b.getF64Type())
      .Case("c8", ComplexType::get(b.getF32Type()))
      .Case("c16", ComplexType::get(b.getF64Type()))
      .Default({});
}

/// The inverse of parseElementType; empty for types NumPy has not.
static std::string getCode(Type type) {
  std::string bytes = std::to_string(onnx::getElementBytes(type));
  if (type.isInteger(1))
    return "b1";
  if (auto integer = dyn_cast<IntegerType>(type);
      integer && integer.getWidth() >= 8)
    return (integer.isUnsigned() ? "u" : "i") + bytes;
  if (type.isF16() || type.isF32() || type.isF64())
    return "f" + bytes;
  if (isa<ComplexType>(type))
    return "c" + bytes;
  return "";
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

namespace {
struct Header {
  std::string descr;
  bool fortranOrder = false;
  SmallVector<int64_t> shape;
};

/// The Python dictionary of a header:
/// {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }
class HeaderParser {
public:
  HeaderParser(StringRef text) : rest(text) {}

  /// Whether the text is such a dictionary with all three keys.
  bool parse(Header &header) {
    unsigned seen = 0;
    if (!eat("{"))
      return false;
    while (!eat("}")) {
      std::string key;
      if (!parseString(key) || !eat(":"))
        return false;
      if (key == "descr" && parseString(header.descr))
        seen |= 1;
      else if (key == "fortran_order" && parseBool(header.fortranOrder))
        seen |= 2;
      else if (key == "shape" && parseShape(header.shape))
        seen |= 4;
      else
        return false;
      if (!eat(",") && !rest.ltrim().starts_with("}"))
        return false;
    }
    return seen == 7 && rest.trim().empty();
  }

private:
  bool eat(StringRef token) {
    rest = rest.ltrim();
    return rest.consume_front(token);
  }
  bool parseString(std::string &value) {
    if (!eat("'"))
      return false;
    size_t end = rest.find('\'');
    if (end == StringRef::npos)
      return false;
    value = rest.take_front(end).str();
    rest = rest.drop_front(end + 1);
    return true;
  }
  bool parseBool(bool &value) {
    value = eat("True");
    return value || eat("False");
  }
  bool parseShape(SmallVectorImpl<int64_t> &shape) {
    if (!eat("("))
      return false;
    while (!eat(")")) {
      rest = rest.ltrim();
      int64_t dim;
      if (rest.consumeInteger(10, dim) || dim < 0)
        return false;
      shape.push_back(dim);
      if (!eat(",") && !rest.ltrim().starts_with(")"))
        return false;
    }
    return true;
  }

  StringRef rest;
};
} // namespace

/// Splits off the header text; nullopt when the file is none or cut short.
static std::optional<StringRef> takeHeader(StringRef &bytes) {
  if (!bytes.consume_front(kMagic) || bytes.size() < 4)
    return std::nullopt;
  unsigned major = static_cast<unsigned char>(bytes[0]);
  bytes = bytes.drop_front(2);
  if (major < 1 || major > 3)
    return std::nullopt;
  size_t lengthBytes = major == 1 ? 2 : 4;
  if (bytes.size() < lengthBytes)
    return std::nullopt;
  size_t length = major == 1 ? llvm::support::endian::read16le(bytes.data())
                             : llvm::support::endian::read32le(bytes.data());
  bytes = bytes.drop_front(lengthBytes);
  if (bytes.size() < length)
    return std::nullopt;
  StringRef header = bytes.take_front(length);
  bytes = bytes.drop_front(length);
  return header;
}

static void swapBytes(MutableArrayRef<char> data, size_t unit) {
  for (size_t i = 0; i < data.size(); i += unit)
    std::reverse(data.begin() + i, data.begin() + i + unit);
}

/// `tensor` holds the elements with the first dimension running fastest.
static Tensor toRowMajor(const Tensor &tensor) {
  ArrayRef<int64_t> shape = tensor.getShape();
  Tensor result(tensor.getElementType(), shape);
  int64_t bytes = tensor.getElementBytes();
  SmallVector<int64_t> strides = onnx::computeStrides(shape);
  MutableArrayRef<char> to = result.getMutableData();
  SmallVector<int64_t> index(shape.size(), 0);
  for (int64_t from = 0; from < tensor.getNumElements(); ++from) {
    int64_t offset = 0;
    for (auto [i, stride] : llvm::zip_equal(index, strides))
      offset += i * stride;
    std::memcpy(to.data() + offset * bytes,
                tensor.getData().data() + from * bytes, bytes);
    for (size_t axis = 0; axis < shape.size(); ++axis) {
      if (++index[axis] < shape[axis])
        break;
      index[axis] = 0;
    }
  }
  return result;
}

FailureOr<Tensor> assay::parseNpy(MLIRContext *context, StringRef bytes,
                                  StringRef name) {
  Location loc = getLoc(context, name);
  std::optional<StringRef> text = takeHeader(bytes);
  if (!text)
    return emitError(loc) << "is no .npy file of version 1 to 3, or cut short";
  Header header;
  if (!HeaderParser(*text).parse(header))
    return emitError(loc) << "has a header that is not understood: "
                          << text->trim();
  StringRef code = header.descr;
  bool swap = code.consume_front(">");
  if (!swap && !code.consume_front("<"))
    code.consume_front("|");
  Type elementType = parseElementType(context, code);
  if (!elementType)
    return emitError(loc) << "has elements of type '" << header.descr
                          << "'; bool, int, uint, float and complex are read";
  if (!onnx::checkSize(elementType, header.shape))
    return emitError(loc) << "claims a tensor of more than 1 TiB";
  Tensor tensor(elementType, header.shape);
  MutableArrayRef<char> data = tensor.getMutableData();
  if (bytes.size() != data.size())
    return emitError(loc) << "holds " << bytes.size()
                          << " bytes of data, but its header asks for "
                          << data.size();
  llvm::copy(bytes, data.begin());
  if (swap)
    swapBytes(data, tensor.getElementBytes() /
                        (isa<ComplexType>(elementType) ? 2 : 1));
  return header.fortranOrder ? toRowMajor(tensor) : tensor;
}

FailureOr<Tensor> assay::readNpy(MLIRContext *context, StringRef path) {
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  if (!buffer)
    return emitError(getLoc(context, path))
           << "cannot be read: " << buffer.getError().message();
  return parseNpy(context, (*buffer)->getBuffer(), path);
}

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

LogicalResult assay::writeNpy(const Tensor &tensor, StringRef path) {
  Location loc = getLoc(tensor.getElementType().getContext(), path);
  std::string code = getCode(tensor.getElementType());
  if (code.empty())
    return emitError(loc) << "cannot hold elements of type "
                          << tensor.getElementType()
                          << ": NumPy has no name for it";
  std::string header = "{'descr': '" +
                       std::string(tensor.getElementBytes() > 1 ? "<" : "|") +
                       code + "', 'fortran_order': False, 'shape': (";
  for (int64_t dim : tensor.getShape())
    header += std::to_string(dim) + ", ";
  header += "), }";
  size_t prefix = kMagic.size() + 4;
  header.append(kAlignment - (prefix + header.size() + 1) % kAlignment, ' ');
  header += '\n';

  std::error_code error;
  llvm::raw_fd_ostream os(path, error, llvm::sys::fs::OF_None);
  if (!error) {
    os << kMagic << '\x01' << '\x00' << static_cast<char>(header.size() & 0xff)
       << static_cast<char>(header.size() >> 8) << header;
    os.write(tensor.getData().data(), tensor.getData().size());
    os.close();
    error = os.error();
    os.clear_error();
  }
  if (error)
    return emitError(loc) << "cannot be written: " << error.message();
  return success();
}
