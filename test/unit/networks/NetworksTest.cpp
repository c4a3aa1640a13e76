//===- NetworksTest.cpp - Well-known networks -----------------------------===//

#include "test/networks/Networks.h"
#include "dialects/onnx/reference/Interpreter.h"
#include "mlir/IR/Verifier.h"

#include <gtest/gtest.h>

using namespace assay::networks;
using namespace mlir;
using assay::onnx::GraphBuilder;
using assay::onnx::Tensor;
using assay::onnx::Tensors;

static int64_t countParameters(StringRef name) {
  MLIRContext context(MLIRContext::Threading::DISABLED);
  GraphBuilder b(&context, /*seed=*/0, GraphBuilder::Weights::Splat);
  const NamedNetwork *network = lookupNetwork(name);
  Outputs outputs = network->build(b, network->defaultSize);
  OwningOpRef<ModuleOp> module = b.finish(outputs);
  EXPECT_TRUE(module && succeeded(verify(*module)));
  return b.getParameterCount();
}

// The counts of torchvision, timm and Hugging Face.
TEST(Networks, HaveThePublishedParameterCounts) {
  EXPECT_EQ(countParameters("resnet50"), 25557032);
  EXPECT_EQ(countParameters("mobilenetv2"), 3504872);
  EXPECT_EQ(countParameters("efficientnet-b0"), 5288548);
  EXPECT_EQ(countParameters("vit-tiny"), 5717416);
  EXPECT_EQ(countParameters("bert-base"), 109482240);
}

TEST(Networks, LstmEndsInProbabilities) {
  MLIRContext context(MLIRContext::Threading::DISABLED);
  OwningOpRef<ModuleOp> module =
      buildNetwork(*lookupNetwork("lstm"), &context, /*size=*/5);
  ASSERT_TRUE(module);
  auto function = module->lookupSymbol<func::FuncOp>("main");
  Type i64 = IntegerType::get(&context, 64);
  FailureOr<Tensors> results = assay::onnx::interpret(
      function, {Tensor::fromInts(i64, {1, 5}, {3, 1, 4, 1, 5})});
  ASSERT_TRUE(succeeded(results));
  std::vector<double> probabilities = results->front().toDoubles();
  double sum = 0;
  for (double p : probabilities)
    sum += p;
  EXPECT_EQ(probabilities.size(), 5u);
  EXPECT_NEAR(sum, 1.0, 1e-6);
}

TEST(Networks, TooManyTokensAreRefused) {
  MLIRContext context(MLIRContext::Threading::DISABLED);
  std::string message;
  ScopedDiagnosticHandler handler(
      &context, [&](Diagnostic &diagnostic) { message += diagnostic.str(); });
  EXPECT_FALSE(buildNetwork(*lookupNetwork("bert-tiny"), &context, 513));
  EXPECT_FALSE(message.empty());
}
