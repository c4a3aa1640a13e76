//===- TensorIO.h - Tensors in protobuf files -------------------*- C++ -*-===//
//
// A serialized TensorProto a file, as in the test data of ONNX.
//
//===----------------------------------------------------------------------===//

#ifndef ASSAY_COMPILER_IMPORT_TENSORIO_H
#define ASSAY_COMPILER_IMPORT_TENSORIO_H

#include "dialects/onnx/reference/Tensor.h"
#include "mlir/IR/MLIRContext.h"

namespace assay {

/// The tensor in `path`. Fails after an error that names the file; string
/// tensors are refused.
mlir::FailureOr<onnx::Tensor> readTensorFile(mlir::MLIRContext *context,
                                             llvm::StringRef path);

/// Writes `tensor`, called `name` in the file. Fails after an error that names
/// the file.
llvm::LogicalResult writeTensorFile(const onnx::Tensor &tensor,
                                    llvm::StringRef name, llvm::StringRef path);

} // namespace assay

#endif // ASSAY_COMPILER_IMPORT_TENSORIO_H
