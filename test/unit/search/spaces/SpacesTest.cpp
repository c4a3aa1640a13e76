//===- SpacesTest.cpp - Specs to networks ---------------------------------===//

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"
#include "search/spaces/Space.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/LineIterator.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/xxhash.h"

#include <gtest/gtest.h>

using namespace assay::search;
using namespace mlir;
using Weights = assay::onnx::GraphBuilder::Weights;

namespace {
class Spaces : public testing::Test {
protected:
  Spaces()
      : handler(&context, [this](Diagnostic &diagnostic) {
          message = diagnostic.str();
          return success();
        }) {
    splat.weights = Weights::Splat;
  }

  Network build(StringRef space, StringRef spec) {
    message.clear();
    return lookupSpace(space)->build(spec, splat, &context);
  }

  void expectError(StringRef space, StringRef spec, StringRef part) {
    EXPECT_FALSE(build(space, spec).module);
    EXPECT_TRUE(StringRef(message).contains(part)) << message;
  }

  MLIRContext context;
  std::string message;
  ScopedDiagnosticHandler handler;
  NetworkOptions splat;
};
} // namespace

static ArrayRef<int64_t> outputShape(const Network &network) {
  auto function = *network.module.get().getOps<func::FuncOp>().begin();
  return cast<RankedTensorType>(function.getResultTypes().front()).getShape();
}

TEST_F(Spaces, NasBench201CountsParametersAsPublished) {
  // The largest network of the space, and the one without any convolution in
  // its cells, by the authors' table.
  EXPECT_EQ(build("nasbench201",
                  "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+"
                  "|nor_conv_3x3~0|nor_conv_3x3~1|nor_conv_3x3~2|")
                .parameters,
            1531546);
  EXPECT_EQ(build("nasbench201", "|skip_connect~0|+|none~0|avg_pool_3x3~1|+"
                                 "|none~0|none~1|skip_connect~2|")
                .parameters,
            73306);
}

TEST_F(Spaces, NasBench201TakesShapeAndClasses) {
  splat.inputShape = {2, 1, 16, 20};
  splat.classes = 120;
  const Space *space = lookupSpace("nasbench201");
  Network network = space->build(space->getExample(), splat, &context);
  ASSERT_TRUE(network.module) << message;
  EXPECT_TRUE(succeeded(verify(*network.module)));
  EXPECT_EQ(outputShape(network), ArrayRef<int64_t>({2, 120}));
}

TEST_F(Spaces, TakeImagesOfAnySize) {
  for (const Space *space : getSpaces())
    for (auto [height, width] : {std::pair(1, 1), {7, 30}, {33, 31}}) {
      splat.inputShape = {1, 3, height, width};
      Network network = space->build(space->getExample(), splat, &context);
      ASSERT_TRUE(network.module) << message;
      EXPECT_TRUE(succeeded(verify(*network.module)));
    }
}

TEST_F(Spaces, RefuseWeightsBeyondMemory) {
  NetworkOptions options;
  options.classes = int64_t(99999999999);
  EXPECT_FALSE(
      lookupSpace("nasbench201")
          ->build(lookupSpace("nasbench201")->getExample(), options, &context)
          .module);
  EXPECT_NE(message.find("does not fit memory"), std::string::npos) << message;
}

TEST_F(Spaces, NasBench201NodeWithoutEdgesIsZero) {
  Network network = build("nasbench201", "|none~0|+|none~0|none~1|+"
                                         "|none~0|none~1|none~2|");
  ASSERT_TRUE(network.module) << message;
  EXPECT_TRUE(succeeded(verify(*network.module)));
}

TEST_F(Spaces, NasBench201NamesTheFault) {
  expectError("nasbench201", "|nor_conv_3x3~0|", "has 3 nodes joined by '+'");
  expectError("nasbench201", "|none~0|+|none~0|+|none~0|none~1|none~2|",
              "node 2 has 2 incoming edges, but '|none~0|' lists 1");
  expectError("nasbench201", "|none~0|+|none~0|conv~1|+|none~0|none~1|none~2|",
              "unknown operation 'conv' on edge 1 to 2; known are none, skip_");
  expectError("nasbench201", "|none~0|+|none~0|none~0|+|none~0|none~1|none~2|",
              "edge 'none~0' of node 2 must come from node 1");
  expectError("nasbench201", "none~0+|none~0|none~1|+|none~0|none~1|none~2|",
              "must begin and end with '|'");
}

