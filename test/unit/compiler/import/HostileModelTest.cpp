//===- HostileModelTest.cpp - Broken models are refused -------------------===//
//
// Each gets a diagnostic with the file and, where there is one, the node.
//
//===----------------------------------------------------------------------===//

#include "test/unit/compiler/import/ModelBuilder.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "gtest/gtest.h"

using namespace assay;
using namespace assay::test;
using llvm::StringRef;

static void expectError(const Imported &imported, StringRef part) {
  EXPECT_FALSE(imported.module);
  EXPECT_TRUE(StringRef(imported.errors).contains(part))
      << "expected: " << part.str() << "\nactual: " << imported.errors;
}

/// x -> Relu -> y
static ModelBuilder makeRelu() {
  ModelBuilder builder;
  builder.addInput("x", {2, 3});
  builder.addNode("Relu", {"x"}, {"y"});
  builder.addOutput("y");
  return builder;
}

TEST(HostileModel, Empty) {
  expectError(importBytes(""), "m.onnx: the file is empty");
}

TEST(HostileModel, Truncated) {
  ModelBuilder builder = makeRelu();
  builder.addFloats("w", {4}, {1, 2, 3, 4});
  std::string bytes = builder.serialize();
  size_t refused = 0;
  for (size_t size = 1; size < bytes.size(); ++size)
    refused += !importBytes(StringRef(bytes).take_front(size)).module;
  EXPECT_EQ(refused, bytes.size() - 1);
  expectError(importBytes(StringRef(bytes).drop_back(8)),
              "m.onnx: is no ONNX model, or is truncated");
}

TEST(HostileModel, RandomBytes) {
  std::string bytes;
  for (unsigned i = 0; i < 4096; ++i)
    bytes.push_back(static_cast<char>(i * 2654435761u >> 13));
  expectError(importBytes(bytes), "m.onnx: is no ONNX model");
}

TEST(HostileModel, MissingFile) {
  Imported imported = importWith([](mlir::MLIRContext *context) {
    return importModel(context, "/nowhere/m.onnx");
  });
  expectError(imported, "/nowhere/m.onnx: cannot be opened");
  imported = importWith(
      [](mlir::MLIRContext *context) { return importModel(context, "/"); });
  expectError(imported, "/: ");
}

TEST(HostileModel, NoGraph) {
  proto::ModelProto model;
  model.set_ir_version(8);
  expectError(importBytes(model.SerializeAsString()), "m.onnx: has no graph");
}

TEST(HostileModel, Opset) {
  expectError(import(ModelBuilder(0)),
              "m.onnx: uses opset 0; opsets 1 to 28 are accepted");
  expectError(import(ModelBuilder(29)), "uses opset 29; opsets 1 to 28");
  expectError(import(ModelBuilder(-1)), "uses opset -1");
  ModelBuilder builder;
  builder.model.clear_opset_import();
  expectError(import(builder), "imports no opset");
}

TEST(HostileModel, UnknownOperatorsTogether) {
  ModelBuilder builder;
  builder.addOpset("acme", 3);
  builder.addInput("x", {2});
  builder.addNode("Frob", {"x"}, {"a"});
  builder.addNode("Frob", {"a"}, {"b"});
  builder.addNode("Relu", {"b"}, {"c"}).set_domain("acme");
  builder.addNode("Gelu", {"c"}, {"d"});
  builder.addNode("Relu", {"d"}, {"e"}).set_domain("other");
  builder.addOutput("e");
  Imported imported = import(builder);
  expectError(imported, "m.onnx: 4 operators are not supported:");
  expectError(imported, "Frob (opset 17): 2 nodes: 'a_node', 'b_node'");
  expectError(imported, "Relu (domain 'acme', opset 3): 1 node: 'c_node'");
  expectError(imported,
              "Gelu (opset 17, but the operator is read from opset 20 on)");
  expectError(imported,
              "Relu (domain 'other', whose domain has no opset_import)");
}

TEST(HostileModel, Cycle) {
  ModelBuilder builder;
  builder.addInput("x", {2});
  builder.addNode("Add", {"x", "b"}, {"a"});
  builder.addNode("Relu", {"a"}, {"b"});
  builder.addNode("Relu", {"b"}, {"after"});
  builder.addOutput("after");
  Imported imported = import(builder);
  expectError(imported, "m.onnx: the nodes form a cycle: ");
  expectError(imported, "'b_node' (Relu) -> 'a_node' (Add) -> 'b_node'");
  EXPECT_FALSE(StringRef(imported.errors).contains("after_node"));
}

