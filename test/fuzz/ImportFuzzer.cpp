//===- ImportFuzzer.cpp - libFuzzer on the importer -----------------------===//
//
// Import may accept or refuse what it is given, with a diagnostic, but must
// return; so must shape inference and canonicalization of what it accepts. Half
// of the mutations change one field of a model that parses, so that the search
// gets past protobuf.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/PassManager.h"
#include "passes/graph/Passes.h"
#include "test/unit/compiler/import/ModelBuilder.h"
#include "test/unit/compiler/import/ModelMutator.h"

using namespace assay;
using namespace assay::test;

extern "C" size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t capacity);

static void simplify(Imported &imported) {
  mlir::ScopedDiagnosticHandler silence(imported.context.get(),
                                        [](mlir::Diagnostic &) {});
  mlir::PassManager passes(imported.context.get());
  mlir::OpPassManager &functions = passes.nest<mlir::func::FuncOp>();
  functions.addPass(createInferOnnxShapes());
  functions.addPass(createCanonicalizeOnnx());
  // Refusing is as good as succeeding.
  (void)passes.run(*imported.module);
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Imported imported = importBytes({reinterpret_cast<const char *>(data), size});
  if (imported.module)
    simplify(imported);
  else if (imported.errors.empty())
    llvm::report_fatal_error("a model was refused without a word");
  return 0;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size,
                                          size_t capacity, unsigned seed) {
  proto::ModelProto model;
  if (seed % 2 || !model.ParseFromArray(data, static_cast<int>(size)))
    return LLVMFuzzerMutate(data, size, capacity);
  ModelMutator(seed).mutateField(model);
  std::string bytes = model.SerializeAsString();
  if (bytes.size() > capacity)
    return LLVMFuzzerMutate(data, size, capacity);
  llvm::copy(bytes, data);
  return bytes.size();
}
