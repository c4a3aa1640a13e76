//===- Models.h - Loading models for subcommands ----------------*- C++ -*-===//

#ifndef ASSAY_TOOLS_ASSAY_MODELS_H
#define ASSAY_TOOLS_ASSAY_MODELS_H

#include "compiler/api/Executable.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "tools/assay/Command.h"

namespace assay::tools {

/// A context for one command: the compiler's dialects, and every error printed
/// on stderr as "assay: error: ...".
class ModelContext {
public:
  ModelContext();
  mlir::MLIRContext *get() { return &context; }

  /// The exit code after an error: ExitBug once an internal error was printed,
  /// else ExitBadInput.
  ExitCode getFailure() const { return failure; }

private:
  void print(mlir::Diagnostic &diagnostic);

  ExitCode failure = ExitBadInput;
  mlir::MLIRContext context;
  mlir::ScopedDiagnosticHandler handler;
};

/// Options of compilation that several commands take; prints an error and gives
/// nothing when they contradict this machine.
std::optional<ExecutableOptions> makeOptions(llvm::StringRef target,
                                             unsigned level);

/// One tensor for each input: from `files`, entries "NAME=FILE.npy" or ".pb",
/// else random, of the shape that entries "NAME=2x3x224" of `shapes` give,
/// where dynamic dimensions are 1 by default. Prints an error and gives nothing
/// for entries that do not fit.
std::optional<std::vector<onnx::Tensor>>
makeInputs(mlir::MLIRContext *context, const ModelSignature &signature,
           llvm::ArrayRef<std::string> files,
           llvm::ArrayRef<std::string> shapes, uint64_t seed);

} // namespace assay::tools

#endif // ASSAY_TOOLS_ASSAY_MODELS_H
