//===- ExecutableTest.cpp -------------------------------------------------===//
//
// Small models in the onnx dialect, compiled, run, and compared with the
// reference interpreter.
//
//===----------------------------------------------------------------------===//

#include "compiler/api/Executable.h"
#include "dialects/onnx/reference/Interpreter.h"
#include "mlir/Parser/Parser.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <sys/resource.h>

using namespace mlir;
using namespace assay;
using assay::onnx::Tensor;

namespace {

class ExecutableTest : public testing::Test {
protected:
  void SetUp() override { prepareContext(context); }

  Type f32() { return Float32Type::get(&context); }

  std::unique_ptr<Executable> compile(StringRef text) {
    auto module = parseSourceString<ModuleOp>(text, &context);
    auto options = getDefaultOptions();
    if (!options) {
      ADD_FAILURE() << llvm::toString(options.takeError());
      return nullptr;
    }
    options->compile.cacheFolder.clear();
    options->threads = 2;
    auto executable = Executable::compile(*module, *options);
    return succeeded(executable) ? std::move(*executable) : nullptr;
  }

  /// Runs `text` both ways.
  void expectLikeReference(StringRef text, ArrayRef<Tensor> inputs) {
    auto module = parseSourceString<ModuleOp>(text, &context);
    ASSERT_TRUE(module);
    auto expected =
        onnx::interpret(module->lookupSymbol<func::FuncOp>("main"), inputs);
    ASSERT_TRUE(succeeded(expected));
    auto executable = compile(text);
    ASSERT_NE(executable, nullptr);
    for (int run = 0; run < 2; ++run) {
      auto actual = executable->run(inputs);
      ASSERT_TRUE(static_cast<bool>(actual))
          << llvm::toString(actual.takeError());
      ASSERT_EQ(actual->size(), expected->size());
      for (size_t i = 0; i < actual->size(); ++i) {
        auto mismatch =
            onnx::findMismatch((*actual)[i], (*expected)[i], 1e-5, 1e-6);
        EXPECT_FALSE(mismatch.has_value()) << i << ": " << *mismatch;
      }
    }
  }

  Tensor random(ArrayRef<int64_t> shape) {
    Tensor tensor(f32(), shape);
    onnx::fillRandom(tensor, ++seed);
    return tensor;
  }

  MLIRContext context;
  uint64_t seed = 0;
};

TEST_F(ExecutableTest, ReusesTheArenaInAChain) {
  expectLikeReference(R"(
    func.func @main(%x: tensor<4x8xf32>, %w: tensor<8x8xf32>) -> tensor<4x8xf32> {
      %a = onnx.MatMul(%x, %w) : (tensor<4x8xf32>, tensor<8x8xf32>) -> tensor<4x8xf32>
      %b = onnx.MatMul(%a, %w) : (tensor<4x8xf32>, tensor<8x8xf32>) -> tensor<4x8xf32>
      %c = onnx.MatMul(%b, %w) : (tensor<4x8xf32>, tensor<8x8xf32>) -> tensor<4x8xf32>
      %d = onnx.MatMul(%c, %w) : (tensor<4x8xf32>, tensor<8x8xf32>) -> tensor<4x8xf32>
      return %d : tensor<4x8xf32>
    })",
                      {random({4, 8}), random({8, 8})});
}

TEST_F(ExecutableTest, ReturnsInputsConstantsAndOneValueTwice) {
  expectLikeReference(R"(
    func.func @main(%x: tensor<2x3xf32>)
        -> (tensor<2x3xf32>, tensor<2xi64>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>) {
      %c = onnx.Constant() {value = dense<[7, -8]> : tensor<2xi64>} : () -> tensor<2xi64>
      %y = onnx.Relu(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
      return %x, %c, %y, %y, %x : tensor<2x3xf32>, tensor<2xi64>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>
    })",
                      {random({2, 3})});
}

TEST_F(ExecutableTest, RunsScalars) {
  expectLikeReference(R"(
    func.func @main(%x: tensor<f32>, %y: tensor<f32>) -> tensor<f32> {
      %z = onnx.Add(%x, %y) : (tensor<f32>, tensor<f32>) -> tensor<f32>
      return %z : tensor<f32>
    })",
                      {random({}), random({})});
}

TEST_F(ExecutableTest, RunsEmptyTensors) {
  expectLikeReference(R"(
    func.func @main(%x: tensor<0x3xf32>) -> tensor<0x3xf32> {
      %y = onnx.Relu(%x) : (tensor<0x3xf32>) -> tensor<0x3xf32>
      return %y : tensor<0x3xf32>
    })",
                      {random({0, 3})});
}

