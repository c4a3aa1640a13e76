//===- Signature.h - Inputs and outputs of a model --------------*- C++ -*-===//

#ifndef ASSAY_COMPILER_CODEGEN_SIGNATURE_H
#define ASSAY_COMPILER_CODEGEN_SIGNATURE_H

#include "compiler/runtime/assay.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/SmallVector.h"
#include <string>
#include <vector>

namespace assay {

/// One input or output; dynamic dimensions are -1.
struct ValueSignature {
  std::string name;
  assay_type type = ASSAY_UNDEFINED;
  llvm::SmallVector<int64_t> dims;
};

struct ModelSignature {
  std::vector<ValueSignature> inputs;
  std::vector<ValueSignature> outputs;
};

/// The runtime's number for an element type of the onnx dialect;
/// ASSAY_UNDEFINED for those it has none for.
assay_type toRuntimeType(mlir::Type elementType);

/// The element type for a number of the runtime; null for others.
mlir::Type fromRuntimeType(mlir::MLIRContext *context, int32_t type);

} // namespace assay

#endif // ASSAY_COMPILER_CODEGEN_SIGNATURE_H
