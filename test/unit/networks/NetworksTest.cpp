//===- NetworksTest.cpp - Well-known networks -----------------------------===//

#include "test/networks/Networks.h"
#include "mlir/IR/Verifier.h"

#include <gtest/gtest.h>

using namespace assay::networks;
using namespace mlir;
using assay::onnx::GraphBuilder;

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

TEST(Networks, TooManyTokensAreRefused) {
  MLIRContext context(MLIRContext::Threading::DISABLED);
  std::string message;
  ScopedDiagnosticHandler handler(
      &context, [&](Diagnostic &diagnostic) { message += diagnostic.str(); });
  EXPECT_FALSE(buildNetwork(*lookupNetwork("bert-tiny"), &context, 513));
  EXPECT_FALSE(message.empty());
}
