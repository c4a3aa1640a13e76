//===- UpgradeTest.cpp - Older operator forms, opset 7 on -----------------===//

#include "dialects/onnx/reference/Interpreter.h"
#include "test/unit/compiler/import/ModelBuilder.h"
#include "gtest/gtest.h"

using namespace assay;
using namespace assay::test;
using llvm::StringRef;

/// Imports and looks for `parts` in the text.
static void expectText(const ModelBuilder &builder,
                       llvm::ArrayRef<StringRef> parts) {
  Imported imported = import(builder);
  ASSERT_TRUE(imported.module) << imported.errors;
  for (StringRef part : parts)
    EXPECT_TRUE(StringRef(imported.text).contains(part))
        << "expected: " << part.str() << "\nactual: " << imported.text;
}

static void expectError(const ModelBuilder &builder, StringRef part) {
  Imported imported = import(builder);
  EXPECT_FALSE(imported.module);
  EXPECT_TRUE(StringRef(imported.errors).contains(part)) << imported.errors;
}

/// A model of `op` on x of `dims`; gives its node.
static proto::NodeProto &makeUnary(ModelBuilder &builder, StringRef op,
                                   llvm::ArrayRef<int64_t> dims) {
  builder.addInput("x", dims);
  builder.addOutput("y");
  return builder.addNode(op, {"x"}, {"y"});
}

TEST(Upgrade, ClipBoundsBecomeInputs) {
  ModelBuilder builder(7);
  proto::NodeProto &node = makeUnary(builder, "Clip", {2});
  setFloat(node, "max", 6);
  expectText(builder,
             {"dense<6.000000e+00> : tensor<f32>", "onnx.Clip(%arg0, _, %0)"});
}

TEST(Upgrade, AxesBecomeInputs) {
  ModelBuilder builder(9);
  setInts(makeUnary(builder, "ReduceMean", {2, 3, 4}), "axes", {1, 2});
  expectText(builder, {"dense<[1, 2]> : tensor<2xi64>",
                       "onnx.ReduceMean(%arg0, %0)", "-> tensor<2x1x1xf32>"});
  builder = ModelBuilder(11);
  setInts(makeUnary(builder, "Unsqueeze", {2}), "axes", {0});
  expectText(builder, {"-> tensor<1x2xf32>"});
}

TEST(Upgrade, SliceOne) {
  ModelBuilder builder(9);
  proto::NodeProto &node = makeUnary(builder, "Slice", {5, 6});
  setInts(node, "starts", {1});
  setInts(node, "ends", {-1});
  setInts(node, "axes", {1});
  expectText(builder, {"-> tensor<5x4xf32>"});
  builder = ModelBuilder(9);
  makeUnary(builder, "Slice", {5, 6});
  expectError(builder, "node 'y_node' (Slice): lacks its required attribute "
                       "'starts'");
}

TEST(Upgrade, PadTwo) {
  ModelBuilder builder(10);
  proto::NodeProto &node = makeUnary(builder, "Pad", {2, 2});
  setInts(node, "pads", {0, 1, 0, 2});
  setFloat(node, "value", 3);
  expectText(builder, {"onnx.Pad(%arg0, %0, %1, _)", "-> tensor<2x5xf32>"});
}

TEST(Upgrade, SplitCountsItsOutputs) {
  ModelBuilder builder(13);
  builder.addInput("x", {6});
  builder.addNode("Split", {"x"}, {"a", "b", "c"});
  builder.addOutput("c");
  expectText(builder, {"num_outputs = 3", "tensor<2xf32>"});
}

TEST(Upgrade, TopKOne) {
  ModelBuilder builder(9);
  builder.addInput("x", {6});
  setInt(builder.addNode("TopK", {"x"}, {"v", "i"}), "k", 2);
  builder.addOutput("v");
  expectText(builder, {"-> (tensor<2xf32>, tensor<2xi64>)"});
}

