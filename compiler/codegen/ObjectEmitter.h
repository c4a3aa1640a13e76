//===- ObjectEmitter.h - LLVM dialect to object code ------------*- C++ -*-===//

#ifndef ASSAY_COMPILER_CODEGEN_OBJECTEMITTER_H
#define ASSAY_COMPILER_CODEGEN_OBJECTEMITTER_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"
#include "llvm/Target/TargetMachine.h"

namespace assay {

/// Translates a module of the LLVM dialect. `name` becomes the module's.
llvm::Expected<std::unique_ptr<llvm::Module>>
translateModule(mlir::ModuleOp module, llvm::LLVMContext &context,
                llvm::StringRef name, llvm::TargetMachine &machine);

/// Optimises at `level`, 0 to 3, for the processor of `machine`.
void optimizeModule(llvm::Module &module, llvm::TargetMachine &machine,
                    unsigned level);

/// Object code in the format of the target (ELF).
llvm::Expected<llvm::SmallVector<char, 0>>
emitObject(llvm::Module &module, llvm::TargetMachine &machine);

} // namespace assay

#endif // ASSAY_COMPILER_CODEGEN_OBJECTEMITTER_H
