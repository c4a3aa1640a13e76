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

/// One random tensor for each input, with the shapes that entries
/// "NAME=2x3x224" of `shapes` give; else dynamic dimensions are 1. Prints an
/// error and gives nothing for bad `shapes`.
std::optional<std::vector<onnx::Tensor>>
makeRandomInputs(mlir::MLIRContext *context, const ModelSignature &signature,
                 llvm::ArrayRef<std::string> shapes, uint64_t seed);

} // namespace assay::tools

#endif // ASSAY_TOOLS_ASSAY_MODELS_H
