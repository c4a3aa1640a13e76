//===- Descriptor.h - The symbol that a model exports -----------*- C++ -*-===//

#ifndef ASSAY_COMPILER_CODEGEN_DESCRIPTOR_H
#define ASSAY_COMPILER_CODEGEN_DESCRIPTOR_H

#include "compiler/codegen/Signature.h"
#include "llvm/IR/Module.h"

namespace assay {

struct KernelLabel {
  std::string name;
  std::string operators; // "Conv+Relu"
};

struct DescriptorContents {
  const ModelSignature &signature;
  llvm::ArrayRef<KernelLabel> kernels; // in launch order
  llvm::StringRef features;
  uint64_t arenaBytes;
  uint64_t weightsBytes;
};

/// Adds the assay_model_descriptor to the module of the host program, which
/// defines assay_run.
void addDescriptor(llvm::Module &module, const DescriptorContents &contents);

} // namespace assay

#endif // ASSAY_COMPILER_CODEGEN_DESCRIPTOR_H
