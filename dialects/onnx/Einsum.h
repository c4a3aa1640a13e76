//===- Einsum.h - Einsum equations ------------------------------*- C++ -*-===//

#ifndef ASSAY_DIALECTS_ONNX_EINSUM_H
#define ASSAY_DIALECTS_ONNX_EINSUM_H

#include "mlir/Support/LLVM.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include <string>

namespace assay::onnx {

/// An Einsum equation over operands of known rank. Labels are numbers: the
/// dimensions of the ellipsis first, then the letters as they appear.
struct EinsumEquation {
  llvm::SmallVector<llvm::SmallVector<unsigned>> inputs; ///< One label a dim.
  llvm::SmallVector<unsigned> output;
  unsigned numLabels = 0;

  /// Parses `text` (operator Einsum: lower and upper case letters, ellipsis,
  /// optional "->") for operands of ranks `ranks`. Fails with the reason in
  /// `error`.
  static llvm::FailureOr<EinsumEquation> parse(llvm::StringRef text,
                                               llvm::ArrayRef<int64_t> ranks,
                                               std::string &error);

  /// The size of each label. A dimension of 1 stretches to the others'; one
  /// that is dynamic takes a known size. Fails with the reason in `error`.
  llvm::FailureOr<llvm::SmallVector<int64_t>>
  getLabelSizes(llvm::ArrayRef<llvm::ArrayRef<int64_t>> shapes,
                std::string &error) const;
};

} // namespace assay::onnx

#endif // ASSAY_DIALECTS_ONNX_EINSUM_H
