//===- ArenaPlanner.h - Offsets for buffers of known lifetimes --*- C++ -*-===//

#ifndef ASSAY_PASSES_HOST_ARENAPLANNER_H
#define ASSAY_PASSES_HOST_ARENAPLANNER_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include <cstdint>

namespace assay::host {

/// A buffer that is live at the points [begin, end], both included.
struct Lifetime {
  int64_t begin;
  int64_t end;
  int64_t bytes;
};

struct ArenaPlan {
  /// One for each buffer, a multiple of the alignment.
  llvm::SmallVector<int64_t> offsets;
  /// Size of the arena, in bytes.
  int64_t bytes = 0;
};

/// Places buffers so that those live at once do not overlap: largest first,
/// each into the smallest gap that holds it (Pisarchyk and Lee, "Efficient
/// Memory Management for Deep Neural Net Inference", 2020, greedy by size).
ArenaPlan planArena(llvm::ArrayRef<Lifetime> buffers, int64_t alignment);

} // namespace assay::host

#endif // ASSAY_PASSES_HOST_ARENAPLANNER_H
