//===- Npy.h - Tensors in NumPy's file format -------------------*- C++ -*-===//
//
// NumPy's .npy format, versions 1 to 3 (numpy.lib.format): bool, integers of 8
// to 64 bits, floats of 16 to 64, complex of 64 and 128. Other element types
// have no name in it.
//
//===----------------------------------------------------------------------===//

#ifndef ASSAY_COMPILER_API_NPY_H
#define ASSAY_COMPILER_API_NPY_H

#include "dialects/onnx/reference/Tensor.h"
#include "mlir/IR/MLIRContext.h"

namespace assay {

/// The tensor in `path`; either byte order, and Fortran order, are read. Fails
/// after an error that names the file.
mlir::FailureOr<onnx::Tensor> readNpy(mlir::MLIRContext *context,
                                      llvm::StringRef path);

/// The same from the bytes of a file called `name`.
mlir::FailureOr<onnx::Tensor> parseNpy(mlir::MLIRContext *context,
                                       llvm::StringRef bytes,
                                       llvm::StringRef name);

/// Writes format version 1, little-endian, C order. Fails after an error that
/// names the file.
llvm::LogicalResult writeNpy(const onnx::Tensor &tensor, llvm::StringRef path);

} // namespace assay

#endif // ASSAY_COMPILER_API_NPY_H
