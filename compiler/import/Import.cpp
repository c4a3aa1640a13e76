//===- Import.cpp - ONNX models to the onnx dialect -----------------------===//

#include "compiler/import/Import.h"
#include "compiler/import/GraphImporter.h"
#include "compiler/import/ImportLocation.h"
#include "dialects/onnx/OnnxDialect.h"
#include "mlir/IR/Verifier.h"
#include "llvm/Support/Path.h"
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

using namespace mlir;
using namespace assay;

static FailureOr<OwningOpRef<ModuleOp>>
importProto(ModelFile &file, Location loc, StringRef folder,
            const ImportOptions &options) {
  loc.getContext()->loadDialect<func::FuncDialect, assay::onnx::OnnxDialect>();
  FailureOr<OwningOpRef<ModuleOp>> module =
      GraphImporter(file, loc, folder, options).run();
  assert((failed(module) || succeeded(verify(**module))) &&
         "ops are verified as they are built");
  return module;
}

FailureOr<OwningOpRef<ModuleOp>>
assay::importModel(MLIRContext *context, StringRef path,
                   const ImportOptions &options) {
  Location loc = getFileLoc(context, path);
  ModelFile file(options.structureOnly);
  if (failed(readModelFile(path, loc, file)))
    return failure();
  StringRef folder = llvm::sys::path::parent_path(path);
  return importProto(file, loc, folder.empty() ? "." : folder, options);
}

FailureOr<OwningOpRef<ModuleOp>>
assay::importModelFromBuffer(MLIRContext *context, StringRef buffer,
                             StringRef name, StringRef folder,
                             const ImportOptions &options) {
  Location loc = getFileLoc(context, name);
  if (buffer.size() > INT32_MAX)
    return emitError(loc) << "a model in memory must be below 2 GiB";
  ModelFile file(options.structureOnly);
  google::protobuf::io::ArrayInputStream stream(
      buffer.data(), static_cast<int>(buffer.size()));
  if (failed(readModel(stream, static_cast<int64_t>(buffer.size()), loc, file)))
    return failure();
  return importProto(file, loc, folder, options);
}
