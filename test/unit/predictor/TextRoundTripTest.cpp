//===- TextRoundTripTest.cpp - Networks to text and back ------------------===//

#include "Isomorphism.h"
#include "compiler/import/Import.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/Verifier.h"
#include "predictor/graph/OnnxGraph.h"
#include "predictor/text/CanonicalOrder.h"
#include "predictor/text/LosslessText.h"
#include "search/spaces/Space.h"
#include "test/networks/Networks.h"
#include "llvm/Support/FileSystem.h"

#include <gtest/gtest.h>

using namespace assay;
using namespace assay::predictor;

namespace {
class TextRoundTrip : public testing::Test {
protected:
  TextRoundTrip()
      : context(mlir::MLIRContext::Threading::DISABLED),
        handler(&context, [this](mlir::Diagnostic &diagnostic) {
          message += diagnostic.str() + "\n";
          return mlir::success();
        }) {}

  void check(mlir::ModuleOp module, const std::string &name);

  mlir::MLIRContext context;
  std::string message;
  mlir::ScopedDiagnosticHandler handler;
};
} // namespace

/// Text → graph → module → graph keeps the text, and the graph up to
/// isomorphism.
void TextRoundTrip::check(mlir::ModuleOp module, const std::string &name) {
  SCOPED_TRACE(name);
  OnnxGraphReader reader(&context);
  llvm::FailureOr<Graph> graph = reader.read(module);
  ASSERT_TRUE(succeeded(graph)) << message;
  Graph canonical = canonicalize(*graph);
  std::string text = printLossless(canonical);

  llvm::Expected<Graph> parsed = parseLossless(text);
  ASSERT_TRUE(static_cast<bool>(parsed))
      << llvm::toString(parsed.takeError()) << '\n'
      << text;
  EXPECT_EQ(printLossless(*parsed), text);
  EXPECT_EQ(printLossless(canonicalize(*parsed)), text);
  EXPECT_TRUE(areIsomorphic(colorGraph(canonical), colorGraph(*parsed)));

  auto rebuilt = buildOnnxModule(&context, *parsed);
  ASSERT_TRUE(succeeded(rebuilt)) << message << text;
  EXPECT_TRUE(succeeded(mlir::verify(**rebuilt))) << message;
  llvm::FailureOr<Graph> again = reader.read(**rebuilt);
  ASSERT_TRUE(succeeded(again)) << message;
  EXPECT_EQ(printLossless(canonicalize(*again)), text);
}

TEST_F(TextRoundTrip, WellKnownNetworks) {
  for (const networks::NamedNetwork &network : networks::getNetworks()) {
    onnx::GraphBuilder builder(&context, /*seed=*/0,
                               onnx::GraphBuilder::Weights::Splat);
    auto outputs = network.build(builder, network.defaultSize);
    mlir::OwningOpRef<mlir::ModuleOp> module = builder.finish(outputs);
    ASSERT_TRUE(module) << message;
    check(*module, network.name.str());
  }
}

TEST_F(TextRoundTrip, SamplesOfTheSpaces) {
  std::mt19937_64 random(7);
  search::NetworkOptions options;
  options.weights = onnx::GraphBuilder::Weights::Splat;
  for (const search::Space *space : search::getSpaces())
    for (int sample = 0; sample < 20; ++sample) {
      std::string spec = space->sample(random);
      search::Network network = space->build(spec, options, &context);
      ASSERT_TRUE(network.module) << message;
      check(*network.module, spec);
    }
}

// Every model of ONNX's backend tests that can be imported.
TEST_F(TextRoundTrip, BackendTests) {
  std::error_code code;
  int checked = 0;
  for (llvm::sys::fs::recursive_directory_iterator
           file("/usr/share/libonnx-testdata/data", code),
       end;
       !code && file != end; file.increment(code)) {
    if (!llvm::StringRef(file->path()).ends_with("/model.onnx"))
      continue;
    message.clear();
    auto module = importModel(&context, file->path());
    if (failed(module))
      continue;
    message.clear();
    check(**module, file->path());
    ++checked;
  }
  if (checked == 0)
    GTEST_SKIP() << "no ONNX test data is installed";
  EXPECT_GT(checked, 450);
}
