//===- Memory.cpp - Page mappings and per-run buffers ---------------------===//

#include "compiler/runtime/Memory.h"
#include "compiler/runtime/assay_model.h"
#include <algorithm>
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

void *Region::allocate(size_t bytes) {
  if (bytes > LargestMapping)
    return nullptr;
  size_t rounded =
      roundUp(std::max<size_t>(bytes, 1), static_cast<size_t>(ASSAY_ALIGNMENT));
  while (block < blocks.size() && used + rounded > blocks[block].size()) {
    ++block;
    used = 0;
  }
  if (block == blocks.size()) {
    Mapping fresh(std::max(rounded, SmallestBlock));
    if (!fresh.data())
      return nullptr;
    blocks.push_back(std::move(fresh));
  }
  void *buffer = static_cast<char *>(blocks[block].data()) + used;
  used += rounded;
  return buffer;
}

void Region::reset() {
  block = 0;
  used = 0;
}
