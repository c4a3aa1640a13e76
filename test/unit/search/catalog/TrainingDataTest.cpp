//===- TrainingDataTest.cpp - Features for a data set ---------------------===//

#include "search/catalog/TrainingData.h"
#include "mlir/IR/MLIRContext.h"
#include "predictor/features/FeatureGraphBuilder.h"
#include "predictor/features/Features.h"
#include "predictor/graph/OnnxGraph.h"
#include "search/catalog/GraphRecords.h"
#include "search/catalog/ImportTable.h"
#include "search/spaces/Space.h"
#include "llvm/Support/FileSystem.h"
#include "gtest/gtest.h"

using namespace assay;
using namespace assay::search;

static constexpr const char *kSpec = "00122100";
static constexpr const char *kText = "in x0:[1,8]\nRelu(x0) > out\n";

namespace {

class TrainingData : public testing::Test {
protected:
  void SetUp() override {
    ASSERT_FALSE(
        llvm::sys::fs::createTemporaryFile("assay-training", "db", file));
    llvm::sys::fs::remove(file);
  }
  void TearDown() override {
    for (const char *suffix : {"", "-wal", "-shm"})
      llvm::sys::fs::remove(file + suffix);
  }

  /// The features of the only labelled network of `space`.
  std::vector<float> load(llvm::StringRef dataset, const char *space,
                          const char *spec, const char *text) {
    auto store = bench_db::Store::open(file);
    EXPECT_TRUE(bool(store));
    bench_db::Label label{
        dataset.str(), "test-accuracy", "", "trained", 1, -1, 50, "t"};
    bench_db::Table table{"t", "test", dataset.str() + space, {}};
    table.rows.push_back({space, spec, text, {label}, {}, 1});
    auto rows = importTable(**store, table, {});
    EXPECT_TRUE(bool(rows)) << toString(rows.takeError());
    auto families = loadFamilies(**store, dataset, space, nullptr);
    if (!families || families->size() != 1) {
      ADD_FAILURE() << toString(families.takeError());
      return {};
    }
    auto row = families->front().family.inputs.row(0);
    return {row.begin(), row.end()};
  }

  /// The features of kSpec with some classes and images of some size.
  static std::vector<float> build(int64_t classes, int64_t side) {
    mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
    NetworkOptions options;
    options.weights = onnx::GraphBuilder::Weights::Splat;
    options.classes = classes;
    options.inputShape = {1, 3, side, side};
    Network network =
        lookupSpace("nasbench-macro")->build(kSpec, options, &context);
    auto graph = predictor::OnnxGraphReader(&context).read(*network.module);
    return predictor::computeFeatures(predictor::buildFeatureGraph(*graph));
  }

  llvm::SmallString<128> file;
};

} // namespace

TEST_F(TrainingData, FeaturesAreThoseForTheDataset) {
  EXPECT_EQ(load("cifar10", "nasbench-macro", kSpec, ""), build(10, 32));
  EXPECT_EQ(load("cifar100", "nasbench-macro", kSpec, ""), build(100, 32));
  EXPECT_EQ(load("imagenet16-120", "nasbench-macro", kSpec, ""),
            build(120, 16));
}

TEST_F(TrainingData, OtherDatasetsTakeTheSpacesOwn) {
  EXPECT_EQ(load("mnist", "nasbench-macro", kSpec, ""), build(10, 32));
}

TEST_F(TrainingData, OtherSpacesKeepTheirText) {
  EXPECT_EQ(load("cifar100", "mine", "a", kText),
            load("cifar10", "mine", "a", kText));
}

TEST_F(TrainingData, SpacesThatShareANetworkKeepTheirFeatures) {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  auto record = buildGraphRecord("nasbench-macro", kSpec, "", &context);
  ASSERT_TRUE(bool(record)) << toString(record.takeError());
  load("cifar100", "nasbench-macro", kSpec, "");
  load("cifar100", "mine", "a", record->lossless.c_str());
  auto store = bench_db::Store::open(file);
  ASSERT_TRUE(bool(store)) << toString(store.takeError());
  auto families = loadFamilies(**store, "cifar100", "", nullptr);
  ASSERT_TRUE(bool(families)) << toString(families.takeError());
  ASSERT_EQ(families->size(), 2u);
  auto features = [&](size_t index) {
    auto row = (*families)[index].family.inputs.row(0);
    return std::vector<float>(row.begin(), row.end());
  };
  EXPECT_EQ(features(0), build(10, 32));
  EXPECT_EQ(features(1), build(100, 32));
}
