//===- TensorIOTest.cpp - Tensors in protobuf files -----------------------===//

#include "compiler/import/TensorIO.h"
#include "dialects/onnx/OnnxDialect.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/raw_ostream.h"

#include <gtest/gtest.h>

using namespace assay;
using namespace mlir;
using assay::onnx::Tensor;

namespace {
class TensorIO : public testing::Test {
protected:
  TensorIO()
      : builder(&context), handler(&context, [this](Diagnostic &diagnostic) {
          message = diagnostic.str();
          return success();
        }) {
    context.loadDialect<assay::onnx::OnnxDialect>();
    EXPECT_FALSE(llvm::sys::fs::createTemporaryFile("assay", "pb", path));
    remover.setFile(path);
  }

  MLIRContext context;
  Builder builder;
  std::string message;
  ScopedDiagnosticHandler handler;
  SmallString<128> path;
  llvm::FileRemover remover;
};
} // namespace

TEST_F(TensorIO, EveryTypeSurvivesARoundTrip) {
  Type types[] = {builder.getI1Type(),
                  builder.getIntegerType(4),
                  builder.getIntegerType(4, false),
                  builder.getIntegerType(2),
                  builder.getI8Type(),
                  builder.getI16Type(),
                  builder.getI32Type(),
                  builder.getI64Type(),
                  builder.getIntegerType(8, false),
                  builder.getIntegerType(16, false),
                  builder.getIntegerType(32, false),
                  builder.getIntegerType(64, false),
                  builder.getF16Type(),
                  builder.getBF16Type(),
                  builder.getF32Type(),
                  builder.getF64Type(),
                  builder.getType<Float8E4M3FNType>(),
                  builder.getType<Float8E5M2Type>(),
                  ComplexType::get(builder.getF32Type())};
  SmallVector<int64_t> shapes[] = {{}, {3}, {0, 2}, {2, 3, 4}};
  for (Type type : types)
    for (ArrayRef<int64_t> shape : shapes) {
      Tensor tensor(type, shape);
      fillRandom(tensor, /*seed=*/1, 0, 3);
      ASSERT_TRUE(succeeded(writeTensorFile(tensor, "t", path))) << message;
      FailureOr<Tensor> read = readTensorFile(&context, path);
      ASSERT_TRUE(succeeded(read)) << message;
      EXPECT_EQ(findMismatch(*read, tensor, 0, 0), std::nullopt);
    }
}

TEST_F(TensorIO, NamesTheFault) {
  EXPECT_TRUE(failed(readTensorFile(&context, "/no/such/file.pb")));
  EXPECT_TRUE(StringRef(message).contains("cannot be read")) << message;
  std::error_code error;
  llvm::raw_fd_ostream(path, error) << "\x08\xff\xff";
  EXPECT_TRUE(failed(readTensorFile(&context, path)));
  EXPECT_TRUE(StringRef(message).contains("no serialized TensorProto"))
      << message;
  EXPECT_TRUE(failed(
      writeTensorFile(Tensor(builder.getF32Type(), {1}), "t", "/no/such/x")));
  EXPECT_TRUE(StringRef(message).contains("cannot be written")) << message;
}
