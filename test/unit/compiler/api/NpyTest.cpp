//===- NpyTest.cpp - NumPy's file format ----------------------------------===//

#include "compiler/api/Npy.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"

#include <gtest/gtest.h>

using namespace assay;
using namespace mlir;
using onnx::Tensor;

namespace {
class Npy : public testing::Test {
protected:
  Npy()
      : builder(&context), handler(&context, [this](Diagnostic &diagnostic) {
          message = diagnostic.str();
          return success();
        }) {}

  /// A version 1 file with this header text and data.
  static std::string file(StringRef header, StringRef data) {
    std::string bytes("\x93NUMPY\x01\x00", 8);
    bytes += static_cast<char>(header.size());
    bytes += '\0';
    return bytes + header.str() + data.str();
  }

  void expectError(StringRef bytes, StringRef part) {
    message.clear();
    EXPECT_TRUE(failed(parseNpy(&context, bytes, "x.npy")));
    EXPECT_TRUE(StringRef(message).contains(part)) << message;
  }

  MLIRContext context;
  Builder builder;
  std::string message;
  ScopedDiagnosticHandler handler;
};
} // namespace

TEST_F(Npy, EveryTypeSurvivesARoundTrip) {
  SmallString<128> path;
  ASSERT_FALSE(llvm::sys::fs::createTemporaryFile("assay", "npy", path));
  llvm::FileRemover remover(path);
  Type types[] = {builder.getI1Type(),
                  builder.getI8Type(),
                  builder.getI16Type(),
                  builder.getI32Type(),
                  builder.getI64Type(),
                  builder.getIntegerType(8, false),
                  builder.getIntegerType(16, false),
                  builder.getIntegerType(32, false),
                  builder.getIntegerType(64, false),
                  builder.getF16Type(),
                  builder.getF32Type(),
                  builder.getF64Type(),
                  ComplexType::get(builder.getF32Type()),
                  ComplexType::get(builder.getF64Type())};
  SmallVector<int64_t> shapes[] = {{}, {3}, {0, 2}, {2, 3, 4}};
  for (Type type : types)
    for (ArrayRef<int64_t> shape : shapes) {
      Tensor tensor(type, shape);
      fillRandom(tensor, /*seed=*/1, -9, 9);
      ASSERT_TRUE(succeeded(writeNpy(tensor, path))) << message;
      FailureOr<Tensor> read = readNpy(&context, path);
      ASSERT_TRUE(succeeded(read)) << message;
      EXPECT_EQ(read->getType(), tensor.getType());
      EXPECT_EQ(read->getData(), tensor.getData());
    }
}

TEST_F(Npy, HeaderIsAlignedAndEndsALine) {
  SmallString<128> path;
  ASSERT_FALSE(llvm::sys::fs::createTemporaryFile("assay", "npy", path));
  llvm::FileRemover remover(path);
  ASSERT_TRUE(succeeded(writeNpy(Tensor(builder.getF32Type(), {5}), path)));
  auto buffer = llvm::MemoryBuffer::getFile(path);
  ASSERT_TRUE(buffer);
  StringRef bytes = (*buffer)->getBuffer();
  EXPECT_EQ((bytes.size() - 20) % 64, 0u);
  EXPECT_EQ(bytes[bytes.size() - 21], '\n');
}

TEST_F(Npy, ReadsBigEndianFortranOrder) {
  std::string bytes =
      file("{'descr': '>i2', 'fortran_order': True, 'shape': (2, 3), }",
           StringRef("\0\x01\0\x02\0\x03\0\x04\0\x05\0\x06", 12));
  FailureOr<Tensor> tensor = parseNpy(&context, bytes, "x.npy");
  ASSERT_TRUE(succeeded(tensor)) << message;
  EXPECT_EQ(tensor->toInts(), (std::vector<int64_t>{1, 3, 5, 2, 4, 6}));
}

TEST_F(Npy, NamesTheFault) {
  expectError("", "is no .npy file");
  expectError("\x93NUMPY\x01", "is no .npy file");
  expectError(file("{'descr': '<f4'}", ""), "header that is not understood");
  expectError(
      file("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}", ""),
      "header that is not understood");
  expectError(
      file("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", ""),
      "elements of type '|O'");
  expectError(
      file("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", "1234"),
      "holds 4 bytes of data, but its header asks for 8");
  expectError(file("{'descr': '<f4', 'fortran_order': False, "
                   "'shape': (1099511627776, 1099511627776)}",
                   ""),
              "more than 1 TiB");
  EXPECT_TRUE(failed(readNpy(&context, "/no/such/file.npy")));
  EXPECT_TRUE(StringRef(message).contains("cannot be read")) << message;
  EXPECT_TRUE(failed(writeNpy(Tensor(builder.getBF16Type(), {1}), "x.npy")));
  EXPECT_TRUE(StringRef(message).contains("no name for it")) << message;
}
