//===- ModelReader.cpp - Reads a ModelProto from a stream -----------------===//

#include "compiler/import/ModelReader.h"
#include "compiler/import/Import.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl.h>
#include <google/protobuf/wire_format_lite.h>

using namespace mlir;
using namespace assay;
using google::protobuf::io::CodedInputStream;
using google::protobuf::io::CodedOutputStream;
using google::protobuf::io::StringOutputStream;
using WireFormat = google::protobuf::internal::WireFormatLite;

/// Field numbers of onnx.proto that are read by hand.
static constexpr int kModelGraph = 7;
static constexpr int kGraphNode = 1;
static constexpr int kGraphInitializer = 5;
static constexpr int kTensorRawData = 9;

static bool isDelimited(uint32_t tag, int field) {
  return tag ==
         WireFormat::MakeTag(field, WireFormat::WIRETYPE_LENGTH_DELIMITED);
}

/// Reads the fields of one message up to the present limit: those that
/// `readField` takes, and all others into `message`.
template <typename Message, typename ReadField>
static bool readMessage(CodedInputStream &input, Message &message,
                        ReadField readField) {
  std::string others;
  {
    StringOutputStream stream(&others);
    CodedOutputStream output(&stream);
    while (uint32_t tag = input.ReadTag()) {
      std::optional<bool> taken = readField(tag);
      if (taken ? !*taken : !WireFormat::SkipField(&input, tag, &output))
        return false;
    }
  }
  return input.ConsumedEntireMessage() && message.MergeFromString(others);
}

/// Runs `read` on the length-delimited field at the read position.
template <typename Read>
static bool readNested(CodedInputStream &input, Read read) {
  uint32_t length;
  if (!input.ReadVarint32(&length) || length > INT32_MAX ||
      static_cast<int>(length) > input.BytesUntilLimit())
    return false;
  CodedInputStream::Limit limit = input.PushLimit(length);
  bool read_ = read();
  input.PopLimit(limit);
  return read_;
}

/// Reads raw_data, or passes over it where `skipped` is given and the data is
/// large. The last of several counts.
static bool readRawData(CodedInputStream &input, proto::TensorProto &tensor,
                        SkippedData *skipped) {
  int size = input.BytesUntilLimit();
  if (skipped && size > kMaxStructureBytes) {
    tensor.clear_raw_data();
    (*skipped)[&tensor] = size;
    return input.Skip(size);
  }
  if (skipped)
    skipped->erase(&tensor);
  return input.ReadString(tensor.mutable_raw_data(), size);
}

/// Reads the whole message up to the present limit, in place where the stream
/// has it in one piece.
template <typename Message>
static bool readWhole(CodedInputStream &input, Message &message) {
  const void *data;
  int available, size = input.BytesUntilLimit();
  if (size == 0)
    return true;
  if (!input.GetDirectBufferPointer(&data, &available) || available < size)
    return message.MergeFromCodedStream(&input) &&
           input.ConsumedEntireMessage();
  return message.ParseFromArray(data, size) && input.Skip(size);
}

static bool readTensor(CodedInputStream &input, proto::TensorProto &tensor,
                       SkippedData *skipped) {
  if (input.BytesUntilLimit() <= kMaxStructureBytes)
    return readWhole(input, tensor);
  return readMessage(input, tensor, [&](uint32_t tag) -> std::optional<bool> {
    if (!isDelimited(tag, kTensorRawData))
      return std::nullopt;
    return readNested(input,
                      [&]() { return readRawData(input, tensor, skipped); });
  });
}

static bool readGraph(CodedInputStream &input, proto::GraphProto &graph,
                      SkippedData *skipped) {
  return readMessage(input, graph, [&](uint32_t tag) -> std::optional<bool> {
    if (isDelimited(tag, kGraphNode))
      return readNested(input,
                        [&]() { return readWhole(input, *graph.add_node()); });
    if (isDelimited(tag, kGraphInitializer))
      return readNested(input, [&]() {
        return readTensor(input, *graph.add_initializer(), skipped);
      });
    return std::nullopt;
  });
}

LogicalResult
assay::readModel(google::protobuf::io::ZeroCopyInputStream &stream,
                 int64_t size, Location loc, ModelFile &file) {
  if (size == 0)
    return emitError(loc) << "the file is empty";
  if (size > INT32_MAX)
    return emitError(loc) << "the file has " << size
                          << " bytes; a model above 2 GiB must keep its "
                             "weights as external data";
  google::protobuf::LogSilencer silencer;
  CodedInputStream input(&stream);
  input.SetTotalBytesLimit(static_cast<int>(size));
  CodedInputStream::Limit limit = input.PushLimit(static_cast<int>(size));
  proto::ModelProto &model = file.model;
  SkippedData *skipped = file.structureOnly ? &file.skipped : nullptr;
  bool read =
      readMessage(input, model, [&](uint32_t tag) -> std::optional<bool> {
        if (!isDelimited(tag, kModelGraph))
          return std::nullopt;
        return readNested(input, [&]() {
          return readGraph(input, *model.mutable_graph(), skipped);
        });
      });
  input.PopLimit(limit);
  if (!read)
    return emitError(loc) << "is no ONNX model, or is truncated: the protobuf "
                             "message does not parse near byte "
                          << input.CurrentPosition() << " of " << size;
  return success();
}

LogicalResult assay::readModelFile(StringRef path, Location loc,
                                   ModelFile &file) {
  llvm::Expected<llvm::sys::fs::file_t> handle =
      llvm::sys::fs::openNativeFileForRead(path);
  if (!handle)
    return emitError(loc) << "cannot be opened: "
                          << llvm::toString(handle.takeError());
  auto close =
      llvm::scope_exit([&]() { (void)llvm::sys::fs::closeFile(*handle); });
  llvm::sys::fs::file_status status;
  if (std::error_code error = llvm::sys::fs::status(*handle, status))
    return emitError(loc) << "cannot be read: " << error.message();
  if (status.type() != llvm::sys::fs::file_type::regular_file)
    return emitError(loc) << "is no regular file";
  auto size = static_cast<int64_t>(status.getSize());
  if (!file.structureOnly || size > INT32_MAX) {
    google::protobuf::io::FileInputStream stream(*handle);
    return readModel(stream, size, loc, file);
  }
  auto buffer = llvm::MemoryBuffer::getOpenFile(
      *handle, path, status.getSize(), /*RequiresNullTerminator=*/false);
  if (!buffer)
    return emitError(loc) << "cannot be read: " << buffer.getError().message();
  google::protobuf::io::ArrayInputStream stream((*buffer)->getBufferStart(),
                                                static_cast<int>(size));
  return readModel(stream, size, loc, file);
}

std::string
assay::getUnknownString(const google::protobuf::UnknownFieldSet &fields,
                        int number) {
  std::string value;
  for (int i = 0; i < fields.field_count(); ++i) {
    const google::protobuf::UnknownField &field = fields.field(i);
    if (field.number() == number &&
        field.type() == google::protobuf::UnknownField::TYPE_LENGTH_DELIMITED)
      value = field.length_delimited();
  }
  return value;
}
