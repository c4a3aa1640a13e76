//===- ExternalData.h - Weights beside the model ----------------*- C++ -*-===//

#ifndef ASSAY_COMPILER_IMPORT_EXTERNALDATA_H
#define ASSAY_COMPILER_IMPORT_EXTERNALDATA_H

#include "mlir/IR/Location.h"
#include "llvm/ADT/StringMap.h"
#include <memory>

namespace assay {

/// Maps the external data files of one model. A location must name a regular
/// file inside the model's folder: absolute paths, `..`, and symbolic links
/// that lead outside are refused (ONNX ExternalData.md).
class ExternalData {
public:
  /// `folder` empty: the model has no folder, every request is refused.
  explicit ExternalData(llvm::StringRef folder) : folder(folder) {}

  struct Bytes {
    llvm::ArrayRef<char> data;
    std::shared_ptr<const void> owner; ///< Keeps the mapping.
  };

  /// Bytes [offset, offset + size) of the file at `location`.
  mlir::FailureOr<Bytes> map(mlir::Location loc, llvm::StringRef location,
                             uint64_t offset, uint64_t size);

private:
  struct File {
    llvm::ArrayRef<char> data;
    std::shared_ptr<const void> owner;
  };
  mlir::FailureOr<File> open(mlir::Location loc, llvm::StringRef location);

  std::string folder;
  llvm::StringMap<File> files;
};

} // namespace assay

#endif // ASSAY_COMPILER_IMPORT_EXTERNALDATA_H
