//===- ShippedSurrogateTest.cpp - What the weights that ship know ---------===//

#include "predictor/features/FeatureGraphBuilder.h"
#include "predictor/features/Features.h"
#include "predictor/graph/OnnxGraph.h"
#include "search/prediction/NetworkReader.h"
#include "search/prediction/SurrogateSession.h"
#include "search/spaces/Space.h"
#include "test/networks/Networks.h"
#include "gtest/gtest.h"

using namespace assay;
using namespace assay::search;

namespace {

class ShippedSurrogateTest : public testing::Test {
protected:
  static void SetUpTestSuite() {
    auto loaded = SurrogateSession::load(defaultSurrogatePath("cifar10"));
    ASSERT_TRUE(bool(loaded)) << toString(loaded.takeError());
    session = std::move(*loaded);
  }
  static void TearDownTestSuite() { session.reset(); }

  predictor::Estimate estimate(const predictor::Graph &graph) {
    auto estimates =
        session->estimate(computeFeatures(predictor::buildFeatureGraph(graph)));
    EXPECT_TRUE(bool(estimates)) << toString(estimates.takeError());
    return estimates->front();
  }
  bool isFamiliar(const NetworkSource &source) {
    auto graph = reader.read(source, session->getDataset());
    if (!graph) {
      ADD_FAILURE() << toString(graph.takeError());
      return false;
    }
    return estimate(*graph).familiar;
  }
  bool isFamiliarText(const char *text) {
    return isFamiliar({"", text, "", ""});
  }

  NetworkReader reader;
  static std::unique_ptr<SurrogateSession> session;
};

std::unique_ptr<SurrogateSession> ShippedSurrogateTest::session;

} // namespace

TEST_F(ShippedSurrogateTest, KnowsTheSpacesItWasTrainedOn) {
  std::mt19937_64 random(1);
  for (const Space *space : getSpaces())
    for (int i = 0; i < 60; ++i) {
      std::string spec = space->sample(random);
      EXPECT_TRUE(isFamiliar({"", "", space->getName().str(), spec})) << spec;
    }
}

TEST_F(ShippedSurrogateTest, KnowsRareCells) {
  for (const char *op : {"none", "skip_connect", "avg_pool_3x3", "nor_conv_1x1",
                         "nor_conv_3x3"}) {
    std::string edge = std::string("|") + op + "~", spec;
    for (int node = 0; node < 3; ++node) {
      spec += node ? "+" : "";
      for (int input = 0; input <= node; ++input)
        spec += edge + std::to_string(input);
      spec += "|";
    }
    EXPECT_TRUE(isFamiliar({"", "", "nasbench201", spec})) << spec;
  }
  for (const char *spec : {"00000000", "22222222"})
    EXPECT_TRUE(isFamiliar({"", "", "nasbench-macro", spec})) << spec;
}

TEST_F(ShippedSurrogateTest, KnowsNoSingleLayers) {
  EXPECT_FALSE(isFamiliarText("in x0:[1,3,32,32]\n"
                              "AveragePool(x0){kernel_shape=[2*2],"
                              "strides=[2*2]} > out\n"));
  EXPECT_FALSE(isFamiliarText("in x0:[1,3,32,32]\nRelu(x0) > out\n"));
  EXPECT_FALSE(isFamiliarText("in x0:[1,3,32,32]\n"
                              "Conv(x0,[16,3,3,3]){pads=[1*4]} > Relu > "
                              "GlobalAveragePool > out\n"));
}

TEST_F(ShippedSurrogateTest, KnowsNoPerceptron) {
  EXPECT_FALSE(isFamiliarText("in x0:[1,784]\n"
                              "Gemm(x0,[784,256],[256]) > Relu > "
                              "Gemm(.,[256,64],[64]) > Relu > "
                              "Gemm(.,[64,10],[10]) > out\n"));
}

TEST_F(ShippedSurrogateTest, KnowsNoOtherInput) {
  mlir::MLIRContext context;
  predictor::OnnxGraphReader graphs(&context);
  for (int64_t side : {32, 64}) {
    NetworkOptions options;
    options.weights = onnx::GraphBuilder::Weights::Splat;
    options.inputShape = {1, 3, side, side};
    const Space *space = lookupSpace("nasbench-macro");
    Network network = space->build("02012100", options, &context);
    auto graph = graphs.read(*network.module);
    ASSERT_TRUE(succeeded(graph));
    EXPECT_EQ(estimate(*graph).familiar, side == 32);
  }
}

TEST_F(ShippedSurrogateTest, KnowsNoneOfTheWellKnownNetworks) {
  mlir::MLIRContext context;
  predictor::OnnxGraphReader graphs(&context);
  for (const networks::NamedNetwork &network : networks::getNetworks()) {
    if (network.name == "bert-base") // bert-tiny is cheaper to build
      continue;
    auto module = buildNetwork(network, &context);
    ASSERT_TRUE(module);
    auto graph = graphs.read(*module);
    ASSERT_TRUE(succeeded(graph)) << network.name.str();
    EXPECT_FALSE(estimate(*graph).familiar) << network.name.str();
  }
}