TEST(Upgrade, UpsampleIsResize) {
  ModelBuilder builder(9);
  builder.addInput("x", {1, 1, 2, 2});
  builder.addFloats("s", {4}, {1, 1, 2, 3});
  builder.addNode("Upsample", {"x", "s"}, {"y"});
  builder.addOutput("y");
  expectText(builder, {"onnx.Resize(%arg0, _, %0, _)",
                       "coordinate_transformation_mode = \"asymmetric\"",
                       "nearest_mode = \"floor\"", "-> tensor<1x1x4x6xf32>"});
}

TEST(Upgrade, DropoutMaskHasTheTypeOfTheData) {
  ModelBuilder builder(7);
  builder.addInput("x", {2});
  setFloat(builder.addNode("Dropout", {"x"}, {"y", "mask"}), "ratio", 0.25f);
  builder.addOutput("mask");
  expectText(builder, {"onnx.Dropout(%arg0, %0, _)", "to = f32"});
}

TEST(Upgrade, SoftmaxTakesAllDimensionsFromItsAxis) {
  ModelBuilder builder(11);
  setInt(makeUnary(builder, "Softmax", {2, 3, 4}), "axis", 1);
  Imported imported = import(builder);
  ASSERT_TRUE(imported.module) << imported.errors;
  assay::onnx::Tensor x(mlir::Float32Type::get(imported.context.get()),
                        {2, 3, 4});
  assay::onnx::fillRandom(x, /*seed=*/1);
  auto results =
      assay::onnx::interpret(mlir::ModuleOp(imported.module.get())
                                 .lookupSymbol<mlir::func::FuncOp>("main"),
                             {x});
  ASSERT_TRUE(mlir::succeeded(results));
  std::vector<double> y = results->front().toDoubles();
  ASSERT_EQ(y.size(), 24u);
  double sum = 0;
  for (size_t i = 0; i < 12; ++i)
    sum += y[i];
  EXPECT_NEAR(sum, 1.0, 1e-6);
}

TEST(Upgrade, BatchNormalizationSeven) {
  auto make = [](int64_t spatial, llvm::ArrayRef<StringRef> outputs) {
    ModelBuilder builder(7);
    builder.addInput("x", {1, 2, 3});
    for (StringRef name : {"s", "b", "m", "v"})
      builder.addInput(name, {2});
    setInt(builder.addNode("BatchNormalization", {"x", "s", "b", "m", "v"},
                           outputs),
           "spatial", spatial);
    builder.addOutput("y");
    return builder;
  };
  expectText(make(1, {"y"}), {"onnx.BatchNormalization"});
  expectError(make(0, {"y"}), "has spatial = 0, which is not supported");
  expectError(make(1, {"y", "a", "c"}), "lists the outputs of training");
}

TEST(Upgrade, GroupNormalizationSpreadsItsParameters) {
  ModelBuilder builder(18);
  builder.addInput("x", {1, 4, 3});
  builder.addInput("s", {2});
  builder.addInput("b", {2});
  setInt(builder.addNode("GroupNormalization", {"x", "s", "b"}, {"y"}),
         "num_groups", 2);
  builder.addOutput("y");
  expectText(builder, {"onnx.Expand", "onnx.GroupNormalization",
                       "(tensor<1x4x3xf32>, tensor<4xf32>, tensor<4xf32>)"});
}

TEST(Upgrade, FormsOfConstant) {
  ModelBuilder builder;
  setInts(builder.addNode("Constant", {}, {"a"}), "value_ints", {4, 5});
  setFloat(builder.addNode("Constant", {}, {"b"}), "value_float", 2);
  proto::AttributeProto &text =
      *builder.addNode("Constant", {}, {"c"}).add_attribute();
  text.set_name("value_string");
  text.set_type(proto::AttributeProto::STRING);
  text.set_s("hi");
  for (StringRef name : {"a", "b", "c"})
    builder.addOutput(name);
  expectText(builder, {"dense<[4, 5]> : tensor<2xi64>",
                       "dense<2.000000e+00> : tensor<f32>",
                       "dense<\"hi\"> : tensor<!onnx.string>"});
  builder = ModelBuilder();
  setInts(builder.addNode("Constant", {}, {"a"}), "value_float", {4});
  expectError(builder, "which is no value of the right kind");
  builder = ModelBuilder();
  builder.addNode("Constant", {}, {"a"});
  expectError(builder, "needs exactly one attribute, its value, but has 0");
}
