//===- ArenaPlanner.cpp - Offsets for buffers of known lifetimes ----------===//

#include "passes/host/ArenaPlanner.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Sequence.h"
#include "llvm/Support/MathExtras.h"
#include <limits>

using namespace assay::host;

static bool overlaps(const Lifetime &lhs, const Lifetime &rhs) {
  return lhs.begin <= rhs.end && rhs.begin <= lhs.end;
}

namespace {
/// A buffer that has its place.
struct Placed {
  size_t index;
  int64_t offset;
  int64_t end; // aligned
};
} // namespace

/// The start of the smallest gap of at least `bytes` bytes that `lifetime`
/// finds between the placed buffers, which are sorted by offset.
static int64_t findGap(llvm::ArrayRef<Lifetime> buffers,
                       llvm::ArrayRef<Placed> placed, const Lifetime &lifetime,
                       int64_t bytes) {
  int64_t best = -1, bestGap = std::numeric_limits<int64_t>::max(), end = 0;
  for (const Placed &other : placed) {
    if (!overlaps(buffers[other.index], lifetime))
      continue;
    int64_t gap = other.offset - end;
    if (gap >= bytes && gap < bestGap) {
      best = end;
      bestGap = gap;
    }
    end = std::max(end, other.end);
  }
  return best >= 0 ? best : end;
}

ArenaPlan assay::host::planArena(llvm::ArrayRef<Lifetime> buffers,
                                 int64_t alignment) {
  ArenaPlan plan;
  plan.offsets.resize(buffers.size());
  auto order = llvm::to_vector(llvm::seq<size_t>(0, buffers.size()));
  llvm::sort(order, [&](size_t lhs, size_t rhs) {
    return std::make_tuple(-buffers[lhs].bytes, lhs) <
           std::make_tuple(-buffers[rhs].bytes, rhs);
  });
  llvm::SmallVector<Placed> placed;
  for (size_t index : order) {
    int64_t bytes = llvm::alignTo(buffers[index].bytes, alignment);
    int64_t offset = findGap(buffers, placed, buffers[index], bytes);
    plan.offsets[index] = offset;
    plan.bytes = std::max(plan.bytes, offset + bytes);
    Placed entry{index, offset, offset + bytes};
    auto position = llvm::lower_bound(placed, entry,
                                      [](const Placed &lhs, const Placed &rhs) {
                                        return lhs.offset < rhs.offset;
                                      });
    placed.insert(position, entry);
  }
  return plan;
}
