//===- PredictorTest.cpp - Reading, scoring and storing networks ----------===//

#include "search/prediction/Predictor.h"
#include "compiler/export/Export.h"
#include "predictor/features/Features.h"
#include "search/spaces/Space.h"
#include "llvm/Support/FileSystem.h"
#include "gtest/gtest.h"

using namespace assay;
using namespace assay::search;
using predictor::kNumFeatures;

static constexpr const char *kText = "in x0:[1,3,8,8]\n"
                                     "Conv(x0,[4,3,3,3]) > Relu > out\n";
static constexpr const char *kSpec =
    "|nor_conv_3x3~0|+|none~0|skip_connect~1|+|none~0|none~1|skip_connect~2|";

/// Two members of one layer: the mean of the features, and the first one.
static predictor::Surrogate makeSurrogate() {
  predictor::Surrogate surrogate;
  surrogate.version = "test";
  surrogate.standardizer.mean = predictor::RowVector::Zero(kNumFeatures);
  surrogate.standardizer.scale = predictor::RowVector::Ones(kNumFeatures);
  surrogate.familiarity = {surrogate.standardizer,
                           predictor::Matrix::Zero(1, kNumFeatures)};
  for (bool first : {false, true}) {
    predictor::Mlp::Layer layer;
    layer.weight = predictor::Matrix::Constant(
        kNumFeatures, 1, first ? 0.0f : 1.0f / kNumFeatures);
    if (first)
      layer.weight(0, 0) = 1;
    layer.bias = predictor::RowVector::Zero(1);
    surrogate.members.push_back({{layer}});
  }
  surrogate.calibration = {"cifar10", 10, 80, 1, 1, 1e6};
  return surrogate;
}

namespace {

class PredictorTest : public testing::Test {
protected:
  void SetUp() override {
    ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("assay-predict", folder));
    save(makeSurrogate());
  }
  void TearDown() override { llvm::sys::fs::remove_directories(folder); }

  std::string path(const llvm::Twine &name) {
    return (folder + "/" + name).str();
  }
  void save(const predictor::Surrogate &surrogate) {
    mlir::MLIRContext context;
    auto module = predictor::buildSurrogateModule(&context, surrogate);
    ASSERT_TRUE(module);
    ASSERT_TRUE(succeeded(exportModel(*module, path("surrogate.onnx"))));
  }
  std::unique_ptr<Predictor> makePredictor(PredictorOptions options = {}) {
    options.surrogate = path("surrogate.onnx");
    auto predictor = Predictor::create(options);
    if (!predictor) {
      ADD_FAILURE() << toString(predictor.takeError());
      return nullptr;
    }
    return std::move(*predictor);
  }
  std::vector<NetworkPrediction>
  predict(Predictor &predictor, llvm::ArrayRef<NetworkSource> sources) {
    std::vector<NetworkPrediction> results;
    llvm::Error error = predictor.predict(
        sources, [&](size_t index, const NetworkPrediction &result) {
          EXPECT_EQ(index, results.size());
          results.push_back(result);
        });
    EXPECT_FALSE(error) << toString(std::move(error));
    return results;
  }

  llvm::SmallString<128> folder;
};

} // namespace

static NetworkSource fromText(const char *text) { return {"", text, "", ""}; }
static NetworkSource fromSpec(const char *spec) {
  return {"", "", "nasbench201", spec};
}

TEST_F(PredictorTest, CompiledSurrogateIsTheSurrogate) {
  auto session = SurrogateSession::load(path("surrogate.onnx"));
  ASSERT_TRUE(bool(session)) << toString(session.takeError());
  EXPECT_EQ((*session)->getVersion(), "test");
  EXPECT_EQ((*session)->getDataset(), "cifar10");
  predictor::Surrogate surrogate = makeSurrogate();
  for (int rows : {1, 2, 7}) {
    predictor::Matrix features =
        predictor::Matrix::Random(rows, kNumFeatures) * 5;
    std::vector<std::vector<float>> vectors;
    for (int i = 0; i < rows; ++i)
      vectors.emplace_back(features.row(i).data(),
                           features.row(i).data() + kNumFeatures);
    auto estimates = (*session)->estimate(vectors);
    ASSERT_TRUE(bool(estimates)) << toString(estimates.takeError());
    predictor::Matrix scores = surrogate.scoreMembers(features);
    Eigen::VectorXf distances = surrogate.familiarity.distance(features);
    for (int i = 0; i < rows; ++i) {
      std::vector<float> members(scores.row(i).begin(), scores.row(i).end());
      predictor::Estimate expected =
          predictor::estimate(surrogate.calibration, members, distances(i));
      EXPECT_NEAR((*estimates)[i].score, expected.score, 1e-4);
      EXPECT_NEAR((*estimates)[i].uncertainty, expected.uncertainty, 1e-3);
      EXPECT_EQ((*estimates)[i].familiar, expected.familiar);
    }
  }
}

TEST_F(PredictorTest, RefusesOtherModels) {
  mlir::MLIRContext context;
  Network network = lookupSpace("nasbench201")->build(kSpec, {}, &context);
  ASSERT_TRUE(succeeded(exportModel(*network.module, path("net.onnx"))));
  auto session = SurrogateSession::load(path("net.onnx"));
  EXPECT_TRUE(llvm::StringRef(toString(session.takeError()))
                  .contains("is no surrogate"));
  session = SurrogateSession::load(path("missing.onnx"));
  EXPECT_TRUE(llvm::StringRef(toString(session.takeError()))
                  .contains("cannot be opened"));
}

