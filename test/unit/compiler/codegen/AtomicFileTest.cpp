//===- AtomicFileTest.cpp -------------------------------------------------===//

#include "compiler/codegen/AtomicFile.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "gtest/gtest.h"

using namespace assay;

namespace {

class AtomicFile : public testing::Test {
protected:
  void SetUp() override {
    ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("assay-file", folder));
    path = (folder + "/out").str();
  }
  void TearDown() override { llvm::sys::fs::remove_directories(folder); }

  llvm::Error write(llvm::StringRef text) {
    return writeAtomically(path, [&](llvm::raw_ostream &os) {
      os << text;
      return llvm::Error::success();
    });
  }
  std::string read() {
    auto buffer = llvm::MemoryBuffer::getFile(path);
    return buffer ? (*buffer)->getBuffer().str() : "absent";
  }
  size_t countFiles() {
    std::error_code code;
    size_t count = 0;
    for (llvm::sys::fs::directory_iterator it(folder, code), end;
         it != end && !code; it.increment(code))
      ++count;
    return count;
  }

  llvm::SmallString<128> folder;
  std::string path;
};

TEST_F(AtomicFile, ReplacesTheFile) {
  ASSERT_FALSE(static_cast<bool>(write("first")));
  ASSERT_FALSE(static_cast<bool>(write("second")));
  EXPECT_EQ(read(), "second");
  EXPECT_EQ(countFiles(), 1u);
}

TEST_F(AtomicFile, LeavesTheFileWhenWritingFails) {
  ASSERT_FALSE(static_cast<bool>(write("first")));
  llvm::Error error = writeAtomically(path, [](llvm::raw_ostream &os) {
    os << "half";
    return llvm::createStringError("no more");
  });
  EXPECT_EQ(llvm::toString(std::move(error)), path + ": no more");
  EXPECT_EQ(read(), "first");
  EXPECT_EQ(countFiles(), 1u);
}

TEST_F(AtomicFile, ReplacesNoDevice) {
  ASSERT_FALSE(llvm::sys::fs::create_link("/dev/null", path));
  EXPECT_EQ(llvm::toString(write("text")), path + ": is no regular file");
  EXPECT_FALSE(llvm::sys::fs::is_regular_file(path));
  EXPECT_EQ(countFiles(), 1u);
}

TEST_F(AtomicFile, NamesTheFileItCannotMake) {
  path = (folder + "/absent/out").str();
  std::string message = llvm::toString(write("text"));
  EXPECT_NE(message.find(path), std::string::npos) << message;
}

} // namespace
