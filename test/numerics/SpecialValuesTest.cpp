//===- SpecialValuesTest.cpp - Compiled functions against libm ------------===//
//
// Zeros of both signs, denormals, infinities, NaN and the edges of overflow,
// beside values of all magnitudes.
//
//===----------------------------------------------------------------------===//

#include "compiler/api/Executable.h"
#include "mlir/Parser/Parser.h"
#include <cmath>
#include <gtest/gtest.h>
#include <random>

using namespace mlir;
using namespace assay;
using assay::onnx::Tensor;

namespace {

using Function = double (*)(double);

std::vector<float> makeInputs() {
  std::vector<float> positive = {
      0.0f,   0x1p-149f, 1e-40f, 0x1p-126f, 1e-30f,          1e-5f,
      0.5f,   1.0f,      2.0f,   10.0f,     87.3f,           88.72283f,
      88.73f, 90.0f,     104.0f, 1e10f,     0x1.fffffep127f, INFINITY};
  std::mt19937 random(1);
  std::uniform_real_distribution<float> exponent(-149, 127), linear(0, 100);
  for (int i = 0; i < 2000; ++i) {
    positive.push_back(std::exp2(exponent(random)));
    positive.push_back(linear(random));
  }
  std::vector<float> inputs = positive;
  for (float value : positive)
    inputs.push_back(-value);
  inputs.push_back(NAN);
  return inputs;
}

/// Runs y = `expression` of %x and its scalar constant %c.
std::vector<float> evaluate(StringRef expression, float constant,
                            ArrayRef<float> inputs) {
  MLIRContext context;
  prepareContext(context);
  std::string type = "tensor<" + std::to_string(inputs.size()) + "xf32>";
  std::string text;
  llvm::raw_string_ostream os(text);
  os << "func.func @main(%x: " << type << ") -> " << type << " {\n"
     << "%c = onnx.Constant() {value = dense<" << llvm::format("%e", constant)
     << "> : tensor<f32>} : () -> tensor<f32>\n"
     << "%y = onnx." << expression << " : "
     << (expression.contains("%c") ? "(" + type + ", tensor<f32>)"
                                   : "(" + type + ")")
     << " -> " << type << "\nreturn %y : " << type << "\n}";
  auto module = parseSourceString<ModuleOp>(text, &context);
  EXPECT_TRUE(module) << text;
  auto options = getDefaultOptions();
  EXPECT_TRUE(static_cast<bool>(options));
  auto executable = Executable::compile(*module, *options);
  EXPECT_TRUE(succeeded(executable));
  Tensor x(Float32Type::get(&context), {static_cast<int64_t>(inputs.size())});
  llvm::copy(inputs, x.getMutableAs<float>().begin());
  auto results = (*executable)->run(x);
  EXPECT_TRUE(static_cast<bool>(results));
  return results->front().getAs<float>().vec();
}

/// Differences up to `ulps` units in the last place pass, and differences of
/// `absolute`, which is for results next to the denormals.
void expectLikeLibm(StringRef expression, Function exact, double ulps,
                    double absolute = 0x1p-149, float constant = 0) {
  std::vector<float> inputs = makeInputs();
  std::vector<float> results = evaluate(expression, constant, inputs);
  ASSERT_EQ(results.size(), inputs.size());
  for (auto [x, y] : llvm::zip(inputs, results)) {
    double precise = exact(x);
    float expected = static_cast<float>(precise);
    if (std::isnan(expected) || std::isinf(expected)) {
      EXPECT_TRUE(std::isnan(expected) ? std::isnan(y) : y == expected)
          << expression.str() << " of " << x << ": " << y << ", not "
          << expected;
      continue;
    }
    double unit = std::nextafter(std::fabs(expected), INFINITY) -
                  static_cast<double>(std::fabs(expected));
    EXPECT_LE(std::fabs(y - precise), std::max(ulps * unit, absolute))
        << expression.str() << " of " << x << ": " << y << ", not " << expected;
  }
}

TEST(SpecialValues, ExpFlushesDenormals) {
  expectLikeLibm("Exp(%x)", std::exp, 2, 0x1p-126);
  expectLikeLibm(
      "Sigmoid(%x)", [](double x) { return 1 / (1 + std::exp(-x)); }, 3,
      0x1p-126);
}

TEST(SpecialValues, Log) { expectLikeLibm("Log(%x)", std::log, 3); }

TEST(SpecialValues, OddFunctions) {
  expectLikeLibm("Tanh(%x)", std::tanh, 6);
  expectLikeLibm("Erf(%x)", std::erf, 6);
  expectLikeLibm("Atan(%x)", std::atan, 2);
}

TEST(SpecialValues, Roots) {
  expectLikeLibm("Sqrt(%x)", std::sqrt, 1);
  expectLikeLibm("Reciprocal(%x)", [](double x) { return 1 / x; }, 1);
}

TEST(SpecialValues, Powers) {
  expectLikeLibm(
      "Pow(%x, %c)", [](double x) { return std::pow(x, 2); }, 1, 0x1p-149, 2);
  expectLikeLibm(
      "Pow(%x, %c)", [](double x) { return std::pow(x, 0.5); }, 1, 0x1p-149,
      0.5);
  expectLikeLibm(
      "Pow(%x, %c)", [](double x) { return std::pow(x, -1); }, 1, 0x1p-149, -1);
  expectLikeLibm(
      "Pow(%x, %c)", [](double x) { return std::pow(x, 1.5); }, 1, 0x1p-149,
      1.5);
}

} // namespace
