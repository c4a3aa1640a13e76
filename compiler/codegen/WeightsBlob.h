//===- WeightsBlob.h - The constants of a model -----------------*- C++ -*-===//

#ifndef ASSAY_COMPILER_CODEGEN_WEIGHTSBLOB_H
#define ASSAY_COMPILER_CODEGEN_WEIGHTSBLOB_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdint>
#include <vector>

namespace assay {

/// The bytes of all constants, in pieces. Most pieces point into the attributes
/// of the module they came from, whose context must outlive the blob.
class WeightsBlob {
public:
  /// Collects the memref.global ops that pack-weights gave offsets. With
  /// `releases`, copyTo frees the data of their attributes.
  static mlir::FailureOr<WeightsBlob> collect(mlir::ModuleOp module,
                                              bool releases = false);

  /// Size in bytes; a multiple of 64.
  uint64_t getBytes() const { return bytes; }
  /// Writes all bytes, gaps as zeros.
  void write(llvm::raw_ostream &os) const;
  /// Copies all bytes to `target`, which has getBytes() zeros. Once only, when
  /// the blob releases its data.
  void copyTo(char *target) const;

private:
  struct Piece {
    uint64_t offset;
    llvm::ArrayRef<char> data;
    std::vector<char> owned; // backs `data` when it isn't in an attribute
    mlir::DenseResourceElementsAttr source; // to be released, or null
  };
  std::vector<Piece> pieces; // by offset
  uint64_t bytes = 0;
};

} // namespace assay

#endif // ASSAY_COMPILER_CODEGEN_WEIGHTSBLOB_H