// Where the sizes of the result come from a run-time operand.
TEST_F(ExecutableTest, MovesTensorsWithoutElements) {
  StringRef text = R"(
    func.func @main(%r: tensor<2xi64>, %axis: tensor<1xi64>) -> (tensor<?x?xf32>, tensor<?xf32>, tensor<?x?x?xf32>, tensor<?x?xf32>) {
      %c = onnx.Constant() {value = dense<> : tensor<3x0xf32>} : () -> tensor<3x0xf32>
      %d = onnx.Constant() {value = dense<> : tensor<1x0xf32>} : () -> tensor<1x0xf32>
      %t = onnx.Tile(%c, %r) : (tensor<3x0xf32>, tensor<2xi64>) -> tensor<?x?xf32>
      %s = onnx.Squeeze(%d, %axis) : (tensor<1x0xf32>, tensor<1xi64>) -> tensor<?xf32>
      %u = onnx.Unsqueeze(%c, %axis) : (tensor<3x0xf32>, tensor<1xi64>) -> tensor<?x?x?xf32>
      %e = onnx.Reshape(%c, %r) : (tensor<3x0xf32>, tensor<2xi64>) -> tensor<?x?xf32>
      return %t, %s, %u, %e : tensor<?x?xf32>, tensor<?xf32>, tensor<?x?x?xf32>, tensor<?x?xf32>
    })";
  Tensor repeats(IntegerType::get(&context, 64), {2});
  Tensor axis(IntegerType::get(&context, 64), {1});
  repeats.setInt(0, 2);
  expectLikeReference(text, {repeats, axis});
}

TEST_F(ExecutableTest, SqueezesNoElementsIntoNoScalar) {
  auto executable = compile(R"(
    func.func @main(%axis: tensor<1xi64>) -> tensor<f32> {
      %c = onnx.Constant() {value = dense<> : tensor<0xf32>} : () -> tensor<0xf32>
      %s = onnx.Squeeze(%c, %axis) : (tensor<0xf32>, tensor<1xi64>) -> tensor<f32>
      return %s : tensor<f32>
    })");
  ASSERT_NE(executable, nullptr);
  auto results = executable->run(Tensor(IntegerType::get(&context, 64), {1}));
  ASSERT_FALSE(static_cast<bool>(results));
  EXPECT_EQ(llvm::toString(results.takeError()),
            "Squeeze: a removed dimension is not 1");
}

TEST_F(ExecutableTest, RunsAnySizeOfADynamicDimension) {
  StringRef text = R"(
    func.func @main(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
      %y = onnx.Relu(%x) : (tensor<?x4xf32>) -> tensor<?x4xf32>
      %z = onnx.Add(%y, %x) : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
      return %z : tensor<?x4xf32>
    })";
  for (int64_t size : {0, 1, 5, 1000})
    expectLikeReference(text, {random({size, 4})});
}

#if !__has_feature(address_sanitizer)
// A softmax over a row of unknown length keeps it in a buffer of the kernel.
TEST_F(ExecutableTest, FailsWithoutMemoryForAKernel) {
  auto executable = compile(R"(
    func.func @main(%x: tensor<?x?xf32>) -> tensor<?x?xf32> {
      %y = onnx.Softmax(%x) : (tensor<?x?xf32>) -> tensor<?x?xf32>
      return %y : tensor<?x?xf32>
    })");
  ASSERT_NE(executable, nullptr);
  int64_t dims[] = {1, int64_t(1) << 24};
  size_t bytes = dims[1] * sizeof(float);
  auto *data = static_cast<float *>(aligned_alloc(ASSAY_ALIGNMENT, 2 * bytes));
  std::fill(data, data + dims[1], 0.0f);
  assay_tensor x = {data, bytes, ASSAY_FLOAT, 2, dims};
  assay_tensor y = {data + dims[1], bytes, 0, 0, nullptr};
  rlimit none, limit;
  ASSERT_EQ(getrlimit(RLIMIT_AS, &none), 0);
  limit = none;
  limit.rlim_cur = 1 << 20; // less than the process has: nothing can be mapped
  ASSERT_EQ(setrlimit(RLIMIT_AS, &limit), 0);
  int status = assay_session_run(executable->getSession(), &x, 1, &y, 1);
  ASSERT_EQ(setrlimit(RLIMIT_AS, &none), 0);
  EXPECT_NE(status, 0);
  EXPECT_THAT(assay_error(), testing::StartsWith("no memory for the temporar"));
  EXPECT_EQ(assay_session_run(executable->getSession(), &x, 1, &y, 1), 0)
      << assay_error();
  EXPECT_FLOAT_EQ(data[dims[1]], 1.0f / dims[1]);
  free(data);
}
#endif

TEST_F(ExecutableTest, TakesBooleansAsBytes) {
  Tensor flags(IntegerType::get(&context, 1), {5});
  for (int64_t i : {0, 3})
    flags.setInt(i, 1);
  expectLikeReference(R"(
    func.func @main(%c: tensor<5xi1>, %x: tensor<5xf32>, %y: tensor<5xf32>) -> (tensor<5xf32>, tensor<5xi1>) {
      %z = onnx.Where(%c, %x, %y) : (tensor<5xi1>, tensor<5xf32>, tensor<5xf32>) -> tensor<5xf32>
      %n = onnx.Not(%c) : (tensor<5xi1>) -> tensor<5xi1>
      return %z, %n : tensor<5xf32>, tensor<5xi1>
    })",
                      {flags, random({5}), random({5})});
}

TEST_F(ExecutableTest, RefusesInputsOfOtherTypes) {
  auto executable = compile(R"(
    func.func @main(%x: tensor<2xf32> {onnx.name = "x"}) -> tensor<2xf32> {
      %y = onnx.Relu(%x) : (tensor<2xf32>) -> tensor<2xf32>
      return %y : tensor<2xf32>
    })");
  ASSERT_NE(executable, nullptr);
  auto outputs = executable->run(random({3}));
  ASSERT_FALSE(static_cast<bool>(outputs));
  EXPECT_EQ(llvm::toString(outputs.takeError()),
            "input x has shape [3], the model takes [2]");
}

} // namespace
