//===- ModelReader.cpp - Reads a ModelProto from a stream -----------------===//

#include "compiler/import/ModelReader.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/FileSystem.h"
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

static bool readTensor(CodedInputStream &input, proto::TensorProto &tensor) {
  std::string raw;
  bool hasRaw = false;
  bool read =
      readMessage(input, tensor, [&](uint32_t tag) -> std::optional<bool> {
        if (!isDelimited(tag, kTensorRawData))
          return std::nullopt;
        hasRaw = true;
        return readNested(input, [&]() {
          return input.ReadString(&raw, input.BytesUntilLimit());
        });
      });
  if (hasRaw)
    tensor.set_raw_data(std::move(raw));
  return read;
}

static bool readGraph(CodedInputStream &input, proto::GraphProto &graph) {
  return readMessage(input, graph, [&](uint32_t tag) -> std::optional<bool> {
    if (!isDelimited(tag, kGraphInitializer))
      return std::nullopt;
    return readNested(
        input, [&]() { return readTensor(input, *graph.add_initializer()); });
  });
}

LogicalResult
assay::readModel(google::protobuf::io::ZeroCopyInputStream &stream,
                 int64_t size, Location loc, proto::ModelProto &model) {
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
  bool read =
      readMessage(input, model, [&](uint32_t tag) -> std::optional<bool> {
        if (!isDelimited(tag, kModelGraph))
          return std::nullopt;
        return readNested(
            input, [&]() { return readGraph(input, *model.mutable_graph()); });
      });
  input.PopLimit(limit);
  if (!read)
    return emitError(loc) << "is no ONNX model, or is truncated: the protobuf "
                             "message does not parse near byte "
                          << input.CurrentPosition() << " of " << size;
  return success();
}

LogicalResult assay::readModelFile(StringRef path, Location loc,
                                   proto::ModelProto &model) {
  llvm::Expected<llvm::sys::fs::file_t> file =
      llvm::sys::fs::openNativeFileForRead(path);
  if (!file)
    return emitError(loc) << "cannot be opened: "
                          << llvm::toString(file.takeError());
  auto close =
      llvm::scope_exit([&]() { (void)llvm::sys::fs::closeFile(*file); });
  llvm::sys::fs::file_status status;
  if (std::error_code error = llvm::sys::fs::status(*file, status))
    return emitError(loc) << "cannot be read: " << error.message();
  if (status.type() != llvm::sys::fs::file_type::regular_file)
    return emitError(loc) << "is no regular file";
  google::protobuf::io::FileInputStream stream(*file);
  return readModel(stream, static_cast<int64_t>(status.getSize()), loc, model);
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
