//===- TensorIO.cpp - Tensors in protobuf files ---------------------------===//

#include "compiler/import/TensorIO.h"
#include "compiler/import/ElementTypes.h"
#include "compiler/import/ImportLocation.h"
#include "compiler/import/TensorImport.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace assay;
using assay::onnx::Tensor;

FailureOr<Tensor> assay::readTensorFile(MLIRContext *context, StringRef path) {
  Location loc = getFileLoc(context, path);
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  if (!buffer)
    return emitError(loc) << "cannot be read: " << buffer.getError().message();
  proto::TensorProto tensor;
  if ((*buffer)->getBufferSize() > std::numeric_limits<int>::max() ||
      !tensor.ParseFromArray((*buffer)->getBufferStart(),
                             (*buffer)->getBufferSize()))
    return emitError(loc) << "is no serialized TensorProto";
  ExternalData external(llvm::sys::path::parent_path(path));
  return readTensor(tensor, loc, external);
}

/// Packs the low bits of one element a byte, lowest first.
static std::string pack(ArrayRef<char> bytes, unsigned bits) {
  unsigned perByte = 8 / bits;
  unsigned mask = (1u << bits) - 1;
  std::string packed(llvm::divideCeil(bytes.size(), perByte), '\0');
  for (auto [index, byte] : llvm::enumerate(bytes))
    packed[index / perByte] |= (byte & mask) << (index % perByte * bits);
  return packed;
}

LogicalResult assay::writeTensorFile(const Tensor &tensor, StringRef name,
                                     StringRef path) {
  Type type = tensor.getElementType();
  Location loc = getFileLoc(type.getContext(), path);
  proto::TensorProto message;
  message.set_name(name.str());
  message.set_data_type(static_cast<int32_t>(getDataType(type)));
  for (int64_t dim : tensor.getShape())
    message.add_dims(dim);
  ArrayRef<char> data = tensor.getData();
  unsigned bits = type.isIntOrFloat() ? type.getIntOrFloatBitWidth() : 8;
  if (bits > 1 && bits < 8)
    message.set_raw_data(pack(data, bits));
  else
    message.set_raw_data(data.data(), data.size());
  std::string bytes;
  if (!message.SerializeToString(&bytes))
    return emitError(loc) << "cannot be written: a tensor of more than 2 GiB "
                             "does not fit a protobuf file";

  std::error_code error;
  llvm::raw_fd_ostream os(path, error, llvm::sys::fs::OF_None);
  if (!error) {
    os << bytes;
    os.close();
    error = os.error();
    os.clear_error();
  }
  if (error)
    return emitError(loc) << "cannot be written: " << error.message();
  return success();
}
