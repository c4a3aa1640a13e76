//===- WeightsObject.h - An object file that holds weights ------*- C++ -*-===//

#ifndef ASSAY_COMPILER_CODEGEN_WEIGHTSOBJECT_H
#define ASSAY_COMPILER_CODEGEN_WEIGHTSOBJECT_H

#include "compiler/codegen/WeightsBlob.h"
#include "llvm/ADT/StringRef.h"

namespace assay {

/// Writes a relocatable x86-64 ELF file that defines `symbol` as the contents
/// of `weights` in a read-only section of its own, aligned to 64 bytes. The
/// bytes go straight to the stream: a model of gigabytes needs no copy.
void writeWeightsObject(const WeightsBlob &weights, llvm::StringRef symbol,
                        llvm::raw_ostream &os);

} // namespace assay

#endif // ASSAY_COMPILER_CODEGEN_WEIGHTSOBJECT_H
