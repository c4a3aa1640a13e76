//===- Jit.h - A compiled model in this process -----------------*- C++ -*-===//

#ifndef ASSAY_COMPILER_CODEGEN_JIT_H
#define ASSAY_COMPILER_CODEGEN_JIT_H

#include "compiler/codegen/WeightsBlob.h"
#include "compiler/runtime/Memory.h"
#include "compiler/runtime/assay_model.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"

namespace assay {

/// Code and weights of a model, loaded into this process.
class Jit {
public:
  /// Loads `objects`, one of which defines the descriptor. Neither they nor
  /// `weights` are needed afterwards.
  static llvm::Expected<std::unique_ptr<Jit>>
  load(llvm::ArrayRef<llvm::MemoryBufferRef> objects,
       const WeightsBlob &weights);

  const assay_model_descriptor *getDescriptor() const { return descriptor; }

private:
  runtime::Mapping weights;
  std::unique_ptr<llvm::orc::LLJIT> jit;
  const assay_model_descriptor *descriptor = nullptr;
};

} // namespace assay

#endif // ASSAY_COMPILER_CODEGEN_JIT_H