TEST(HostileModel, SelfLoop) {
  ModelBuilder builder;
  builder.addNode("Relu", {"a"}, {"a"});
  expectError(import(builder), "cycle: 'a_node' (Relu) -> 'a_node'");
}

TEST(HostileModel, UndefinedValue) {
  ModelBuilder builder = makeRelu();
  builder.addNode("Conv", {"y", "w"}, {"z"});
  expectError(import(builder),
              "m.onnx: node 'z_node' (Conv): its input 'w' is no graph input, "
              "initializer or output of another node");
  builder = makeRelu();
  builder.addOutput("nowhere");
  expectError(import(builder), "m.onnx: 'nowhere': is a graph output, but");
}

TEST(HostileModel, DefinedTwice) {
  ModelBuilder builder = makeRelu();
  builder.addNode("Relu", {"x"}, {"y"});
  expectError(import(builder),
              "m.onnx: node 'y_node' (Relu): 'y' is defined twice");
  builder = makeRelu();
  builder.addInput("x", {2});
  expectError(import(builder), "'x' is defined twice");
  builder = makeRelu();
  builder.addFloats("w", {1}, {0});
  builder.addFloats("w", {1}, {0});
  expectError(import(builder), "'w' is defined twice");
}

TEST(HostileModel, HugeInitializer) {
  ModelBuilder builder = makeRelu();
  builder.addFloats("w", {int64_t(1) << 30, int64_t(1) << 30}, {1});
  expectError(import(builder),
              "m.onnx: 'w': claims more elements than any memory holds");
  builder = makeRelu();
  builder.addFloats("w", {int64_t(1) << 40}, {1});
  expectError(import(builder), "'w': holds 1 values, but its dims");
  builder = makeRelu();
  builder.addFloats("w", {int64_t(1) << 40}, {}).set_raw_data("1234");
  expectError(import(builder), "'w': holds 4 bytes, but its dims");
}

TEST(HostileModel, HugeSparseInitializer) {
  ModelBuilder builder = makeRelu();
  proto::SparseTensorProto &sparse =
      *builder.model.mutable_graph()->add_sparse_initializer();
  proto::TensorProto &values = *sparse.mutable_values();
  values.set_name("w");
  values.set_data_type(1);
  values.add_dims(1);
  values.add_float_data(1);
  proto::TensorProto &indices = *sparse.mutable_indices();
  indices.set_data_type(7);
  indices.add_dims(1);
  indices.add_int64_data(5);
  sparse.add_dims(int64_t(1) << 36);
  expectError(import(builder), "sparser than one in a thousand");
  sparse.set_dims(0, 5);
  expectError(import(builder), "m.onnx: 'w': has an index outside its dims");
}

TEST(HostileModel, BadDims) {
  ModelBuilder builder = makeRelu();
  builder.addFloats("w", {-1}, {1});
  expectError(import(builder), "m.onnx: 'w': has the negative dimension -1");
  builder = makeRelu();
  builder.addInput("z", {2, -4});
  expectError(import(builder), "m.onnx: 'z': has the negative dimension -4");
  builder = makeRelu();
  builder.addInput("z", {int64_t(1) << 40, int64_t(1) << 40});
  expectError(import(builder), "'z': claims more elements than");
  builder = makeRelu();
  builder.addInput("z", std::vector<int64_t>(100, 1));
  expectError(import(builder), "'z': has 100 dimensions; at most 64");
}

TEST(HostileModel, BadDataType) {
  ModelBuilder builder = makeRelu();
  builder.addInput("z", {2}, 99);
  expectError(import(builder), "m.onnx: 'z': has the unknown data type 99");
  builder = makeRelu();
  builder.addFloats("w", {1}, {0}).set_data_type(0);
  expectError(import(builder), "'w': has the unknown data type 0");
}

TEST(HostileModel, NoTensor) {
  ModelBuilder builder = makeRelu();
  proto::ValueInfoProto &input = *builder.model.mutable_graph()->add_input();
  input.set_name("s");
  input.mutable_type()->mutable_sequence_type();
  expectError(import(builder), "m.onnx: 's': is no tensor");
}

TEST(HostileModel, WrongRank) {
  ModelBuilder builder;
  builder.addInput("x", {2, 3});
  builder.addInput("w", {4, 3, 3, 3});
  builder.addNode("Conv", {"x", "w"}, {"y"});
  builder.addOutput("y");
  expectError(import(builder), "m.onnx: node 'y_node' (Conv): ");
}

