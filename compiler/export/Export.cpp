//===- Export.cpp - The onnx dialect to ONNX models -----------------------===//

#include "compiler/export/Export.h"
#include "compiler/export/GraphExporter.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl.h>

using namespace mlir;
using namespace assay;
namespace fs = llvm::sys::fs;

/// Tensors below this stay in the model.
static constexpr int64_t kMinExternalBytes = 1024;
/// Pages, so that a tensor can be mapped alone.
static constexpr int64_t kExternalAlignment = 4096;

namespace {

/// A file that gets its name only once it is whole.
class PendingFile {
public:
  PendingFile(StringRef path, Location loc) : path(path), loc(loc) {}
  ~PendingFile() {
    if (!temporary.empty())
      (void)fs::remove(temporary);
  }
  PendingFile(const PendingFile &) = delete;
  PendingFile &operator=(const PendingFile &) = delete;

  /// Writes the file under a temporary name by `write`, which gives whether all
  /// was written.
  LogicalResult
  write(llvm::function_ref<bool(google::protobuf::io::FileOutputStream &)>
            writeTo) {
    // Renamed to the path of a device, it would take its place.
    if (fs::exists(path) && !fs::is_regular_file(path))
      return emitError(loc)
             << "'" << path << "' cannot be written: it is no regular file";
    int descriptor;
    SmallString<128> name;
    if (std::error_code error =
            fs::createUniqueFile(path + ".%%%%%%%%.tmp", descriptor, name))
      return emitError(loc)
             << "'" << path << "' cannot be written: " << error.message();
    temporary = name.str();
    google::protobuf::io::FileOutputStream stream(descriptor);
    bool written = writeTo(stream);
    written &= stream.Flush();
    int error = stream.GetErrno();
    written &= stream.Close();
    if (!written)
      return emitError(loc) << "'" << path << "' cannot be written: "
                            << (error ? StringRef(strerror(error))
                                      : StringRef("it is too large"));
    return success();
  }

  LogicalResult commit() {
    if (std::error_code error = fs::rename(temporary, path))
      return emitError(loc)
             << "'" << path << "' cannot be written: " << error.message();
    temporary.clear();
    return success();
  }

private:
  std::string path;
  Location loc;
  std::string temporary;
};

} // namespace

static void addEntry(proto::TensorProto &tensor, StringRef key,
                     const Twine &value) {
  proto::StringStringEntryProto &entry = *tensor.add_external_data();
  entry.set_key(key.str());
  entry.set_value(value.str());
}

/// Moves the raw data of large initializers to `stream` and leaves where it is.
static bool moveWeights(proto::GraphProto &graph, StringRef location,
                        google::protobuf::io::FileOutputStream &stream) {
  google::protobuf::io::CodedOutputStream output(&stream);
  int64_t offset = 0;
  for (proto::TensorProto &tensor : *graph.mutable_initializer()) {
    int64_t size = tensor.raw_data().size();
    if (size < kMinExternalBytes)
      continue;
    std::string padding(llvm::alignTo(offset, kExternalAlignment) - offset,
                        '\0');
    offset += padding.size();
    output.WriteString(padding);
    output.WriteString(tensor.raw_data());
    std::string().swap(*tensor.mutable_raw_data());
    tensor.clear_raw_data();
    tensor.set_data_location(proto::TensorProto::EXTERNAL);
    addEntry(tensor, "location", location);
    addEntry(tensor, "offset", Twine(offset));
    addEntry(tensor, "length", Twine(size));
    offset += size;
  }
  return !output.HadError();
}

static int64_t countRawBytes(const proto::GraphProto &graph) {
  int64_t bytes = 0;
  for (const proto::TensorProto &tensor : graph.initializer())
    bytes += tensor.raw_data().size();
  return bytes;
}

LogicalResult assay::exportModel(ModuleOp module, StringRef path,
                                 const ExportOptions &options) {
  proto::ModelProto model;
  if (failed(GraphExporter(module, options, model).run()))
    return failure();
  Location loc = module.getLoc();
  std::string dataPath = (path + ".data").str();
  PendingFile data(dataPath, loc);
  bool external = options.externalData ||
                  countRawBytes(model.graph()) >= options.externalThreshold;
  if (external && failed(data.write([&](auto &stream) {
        return moveWeights(*model.mutable_graph(),
                           llvm::sys::path::filename(dataPath), stream);
      })))
    return failure();
  PendingFile file(path, loc);
  if (failed(file.write([&](auto &stream) {
        google::protobuf::io::CodedOutputStream output(&stream);
        output.SetSerializationDeterministic(true);
        return model.SerializeToCodedStream(&output);
      })))
    return failure();
  // The data first: a model never names a file that is not there.
  if (external && failed(data.commit()))
    return failure();
  return file.commit();
}
