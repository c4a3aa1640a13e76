//===- MutationTest.cpp - Import survives mutated models ------------------===//
//
// A deterministic fuzzer: seeds that use many features, mutated on the level of
// bytes and of fields. Import may accept or refuse each, with a diagnostic, but
// must return, and say the same when it leaves out weights; the graph passes
// must return on what it accepts. ASSAY_MUTATIONS sets the count for longer
// runs.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/PassManager.h"
#include "passes/graph/Passes.h"
#include "test/unit/compiler/import/ModelBuilder.h"
#include "test/unit/compiler/import/ModelMutator.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "gtest/gtest.h"

using namespace assay;
using namespace assay::test;

/// A model with functions, sparse and packed tensors, and old spellings.
static std::string makeSeed() {
  ModelBuilder builder(11);
  builder.addOpset("f", 1);
  builder.addInput("x", {1, 2, 5, 5});
  builder.addFloats("w", {3, 2, 3, 3}, std::vector<float>(54, 0.5f));
  builder.addFloats("raw", {2}, {}).set_raw_data(std::string(8, '\1'));
  proto::TensorProto &packed = builder.addFloats("packed", {3}, {});
  packed.set_data_type(22);
  packed.add_int32_data(0x21);
  packed.add_int32_data(0x3);
  proto::NodeProto &conv = builder.addNode("Conv", {"x", "w"}, {"c"});
  setInts(conv, "pads", {1, 1, 1, 1});
  setInts(conv, "strides", {2, 2});
  setInt(builder.addNode("Softmax", {"c"}, {"s"}), "axis", 1);
  setInts(builder.addNode("ReduceMean", {"s"}, {"r"}), "axes", {2, 3});
  builder.addNode("act", {"r"}, {"a"}).set_domain("f");
  setInt(builder.addNode("Flatten", {"a"}, {"y"}), "axis", 1);
  builder.addOutput("y");
  proto::FunctionProto &function = *builder.model.add_functions();
  function.set_name("act");
  function.set_domain("f");
  function.add_input("i");
  function.add_output("o");
  proto::NodeProto &leaky = *function.add_node();
  ModelBuilder::fillNode(leaky, "LeakyRelu", {"i"}, {"o"});
  setFloat(leaky, "alpha", 0.1f);
  return builder.serialize();
}

/// The small models of ONNX's own tests, where they are installed.
static std::vector<std::string> collectSeeds() {
  std::vector<std::string> seeds = {makeSeed()};
  std::vector<std::string> paths;
  std::error_code error;
  for (llvm::sys::fs::directory_iterator
           it("/usr/share/libonnx-testdata/data/node", error),
       end;
       it != end && !error; it.increment(error))
    paths.push_back(it->path() + "/model.onnx");
  llvm::sort(paths);
  for (const std::string &path : paths) {
    auto buffer = llvm::MemoryBuffer::getFile(path);
    if (buffer && (*buffer)->getBufferSize() < 20000)
      seeds.push_back((*buffer)->getBuffer().str());
  }
  return seeds;
}

static void simplify(Imported &imported) {
  mlir::ScopedDiagnosticHandler silence(imported.context.get(),
                                        [](mlir::Diagnostic &) {});
  mlir::PassManager passes(imported.context.get());
  mlir::OpPassManager &functions = passes.nest<mlir::func::FuncOp>();
  functions.addPass(createInferOnnxShapes());
  functions.addPass(createFoldOnnxConstants());
  functions.addPass(createCanonicalizeOnnx());
  functions.addPass(createFoldBatchNorm());
  // Refusing is as good as succeeding.
  (void)passes.run(*imported.module);
}

TEST(Mutation, ImportReturns) {
  const char *wanted = std::getenv("ASSAY_MUTATIONS");
  size_t count = wanted ? std::strtoul(wanted, nullptr, 10) : 3000;
  const char *firstText = std::getenv("ASSAY_FIRST_MUTATION");
  size_t first = firstText ? std::strtoul(firstText, nullptr, 10) : 0;
  std::vector<std::string> seeds = collectSeeds();
  ASSERT_TRUE(importBytes(seeds.front()).module)
      << importBytes(seeds.front()).errors;
  ImportOptions structure;
  structure.structureOnly = true;
  size_t accepted = 0;
  for (size_t i = first; i < first + count; ++i) {
    ModelMutator mutator(i);
    std::string bytes = seeds[mutator.pick(seeds.size())];
    proto::ModelProto model;
    if (mutator.pick(4) && model.ParseFromString(bytes)) {
      for (size_t changes = 1 + mutator.pick(3); changes; --changes)
        mutator.mutateField(model);
      bytes = model.SerializeAsString();
    } else {
      mutator.mutateBytes(bytes);
    }
    if (wanted) {
      // So that a crash leaves what caused it.
      std::error_code error;
      llvm::raw_fd_ostream("mutation.onnx", error) << bytes;
    }
    Imported imported = importBytes(bytes);
    accepted += static_cast<bool>(imported.module);
    EXPECT_EQ(importBytes(bytes, structure).errors, imported.errors)
        << "mutation " << i << " is another model without its weights";
    if (imported.module)
      simplify(imported);
    EXPECT_TRUE(imported.module || !imported.errors.empty())
        << "mutation " << i << " was refused without a word";
  }
  EXPECT_GT(accepted, 0u);
}
