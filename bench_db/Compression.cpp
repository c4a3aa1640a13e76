//===- Compression.cpp - zstd with a trained dictionary -------------------===//

#include "bench_db/Compression.h"
#include <zdict.h>
#include <zstd.h>

using namespace assay::bench_db;

/// Higher levels take twice the time for 5 % less.
static constexpr int kLevel = 6;

std::string
assay::bench_db::trainDictionary(const std::vector<std::string> &samples,
                                 size_t maxBytes) {
  std::string joined;
  std::vector<size_t> sizes;
  for (const std::string &sample : samples) {
    joined += sample;
    sizes.push_back(sample.size());
  }
  std::string dictionary(maxBytes, '\0');
  size_t size =
      ZDICT_trainFromBuffer(dictionary.data(), dictionary.size(), joined.data(),
                            sizes.data(), static_cast<unsigned>(sizes.size()));
  if (ZDICT_isError(size))
    return {};
  dictionary.resize(size);
  return dictionary;
}

struct Compressor::Contexts {
  ZSTD_CCtx *compress = ZSTD_createCCtx();
  ZSTD_DCtx *decompress = ZSTD_createDCtx();
  ZSTD_CDict *compressDictionary = nullptr;
  ZSTD_DDict *decompressDictionary = nullptr;

  ~Contexts() {
    ZSTD_freeCCtx(compress);
    ZSTD_freeDCtx(decompress);
    ZSTD_freeCDict(compressDictionary);
    ZSTD_freeDDict(decompressDictionary);
  }
};

Compressor::Compressor(llvm::StringRef dictionary)
    : contexts(std::make_unique<Contexts>()) {
  ZSTD_CCtx_setParameter(contexts->compress, ZSTD_c_compressionLevel, kLevel);
  ZSTD_CCtx_setParameter(contexts->compress, ZSTD_c_checksumFlag, 1);
  if (dictionary.empty())
    return;
  contexts->compressDictionary =
      ZSTD_createCDict(dictionary.data(), dictionary.size(), kLevel);
  contexts->decompressDictionary =
      ZSTD_createDDict(dictionary.data(), dictionary.size());
  ZSTD_CCtx_refCDict(contexts->compress, contexts->compressDictionary);
  ZSTD_DCtx_refDDict(contexts->decompress, contexts->decompressDictionary);
}

Compressor::~Compressor() = default;

std::string Compressor::compress(llvm::StringRef text) {
  std::string frame(ZSTD_compressBound(text.size()), '\0');
  size_t size = ZSTD_compress2(contexts->compress, frame.data(), frame.size(),
                               text.data(), text.size());
  assert(!ZSTD_isError(size) && "the bound holds any frame");
  frame.resize(size);
  return frame;
}

llvm::Expected<std::string> Compressor::decompress(llvm::StringRef frame) {
  unsigned long long size =
      ZSTD_getFrameContentSize(frame.data(), frame.size());
  if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR ||
      size > kMaxTextBytes)
    return llvm::createStringError("is no zstd frame of a known size");
  std::string text(size, '\0');
  size_t got = ZSTD_decompressDCtx(contexts->decompress, text.data(),
                                   text.size(), frame.data(), frame.size());
  if (ZSTD_isError(got))
    return llvm::createStringError("does not decompress: %s",
                                   ZSTD_getErrorName(got));
  return text;
}
