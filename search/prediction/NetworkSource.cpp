//===- NetworkSource.cpp - Where a network comes from ---------------------===//

#include "search/prediction/NetworkSource.h"
#include "compiler/import/Import.h"
#include "compiler/import/ImportLocation.h"
#include "dialects/onnx/Creation.h"
#include "dialects/onnx/reference/Tensor.h"
#include "predictor/graph/OnnxGraph.h"
#include "predictor/text/LosslessText.h"
#include "search/spaces/Dataset.h"
#include <fcntl.h>
#include <unistd.h>

using namespace mlir;
using namespace assay;
using namespace assay::search;

using Module = FailureOr<OwningOpRef<ModuleOp>>;

static constexpr off_t kReadAheadBytes = 8 << 20;

void assay::search::readAhead(const NetworkSource &source) {
  if (source.path.empty())
    return;
  // What is wrong with the file shows when it is read.
  int file = open(source.path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0)
    return;
  (void)posix_fadvise(file, 0, kReadAheadBytes, POSIX_FADV_WILLNEED);
  close(file);
}

llvm::Error assay::search::parseRequest(StringRef line,
                                        PredictionRequest &request) {
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(line);
  if (!value)
    return llvm::createStringError("is no JSON: %s",
                                   toString(value.takeError()).c_str());
  llvm::json::Object *object = value->getAsObject();
  if (!object)
    return llvm::createStringError("is no JSON object");
  if (llvm::json::Value *id = object->get("id"))
    request.id = std::move(*id);
  NetworkSource &source = request.source;
  std::pair<StringRef, std::string *> fields[] = {{"path", &source.path},
                                                  {"text", &source.text},
                                                  {"space", &source.space},
                                                  {"spec", &source.spec}};
  for (auto [name, field] : fields)
    if (std::optional<StringRef> text = object->getString(name))
      *field = text->str();
  int kinds = !source.path.empty() + !source.text.empty() +
              (!source.space.empty() && !source.spec.empty());
  if (kinds != 1 || source.space.empty() != source.spec.empty())
    return llvm::createStringError("expected one of \"path\", \"text\", or "
                                   "\"space\" and \"spec\", each a string");
  return llvm::Error::success();
}

/// Compilation would treat a splat as a constant and not as a weight.
static void randomizeWeights(ModuleOp module) {
  uint64_t seed = 0;
  module.walk([&](onnx::ConstantOp op) {
    auto splat = dyn_cast<SplatElementsAttr>(op.getValue());
    if (!splat || !isa<FloatType>(splat.getElementType()) ||
        splat.getNumElements() < 2)
      return;
    onnx::Tensor tensor(splat.getElementType(), splat.getType().getShape());
    onnx::fillRandom(tensor, seed++);
    op.setValueAttr(tensor.toAttr("weight"));
  });
}

static Module loadText(MLIRContext *context, StringRef text,
                       bool structureOnly) {
  Location loc = getFileLoc(context, "text");
  llvm::Expected<predictor::Graph> graph = predictor::parseLossless(text);
  if (!graph)
    return emitError(loc) << toString(graph.takeError());
  Module module = predictor::buildOnnxModule(context, *graph);
  if (succeeded(module) && !structureOnly)
    randomizeWeights(**module);
  return module;
}

static Module loadSpec(MLIRContext *context, const NetworkSource &source,
                       StringRef dataset, bool structureOnly) {
  using Weights = onnx::GraphBuilder::Weights;
  const Space *space = lookupSpace(source.space);
  if (!space)
    return emitError(UnknownLoc::get(context))
           << "no space named '" << source.space << "'";
  NetworkOptions options = getDatasetOptions(dataset);
  options.weights = structureOnly ? Weights::Splat : Weights::Random;
  Network network = space->build(source.spec, options, context);
  if (!network.module)
    return failure();
  return std::move(network.module);
}

Module assay::search::loadNetwork(MLIRContext *context,
                                  const NetworkSource &source,
                                  StringRef dataset, bool structureOnly,
                                  bool nodeLocations) {
  if (!source.text.empty())
    return loadText(context, source.text, structureOnly);
  if (!source.space.empty())
    return loadSpec(context, source, dataset, structureOnly);
  ImportOptions options;
  options.structureOnly = structureOnly;
  options.nodeLocations = nodeLocations;
  return importModel(context, source.path, options);
}
