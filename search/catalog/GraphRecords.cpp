//===- GraphRecords.cpp - Networks as the store takes them ----------------===//

#include "search/catalog/GraphRecords.h"
#include "mlir/IR/Diagnostics.h"
#include "predictor/features/FeatureGraphBuilder.h"
#include "predictor/features/NodeStatistics.h"
#include "predictor/graph/OnnxGraph.h"
#include "predictor/text/CanonicalOrder.h"
#include "predictor/text/LosslessText.h"
#include "predictor/text/OnnxNetText.h"
#include "search/spaces/Dataset.h"

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
      if (input != predictor::kAbsent && (!norm || position < 3))
        trainable[input] = 1;
  }
  int64_t count = 0;
  for (auto [value, counts] : llvm::zip_equal(graph.values, trainable))
    if (counts && value.kind == predictor::Value::Kind::Parameter)
      count += value.shape.numElements();
  return count;
}

GraphRecord
assay::search::makeGraphRecord(Graph graph,
                               const predictor::FeatureGraph &features) {
  GraphRecord record;
  record.lossless = printLossless(graph);
  record.contentHash = predictor::hashText(record.lossless);
  record.onnxNet = printOnnxNet(graph);
  record.nodes = graph.nodes.size();
  record.params = countParameters(graph);
  record.macs = predictor::NodeStatistics(features).totalMacs;
  record.canonicalHash =
      canonicalHash(predictor::canonicalize(std::move(graph)));
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

/// The error that `diagnostic` becomes, after `what` it is about.
static llvm::Error makeError(const llvm::Twine &what, StringRef diagnostic) {
  return llvm::createStringError((what + ": " + diagnostic).str());
}

llvm::Expected<Graph> assay::search::readText(StringRef text,
                                              MLIRContext *context) {
  llvm::Expected<Graph> parsed = predictor::parseLossless(text);
  if (!parsed)
    return makeError("text", llvm::toString(parsed.takeError()));
  std::string message;
  ScopedDiagnosticHandler handler(
      context, [&](Diagnostic &diagnostic) { message = diagnostic.str(); });
  // Shapes of results follow from the operators.
  auto module = predictor::buildOnnxModule(context, *parsed);
  if (failed(module))
    return makeError("text", message);
  FailureOr<Graph> graph = predictor::OnnxGraphReader(context).read(**module);
  if (failed(graph))
    return makeError("text", message);
  return std::move(*graph);
}

llvm::Expected<Graph> assay::search::readSpec(const Space &space,
                                              StringRef spec, StringRef dataset,
                                              MLIRContext *context) {
  std::string message;
  ScopedDiagnosticHandler handler(
      context, [&](Diagnostic &diagnostic) { message = diagnostic.str(); });
  NetworkOptions options = getDatasetOptions(dataset);
  options.weights = onnx::GraphBuilder::Weights::Splat;
  Network network = space.build(spec, options, context);
  if (!network.module)
    return makeError(space.getName(), message);
  FailureOr<Graph> graph =
      predictor::OnnxGraphReader(context).read(*network.module);
  if (failed(graph))
    return makeError(space.getName() + ": '" + spec + "'", message);
  return std::move(*graph);
}

/// Fails unless `text` is the network of `record`, in whatever order.
static llvm::Error checkText(StringRef text, const GraphRecord &record,
                             MLIRContext *context) {
  llvm::Expected<Graph> graph = readText(text, context);
  if (!graph)
    return graph.takeError();
  if (canonicalHash(predictor::canonicalize(std::move(*graph))) ==
      record.canonicalHash)
    return llvm::Error::success();
  return llvm::createStringError(
      "the text is another network than that of the space and the spec");
}

llvm::Expected<GraphRecord>
assay::search::buildGraphRecord(StringRef space, StringRef spec, StringRef text,
                                MLIRContext *context) {
  const Space *known = lookupSpace(space);
  if (!known && text.empty())
    return llvm::createStringError("no space named '%s', and no text",
                                   space.str().c_str());
  llvm::Expected<Graph> graph =
      known ? readSpec(*known, spec, /*dataset=*/"", context)
            : readText(text, context);
  if (!graph)
    return graph.takeError();
  predictor::FeatureGraph features = buildFeatureGraph(*graph);
  GraphRecord record = makeGraphRecord(std::move(*graph), features);
  if (known && !text.empty() && text != record.lossless)
    if (llvm::Error error = checkText(text, record, context))
      return std::move(error);
  return record;
}

GraphChecker::GraphChecker() = default;
GraphChecker::~GraphChecker() = default;

/// A context for one thread at a time.
class GraphChecker::Lease {
public:
  explicit Lease(GraphChecker &checker) : checker(checker) {
    std::lock_guard<std::mutex> lock(checker.mutex);
    if (!checker.idle.empty()) {
      context = std::move(checker.idle.back());
      checker.idle.pop_back();
    } else {
      context = std::make_unique<MLIRContext>(MLIRContext::Threading::DISABLED);
    }
  }
  ~Lease() {
    std::lock_guard<std::mutex> lock(checker.mutex);
    checker.idle.push_back(std::move(context));
  }
  MLIRContext *get() { return context.get(); }

private:
  GraphChecker &checker;
  std::unique_ptr<MLIRContext> context;
};

/// Fails where the row holds other things than the network built again.
static llvm::Error compareRecords(const GraphRecord &stored,
                                  const GraphRecord &built) {
  if (stored.contentHash != built.contentHash)
    return llvm::createStringError("is another network");
  if (stored.canonicalHash != built.canonicalHash)
    return llvm::createStringError("has another canonical hash");
  if (stored.nodes != built.nodes || stored.params != built.params ||
      stored.macs != built.macs)
    return llvm::createStringError(
        "has %lld nodes, %lld parameters and %lld multiply-accumulates, not "
        "%lld, %lld and %lld",
        static_cast<long long>(built.nodes),
        static_cast<long long>(built.params),
        static_cast<long long>(built.macs),
        static_cast<long long>(stored.nodes),
        static_cast<long long>(stored.params),
        static_cast<long long>(stored.macs));
  if (!stored.onnxNet.empty() && stored.onnxNet != built.onnxNet)
    return llvm::createStringError("has another text in the onnx-net form");
  return llvm::Error::success();
}

llvm::Error
GraphChecker::check(const GraphRecord &record,
                    llvm::ArrayRef<bench_db::ArchitectureKey> architectures) {
  if (predictor::hashText(record.lossless) != record.contentHash)
    return llvm::createStringError("the text has another hash than its row");
  Lease context(*this);
  auto compare = [&](StringRef space, StringRef spec,
                     StringRef text) -> llvm::Error {
    llvm::Expected<GraphRecord> built =
        buildGraphRecord(space, spec, text, context.get());
    return built ? compareRecords(record, *built) : built.takeError();
  };
  bool known = false;
  for (const bench_db::ArchitectureKey &key : architectures) {
    if (!lookupSpace(key.space))
      continue;
    known = true;
    if (llvm::Error error = compare(key.space, key.spec, ""))
      return llvm::createStringError("'%s' of space '%s': %s", key.spec.c_str(),
                                     key.space.c_str(),
                                     llvm::toString(std::move(error)).c_str());
  }
  return known ? llvm::Error::success() : compare("", "", record.lossless);
}
