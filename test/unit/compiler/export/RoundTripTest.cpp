//===- RoundTripTest.cpp - Export and import give the same model ----------===//

#include "compiler/export/Export.h"
#include "dialects/onnx/OnnxDialect.h"
#include "dialects/onnx/reference/Interpreter.h"
#include "mlir/Parser/Parser.h"
#include "test/unit/compiler/import/ModelBuilder.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "gtest/gtest.h"
#include <fstream>
#include <onnx/checker.h>

using namespace assay;
using namespace assay::test;
using llvm::StringRef;

namespace {
class RoundTrip : public testing::Test {
protected:
  void SetUp() override {
    ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("assay-export", folder));
    path = (folder + "/m.onnx").str();
  }
  void TearDown() override { llvm::sys::fs::remove_directories(folder); }

  size_t countFiles() {
    std::error_code error;
    size_t count = 0;
    for (llvm::sys::fs::directory_iterator it(folder, error), end;
         it != end && !error; it.increment(error))
      ++count;
    return count;
  }
  Imported importFile(const std::string &file) {
    return importWith(
        [&](mlir::MLIRContext *context) { return importModel(context, file); });
  }
  /// Exports, lets ONNX check the file, and imports it.
  Imported trip(const Imported &from, const ExportOptions &options = {}) {
    EXPECT_TRUE(mlir::succeeded(exportModel(*from.module, path, options)));
    try {
      ::onnx::checker::check_model(path);
    } catch (const std::exception &error) {
      ADD_FAILURE() << error.what();
    }
    return importFile(path);
  }

  llvm::SmallString<128> folder;
  std::string path;
};
} // namespace

/// Parses a module and gives its text, or what export said of it.
static std::string exportErrors(StringRef ir, const std::string &path,
                                const ExportOptions &options = {}) {
  mlir::MLIRContext context;
  context.loadDialect<assay::onnx::OnnxDialect, mlir::func::FuncDialect>();
  std::string errors;
  mlir::ScopedDiagnosticHandler handler(
      &context,
      [&](mlir::Diagnostic &diagnostic) { errors += diagnostic.str() + "\n"; });
  mlir::OwningOpRef<mlir::ModuleOp> module =
      mlir::parseSourceString<mlir::ModuleOp>(ir, &context);
  EXPECT_TRUE(module) << errors;
  if (module)
    EXPECT_TRUE(mlir::failed(exportModel(*module, path, options)));
  return errors;
}

/// Every model of ONNX's own tests that imports.
TEST_F(RoundTrip, BackendTestModels) {
  std::error_code error;
  size_t tripped = 0;
  for (llvm::sys::fs::recursive_directory_iterator
           it("/usr/share/libonnx-testdata/data", error),
       end;
       it != end && !error; it.increment(error)) {
    if (!StringRef(it->path()).ends_with("/model.onnx"))
      continue;
    Imported original = importFile(it->path());
    if (!original.module)
      continue;
    SCOPED_TRACE(it->path());
    // Constants move to their first use in the first trip, and stay there.
    Imported once = trip(original);
    ASSERT_TRUE(once.module) << once.errors;
    Imported twice = trip(once);
    EXPECT_TRUE(once.text == twice.text);
    ++tripped;
  }
  if (tripped == 0)
    GTEST_SKIP() << "libonnx-testdata is not installed";
  EXPECT_GT(tripped, 600u);
}

