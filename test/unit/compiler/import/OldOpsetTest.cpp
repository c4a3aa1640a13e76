//===- OldOpsetTest.cpp - Models of opsets 1 to 6 -------------------------===//

#include "test/unit/compiler/import/ModelBuilder.h"

#include <gtest/gtest.h>

using namespace assay::test;
using llvm::StringRef;
namespace proto = assay::proto;

/// One node of `op` on x (2 x 3 x 4 x 5) and w (of `dims`).
static ModelBuilder makeBinary(int64_t opset, StringRef op,
                               llvm::ArrayRef<int64_t> dims) {
  ModelBuilder builder(opset);
  builder.addInput("x", {2, 3, 4, 5});
  builder.addInput("w", dims);
  builder.addNode(op, {"x", "w"}, {"y"});
  builder.addOutput("y");
  return builder;
}

static void expectText(const ModelBuilder &builder, StringRef part) {
  Imported result = import(builder);
  ASSERT_TRUE(result.module) << result.errors;
  EXPECT_TRUE(StringRef(result.text).contains(part)) << result.text;
}

static void expectError(const ModelBuilder &builder, StringRef part) {
  Imported result = import(builder);
  EXPECT_FALSE(result.module);
  EXPECT_TRUE(StringRef(result.errors).contains(part)) << result.errors;
}

TEST(OldOpset, AxisOfABroadcastBecomesUnsqueeze) {
  ModelBuilder builder = makeBinary(6, "Add", {3, 4});
  proto::NodeProto &node = *builder.model.mutable_graph()->mutable_node(0);
  setInt(node, "broadcast", 1);
  setInt(node, "axis", 1);
  expectText(builder, "onnx.Add(%arg0, %1) : (tensor<2x3x4x5xf32>, "
                      "tensor<3x4x1xf32>)");
}

TEST(OldOpset, BroadcastWithoutAxisMeetsTheEnd) {
  ModelBuilder builder = makeBinary(6, "Mul", {4, 5});
  setInt(*builder.model.mutable_graph()->mutable_node(0), "broadcast", 1);
  expectText(builder, "onnx.Mul(%arg0, %arg1) : (tensor<2x3x4x5xf32>, "
                      "tensor<4x5xf32>)");
}

TEST(OldOpset, AxisThatDoesNotFitIsRefused) {
  ModelBuilder builder = makeBinary(6, "Sub", {3, 4});
  proto::NodeProto &node = *builder.model.mutable_graph()->mutable_node(0);
  setInt(node, "broadcast", 1);
  setInt(node, "axis", 3);
  expectError(builder, "m.onnx: node 'y_node' (Sub): has axis = 3, at which an "
                       "input of rank 2 does not fit one of rank 4");
}

TEST(OldOpset, SlopeOfPReluIsPerChannel) {
  expectText(makeBinary(6, "PRelu", {3}), "tensor<3x1x1xf32>)");
}

TEST(OldOpset, UnchangedOperatorsAreRead) {
  ModelBuilder builder(1);
  builder.addInput("x", {2, 3, 4, 5});
  builder.addNode("GlobalAveragePool", {"x"}, {"y"});
  builder.addOutput("y");
  expectText(builder, "onnx.GlobalAveragePool");
}

TEST(OldOpset, FormsThatAreNotReadAreNamed) {
  expectError(makeBinary(5, "Add", {3, 4}),
              "Add (opset 5, but the operator is read from opset 6 on)");
}