TEST(HostileModel, WrongElementType) {
  ModelBuilder builder;
  builder.addInput("x", {2});
  builder.addInput("i", {2}, /*INT64=*/7);
  builder.addNode("Add", {"x", "i"}, {"y"});
  builder.addOutput("y");
  expectError(import(builder), "m.onnx: node 'y_node' (Add): input 1 has "
                               "element type");
}

TEST(HostileModel, InputCounts) {
  ModelBuilder builder;
  builder.addInput("x", {2});
  builder.addNode("Add", {"x"}, {"y"});
  expectError(import(builder), "node 'y_node' (Add): operator Add lacks its "
                               "required input 1");
  builder = ModelBuilder();
  builder.addInput("x", {2});
  builder.addNode("Relu", {"x", "x"}, {"y"});
  expectError(import(builder), "takes at most 1 inputs, but has 2");
  builder = ModelBuilder();
  builder.addInput("x", {2});
  builder.addNode("Relu", {"x"}, {"y", "z"});
  expectError(import(builder), "lists output 1, 'z'");
}

TEST(HostileModel, Attributes) {
  ModelBuilder builder;
  builder.addInput("x", {2});
  builder.addNode("Concat", {"x"}, {"y"});
  expectError(import(builder),
              "node 'y_node' (Concat): lacks its required attribute 'axis'");

  builder = ModelBuilder();
  builder.addInput("x", {2});
  setFloat(builder.addNode("Concat", {"x"}, {"y"}), "axis", 0);
  expectError(import(builder), "node 'y_node' (Concat): attribute 'axis'");

  builder = ModelBuilder();
  builder.addInput("x", {2});
  setInt(builder.addNode("Relu", {"x"}, {"y"}), "frob", 0);
  expectError(import(builder), "node 'y_node' (Relu): has no attribute");

  builder = ModelBuilder();
  builder.addInput("x", {2});
  proto::NodeProto &twice = builder.addNode("Concat", {"x"}, {"y"});
  setInt(twice, "axis", 0);
  setInt(twice, "axis", 0);
  expectError(import(builder), "attribute 'axis' is given twice");

  builder = ModelBuilder();
  builder.addInput("x", {2});
  setInt(builder.addNode("Cast", {"x"}, {"y"}), "to", 99);
  expectError(import(builder), "attribute 'to' is 99, no data type");
}

/// `depth` functions, each calling the next `calls` times.
static ModelBuilder makeFunctions(int depth, int calls) {
  ModelBuilder builder;
  builder.addOpset("f", 1);
  builder.addInput("x", {2});
  builder.addNode("f0", {"x"}, {"y"}).set_domain("f");
  builder.addOutput("y");
  for (int level = 0; level < depth; ++level) {
    proto::FunctionProto &function = *builder.model.add_functions();
    function.set_name("f" + std::to_string(level));
    function.set_domain("f");
    function.add_input("a");
    std::string value = "a";
    for (int call = 0; call < calls; ++call) {
      proto::NodeProto &node = *function.add_node();
      std::string next = "v" + std::to_string(call);
      ModelBuilder::fillNode(node, "f" + std::to_string((level + 1) % depth),
                             {value}, {next});
      node.set_domain("f");
      value = next;
    }
    function.add_output(value);
  }
  return builder;
}

TEST(HostileModel, RecursiveFunctions) {
  expectError(import(makeFunctions(1, 1)), "a function must not call itself");
  expectError(import(makeFunctions(3, 1)), "a function must not call itself");
  ImportOptions options;
  options.maxNodes = 1000;
  expectError(importBytes(makeFunctions(40, 4).serialize(), options),
              "functions call each other more than 64 deep");
}

TEST(HostileModel, ExplodingFunctions) {
  ModelBuilder builder = makeFunctions(30, 4);
  // The last one ends the recursion.
  proto::FunctionProto &last = *builder.model.mutable_functions(29);
  for (proto::NodeProto &node : *last.mutable_node()) {
    node.set_op_type("Relu");
    node.clear_domain();
  }
  ImportOptions options;
  options.maxNodes = 1000;
  expectError(importBytes(builder.serialize(), options),
              "more than 1000 nodes once its functions are inlined");
}

