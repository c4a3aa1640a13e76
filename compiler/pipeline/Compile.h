//===- Compile.h - A model in the onnx dialect to machine code --*- C++ -*-===//

#ifndef ASSAY_COMPILER_PIPELINE_COMPILE_H
#define ASSAY_COMPILER_PIPELINE_COMPILE_H

#include "compiler/codegen/Signature.h"
#include "compiler/codegen/Target.h"
#include "compiler/codegen/WeightsBlob.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/DialectRegistry.h"
#include "llvm/Support/MemoryBuffer.h"
#include <memory>
#include <string>
#include <vector>

namespace assay {

struct CompileOptions {
  CpuTarget target;
  /// 0 to 3; how hard LLVM tries.
  unsigned level = 3;
  /// Kernels are compiled by this many threads; 0 means one a processor.
  unsigned threads = 0;
  /// Folder of the kernel cache; empty keeps nothing.
  std::string cacheFolder;
  /// Frees the data of constants as soon as it is packed or copied, and so
  /// keeps one copy of the weights instead of two or three. The constants of
  /// the module must be its own: clones of it share them.
  bool releaseConstants = false;
};

/// What remains to be linked or loaded.
struct CompiledModel {
  /// Object code: the host program with the descriptor, then the kernels in the
  /// order of the descriptor.
  std::vector<std::unique_ptr<llvm::MemoryBuffer>> objects;
  /// Points into the context of the module it was compiled from.
  WeightsBlob weights;
  ModelSignature signature;
  uint64_t arenaBytes = 0;
  size_t cachedKernels = 0;

  std::vector<llvm::MemoryBufferRef> getObjects() const;
};

/// Everything the compiler needs loaded in a context before compileModel.
void registerCompilerDialects(mlir::DialectRegistry &registry);

/// The inputs and outputs of @main in the onnx dialect. Fails after a
/// diagnostic for element types that compiled models do not take.
mlir::FailureOr<ModelSignature> readSignature(mlir::ModuleOp module);

/// Simplifies a module in the onnx dialect: shapes, constants, local rewrites.
mlir::LogicalResult simplifyModule(mlir::ModuleOp module);

/// From the onnx dialect to a host program that calls outlined kernels, all on
/// tensors.
mlir::LogicalResult outlineModule(mlir::ModuleOp module,
                                  bool releaseConstants = false);

/// What the diagnostic of a failure that no model should cause begins with.
inline constexpr llvm::StringLiteral internalErrorPrefix = "internal error: ";

/// Compiles a module in the onnx dialect, which is consumed. Fails after
/// diagnostics; those of unsupported operators name all of them.
mlir::FailureOr<CompiledModel> compileModule(mlir::ModuleOp module,
                                             const CompileOptions &options);

/// LLVM IR of the optimised host program and kernels, one module after the
/// other. Consumes the module.
mlir::FailureOr<std::string> compileToLLVMText(mlir::ModuleOp module,
                                               const CompileOptions &options);

} // namespace assay

#endif // ASSAY_COMPILER_PIPELINE_COMPILE_H
