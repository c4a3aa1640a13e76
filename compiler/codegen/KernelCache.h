//===- KernelCache.h - Object code kept on disk -----------------*- C++ -*-===//
//
// Entries are named and read as those of LLVM's local cache, written to a
// temporary name and renamed. Each ends with a checksum: a damaged entry counts
// as absent and is removed.
//
//===----------------------------------------------------------------------===//

#ifndef ASSAY_COMPILER_CODEGEN_KERNELCACHE_H
#define ASSAY_COMPILER_CODEGEN_KERNELCACHE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/MemoryBuffer.h"
#include <memory>
#include <string>

namespace assay {

/// Usable from several threads and processes at once.
class KernelCache {
public:
  /// A cache in `folder`, made when first written to. With an empty name
  /// nothing is kept.
  explicit KernelCache(std::string folder = "") : folder(std::move(folder)) {}

  /// The folder ASSAY_CACHE names, else assay/kernels in the user's cache
  /// folder; empty, which switches the cache off, for ASSAY_CACHE=off.
  static std::string getDefaultFolder();

  /// A key for `parts` that also names this build of the compiler.
  static std::string makeKey(llvm::ArrayRef<llvm::StringRef> parts);

  /// The object stored under `key`, or null.
  std::unique_ptr<llvm::MemoryBuffer> find(llvm::StringRef key) const;

  /// Stores `object`; failures to write are ignored.
  void store(llvm::StringRef key, llvm::StringRef object) const;

  /// Removes old entries when there are too many. Cheap when done recently.
  void prune() const;

private:
  std::string folder;
};

} // namespace assay

#endif // ASSAY_COMPILER_CODEGEN_KERNELCACHE_H
