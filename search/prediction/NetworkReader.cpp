//===- NetworkReader.cpp - Networks as the predictor sees them ------------===//

#include "search/prediction/NetworkReader.h"
#include "compiler/import/Import.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"

using namespace mlir;
using namespace assay;
using namespace assay::search;

/// A context grows by up to 100 KB a network.
static constexpr unsigned kReadsPerContext = 256;

DiagnosticCollector::DiagnosticCollector(MLIRContext *context)
    : handler(context, [this](Diagnostic &diagnostic) {
        if (diagnostic.getSeverity() != DiagnosticSeverity::Error)
          return;
        message += (message.empty() ? "" : "; ") + formatDiagnostic(diagnostic);
      }) {}

llvm::Error DiagnosticCollector::takeError() {
  return llvm::createStringError(message.empty() ? "cannot be read" : message);
}

NetworkReader::NetworkReader() = default;
NetworkReader::~NetworkReader() = default;

void NetworkReader::renew() {
  graphs.reset();
  context = std::make_unique<MLIRContext>(MLIRContext::Threading::DISABLED);
  context->printOpOnDiagnostic(false);
  graphs = std::make_unique<predictor::OnnxGraphReader>(context.get());
}

llvm::Expected<predictor::Graph>
NetworkReader::read(const NetworkSource &source, StringRef dataset) {
  if (reads++ % kReadsPerContext == 0)
    renew();
  llvm::Expected<predictor::Graph> graph =
      read(source, dataset, /*nodeLocations=*/false);
  if (graph)
    return graph;
  // Once more, for an error that names the node.
  consumeError(graph.takeError());
  return read(source, dataset, /*nodeLocations=*/true);
}

llvm::Expected<predictor::Graph>
NetworkReader::read(const NetworkSource &source, StringRef dataset,
                    bool nodeLocations) {
  DiagnosticCollector errors(context.get());
  auto module = loadNetwork(context.get(), source, dataset,
                            /*structureOnly=*/true, nodeLocations);
  if (failed(module))
    return errors.takeError();
  auto graph = graphs->read(**module);
  if (failed(graph))
    return errors.takeError();
  return std::move(*graph);
}
