//===- IsolatedRuns.h - Work in child processes -----------------*- C++ -*-===//
//
// Runs pieces of work that may crash or hang, each in a process of its own.
//
//===----------------------------------------------------------------------===//

#ifndef ASSAY_TOOLS_VERIFY_ISOLATEDRUNS_H
#define ASSAY_TOOLS_VERIFY_ISOLATEDRUNS_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include <chrono>
#include <string>

namespace assay::tools {

struct IsolatedResult {
  /// What the work returned; holds less after an abnormal end.
  std::string output;
  /// Empty, or how the process ended otherwise: "killed by signal 11
  /// (Segmentation fault)", "exceeded 60 s", "ended with code 3".
  std::string fault;
  double seconds = 0;
};

/// Calls `work(i)` for each i below `count` in a forked child, `jobs` at a
/// time, and `done(i, result)` here in order of completion. The calling process
/// must have no other threads.
void runIsolated(size_t count, unsigned jobs, std::chrono::seconds limit,
                 llvm::function_ref<std::string(size_t)> work,
                 llvm::function_ref<void(size_t, const IsolatedResult &)> done);

} // namespace assay::tools

#endif // ASSAY_TOOLS_VERIFY_ISOLATEDRUNS_H
