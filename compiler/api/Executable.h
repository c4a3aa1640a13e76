//===- Executable.h - Models that run in this process -----------*- C++ -*-===//

#ifndef ASSAY_COMPILER_API_EXECUTABLE_H
#define ASSAY_COMPILER_API_EXECUTABLE_H

#include "compiler/codegen/Jit.h"
#include "compiler/pipeline/Compile.h"
#include "dialects/onnx/reference/Tensor.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"

namespace assay {

struct ExecutableOptions {
  CompileOptions compile;
  /// Threads that run the model, the caller among them; 0 means all processors.
  int threads = 1;
};

/// Options for this machine, with the kernel cache of the user. Fails on a
/// machine that compiled models can't run on.
llvm::Expected<ExecutableOptions> getDefaultOptions();

/// Loads the dialects of the compiler.
void prepareContext(mlir::MLIRContext &context);

/// Imports an ONNX model, or parses a file (*.mlir) in the onnx dialect. Fails
/// after diagnostics.
mlir::FailureOr<mlir::OwningOpRef<mlir::ModuleOp>>
loadModule(mlir::MLIRContext *context, llvm::StringRef path);

/// A model and one session. Not for use by two threads at once.
class Executable {
public:
  ~Executable();
  Executable(const Executable &) = delete;
  Executable &operator=(const Executable &) = delete;

  /// Opens a compiled library (*.so), or compiles what loadModule takes.
  /// `context` is prepared and outlives the executable. Fails after a
  /// diagnostic.
  static mlir::FailureOr<std::unique_ptr<Executable>>
  load(mlir::MLIRContext *context, llvm::StringRef path,
       const ExecutableOptions &options);

  /// Compiles a module in the onnx dialect, which is consumed.
  static mlir::FailureOr<std::unique_ptr<Executable>>
  compile(mlir::ModuleOp module, const ExecutableOptions &options);

  /// Links what compileModule made of `module`, and keeps none of it.
  static mlir::FailureOr<std::unique_ptr<Executable>>
  link(mlir::ModuleOp module, const CompiledModel &compiled, int threads);

  const ModelSignature &getSignature() const { return signature; }
  assay_session *getSession() const { return session; }

  /// Runs the model. Fails when inputs don't fit the signature, and when a
  /// check of the model fails.
  llvm::Expected<std::vector<onnx::Tensor>>
  run(llvm::ArrayRef<onnx::Tensor> inputs);

private:
  explicit Executable(mlir::MLIRContext *context) : context(context) {}
  llvm::Error createSession(int threads);

  mlir::MLIRContext *context;
  std::unique_ptr<Jit> jit;
  assay_model *model = nullptr;
  assay_session *session = nullptr;
  ModelSignature signature;
};

} // namespace assay

#endif // ASSAY_COMPILER_API_EXECUTABLE_H
