//===- KernelCache.cpp - Object code kept on disk -------------------------===//

#include "compiler/codegen/KernelCache.h"
#include "compiler/codegen/AtomicFile.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/CachePruning.h"
#include "llvm/Support/Caching.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/SHA256.h"
#include "llvm/Support/xxhash.h"
#include <elf.h>
#include <link.h>

using namespace assay;

static constexpr size_t checksumBytes = 8;

// Of CachePruningPolicy: an hour between runs, a week without use, 1 GiB.
static constexpr uint64_t largestCacheBytes = uint64_t(1) << 30;

std::string KernelCache::getDefaultFolder() {
  if (auto chosen = llvm::sys::Process::GetEnv("ASSAY_CACHE"))
    return *chosen == "off" ? "" : *chosen;
  llvm::SmallString<128> path;
  if (!llvm::sys::path::cache_directory(path))
    return "";
  llvm::sys::path::append(path, "assay", "kernels");
  return path.str().str();
}

namespace {
struct BuildIdSearch {
  uintptr_t address; // of code in the object that is searched for
  std::string found;
};
} // namespace

static bool containsAddress(const dl_phdr_info &info, uintptr_t address) {
  for (int i = 0; i < info.dlpi_phnum; ++i) {
    const ElfW(Phdr) &header = info.dlpi_phdr[i];
    uintptr_t start = info.dlpi_addr + header.p_vaddr;
    if (header.p_type == PT_LOAD && address >= start &&
        address < start + header.p_memsz)
      return true;
  }
  return false;
}

static void readBuildId(const char *note, size_t size, std::string &found) {
  while (size >= sizeof(ElfW(Nhdr))) {
    auto *header = reinterpret_cast<const ElfW(Nhdr) *>(note);
    size_t name = llvm::alignTo<4>(header->n_namesz);
    size_t total = sizeof(*header) + name + llvm::alignTo<4>(header->n_descsz);
    if (total > size)
      return;
    if (header->n_type == NT_GNU_BUILD_ID)
      found = llvm::toHex(
          llvm::StringRef(note + sizeof(*header) + name, header->n_descsz));
    note += total;
    size -= total;
  }
}

static int searchObject(dl_phdr_info *info, size_t, void *opaque) {
  auto &search = *static_cast<BuildIdSearch *>(opaque);
  if (!containsAddress(*info, search.address))
    return 0;
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr) &header = info->dlpi_phdr[i];
    if (header.p_type == PT_NOTE)
      readBuildId(
          reinterpret_cast<const char *>(info->dlpi_addr + header.p_vaddr),
          header.p_memsz, search.found);
  }
  return 1;
}

/// Two builds of the compiler may make different code of one kernel.
static llvm::StringRef getBuildId() {
  static const std::string id = [] {
    BuildIdSearch search{reinterpret_cast<uintptr_t>(&searchObject), ""};
    dl_iterate_phdr(searchObject, &search);
    return search.found;
  }();
  return id;
}

std::string KernelCache::makeKey(llvm::ArrayRef<llvm::StringRef> parts) {
  llvm::SHA256 hash;
  auto add = [&](llvm::StringRef part) {
    uint8_t size[8];
    llvm::support::endian::write64le(size, part.size());
    hash.update(llvm::ArrayRef<uint8_t>(size, sizeof(size)));
    hash.update(part);
  };
  add(getBuildId());
  add(LLVM_VERSION_STRING);
  for (llvm::StringRef part : parts)
    add(part);
  return llvm::toHex(hash.final(), /*LowerCase=*/true);
}

static std::string getEntryPath(llvm::StringRef folder, llvm::StringRef key) {
  llvm::SmallString<128> path(folder);
  llvm::sys::path::append(path, "llvmcache-" + key);
  return path.str().str();
}

std::unique_ptr<llvm::MemoryBuffer>
KernelCache::find(llvm::StringRef key) const {
  if (folder.empty())
    return nullptr;
  std::unique_ptr<llvm::MemoryBuffer> entry;
  auto cache =
      llvm::localCache("assay", "assay", folder,
                       [&](size_t, const llvm::Twine &,
                           std::unique_ptr<llvm::MemoryBuffer> buffer) {
                         entry = std::move(buffer);
                       });
  if (!cache) {
    llvm::consumeError(cache.takeError());
    return nullptr;
  }
  auto stream = (*cache)(0, key, "kernel");
  if (!stream) {
    llvm::consumeError(stream.takeError());
    return nullptr;
  }
  if (!entry)
    return nullptr;
  llvm::StringRef data = entry->getBuffer();
  if (data.size() >= checksumBytes) {
    llvm::StringRef object = data.drop_back(checksumBytes);
    uint64_t checksum =
        llvm::support::endian::read64le(data.end() - checksumBytes);
    if (llvm::xxh3_64bits(object) == checksum)
      return llvm::MemoryBuffer::getMemBufferCopy(object, key);
  }
  // Should it stay, it is found damaged again.
  (void)llvm::sys::fs::remove(getEntryPath(folder, key));
  return nullptr;
}

static llvm::Error writeEntry(llvm::raw_ostream &os, llvm::StringRef object) {
  char checksum[checksumBytes];
  llvm::support::endian::write64le(checksum, llvm::xxh3_64bits(object));
  os << object;
  os.write(checksum, sizeof(checksum));
  return llvm::Error::success();
}

void KernelCache::store(llvm::StringRef key, llvm::StringRef object) const {
  if (folder.empty())
    return;
  // LLVM's own writer ends the process when the disk is full.
  if (llvm::sys::fs::create_directories(folder))
    return;
  llvm::consumeError(
      writeAtomically(getEntryPath(folder, key), [&](llvm::raw_ostream &os) {
        return writeEntry(os, object);
      }));
}

void KernelCache::prune() const {
  if (folder.empty())
    return;
  llvm::CachePruningPolicy policy;
  policy.Interval = std::chrono::hours(1);
  policy.MaxSizeBytes = largestCacheBytes;
  llvm::pruneCache(folder, policy);
}
