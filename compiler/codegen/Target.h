//===- Target.h - The processor that code is made for -----------*- C++ -*-===//

#ifndef ASSAY_COMPILER_CODEGEN_TARGET_H
#define ASSAY_COMPILER_CODEGEN_TARGET_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Target/TargetMachine.h"
#include <memory>
#include <string>

namespace assay {

struct CpuTarget {
  std::string triple;
  std::string cpu;
  /// Every feature that code may use, as LLVM names them: "+avx2,+fma".
  std::string features;
  /// Width of a vector register in bits: 256 or 512.
  unsigned vectorBits = 256;
};

/// Names that `resolveTarget` takes, for messages.
constexpr llvm::StringLiteral targetNames = "native, x86-64-v3, x86-64-v4";

/// The target called `name`: "native" is this machine. Fails for other names,
/// and for native on a machine without AVX2 and FMA.
llvm::Expected<CpuTarget> resolveTarget(llvm::StringRef name);

/// A target machine for position-independent code. `level` is 0 to 3. Each
/// thread needs its own.
llvm::Expected<std::unique_ptr<llvm::TargetMachine>>
createTargetMachine(const CpuTarget &target, unsigned level);

} // namespace assay

#endif // ASSAY_COMPILER_CODEGEN_TARGET_H
