//===- GraphImporterTest.cpp - Graphs, functions and tensors --------------===//

#include "mlir/IR/Verifier.h"
#include "test/unit/compiler/import/ModelBuilder.h"
#include "gtest/gtest.h"

using namespace assay;
using namespace assay::test;
using llvm::StringRef;

static Imported expectText(const ModelBuilder &builder,
                           llvm::ArrayRef<StringRef> parts) {
  Imported imported = import(builder);
  EXPECT_TRUE(imported.module) << imported.errors;
  for (StringRef part : parts)
    EXPECT_TRUE(StringRef(imported.text).contains(part))
        << "expected: " << part.str() << "\nactual: " << imported.text;
  return imported;
}

TEST(GraphImporter, SortsNodes) {
  ModelBuilder builder;
  builder.addInput("x", {2});
  builder.addNode("Tanh", {"a"}, {"y"});
  builder.addNode("Relu", {"x"}, {"a"});
  builder.addOutput("y");
  Imported imported = expectText(builder, {"onnx.Relu", "onnx.Tanh"});
  EXPECT_LT(imported.text.find("onnx.Relu"), imported.text.find("onnx.Tanh"));
}

TEST(GraphImporter, InputsWithInitializersAreConstants) {
  ModelBuilder builder;
  builder.addInput("x", {2});
  builder.addInput("w", {2});
  builder.addFloats("w", {2}, {1, 2});
  builder.addNode("Add", {"x", "w"}, {"y"});
  builder.addOutput("y");
  expectText(builder, {"@main(%arg0: tensor<2xf32> {onnx.name = \"x\"})",
                       "dense<[1.000000e+00, 2.000000e+00]>"});
}

TEST(GraphImporter, DeclarationsRefineTypes) {
  ModelBuilder builder;
  builder.addInput("x", {4});
  builder.addInput("s", {2}, /*INT64=*/7);
  builder.addNode("Reshape", {"x", "s"}, {"r"});
  builder.addNode("Relu", {"r"}, {"y"});
  ModelBuilder::setType(*builder.model.mutable_graph()->add_value_info(), "r",
                        {2, 2}, 1);
  builder.addOutput("y");
  expectText(builder, {"-> (tensor<2x2xf32> {onnx.name = \"y\"})"});
}

TEST(GraphImporter, TensorsOfEveryKind) {
  ModelBuilder builder;
  auto add = [&](StringRef name, int32_t type,
                 int64_t count) -> proto::TensorProto & {
    proto::TensorProto &tensor = builder.addFloats(name, {count}, {});
    tensor.set_data_type(type);
    builder.addOutput(name);
    return tensor;
  };
  add("f16", 10, 2).add_int32_data(0x3c00);
  builder.model.mutable_graph()->mutable_initializer(0)->add_int32_data(0x4000);
  add("bool", 9, 3).set_raw_data(std::string("\0\1\2", 3));
  add("int4", 22, 3).set_raw_data("\x21\x0f");
  add("u64", 13, 1).add_uint64_data(~uint64_t(0));
  add("int8", 3, 2).set_raw_data("\x01\xff");
  add("c64", 14, 1).add_float_data(1);
  builder.model.mutable_graph()->mutable_initializer(5)->add_float_data(2);
  expectText(builder,
             {"dense<[1.000000e+00, 2.000000e+00]> : tensor<2xf16>",
              "dense<[false, true, true]>", "dense<[1, 2, -1]> : tensor<3xi4>",
              "dense<18446744073709551615> : tensor<1xui64>",
              "dense<[1, -1]> : tensor<2xi8>",
              "dense<(1.000000e+00,2.000000e+00)>"});
}

TEST(GraphImporter, SparseInitializer) {
  ModelBuilder builder;
  proto::SparseTensorProto &sparse =
      *builder.model.mutable_graph()->add_sparse_initializer();
  proto::TensorProto &values = *sparse.mutable_values();
  values.set_name("w");
  values.set_data_type(1);
  values.add_dims(2);
  values.add_float_data(7);
  values.add_float_data(8);
  proto::TensorProto &indices = *sparse.mutable_indices();
  indices.set_data_type(7);
  indices.add_dims(2);
  indices.add_dims(2);
  for (int64_t index : {0, 1, 1, 0})
    indices.add_int64_data(index);
  sparse.add_dims(2);
  sparse.add_dims(2);
  builder.addOutput("w");
  expectText(builder, {"[0.000000e+00, 7.000000e+00], [8.000000e+00, "
                       "0.000000e+00]"});
}

