//===- NetworkReader.cpp - Networks as the predictor sees them ------------===//

#include "search/prediction/NetworkReader.h"
#include "compiler/import/Import.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"

using namespace mlir;
using namespace assay;
using namespace assay::search;

/// A context grows by about 100 KB a network.
static constexpr unsigned kReadsPerContext = 64;

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
NetworkReader::read(const NetworkSource &source) {
  if (reads++ % kReadsPerContext == 0)
    renew();
  DiagnosticCollector errors(context.get());
  auto module = loadNetwork(context.get(), source, /*structureOnly=*/true);
  if (failed(module))
    return errors.takeError();
  auto graph = graphs->read(**module);
  if (failed(graph))
    return errors.takeError();
  return std::move(*graph);
}
