//===- Memory.h - Page mappings and per-run buffers -------------*- C++ -*-===//

#ifndef ASSAY_COMPILER_RUNTIME_MEMORY_H
#define ASSAY_COMPILER_RUNTIME_MEMORY_H

#include <cstddef>
#include <cstdint>
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

/// Buffers that are all freed at once, at the end of a run. Keeps its pages for
/// the next one.
class Region {
public:
  /// A buffer of `bytes` bytes aligned to ASSAY_ALIGNMENT, valid even for zero
  /// bytes; null when there is no memory.
  void *allocate(size_t bytes);
  void reset();

private:
  std::vector<Mapping> blocks;
  size_t block = 0; // the block that is being filled
  size_t used = 0;  // bytes taken of it
};

} // namespace assay::runtime

#endif // ASSAY_COMPILER_RUNTIME_MEMORY_H