TEST_F(Spaces, NasBench101NamesTheFault) {
  expectError("nasbench101", "010:input;output", "has 4 digits");
  expectError("nasbench101", "0000:input;output", "no path leads");
  expectError("nasbench101", "0110:input;output", "upper triangular");
  expectError("nasbench101", "0x00:input;output", "only 0 and 1");
  expectError("nasbench101", "0100:output;input", "must be 'input'");
  expectError("nasbench101", "010001000:input;conv;output",
              "unknown operation 'conv' of vertex 1");
  expectError("nasbench101", "0100", "2 to 7 operations");
  expectError("nasbench101",
              "0111110001111000011000000100000000000:input;maxpool3x3;"
              "maxpool3x3;maxpool3x3;maxpool3x3;output",
              "36 digits");
  expectError("nasbench101",
              "011111001111000110000011000001000000:input;maxpool3x3;"
              "maxpool3x3;maxpool3x3;maxpool3x3;output",
              "at most 9 edges");
}

TEST_F(Spaces, RefusesBadShapes) {
  splat.inputShape = {1, 3, 32};
  expectError("nasbench101", lookupSpace("nasbench101")->getExample(),
              "4 dimensions");
  splat.inputShape = {1, 0, 32, 32};
  expectError("nasbench101", lookupSpace("nasbench101")->getExample(),
              "dimension 1 of the input shape must be positive");
}

TEST_F(Spaces, SamplesAreValidAndSeeded) {
  for (const Space *space : getSpaces()) {
    std::mt19937_64 random(7), again(7);
    for (int i = 0; i < 20; ++i) {
      std::string spec = space->sample(random);
      EXPECT_EQ(spec, space->sample(again));
      Network network = space->build(spec, splat, &context);
      ASSERT_TRUE(network.module) << spec << ": " << message;
      EXPECT_TRUE(succeeded(verify(*network.module))) << spec;
    }
  }
}

TEST_F(Spaces, EnumerateAsManyAsPublished) {
  for (const Space *space : getSpaces()) {
    llvm::DenseSet<uint64_t> specs; // Hashes, to keep the set small.
    space->enumerate([&](StringRef spec) {
      EXPECT_TRUE(specs.insert(llvm::xxh3_64bits(spec)).second) << spec.str();
      return true;
    });
    EXPECT_EQ(static_cast<int64_t>(specs.size()), space->getSize())
        << space->getName().str();
  }
}

TEST_F(Spaces, EnumerationStopsWhenAsked) {
  for (const Space *space : getSpaces()) {
    int visited = 0;
    space->enumerate([&](StringRef spec) {
      EXPECT_TRUE(build(space->getName(), spec).module) << message;
      return ++visited < 20;
    });
    EXPECT_EQ(visited, 20);
  }
}

TEST_F(Spaces, NasBenchMacroNamesTheFault) {
  expectError("nasbench-macro", "0201210", "8 digits");
  expectError("nasbench-macro", "02012103", "each 0, 1 or 2");
}

TEST_F(Spaces, NasBenchMacroCountsParametersAsPublished) {
  auto table = llvm::MemoryBuffer::getFile(ASSAY_SHARED_DIR
                                           "/nasdata/nasbench_macro.csv");
  if (!table)
    GTEST_SKIP() << "no NAS-Bench-Macro table";
  int checked = 0, line = 0;
  for (llvm::line_iterator it(**table); !it.is_at_end(); ++it) {
    SmallVector<StringRef> fields;
    it->split(fields, ',');
    int64_t parameters;
    if (line++ % 20 || fields.size() < 5 ||
        fields[3].getAsInteger(10, parameters))
      continue;
    Network network = build("nasbench-macro", fields[0]);
    ASSERT_TRUE(network.module) << message;
    EXPECT_EQ(network.parameters, parameters) << fields[0].str();
    ++checked;
  }
  EXPECT_GT(checked, 300);
}

/// Parameter counts of the published table, where it lies beside the project.
TEST_F(Spaces, NasBench101CountsParametersAsPublished) {
  auto table = llvm::MemoryBuffer::getFile(ASSAY_SHARED_DIR
                                           "/nasdata/nb101_accuracy.csv");
  if (!table)
    GTEST_SKIP() << "no NAS-Bench-101 table";
  int checked = 0, line = 0;
  for (llvm::line_iterator it(**table); !it.is_at_end(); ++it) {
    SmallVector<StringRef> fields;
    it->split(fields, ',');
    double millions;
    // Every tenth row keeps the test short.
    if (line++ % 10 || fields.size() < 9 || fields[8].getAsDouble(millions))
      continue;
    std::string spec = (fields[2] + ":" + fields[3]).str();
    Network network = build("nasbench101", spec);
    ASSERT_TRUE(network.module) << spec << ": " << message;
    EXPECT_EQ(network.parameters, std::llround(millions * 1e6)) << spec;
    ++checked;
  }
  EXPECT_GT(checked, 100);
}
