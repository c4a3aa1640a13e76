//===- AtomicFile.h - Files that appear when complete -----------*- C++ -*-===//

#ifndef ASSAY_COMPILER_CODEGEN_ATOMICFILE_H
#define ASSAY_COMPILER_CODEGEN_ATOMICFILE_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

namespace assay {

/// Fails for a folder, a device and the like: a file renamed to its path would
/// take its place.
llvm::Error checkReplaceable(llvm::StringRef path);

/// Writes `path` through a temporary file beside it. "-" is standard output.
/// Nothing is left behind when `write` fails.
llvm::Error
writeAtomically(llvm::StringRef path,
                llvm::function_ref<llvm::Error(llvm::raw_ostream &)> write);

} // namespace assay

#endif // ASSAY_COMPILER_CODEGEN_ATOMICFILE_H
