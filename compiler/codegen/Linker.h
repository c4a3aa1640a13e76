//===- Linker.h - Objects to a library or one object ------------*- C++ -*-===//

#ifndef ASSAY_COMPILER_CODEGEN_LINKER_H
#define ASSAY_COMPILER_CODEGEN_LINKER_H

#include "compiler/codegen/WeightsBlob.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"

namespace assay {

enum class LinkOutput {
  SharedLibrary, // exports the model's descriptor alone
  Object         // relocatable
};

/// Links `objects` and the weights, in process, to the file `path`, which
/// appears only when it is complete.
llvm::Error linkModel(llvm::ArrayRef<llvm::MemoryBufferRef> objects,
                      const WeightsBlob &weights, LinkOutput output,
                      llvm::StringRef path);

} // namespace assay

#endif // ASSAY_COMPILER_CODEGEN_LINKER_H