/// outer(a) {slope} = inner(Relu(a)) {alpha = slope};
/// inner(a) {alpha = 0.5} = LeakyRelu(a) {alpha}; of opset 9, with Clip-6.
static ModelBuilder makeCalls() {
  ModelBuilder builder;
  builder.addOpset("f", 1);
  builder.addInput("x", {2});
  setFloat(builder.addNode("outer", {"x"}, {"y"}), "slope", 0.25f);
  builder.addNode("inner", {"y"}, {"z"});
  for (proto::NodeProto &node : *builder.model.mutable_graph()->mutable_node())
    node.set_domain("f");
  builder.addOutput("z");
  auto refer = [](proto::NodeProto &node, StringRef name, StringRef to) {
    proto::AttributeProto &attribute = *node.add_attribute();
    attribute.set_name(name.str());
    attribute.set_type(proto::AttributeProto::FLOAT);
    attribute.set_ref_attr_name(to.str());
  };
  auto addFunction = [&](StringRef name) -> proto::FunctionProto & {
    proto::FunctionProto &function = *builder.model.add_functions();
    function.set_name(name.str());
    function.set_domain("f");
    function.add_input("a");
    function.add_output("b");
    return function;
  };
  proto::FunctionProto &outer = addFunction("outer");
  outer.add_attribute("slope");
  ModelBuilder::fillNode(*outer.add_node(), "Relu", {"a"}, {"r"});
  proto::NodeProto &call = *outer.add_node();
  ModelBuilder::fillNode(call, "inner", {"r"}, {"b"});
  call.set_domain("f");
  refer(call, "alpha", "slope");

  proto::FunctionProto &inner = addFunction("inner");
  proto::OperatorSetIdProto &opset = *inner.add_opset_import();
  opset.set_domain("");
  opset.set_version(9);
  proto::AttributeProto byDefault;
  byDefault.set_name("alpha");
  byDefault.set_type(proto::AttributeProto::FLOAT);
  byDefault.set_f(0.5f);
  // attribute_proto of IR version 9, which these classes do not know.
  inner.mutable_unknown_fields()->AddLengthDelimited(11)->assign(
      byDefault.SerializeAsString());
  ModelBuilder::fillNode(*inner.add_node(), "LeakyRelu", {"a"}, {"l"});
  refer(*inner.mutable_node(0), "alpha", "alpha");
  ModelBuilder::fillNode(*inner.add_node(), "Clip", {"l"}, {"b"});
  setFloat(*inner.mutable_node(1), "min", 0);
  return builder;
}

TEST(GraphImporter, InlinesFunctions) {
  Imported imported =
      expectText(makeCalls(), {"onnx.Relu(%arg0)", "alpha = 2.500000e-01",
                               "alpha = 5.000000e-01", "onnx.Clip("});
  std::string text;
  llvm::raw_string_ostream stream(text);
  imported.module->print(stream, mlir::OpPrintingFlags().enableDebugInfo());
  EXPECT_TRUE(StringRef(text).contains("\"y_node/b_node/l_node\"")) << text;
}

TEST(GraphImporter, DiagnosticsNameFileNodeAndOperator) {
  ModelBuilder builder = makeCalls();
  builder.model.mutable_functions(1)->mutable_node(0)->set_input(0, "q");
  Imported imported = import(builder);
  EXPECT_EQ(StringRef(imported.errors).split('\n').first,
            "m.onnx: node 'y_node/b_node/l_node' (LeakyRelu): its input 'q' is "
            "no graph input, initializer or output of another node");
}

TEST(GraphImporter, LargeWeightsAreBlobs) {
  ModelBuilder builder;
  std::vector<float> values(1000, 1);
  values.front() = 2;
  builder.addFloats("w", {1000}, {})
      .set_raw_data(reinterpret_cast<const char *>(values.data()),
                    values.size() * sizeof(float));
  builder.addOutput("w");
  expectText(builder, {"dense_resource<w> : tensor<1000xf32>"});
}
