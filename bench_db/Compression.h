//===- Compression.h - zstd with a trained dictionary -----------*- C++ -*-===//

#ifndef ASSAY_BENCH_DB_COMPRESSION_H
#define ASSAY_BENCH_DB_COMPRESSION_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <memory>
#include <string>
#include <vector>

namespace assay::bench_db {

/// Texts above this size are refused on reading: a damaged frame may claim any.
inline constexpr size_t kMaxTextBytes = size_t(1) << 30;

/// A dictionary of at most `maxBytes` trained on sample texts; empty when there
/// is too little to learn from.
std::string trainDictionary(const std::vector<std::string> &samples,
                            size_t maxBytes = 64 << 10);

/// Compresses and decompresses with one dictionary, or none when it is empty.
/// Not safe for use from several threads at once.
class Compressor {
public:
  explicit Compressor(llvm::StringRef dictionary);
  ~Compressor();

  std::string compress(llvm::StringRef text);
  llvm::Expected<std::string> decompress(llvm::StringRef frame);

private:
  struct Contexts;
  std::unique_ptr<Contexts> contexts;
};

} // namespace assay::bench_db

#endif // ASSAY_BENCH_DB_COMPRESSION_H