/// A classifier with every kind of older spelling, on opset 18.
static ModelBuilder makeNetwork() {
  ModelBuilder builder(18);
  builder.model.set_producer_name("maker");
  proto::StringStringEntryProto &entry = *builder.model.add_metadata_props();
  entry.set_key("k");
  entry.set_value("v");
  builder.addInput("x", {1, 1, 6, 4});
  builder.addFloats("w", {2, 1, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8});
  proto::TensorProto &pads = *builder.model.mutable_graph()->add_initializer();
  pads.set_name("pads");
  pads.set_data_type(7);
  pads.add_dims(2);
  pads.add_int64_data(1);
  pads.add_int64_data(2);
  proto::TensorProto &axes = *builder.model.mutable_graph()->add_initializer();
  axes.set_name("axes");
  axes.set_data_type(7);
  axes.add_dims(1);
  axes.add_int64_data(-1);
  builder.addNode("Pad", {"x", "pads", "", "axes"}, {"padded"});
  builder.addNode("Conv", {"padded", "w"}, {"c"});
  setInt(builder.addNode("ReduceMax", {"c", "axes"}, {"m"}), "keepdims", 0);
  proto::NodeProto &split = builder.addNode("Split", {"m"}, {"s0", "s1", "s2"});
  setInt(split, "axis", 2);
  setInt(split, "num_outputs", 3);
  builder.addOutput("s0");
  builder.addOutput("s2");
  return builder;
}

TEST_F(RoundTrip, LowersToOpset17) {
  Imported original = import(makeNetwork());
  ASSERT_TRUE(original.module) << original.errors;
  Imported exported = trip(original);
  ASSERT_TRUE(exported.module) << exported.errors;
  EXPECT_TRUE(StringRef(exported.text).contains("onnx.opset = 17"));
  EXPECT_TRUE(StringRef(exported.text).contains("producer_name = \"maker\""));
  EXPECT_TRUE(
      StringRef(exported.text).contains("metadata_props = {k = \"v\"}"));
  EXPECT_TRUE(
      StringRef(exported.text).contains("dense<[0, 0, 0, 1, 0, 0, 0, 2]>"));
  EXPECT_TRUE(StringRef(exported.text).contains("dense<[2, 2, 1]>"));
}

TEST_F(RoundTrip, ComputesTheSame) {
  ModelBuilder builder(18);
  builder.addInput("x", {1, 1, 5, 4});
  builder.addFloats("w", {2, 1, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8});
  proto::TensorProto &axes = *builder.model.mutable_graph()->add_initializer();
  axes.set_name("axes");
  axes.set_data_type(7);
  axes.add_dims(1);
  axes.add_int64_data(-1);
  builder.addNode("Conv", {"x", "w"}, {"c"});
  builder.addNode("ReduceMax", {"c", "axes"}, {"m"});
  builder.addOutput("c");
  builder.addOutput("m");
  Imported original = import(builder);
  ASSERT_TRUE(original.module) << original.errors;
  Imported exported = trip(original);
  ASSERT_TRUE(exported.module) << exported.errors;
  auto run = [](const Imported &imported) {
    assay::onnx::Tensor x(mlir::Float32Type::get(imported.context.get()),
                          {1, 1, 5, 4});
    assay::onnx::fillRandom(x, /*seed=*/1);
    return assay::onnx::interpret(mlir::ModuleOp(imported.module.get())
                                      .lookupSymbol<mlir::func::FuncOp>("main"),
                                  {x});
  };
  auto expected = run(original);
  auto actual = run(exported);
  ASSERT_TRUE(mlir::succeeded(expected) && mlir::succeeded(actual));
  ASSERT_EQ(actual->size(), 2u);
  for (size_t i = 0; i < actual->size(); ++i)
    EXPECT_EQ((*actual)[i].toDoubles(), (*expected)[i].toDoubles());
}

TEST_F(RoundTrip, KeepsNamesAndDimParams) {
  ModelBuilder builder;
  builder.addInput("x", {0, 3});
  builder.model.mutable_graph()
      ->mutable_input(0)
      ->mutable_type()
      ->mutable_tensor_type()
      ->mutable_shape()
      ->mutable_dim(0)
      ->set_dim_param("batch");
  builder.addFloats("w", {3}, {1, 2, 3});
  builder.addNode("Add", {"x", "w"}, {"y"});
  builder.addNode("Relu", {"y"}, {"z"});
  builder.addOutput("z");
  builder.addOutput("x");
  Imported exported = trip(import(builder));
  ASSERT_TRUE(exported.module);
  proto::ModelProto model;
  std::ifstream stream(path);
  ASSERT_TRUE(model.ParseFromIstream(&stream));
  EXPECT_EQ(model.graph().initializer(0).name(), "w");
  EXPECT_EQ(model.graph().node(0).name(), "y_node");
  EXPECT_EQ(model.graph().node(1).output(0), "z");
  EXPECT_EQ(model.graph().node(2).op_type(), "Identity");
  EXPECT_EQ(
      model.graph().input(0).type().tensor_type().shape().dim(0).dim_param(),
      "batch");
}

