//===- GraphPassesTest.cpp - Simplification keeps the meaning -------------===//
//
// Every model of ONNX's own tests computes the same after the graph passes, by
// the reference interpreter.
//
//===----------------------------------------------------------------------===//

#include "compiler/import/Import.h"
#include "dialects/onnx/reference/Interpreter.h"
#include "mlir/Pass/PassManager.h"
#include "passes/graph/Passes.h"
#include "llvm/Support/FileSystem.h"
#include "gtest/gtest.h"

using namespace mlir;
using assay::onnx::Tensor;
using assay::onnx::Tensors;

/// Larger models would take the naive interpreter too long.
static constexpr int64_t kMaxElements = 1 << 16;

/// Random values for each input; fails when one is of no known shape, too
/// large, or no number.
static FailureOr<Tensors> makeInputs(func::FuncOp function) {
  Tensors inputs;
  for (auto [index, type] : llvm::enumerate(function.getArgumentTypes())) {
    auto ranked = dyn_cast<RankedTensorType>(type);
    if (!ranked || !ranked.hasStaticShape() ||
        !assay::onnx::checkSize(ranked.getElementType(), ranked.getShape()) ||
        ranked.getNumElements() > kMaxElements)
      return failure();
    inputs.emplace_back(ranked.getElementType(), ranked.getShape());
    assay::onnx::fillRandom(inputs.back(), /*seed=*/index + 1, 0.1, 2);
  }
  return inputs;
}

static LogicalResult simplify(ModuleOp module) {
  PassManager passes(module.getContext());
  OpPassManager &functions = passes.nest<func::FuncOp>();
  functions.addPass(assay::createInferOnnxShapes());
  functions.addPass(assay::createFoldOnnxConstants());
  functions.addPass(assay::createCanonicalizeOnnx());
  functions.addPass(assay::createFoldBatchNorm());
  functions.addPass(assay::createFoldOnnxConstants());
  functions.addPass(assay::createCanonicalizeOnnx());
  return passes.run(module);
}

TEST(GraphPasses, KeepTheMeaningOfBackendTestModels) {
  size_t compared = 0;
  std::error_code error;
  for (llvm::sys::fs::recursive_directory_iterator
           it("/usr/share/libonnx-testdata/data", error),
       end;
       it != end && !error; it.increment(error)) {
    if (!StringRef(it->path()).ends_with("/model.onnx"))
      continue;
    SCOPED_TRACE(it->path());
    MLIRContext context(MLIRContext::Threading::DISABLED);
    std::string errors;
    ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
      errors += assay::formatDiagnostic(diagnostic) + "\n";
    });
    auto module = assay::importModel(&context, it->path());
    if (failed(module))
      continue;
    auto function = ModuleOp(module->get()).lookupSymbol<func::FuncOp>("main");
    FailureOr<Tensors> inputs = makeInputs(function);
    if (failed(inputs))
      continue;
    // Random inputs can be wrong for the model: shapes, indices, axes.
    FailureOr<Tensors> expected = assay::onnx::interpret(function, *inputs);
    if (failed(expected))
      continue;
    errors.clear();
    ASSERT_TRUE(succeeded(simplify(module->get()))) << errors;
    FailureOr<Tensors> actual = assay::onnx::interpret(function, *inputs);
    ASSERT_TRUE(succeeded(actual)) << errors;
    ASSERT_EQ(actual->size(), expected->size());
    for (auto [index, tensor] : llvm::enumerate(*actual))
      if (std::optional<std::string> mismatch = assay::onnx::findMismatch(
              tensor, (*expected)[index], /*rtol=*/1e-4, /*atol=*/1e-5))
        ADD_FAILURE() << "output " << index << ": " << *mismatch;
    ++compared;
  }
  if (compared == 0)
    GTEST_SKIP() << "libonnx-testdata is not installed";
  EXPECT_GT(compared, 500u);
}
