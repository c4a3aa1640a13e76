//===- KernelCacheTest.cpp ------------------------------------------------===//

#include "compiler/codegen/KernelCache.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include "gtest/gtest.h"
#include <csignal>
#include <sys/resource.h>
#include <thread>

using namespace assay;

namespace {

class KernelCacheTest : public testing::Test {
protected:
  void SetUp() override {
    ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("assay-cache", folder));
  }
  void TearDown() override { llvm::sys::fs::remove_directories(folder); }

  std::string getEntry() {
    std::error_code code;
    for (llvm::sys::fs::directory_iterator it(folder, code), end;
         it != end && !code; it.increment(code))
      if (llvm::sys::path::filename(it->path()).starts_with("llvmcache-"))
        return it->path();
    return "";
  }

  llvm::SmallString<128> folder;
  std::string key = KernelCache::makeKey({"kernel", "znver4"});
};

TEST_F(KernelCacheTest, FindsWhatItStored) {
  KernelCache cache(folder.str().str());
  EXPECT_EQ(cache.find(key), nullptr);
  cache.store(key, llvm::StringRef("object\0code", 11));
  auto found = cache.find(key);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->getBuffer(), llvm::StringRef("object\0code", 11));
  EXPECT_EQ(cache.find(KernelCache::makeKey({"kernel", "znver5"})), nullptr);
}

TEST_F(KernelCacheTest, DropsTruncatedEntries) {
  KernelCache cache(folder.str().str());
  for (uint64_t size : {0, 3, 8, 13}) {
    cache.store(key, "object");
    std::string entry = getEntry();
    ASSERT_FALSE(entry.empty());
    int fd;
    ASSERT_FALSE(llvm::sys::fs::openFileForWrite(
        entry, fd, llvm::sys::fs::CD_OpenExisting));
    ASSERT_FALSE(llvm::sys::fs::resize_file(fd, size));
    llvm::sys::fs::file_t file = llvm::sys::fs::convertFDToNativeFile(fd);
    llvm::sys::fs::closeFile(file);
    EXPECT_EQ(cache.find(key), nullptr) << size;
    EXPECT_EQ(getEntry(), "") << size;
  }
}

TEST_F(KernelCacheTest, DropsChangedEntries) {
  KernelCache cache(folder.str().str());
  cache.store(key, "object");
  {
    std::error_code code;
    llvm::raw_fd_ostream os(getEntry(), code, llvm::sys::fs::CD_OpenExisting);
    ASSERT_FALSE(code);
    os << "O";
  }
  EXPECT_EQ(cache.find(key), nullptr);
  cache.store(key, "object");
  EXPECT_NE(cache.find(key), nullptr);
}

TEST_F(KernelCacheTest, OutlivesAFullDisk) {
  KernelCache cache(folder.str().str());
  // Files can't grow past the limit, as on a disk without space.
  rlimit previous;
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &previous), 0);
  rlimit limit = previous;
  limit.rlim_cur = 4;
  auto handler = std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
  cache.store(key, "object");
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &previous), 0);
  std::signal(SIGXFSZ, handler);
  EXPECT_EQ(getEntry(), "");
  EXPECT_EQ(cache.find(key), nullptr);
}

TEST_F(KernelCacheTest, TakesPartsApart) {
  EXPECT_NE(KernelCache::makeKey({"ab", "c"}),
            KernelCache::makeKey({"a", "bc"}));
  EXPECT_NE(KernelCache::makeKey({"ab"}), KernelCache::makeKey({"ab", ""}));
}

TEST_F(KernelCacheTest, KeepsNothingWithoutAFolder) {
  KernelCache cache;
  cache.store(key, "object");
  EXPECT_EQ(cache.find(key), nullptr);
  cache.prune();
}

TEST_F(KernelCacheTest, ServesSeveralThreads) {
  KernelCache cache(folder.str().str());
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread)
    threads.emplace_back([&] {
      for (int i = 0; i < 20; ++i) {
        std::string name = std::to_string(i);
        std::string entry = KernelCache::makeKey({name});
        cache.store(entry, "object " + name);
        auto found = cache.find(entry);
        ASSERT_NE(found, nullptr);
        EXPECT_EQ(found->getBuffer(), "object " + name);
      }
    });
  for (std::thread &thread : threads)
    thread.join();
}

} // namespace
