//===- ElementwiseTest.cpp - Tests of Elementwise.cpp and its neighbours --===//

#include "dialects/onnx/OnnxDialect.h"
#include "dialects/onnx/reference/Broadcast.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"
#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace assay::onnx;
using namespace mlir;
using ::testing::ElementsAre;

namespace {
constexpr double kInf = std::numeric_limits<double>::infinity();

class ReferenceTest : public ::testing::Test {
protected:
  ReferenceTest() { context.loadDialect<OnnxDialect, func::FuncDialect>(); }

  /// The results of a function of one op, given as "Add(%a, %b) {...}", whose
  /// inputs are called %a, %b, %c.
  Tensors run(const std::string &op, ArrayRef<Tensor> inputs,
              const std::string &result) {
    std::string parameters, types;
    for (auto [index, input] : llvm::enumerate(inputs)) {
      std::string type;
      llvm::raw_string_ostream(type) << input.getType();
      std::string separator = index ? ", " : "";
      parameters += separator + "%" + std::string(1, 'a' + index) + ": " + type;
      types += separator + type;
    }
    OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(
        "func.func @f(" + parameters + ") -> " + result + " { %r = onnx." + op +
            " : (" + types + ") -> " + result + "\n return %r : " + result +
            " }",
        &context);
    if (!module)
      return {};
    auto function = module->lookupSymbol<func::FuncOp>("f");
    FailureOr<Tensors> results = interpret(function, inputs);
    return succeeded(results) ? *results : Tensors();
  }

  Tensor ints(unsigned width, ArrayRef<int64_t> values,
              bool isUnsigned = false) {
    Type type = IntegerType::get(&context, width,
                                 isUnsigned ? IntegerType::Unsigned
                                            : IntegerType::Signless);
    return Tensor::fromInts(type, static_cast<int64_t>(values.size()), values);
  }

  Tensor floats(ArrayRef<double> values) {
    return Tensor::fromDoubles(Float32Type::get(&context),
                               static_cast<int64_t>(values.size()), values);
  }

  MLIRContext context;
};
} // namespace

TEST_F(ReferenceTest, IntegerDivisionNeverTraps) {
  Tensors quotient =
      run("Div(%a, %b)", {ints(8, {7, -7, -128, 5}), ints(8, {2, 2, -1, 0})},
          "tensor<4xi8>");
  ASSERT_EQ(quotient.size(), 1u);
  EXPECT_THAT(quotient[0].toInts(), ElementsAre(3, -3, -128, 0));
}

TEST_F(ReferenceTest, RemainderTakesTheSignOfTheDivisorOrDividend) {
  Tensor a = ints(32, {7, -7, 7, -7}), b = ints(32, {3, 3, -3, -3});
  EXPECT_THAT(run("Mod(%a, %b)", {a, b}, "tensor<4xi32>")[0].toInts(),
              ElementsAre(1, 2, -2, -1));
  EXPECT_THAT(
      run("Mod(%a, %b) {fmod = 1 : i64}", {a, b}, "tensor<4xi32>")[0].toInts(),
      ElementsAre(1, -1, 1, -1));
}

TEST_F(ReferenceTest, ShiftsBeyondTheWidthKeepTheSignOnly) {
  Tensors shifted = run("BitShift(%a, %b) {direction = \"RIGHT\"}",
                        {ints(8, {-16, -16, 16, 16}), ints(8, {2, 9, 9, -1})},
                        "tensor<4xi8>");
  EXPECT_THAT(shifted[0].toInts(), ElementsAre(-4, -1, 0, 0));
}

TEST_F(ReferenceTest, NegativeIntegerPowersTruncate) {
  Tensors power =
      run("Pow(%a, %b)",
          {ints(64, {2, 1, -1, -1, 0, 3}), ints(64, {-1, -5, -3, -4, 64, 3})},
          "tensor<6xi64>");
  EXPECT_THAT(power[0].toInts(), ElementsAre(0, 1, -1, 1, 0, 27));
}

TEST_F(ReferenceTest, ComparesUnsignedIntegersAsSuch) {
  Tensors less =
      run("Less(%a, %b)",
          {ints(8, {200, 1}, /*isUnsigned=*/true), ints(8, {100, 255}, true)},
          "tensor<2xi1>");
  EXPECT_THAT(less[0].toInts(), ElementsAre(0, 1));
}

TEST_F(ReferenceTest, CastsOfFloatsSaturate) {
  Tensors cast =
      run("Cast(%a) {to = i8}", {floats({1.9, -1.9, 300, -kInf, std::nan("")})},
          "tensor<5xi8>");
  EXPECT_THAT(cast[0].toInts(), ElementsAre(1, -1, 127, -128, 0));
}

TEST_F(ReferenceTest, MaxAndReluPassNanThrough) {
  Tensor a = floats({1, std::nan(""), -2}), b = floats({std::nan(""), 0, 3});
  std::vector<double> max =
      run("Max(%a, %b)", {a, b}, "tensor<3xf32>")[0].toDoubles();
  EXPECT_TRUE(std::isnan(max[0]) && std::isnan(max[1]));
  EXPECT_EQ(max[2], 3);
  std::vector<double> relu = run("Relu(%a)", a, "tensor<3xf32>")[0].toDoubles();
  EXPECT_TRUE(std::isnan(relu[1]));
  EXPECT_EQ(relu[2], 0);
}

TEST_F(ReferenceTest, RoundsHalfToEven) {
  EXPECT_THAT(
      run("Round(%a)", floats({0.5, 1.5, -2.5, 2.5}), "tensor<4xf32>")[0]
          .toDoubles(),
      ElementsAre(0, 2, -2, 2));
}

TEST_F(ReferenceTest, SoftmaxDoesNotOverflow) {
  std::vector<double> softmax =
      run("Softmax(%a)", floats({1000, 1000, -1000}), "tensor<3xf32>")[0]
          .toDoubles();
  EXPECT_THAT(softmax, ElementsAre(0.5, 0.5, 0));
}

TEST_F(ReferenceTest, HardmaxTakesTheFirstMaximum) {
  EXPECT_THAT(
      run("Hardmax(%a)", floats({1, 3, 3}), "tensor<3xf32>")[0].toDoubles(),
      ElementsAre(0, 1, 0));
}

TEST_F(ReferenceTest, QuantizationRoundsThenAddsTheZeroPointThenSaturates) {
  Tensor scale = Tensor::fromDoubles(Float32Type::get(&context), {}, 2.0);
  Tensor zero = ints(8, 1, /*isUnsigned=*/true).reshaped({});
  Tensors quantized =
      run("QuantizeLinear(%a, %b, %c)",
          {floats({1, 3, -1, 1000, -1000}), scale, zero}, "tensor<5xui8>");
  EXPECT_THAT(quantized[0].toInts(), ElementsAre(1, 3, 1, 255, 0));
}

TEST_F(ReferenceTest, RefusesShapesThatDoNotBroadcast) {
  ScopedDiagnosticHandler silence(&context,
                                  [](Diagnostic &) { return success(); });
  EXPECT_TRUE(
      run("Add(%a, %b)", {floats({1, 2}), floats({1, 2, 3})}, "tensor<3xf32>")
          .empty());
}
