//===- Compile.cpp - assay compile ----------------------------------------===//

#include "compiler/codegen/AtomicFile.h"
#include "compiler/codegen/Linker.h"
#include "compiler/export/Export.h"
#include "mlir/IR/AsmState.h"
#include "tools/assay/Command.h"
#include "tools/assay/Models.h"

using namespace assay;
using namespace assay::tools;
namespace cl = llvm::cl;

namespace {
enum class Emit { So, Obj, Llvm, Mlir, Onnx };
} // namespace

static cl::SubCommand
    command("compile", "compile a model to a library, an object file or IR");
static cl::opt<std::string> modelPath(cl::Positional, cl::desc("MODEL.onnx"),
                                      cl::Required, cl::sub(command));
static cl::opt<std::string> outputPath("o", cl::desc("file to write"),
                                       cl::value_desc("file"), cl::Required,
                                       cl::sub(command));
static cl::opt<Emit> emit(
    "emit", cl::desc("what to write:"), cl::init(Emit::So),
    cl::values(clEnumValN(Emit::So, "so", "a shared library (default)"),
               clEnumValN(Emit::Obj, "obj", "a relocatable object file"),
               clEnumValN(Emit::Llvm, "llvm", "LLVM IR after optimisation"),
               clEnumValN(Emit::Mlir, "mlir", "the program and its kernels"),
               clEnumValN(Emit::Onnx, "onnx", "the model, simplified")),
    cl::sub(command));
static cl::opt<std::string>
    targetName("target", cl::desc("native (default), x86-64-v3 or x86-64-v4"),
               cl::value_desc("cpu"), cl::init("native"), cl::sub(command));
static cl::opt<unsigned>
    level("O", cl::Prefix, cl::desc("optimisation level, 0 to 3 (default 3)"),
          cl::value_desc("level"), cl::init(3), cl::sub(command));

static int finish(llvm::Error error) {
  if (!error)
    return ExitDone;
  printError(llvm::toString(std::move(error)));
  return ExitBadInput;
}

static int writeText(llvm::function_ref<void(llvm::raw_ostream &)> print) {
  return finish(writeAtomically(outputPath, [&](llvm::raw_ostream &os) {
    print(os);
    return llvm::Error::success();
  }));
}

static int emitOnnx(mlir::ModuleOp module) {
  if (failed(simplifyModule(module)) || failed(exportModel(module, outputPath)))
    return ExitBadInput;
  return ExitDone;
}

static int emitMlir(mlir::ModuleOp module) {
  if (failed(simplifyModule(module)) ||
      failed(outlineModule(module, /*releaseConstants=*/true)))
    return ExitBadInput;
  // Weights are megabytes; nobody reads them as text.
  mlir::OpPrintingFlags flags;
  flags.elideLargeElementsAttrs(16).elideLargeResourceString(16);
  return writeText([&](llvm::raw_ostream &os) {
    module->print(os, flags);
    os << '\n';
  });
}

static int emitLlvm(ModelContext &context, mlir::ModuleOp module,
                    const CompileOptions &options) {
  auto text = compileToLLVMText(module, options);
  if (failed(text))
    return context.getFailure();
  return writeText([&](llvm::raw_ostream &os) { os << *text; });
}

static int emitLinked(ModelContext &context, mlir::ModuleOp module,
                      const CompileOptions &options) {
  auto model = compileModule(module, options);
  if (failed(model))
    return context.getFailure();
  LinkOutput kind =
      emit == Emit::So ? LinkOutput::SharedLibrary : LinkOutput::Object;
  return finish(
      linkModel(model->getObjects(), model->weights, kind, outputPath));
}

static int run() {
  if (level > 3)
    return failUsage("compile", "-O takes 0 to 3");
  if (outputPath == "-" && emit != Emit::Llvm && emit != Emit::Mlir)
    return failUsage("compile", "-o - takes --emit=llvm or mlir");
  auto options = makeOptions(targetName, level);
  if (!options)
    return ExitUsage;
  options->compile.releaseConstants = true;
  ModelContext context;
  auto module = loadModule(context.get(), modelPath);
  if (failed(module))
    return ExitBadInput;
  switch (Emit(emit)) {
  case Emit::Onnx:
    return emitOnnx(**module);
  case Emit::Mlir:
    return emitMlir(**module);
  case Emit::Llvm:
    return emitLlvm(context, **module, options->compile);
  case Emit::So:
  case Emit::Obj:
    return emitLinked(context, **module, options->compile);
  }
  llvm_unreachable("all of Emit is handled");
}

Command assay::tools::compileCommand() { return {&command, run}; }
