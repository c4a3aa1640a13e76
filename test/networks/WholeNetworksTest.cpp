//===- WholeNetworksTest.cpp - Networks against the interpreter -----------===//
//
// Each network is built, written as ONNX, read again, compiled and run; the
// results are those of the reference interpreter on the graph as built.
//
//===----------------------------------------------------------------------===//

#include "compiler/api/Executable.h"
#include "compiler/export/Export.h"
#include "dialects/onnx/reference/Interpreter.h"
#include "search/spaces/Space.h"
#include "test/networks/Networks.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"

#include <cmath>
#include <gtest/gtest.h>

using namespace assay;
using namespace mlir;
using onnx::Tensor;
using onnx::Tensors;

namespace {
/// A network, or a spec of a space; small images keep the interpreter quick.
struct Case {
  const char *name;
  const char *spec; ///< Null: a network.
  int64_t size;
};

std::string printCase(const testing::TestParamInfo<Case> &info) {
  std::string text = info.param.name;
  llvm::erase(text, '-');
  return text + "_" + std::to_string(info.index);
}

class WholeNetworks : public testing::TestWithParam<Case> {
protected:
  WholeNetworks()
      : handler(&context, [this](Diagnostic &diagnostic) {
          messages += diagnostic.str() + "\n";
        }) {
    prepareContext(context);
  }

  OwningOpRef<ModuleOp> build() {
    const Case &test = GetParam();
    if (!test.spec)
      return buildNetwork(*networks::lookupNetwork(test.name), &context,
                          test.size, /*seed=*/1);
    search::NetworkOptions options;
    options.inputShape = {1, 3, test.size, test.size};
    options.seed = 1;
    return search::lookupSpace(test.name)
        ->build(test.spec, options, &context)
        .module;
  }

  MLIRContext context{MLIRContext::Threading::DISABLED};
  std::string messages;
  ScopedDiagnosticHandler handler;
};
} // namespace

/// Images from -1 to 1; ids, masks and types from 0 to 1.
static Tensors makeInputs(func::FuncOp function) {
  Tensors inputs;
  for (Type type : function.getArgumentTypes()) {
    auto tensorType = cast<RankedTensorType>(type);
    Tensor &tensor =
        inputs.emplace_back(tensorType.getElementType(), tensorType.getShape());
    bool isFloat = isa<FloatType>(tensorType.getElementType());
    fillRandom(tensor, inputs.size(), isFloat ? -1 : 0, isFloat ? 1 : 2);
  }
  return inputs;
}

/// The largest difference, relative to the largest expected value.
static double relativeDifference(const Tensor &actual, const Tensor &expected) {
  double difference = 0, scale = 0;
  for (int64_t i = 0; i < expected.getNumElements(); ++i) {
    double here = std::abs(actual.getDouble(i) - expected.getDouble(i));
    if (!(here <= difference)) // Keeps a NaN.
      difference = here;
    scale = std::max(scale, std::abs(expected.getDouble(i)));
  }
  return difference / scale;
}

TEST_P(WholeNetworks, CompiledAsInterpreted) {
  OwningOpRef<ModuleOp> module = build();
  ASSERT_TRUE(module) << messages;
  SmallString<128> path;
  ASSERT_FALSE(llvm::sys::fs::createTemporaryFile("assay", "onnx", path));
  llvm::FileRemover remover(path);
  ASSERT_TRUE(succeeded(exportModel(*module, path))) << messages;

  auto function = module->lookupSymbol<func::FuncOp>("main");
  Tensors inputs = makeInputs(function);
  FailureOr<Tensors> expected = onnx::interpret(function, inputs);
  ASSERT_TRUE(succeeded(expected)) << messages;

  auto options = getDefaultOptions();
  ASSERT_TRUE(static_cast<bool>(options)) << toString(options.takeError());
  options->threads = 2;
  auto executable = Executable::load(&context, path, *options);
  ASSERT_TRUE(succeeded(executable)) << messages;
  auto actual = (*executable)->run(inputs);
  ASSERT_TRUE(static_cast<bool>(actual)) << toString(actual.takeError());

  ASSERT_EQ(actual->size(), expected->size());
  for (auto [result, wanted] : llvm::zip_equal(*actual, *expected)) {
    ASSERT_EQ(result.getType(), wanted.getType());
    EXPECT_LE(relativeDifference(result, wanted), 1e-4);
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, WholeNetworks,
    testing::Values(
        Case{"bert-tiny", nullptr, 24}, Case{"efficientnet-b0", nullptr, 64},
        Case{"lstm", nullptr, 9}, Case{"mobilenetv2", nullptr, 64},
        Case{"resnet50", nullptr, 64}, Case{"vit-tiny", nullptr, 64},
        Case{"nasbench201",
             "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+"
             "|skip_connect~0|nor_conv_3x3~1|nor_conv_3x3~2|",
             32},
        Case{"nasbench201",
             "|avg_pool_3x3~0|+|none~0|nor_conv_1x1~1|+"
             "|skip_connect~0|none~1|avg_pool_3x3~2|",
             32},
        Case{"nasbench201",
             "|none~0|+|none~0|none~1|+|none~0|none~1|nor_conv_3x3~2|", 32},
        Case{"nasbench101",
             "0110000010000010000100000:input;conv3x3-bn-relu;"
             "conv1x1-bn-relu;maxpool3x3;output",
             8},
        // The three inputs of a concatenation share 128 channels as 43, 43 and
        // 42, so that the value they are computed from is truncated.
        Case{"nasbench101",
             "010001001110000001000001000001000000:input;conv1x1-bn-relu;"
             "conv3x3-bn-relu;maxpool3x3;conv1x1-bn-relu;output",
             8}),
    printCase);