TEST(HostileModel, DeepSubgraphs) {
  ModelBuilder builder;
  proto::GraphProto *graph = builder.model.mutable_graph();
  for (int depth = 0; depth < 200; ++depth) {
    proto::NodeProto &node = *graph->add_node();
    ModelBuilder::fillNode(node, "If", {"c"}, {"y"});
    proto::AttributeProto &attribute = *node.add_attribute();
    attribute.set_name("then_branch");
    attribute.set_type(proto::AttributeProto::GRAPH);
    graph = attribute.mutable_g();
  }
  expectError(import(builder), "m.onnx: ");
}

//===----------------------------------------------------------------------===//
// External data
//===----------------------------------------------------------------------===//

namespace {
class ExternalModel : public testing::Test {
protected:
  void SetUp() override {
    ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("assay-import", folder));
    model = path("model");
    ASSERT_FALSE(llvm::sys::fs::create_directory(model));
  }
  void TearDown() override { llvm::sys::fs::remove_directories(folder); }

  std::string path(const llvm::Twine &name) {
    return (folder + "/" + name).str();
  }
  void write(const std::string &file, StringRef bytes) {
    std::error_code error;
    llvm::raw_fd_ostream(file, error) << bytes;
    ASSERT_FALSE(error);
  }
  Imported importExternal(StringRef location, StringRef offset = "0",
                          StringRef length = "16") {
    ModelBuilder builder = makeRelu();
    builder.addOutput("w");
    proto::TensorProto &tensor = builder.addFloats("w", {4}, {});
    tensor.set_data_location(proto::TensorProto::EXTERNAL);
    auto add = [&](StringRef key, StringRef value) {
      proto::StringStringEntryProto &entry = *tensor.add_external_data();
      entry.set_key(key.str());
      entry.set_value(value.str());
    };
    add("location", location);
    add("offset", offset);
    add("length", length);
    write(model + "/m.onnx", builder.serialize());
    return importWith([&](mlir::MLIRContext *context) {
      return importModel(context, model + "/m.onnx");
    });
  }

  llvm::SmallString<128> folder;
  std::string model;
};
} // namespace

TEST_F(ExternalModel, Reads) {
  float values[] = {1, 2, 3, 4, 5};
  write(model + "/w.bin",
        StringRef(reinterpret_cast<const char *>(values), sizeof(values)));
  Imported imported = importExternal("w.bin", "4");
  EXPECT_TRUE(imported.module) << imported.errors;
  EXPECT_TRUE(StringRef(imported.text)
                  .contains("dense<[2.000000e+00, 3.000000e+00, 4.000000e+00, "
                            "5.000000e+00]>"))
      << imported.text;
}

TEST_F(ExternalModel, RefusesPathsOutside) {
  write(path("w.bin"), std::string(16, 'x'));
  expectError(importExternal("../w.bin"),
              "'w': its external data '../w.bin' lies outside the folder of "
              "the model");
  expectError(importExternal("a/../../w.bin"), "lies outside the folder");
  expectError(importExternal(path("w.bin")), "lies outside the folder");
  ASSERT_FALSE(llvm::sys::fs::create_link(path("w.bin"), model + "/link.bin"));
  expectError(importExternal("link.bin"),
              "'w': its external data 'link.bin' leads outside the folder");
}

TEST_F(ExternalModel, RefusesWhatIsNoFile) {
  expectError(importExternal("missing.bin"), "missing.bin' cannot be opened");
  ASSERT_FALSE(llvm::sys::fs::create_directory(model + "/d"));
  expectError(importExternal("d"), "'w': its external data");
  expectError(importExternal(""), "'w': its external data names no file");
}

TEST_F(ExternalModel, RefusesBadRanges) {
  write(model + "/w.bin", std::string(20, 'x'));
  expectError(importExternal("w.bin", "8"), "which has only 20");
  expectError(importExternal("w.bin", "18446744073709551615"),
              "which has only 20");
  expectError(importExternal("w.bin", "-1"), "offset of its external data is "
                                             "'-1', no number");
  expectError(importExternal("w.bin", "0", "20"),
              "holds 20 bytes, but its dims [4] of 'f32' need 16");
}

TEST(HostileModel, ExternalDataWithoutFolder) {
  ModelBuilder builder = makeRelu();
  proto::TensorProto &tensor = builder.addFloats("w", {4}, {});
  tensor.set_data_location(proto::TensorProto::EXTERNAL);
  proto::StringStringEntryProto &entry = *tensor.add_external_data();
  entry.set_key("location");
  entry.set_value("w.bin");
  expectError(import(builder), "the model was read without a folder");
}