TEST_F(RoundTrip, NodesHaveNamesOfTheirOwn) {
  ModelBuilder builder;
  builder.addInput("x", {3});
  builder.addNode("Neg", {"x"}, {"y"});
  builder.addNode("Abs", {"y"}, {"z"});
  builder.addOutput("z");
  for (proto::NodeProto &node : *builder.model.mutable_graph()->mutable_node())
    node.set_name("same");
  ASSERT_TRUE(trip(import(builder)).module);
  proto::ModelProto model;
  std::ifstream stream(path);
  ASSERT_TRUE(model.ParseFromIstream(&stream));
  EXPECT_EQ(model.graph().node(0).name(), "same");
  EXPECT_EQ(model.graph().node(1).name(), "same_1");
}

TEST_F(RoundTrip, ExternalData) {
  ModelBuilder builder;
  builder.model.set_producer_name("maker");
  std::vector<float> values(1000, 0.5f);
  values[7] = 7;
  builder.addFloats("w", {1000}, values);
  builder.addFloats("v", {1000}, values);
  builder.addNode("Add", {"w", "v"}, {"y"});
  builder.addOutput("y");
  ExportOptions options;
  options.externalData = true;
  Imported original = import(builder);
  Imported exported = trip(original, options);
  ASSERT_TRUE(exported.module) << exported.errors;
  uint64_t size;
  ASSERT_FALSE(llvm::sys::fs::file_size(path, size));
  EXPECT_LT(size, 2000u);
  ASSERT_FALSE(llvm::sys::fs::file_size(path + ".data", size));
  EXPECT_EQ(size, 4096u + 4000u);
  EXPECT_EQ(countFiles(), 2u);
  // No EXPECT_EQ: it would print the weights.
  EXPECT_TRUE(exported.text == original.text);
}

TEST_F(RoundTrip, NothingHalfWritten) {
  std::string errors = exportErrors(R"(
    func.func @main(%x: tensor<1x4x4x2xf32>, %w: tensor<3x2x1x1xf32>)
        -> tensor<1x4x4x3xf32> {
      %y = onnx.Conv(%x, %w, _) {channels_last}
          : (tensor<1x4x4x2xf32>, tensor<3x2x1x1xf32>) -> tensor<*xf32>
      %z = onnx.Relu(%y) : (tensor<*xf32>) -> tensor<1x4x4x3xf32>
      return %z : tensor<1x4x4x3xf32>
    })",
                                    path);
  EXPECT_TRUE(StringRef(errors).contains("channels_last")) << errors;
  EXPECT_EQ(countFiles(), 0u);
  EXPECT_TRUE(mlir::failed(
      exportModel(*import(makeNetwork()).module, "/nowhere/m.onnx")));
}

TEST_F(RoundTrip, RefusesOpsetThatIsTooLow) {
  ExportOptions options;
  options.opset = 19;
  StringRef gelu = R"(
    func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> {
      %y = onnx.Gelu(%x) {approximate = "none"}
          : (tensor<2xf32>) -> tensor<2xf32>
      return %y : tensor<2xf32>
    })";
  EXPECT_EQ(exportErrors(gelu, path, options),
            "operator Gelu in this form needs opset 20, but opset 19 is asked "
            "for\n");
  options.opset = 5;
  EXPECT_TRUE(StringRef(exportErrors(gelu, path, options))
                  .contains("opsets 17 to 28 are written"));
}