TEST_F(PredictorTest, OneNetworkHasOneAnswer) {
  mlir::MLIRContext context;
  Network network = lookupSpace("nasbench201")->build(kSpec, {}, &context);
  ASSERT_TRUE(succeeded(exportModel(*network.module, path("net.onnx"))));
  auto predictor = makePredictor();
  std::vector<NetworkPrediction> first =
      predict(*predictor, {fromSpec(kSpec), {path("net.onnx"), "", "", ""}});
  ASSERT_EQ(first.size(), 2u);
  ASSERT_EQ(first[0].error, "");
  NetworkSource text = fromText(first[0].record.lossless.c_str());
  first.push_back(predict(*predictor, text).front());
  for (const NetworkPrediction &result : first) {
    EXPECT_EQ(result.error, "");
    EXPECT_EQ(result.record.canonicalHash, first[0].record.canonicalHash);
    EXPECT_EQ(result.record.params, network.parameters);
    EXPECT_EQ(result.estimate.score, first[0].estimate.score);
    EXPECT_EQ(result.getScore(), result.estimate.score);
  }
}

TEST_F(PredictorTest, SpecsAreForTheDatasetOfTheSurrogate) {
  predictor::Surrogate surrogate = makeSurrogate();
  surrogate.calibration.dataset = "imagenet16-120";
  save(surrogate);
  PredictorOptions options;
  options.latency = true;
  auto predictor = makePredictor(options);
  NetworkPrediction result = predict(*predictor, fromSpec(kSpec)).front();
  ASSERT_EQ(result.latencyError + result.error, "");
  mlir::MLIRContext context;
  NetworkOptions network;
  network.inputShape = {1, 3, 16, 16};
  network.classes = 120;
  EXPECT_EQ(
      result.record.params,
      lookupSpace("nasbench201")->build(kSpec, network, &context).parameters);
  EXPECT_TRUE(
      llvm::StringRef(result.record.lossless).starts_with("in x0:[1,3,16,16]"))
      << result.record.lossless;
}

TEST_F(PredictorTest, FaultsStayWithTheirInput) {
  auto predictor = makePredictor();
  NetworkSource sources[] = {
      fromText(kText),          fromText("Conv(x0"),
      fromSpec("|x|"),          {path("no.onnx"), "", "", ""},
      {"", "", "nospace", "s"}, fromText(kText)};
  std::vector<NetworkPrediction> results = predict(*predictor, sources);
  ASSERT_EQ(results.size(), 6u);
  for (size_t i : {0, 5})
    EXPECT_EQ(results[i].error, "");
  for (size_t i : {1, 2, 3, 4})
    EXPECT_NE(results[i].error, "") << i;
  EXPECT_TRUE(llvm::StringRef(results[3].error).contains("no.onnx"));
  EXPECT_TRUE(llvm::StringRef(results[4].error).contains("nospace"));
}

TEST_F(PredictorTest, UnfamiliarNetworksAreRankedByMacs) {
  predictor::Surrogate surrogate = makeSurrogate();
  surrogate.calibration.maxDistance = 0;
  save(surrogate);
  auto predictor = makePredictor();
  NetworkPrediction result = predict(*predictor, fromText(kText)).front();
  EXPECT_FALSE(result.estimate.familiar);
  EXPECT_NEAR(result.getScore(), std::log1p(double(result.record.macs)), 1e-3);
}

TEST_F(PredictorTest, StoresAnswers) {
  auto store = bench_db::Store::open(path("bench.db"));
  ASSERT_TRUE(bool(store)) << toString(store.takeError());
  PredictorOptions options;
  options.store = store->get();
  options.batch = 2;
  options.latency = true;
  auto predictor = makePredictor(options);
  std::vector<NetworkSource> sources = {fromText(kText), fromText(kText),
                                        fromSpec(kSpec), fromText("?")};
  std::vector<NetworkPrediction> results = predict(*predictor, sources);
  ASSERT_TRUE(results[0].latency.has_value()) << results[0].error;
  EXPECT_GT(results[0].latency->medianNs, 0);
  int rows = 0;
  llvm::Error error = (*store)->query(
      "SELECT round(mean, 3), uncertainty > 0, familiar, surrogate, dataset, "
      "median_ns > 0 FROM predictions JOIN latencies USING (graph)",
      [](const std::vector<std::string> &) {},
      [&](const std::vector<llvm::json::Value> &row) {
        EXPECT_EQ(row[1], 1);
        EXPECT_EQ(row[2], 1);
        EXPECT_EQ(row[3], "test");
        EXPECT_EQ(row[4], "cifar10");
        EXPECT_EQ(row[5], 1);
        ++rows;
      });
  ASSERT_FALSE(error) << toString(std::move(error));
  EXPECT_EQ(rows, 2);
}

TEST(PredictionRequest, Reads) {
  PredictionRequest request;
  ASSERT_FALSE(parseRequest(R"({"id": [1], "path": "m.onnx"})", request));
  EXPECT_EQ(request.source.path, "m.onnx");
  EXPECT_EQ(request.id, llvm::json::Value(llvm::json::Array{1}));
  request = {};
  ASSERT_FALSE(parseRequest(R"({"space": "s", "spec": "x"})", request));
  EXPECT_EQ(request.source.spec, "x");
  EXPECT_FALSE(request.id);
}

TEST(PredictionRequest, Refuses) {
  for (const char *line :
       {"", "{", "[]", "3", "{}", R"({"path": 3})", R"({"space": "s"})",
        R"({"path": "a", "text": "b"})", R"({"path": "a", "spec": "b"})"}) {
    PredictionRequest request;
    llvm::Error error = parseRequest(line, request);
    EXPECT_TRUE(bool(error)) << line;
    llvm::consumeError(std::move(error));
  }
  PredictionRequest request;
  EXPECT_TRUE(bool(llvm::errorToBool(parseRequest(R"({"id": 7})", request))));
  EXPECT_EQ(request.id, llvm::json::Value(7));
}
