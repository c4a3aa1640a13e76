//===- StructureOnlyTest.cpp - Import without weights ---------------------===//

#include "test/unit/compiler/import/ModelBuilder.h"
#include "llvm/Support/FileSystem.h"
#include "gtest/gtest.h"

using namespace assay;
using namespace assay::test;
using llvm::StringRef;

static Imported importStructure(StringRef bytes) {
  ImportOptions options;
  options.structureOnly = true;
  return importBytes(bytes, options);
}

/// "w" of 400 floats and "small" of 2, given as raw data and returned.
static ModelBuilder makeModel(size_t bytes = 1600) {
  ModelBuilder builder;
  builder.addInput("x", {2});
  builder.addFloats("w", {400}, {}).set_raw_data(std::string(bytes, '\1'));
  builder.addFloats("small", {2}, {})
      .set_raw_data(std::string("\0\0\x80\x3f\0\0\0\x40", 8));
  builder.addNode("Add", {"x", "small"}, {"y"});
  builder.addOutput("y");
  builder.addOutput("w");
  return builder;
}

TEST(StructureOnly, KeepsSmallData) {
  Imported imported = importStructure(makeModel().serialize());
  ASSERT_TRUE(imported.module) << imported.errors;
  StringRef text = imported.text;
  EXPECT_TRUE(text.contains("dense<[1.000000e+00, 2.000000e+00]>"))
      << text.str();
  EXPECT_TRUE(text.contains("dense<0.000000e+00> : tensor<400xf32>"))
      << text.str();
}

TEST(StructureOnly, SplatsOfEveryType) {
  // By number of the data type.
  ModelBuilder builder;
  builder.addInput("x", {2});
  builder.addNode("Relu", {"x"}, {"y"});
  builder.addOutput("y");
  std::pair<int, int> bitsOfTypes[] = {
      {1, 32},  {2, 8},   {3, 8},   {4, 16},  {5, 16},  {6, 32},  {7, 64},
      {9, 8},   {10, 16}, {11, 64}, {12, 32}, {13, 64}, {14, 64}, {15, 128},
      {16, 16}, {17, 8},  {18, 8},  {19, 8},  {20, 8},  {21, 4},  {22, 4}};
  for (auto [type, bits] : bitsOfTypes) {
    std::string name = "w" + std::to_string(type);
    proto::TensorProto &tensor = builder.addFloats(name, {4096}, {});
    tensor.set_data_type(type);
    tensor.set_raw_data(std::string(4096 * bits / 8, '\1'));
    builder.addOutput(name);
  }
  Imported imported = importStructure(builder.serialize());
  ASSERT_TRUE(imported.module) << imported.errors;
  EXPECT_FALSE(StringRef(imported.text).contains("dense_resource"));
  EXPECT_EQ(StringRef(imported.text).count("dense<"), std::size(bitsOfTypes));
}

TEST(StructureOnly, RefusesWhatImportRefuses) {
  std::string bytes = makeModel().serialize();
  for (size_t size = 0; size < bytes.size(); size += 7) {
    StringRef part = StringRef(bytes).take_front(size);
    Imported structure = importStructure(part);
    EXPECT_FALSE(structure.module);
    EXPECT_EQ(structure.errors, importBytes(part).errors) << size;
  }
  Imported wrongSize = importStructure(makeModel(1604).serialize());
  EXPECT_EQ(wrongSize.errors, "m.onnx: 'w': holds 1604 bytes, but its dims "
                              "[400] of 'f32' need 1600\n");
}

TEST(StructureOnly, LastRawDataCounts) {
  // Protobuf merges fields that come twice; the last one wins.
  ModelBuilder builder = makeModel(2000);
  proto::TensorProto last;
  last.set_raw_data(std::string(1600, '\1'));
  proto::TensorProto &w =
      *builder.model.mutable_graph()->mutable_initializer(0);
  std::string twice = w.SerializeAsString() + last.SerializeAsString();
  // The fields of a second graph, which merges into the first.
  auto field = [](int number, const std::string &data) {
    std::string text(1, static_cast<char>(number << 3 | 2));
    size_t length = data.size();
    for (; length >= 128; length >>= 7)
      text += static_cast<char>(length | 128);
    return text + static_cast<char>(length) + data;
  };
  std::string graph = field(5, twice);
  builder.model.mutable_graph()->mutable_initializer()->DeleteSubrange(0, 1);
  std::string bytes = builder.serialize() + field(7, graph);
  EXPECT_TRUE(importBytes(bytes).module) << importBytes(bytes).errors;
  EXPECT_TRUE(importStructure(bytes).module) << importStructure(bytes).errors;
}

TEST(StructureOnly, ChecksExternalData) {
  llvm::SmallString<128> folder;
  ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("assay-structure", folder));
  auto write = [&](StringRef name, StringRef bytes) {
    std::error_code error;
    llvm::raw_fd_ostream((folder + "/" + name).str(), error) << bytes;
    ASSERT_FALSE(error);
  };
  ModelBuilder builder = makeModel();
  proto::TensorProto &w =
      *builder.model.mutable_graph()->mutable_initializer(0);
  w.clear_raw_data();
  w.set_data_location(proto::TensorProto::EXTERNAL);
  proto::StringStringEntryProto &entry = *w.add_external_data();
  entry.set_key("location");
  entry.set_value("w.bin");
  write("m.onnx", builder.serialize());
  auto import = [&] {
    return importWith([&](mlir::MLIRContext *context) {
      ImportOptions options;
      options.structureOnly = true;
      return importModel(context, (folder + "/m.onnx").str(), options);
    });
  };
  EXPECT_TRUE(StringRef(import().errors).contains("w.bin' cannot be opened"));
  write("w.bin", std::string(1599, '\1'));
  EXPECT_TRUE(StringRef(import().errors).contains("which has only 1599"));
  write("w.bin", std::string(1600, '\1'));
  Imported imported = import();
  ASSERT_TRUE(imported.module) << imported.errors;
  EXPECT_TRUE(StringRef(imported.text)
                  .contains("dense<0.000000e+00> : tensor<400xf32>"));
  llvm::sys::fs::remove_directories(folder);
}
