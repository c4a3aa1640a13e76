//===- Memory.cpp - Page mappings and per-run buffers ---------------------===//

#include "compiler/runtime/Memory.h"
#include "compiler/runtime/assay_model.h"
#include <algorithm>
#include <iterator>
#include <sys/mman.h>
#include <utility>

using namespace assay::runtime;

static constexpr size_t PageBytes = 4096;
static constexpr size_t HugePageBytes = size_t(2) << 20;
static constexpr size_t LargestMapping = size_t(1) << 46;
static constexpr size_t SmallestBlock = size_t(1) << 20;

static size_t roundUp(size_t value, size_t multiple) {
  return (value + multiple - 1) / multiple * multiple;
}

/// Maps `bytes` bytes at a multiple of the huge page size.
static void *mapAligned(size_t bytes) {
  size_t reserved = bytes + HugePageBytes;
  void *start = mmap(nullptr, reserved, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (start == MAP_FAILED)
    return nullptr;
  auto first = reinterpret_cast<uintptr_t>(start);
  uintptr_t base = roundUp(first, HugePageBytes);
  if (base != first)
    munmap(start, base - first);
  uintptr_t end = base + bytes, reservedEnd = first + reserved;
  if (end != reservedEnd)
    munmap(reinterpret_cast<void *>(end), reservedEnd - end);
  return reinterpret_cast<void *>(base);
}

Mapping::Mapping(size_t wanted) {
  if (wanted == 0 || wanted > LargestMapping)
    return;
  bool huge = wanted >= HugePageBytes;
  bytes = roundUp(wanted, PageBytes);
  if (huge) {
    base = mapAligned(bytes);
    if (base)
      madvise(base, bytes, MADV_HUGEPAGE);
  } else {
    void *start = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    base = start == MAP_FAILED ? nullptr : start;
  }
  if (!base)
    bytes = 0;
}

Mapping::~Mapping() {
  if (base)
    munmap(base, bytes);
}

Mapping::Mapping(Mapping &&other) noexcept
    : base(std::exchange(other.base, nullptr)),
      bytes(std::exchange(other.bytes, 0)) {}

Mapping &Mapping::operator=(Mapping &&other) noexcept {
  std::swap(base, other.base);
  std::swap(bytes, other.bytes);
  return *this;
}

/// Makes [base, base + bytes) free and joins it to its neighbours.
void Region::addFree(char *base, size_t bytes) {
  auto next = free.lower_bound(base);
  if (next != free.end() && base + bytes == next->first) {
    bytes += next->second;
    next = free.erase(next);
  }
  if (next != free.begin()) {
    auto previous = std::prev(next);
    if (previous->first + previous->second == base) {
      previous->second += bytes;
      return;
    }
  }
  free.emplace_hint(next, base, bytes);
}

bool Region::addBlock(size_t bytes) {
  Mapping fresh(std::max(bytes, SmallestBlock));
  if (!fresh.data())
    return false;
  addFree(static_cast<char *>(fresh.data()), fresh.size());
  blocks.push_back(std::move(fresh));
  return true;
}

void *Region::allocate(size_t bytes) {
  if (bytes > LargestMapping)
    return nullptr;
  size_t rounded =
      roundUp(std::max<size_t>(bytes, 1), static_cast<size_t>(ASSAY_ALIGNMENT));
  auto findBest = [&] {
    auto best = free.end();
    for (auto range = free.begin(); range != free.end(); ++range)
      if (range->second >= rounded &&
          (best == free.end() || range->second < best->second))
        best = range;
    return best;
  };
  auto best = findBest();
  if (best == free.end()) {
    if (!addBlock(rounded))
      return nullptr;
    best = findBest();
  }
  auto [base, available] = *best;
  free.erase(best);
  if (available > rounded)
    free.emplace(base + rounded, available - rounded);
  taken.emplace(base, rounded);
  return base;
}

void Region::release(void *buffer) {
  auto entry = taken.find(buffer);
  if (entry == taken.end())
    return;
  addFree(static_cast<char *>(buffer), entry->second);
  taken.erase(entry);
}

void Region::reset() {
  taken.clear();
  free.clear();
  for (const Mapping &block : blocks)
    addFree(static_cast<char *>(block.data()), block.size());
}

void Region::compact() {
  if (blocks.size() > 1) {
    size_t bytes = size();
    blocks.clear();
    taken.clear();
    free.clear();
    addBlock(bytes);
  }
  reset();
}

size_t Region::size() const {
  size_t bytes = 0;
  for (const Mapping &block : blocks)
    bytes += block.size();
  return bytes;
}
