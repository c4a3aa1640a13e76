//===- FeaturesTest.cpp - The feature vector ------------------------------===//

#include "predictor/features/Features.h"
#include "mlir/IR/MLIRContext.h"
#include "predictor/features/FeatureGraphBuilder.h"
#include "predictor/graph/OnnxGraph.h"
#include "predictor/text/LosslessText.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"

#include <cmath>
#include <gtest/gtest.h>

using namespace assay::predictor;

static FeatureGraph featureGraph(llvm::StringRef text) {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  llvm::Expected<Graph> parsed = parseLossless(text);
  if (!parsed) {
    ADD_FAILURE() << llvm::toString(parsed.takeError());
    return {};
  }
  auto module = buildOnnxModule(&context, *parsed);
  auto graph = OnnxGraphReader(&context).read(**module);
  return buildFeatureGraph(*graph);
}

static float feature(const std::vector<float> &values, llvm::StringRef name) {
  for (auto [info, value] : llvm::zip_equal(featureCatalog(), values))
    if (info.name == name)
      return value;
  ADD_FAILURE() << "no feature " << name.str();
  return NAN;
}

static std::vector<NodeKind> kinds(const FeatureGraph &graph) {
  std::vector<NodeKind> kinds;
  for (const FeatureNode &node : graph.nodes)
    kinds.push_back(node.kind);
  return kinds;
}

TEST(Features, CatalogIsCompleteAndUnambiguous) {
  const std::vector<FeatureInfo> &catalog = featureCatalog();
  ASSERT_EQ(catalog.size(), kNumFeatures);
  llvm::StringSet<> names;
  for (const FeatureInfo &info : catalog) {
    EXPECT_TRUE(names.insert(info.name).second) << info.name;
    EXPECT_FALSE(info.formula.empty()) << info.name;
    EXPECT_STRNE(info.source.c_str(), "") << info.name;
  }
  EXPECT_EQ(catalog[kLogParamsFeature].name, "log_params");
  EXPECT_EQ(catalog[kLogMacsFeature].name, "log_flops");
  EXPECT_EQ(catalog[kNumGlobalFeatures].name, "r0_ff");
}

TEST(FeatureGraph, FoldsNormAndSkipsReshapes) {
  FeatureGraph graph = featureGraph(
      "in x:[1,3,8,8]\n"
      "Conv(x,[4,3,3,3]){pads=[1*4]} > "
      "BatchNormalization(.,[4],[4],[4],[4]) > Relu > GlobalAveragePool > "
      "Flatten > Gemm(.,[10,4],[10]){transB=1} > out\n");
  EXPECT_EQ(kinds(graph),
            (std::vector<NodeKind>{NodeKind::Input, NodeKind::Convolution,
                                   NodeKind::Relu, NodeKind::GlobalPool,
                                   NodeKind::Linear, NodeKind::Output}));
  EXPECT_EQ(graph.nodes[1].kernel, 3);
  EXPECT_EQ(graph.nodes[1].outSize, 8);
  std::vector<float> values = computeFeatures(graph);
  // 3x3x3x4 weights with scale and shift; 4x10 weights with bias.
  EXPECT_FLOAT_EQ(values[kLogParamsFeature], std::log1p(108.0 + 8 + 40 + 10));
  EXPECT_FLOAT_EQ(values[kLogMacsFeature], std::log1p(108.0 * 64 + 40));
  EXPECT_EQ(feature(values, "mx_w"), 2);
  EXPECT_EQ(feature(values, "log_paths"), 0);
}

TEST(FeatureGraph, DropsWhatDoesNotDependOnTheInput) {
  FeatureGraph graph =
      featureGraph("in x:[1,4,8,8]\n"
                   "Mul(x,f32[]<0.0>) > Conv(.,[4,4,1,1]) > Relu = v0\n"
                   "Conv(x,[4,4,1,1]) > Add(.,v0) > out\n");
  EXPECT_EQ(kinds(graph),
            (std::vector<NodeKind>{NodeKind::Input, NodeKind::Convolution,
                                   NodeKind::Output}));
}

TEST(FeatureGraph, SeesGatedActivationsAsOne) {
  FeatureGraph graph = featureGraph("in x:[1,4,8,8]\nConv(x,[4,4,1,1]) = v0\n"
                                    "Sigmoid(v0) > Mul(v0,.) > out\n");
  EXPECT_EQ(kinds(graph), (std::vector<NodeKind>{
                              NodeKind::Input, NodeKind::Convolution,
                              NodeKind::SmoothActivation, NodeKind::Output}));
}

TEST(FeatureGraph, FlattensSums) {
  FeatureGraph graph =
      featureGraph("in x:[1,4,8,8]\nRelu(x) = a\nTanh(x) = b\nSigmoid(x) = c\n"
                   "Add(a,b) > Add(.,c) > out\n");
  ASSERT_EQ(graph.nodes.size(), 6u);
  EXPECT_EQ(graph.nodes[4].inputs.size(), 3u);
  EXPECT_NEAR(feature(computeFeatures(graph), "log_paths"), std::log(3.0),
              1e-6);
}
