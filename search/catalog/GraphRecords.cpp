//===- GraphRecords.cpp - Networks as the store takes them ----------------===//

#include "search/catalog/GraphRecords.h"
#include "mlir/IR/Diagnostics.h"
#include "predictor/features/FeatureGraphBuilder.h"
#include "predictor/features/NodeStatistics.h"
#include "predictor/graph/OnnxGraph.h"
#include "predictor/text/CanonicalOrder.h"
#include "predictor/text/LosslessText.h"
#include "predictor/text/OnnxNetText.h"

using namespace mlir;
using namespace assay;
using namespace assay::search;
using bench_db::GraphRecord;
using predictor::Graph;

static int64_t countParameters(const Graph &graph) {
  std::vector<char> trainable(graph.values.size(), 0);
  for (const predictor::Node &node : graph.nodes) {
    bool norm = node.op == "BatchNormalization";
    for (auto [position, input] : llvm::enumerate(node.inputs))
      if (input != predictor::kAbsent && !(norm && position >= 3))
        trainable[input] = 1;
  }
  int64_t count = 0;
  for (auto [value, counts] : llvm::zip_equal(graph.values, trainable))
    if (counts && value.kind == predictor::Value::Kind::Parameter)
      count += value.shape.numElements();
  return count;
}

GraphRecord assay::search::makeGraphRecord(const Graph &graph) {
  GraphRecord record;
  record.lossless = printLossless(graph);
  record.contentHash = predictor::hashText(record.lossless);
  record.canonicalHash = canonicalHash(predictor::canonicalize(graph));
  record.onnxNet = printOnnxNet(graph);
  record.nodes = graph.nodes.size();
  record.params = countParameters(graph);
  predictor::FeatureGraph features = buildFeatureGraph(graph);
  record.macs = predictor::NodeStatistics(features).totalMacs;
  return record;
}

llvm::Error assay::search::checkGraphRecord(const GraphRecord &record) {
  if (predictor::hashText(record.lossless) != record.contentHash)
    return llvm::createStringError("the text has another hash than its row");
  llvm::Expected<Graph> graph = predictor::parseLossless(record.lossless);
  if (!graph)
    return graph.takeError();
  if (static_cast<int64_t>(graph->nodes.size()) != record.nodes ||
      countParameters(*graph) != record.params)
    return llvm::createStringError(
        "the text has other numbers of nodes and parameters than its row");
  if (canonicalHash(predictor::canonicalize(*graph)) != record.canonicalHash)
    return llvm::createStringError(
        "the text has another canonical hash than its row");
  return llvm::Error::success();
}

llvm::Expected<GraphRecord>
assay::search::buildGraphRecord(const Space &space, StringRef spec,
                                MLIRContext *context) {
  std::string message;
  ScopedDiagnosticHandler handler(context, [&](Diagnostic &diagnostic) {
    message = diagnostic.str();
    return success();
  });
  NetworkOptions options;
  options.weights = onnx::GraphBuilder::Weights::Splat;
  Network network = space.build(spec, options, context);
  if (!network.module)
    return llvm::createStringError("%s: %s", space.getName().str().c_str(),
                                   message.c_str());
  FailureOr<Graph> graph =
      predictor::OnnxGraphReader(context).read(*network.module);
  if (failed(graph))
    return llvm::createStringError("%s: '%s': %s",
                                   space.getName().str().c_str(),
                                   spec.str().c_str(), message.c_str());
  return makeGraphRecord(*graph);
}
