//===- Memory.h - Page mappings and per-run buffers -------------*- C++ -*-===//

#ifndef ASSAY_COMPILER_RUNTIME_MEMORY_H
#define ASSAY_COMPILER_RUNTIME_MEMORY_H

#include <cstddef>
#include <cstdint>
#include <map>
#include <unordered_map>
#include <vector>

namespace assay::runtime {

/// Zeroed private pages, on huge pages where the system has them.
class Mapping {
public:
  Mapping() = default;
  /// Maps at least `bytes` bytes; data() is null when there is no memory.
  explicit Mapping(size_t bytes);
  ~Mapping();
  Mapping(Mapping &&other) noexcept;
  Mapping &operator=(Mapping &&other) noexcept;

  void *data() const { return base; }
  size_t size() const { return bytes; }

private:
  void *base = nullptr;
  size_t bytes = 0;
};

/// Buffers of one run. Keeps its pages for the next one.
class Region {
public:
  /// A buffer of `bytes` bytes aligned to ASSAY_ALIGNMENT, valid even for zero
  /// bytes; null when there is no memory.
  void *allocate(size_t bytes);
  /// Frees one buffer.
  void release(void *buffer);
  /// Frees all buffers. Their memory stays mapped.
  void reset();
  /// Frees all buffers, and replaces pages in several pieces by one piece that
  /// holds as much as was ever needed at once.
  void compact();

  /// Bytes mapped.
  size_t size() const;

private:
  void addFree(char *base, size_t bytes);
  bool addBlock(size_t bytes);

  std::vector<Mapping> blocks;
  std::map<char *, size_t> free; // by address; no two are adjacent
  std::unordered_map<void *, size_t> taken;
};

} // namespace assay::runtime

#endif // ASSAY_COMPILER_RUNTIME_MEMORY_H
