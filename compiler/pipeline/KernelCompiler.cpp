//===- KernelCompiler.cpp - Outlined kernels to object code ---------------===//

#include "compiler/pipeline/KernelCompiler.h"
#include "compiler/codegen/ObjectEmitter.h"
#include "dialects/kernel/KernelDialect.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/AsmState.h"
#include "mlir/Pass/PassManager.h"
#include "passes/cpu/Pipeline.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace assay;

/// The operators that the locations of ops name, in order: import puts them
/// beside the name of the node.
static std::string listOperators(func::FuncOp function) {
  llvm::SetVector<StringRef> operators;
  function.getBody().walk([&](Operation *op) {
    op->getLoc()->walk([&](Location loc) {
      if (auto fused = dyn_cast<FusedLoc>(loc))
        if (auto name = dyn_cast_or_null<StringAttr>(fused.getMetadata()))
          operators.insert(name.getValue());
      return WalkResult::advance();
    });
  });
  return llvm::join(operators, "+");
}

std::vector<Kernel> assay::extractKernels(ModuleOp module) {
  std::vector<Kernel> kernels;
  for (auto function : module.getOps<func::FuncOp>()) {
    if (!function->hasAttr(kernel::KernelDialect::getEntryAttrName()))
      continue;
    Kernel kernel{function.getSymName().str(), listOperators(function),
                  ModuleOp::create(module.getLoc())};
    OpBuilder builder(kernel.module->getBodyRegion());
    builder.clone(*function);
    function.getBody().dropAllReferences();
    function.getBody().getBlocks().clear();
    kernels.push_back(std::move(kernel));
  }
  return kernels;
}

/// The host program of the same model alone calls a kernel and its count; all
/// else is for the kernel itself.
static void limitVisibility(llvm::Module &module, const std::string &kernel) {
  for (llvm::Function &function : module) {
    if (function.isDeclaration())
      continue;
    if (function.getName() == kernel || function.getName() == kernel + ".count")
      function.setVisibility(llvm::GlobalValue::HiddenVisibility);
    else
      function.setLinkage(llvm::GlobalValue::InternalLinkage);
  }
}

FailureOr<std::unique_ptr<llvm::Module>>
assay::lowerKernel(const Kernel &kernel, const CompileOptions &options,
                   llvm::LLVMContext &context, llvm::TargetMachine &machine) {
  ModuleOp module = *kernel.module;
  PassManager pm(module.getContext());
  CpuTargetOptions target;
  target.vectorBits = options.target.vectorBits;
  buildCpuKernelPipeline(pm, target);
  if (failed(pm.run(module)))
    return module.emitError("cannot generate code for kernel ") << kernel.name;
  auto translated = translateModule(module, context, kernel.name, machine);
  if (!translated)
    return module.emitError(llvm::toString(translated.takeError()));
  limitVisibility(**translated, kernel.name);
  optimizeModule(**translated, machine, options.level);
  return std::move(*translated);
}

std::string KernelCompiler::makeKey(const Kernel &kernel) const {
  std::string text;
  llvm::raw_string_ostream os(text);
  OpPrintingFlags flags;
  flags.printGenericOpForm().useLocalScope();
  ModuleOp module = *kernel.module;
  module->print(os, flags);
  return KernelCache::makeKey({text, options.target.triple, options.target.cpu,
                               options.target.features,
                               std::to_string(options.target.vectorBits),
                               std::to_string(options.level)});
}

/// The object, or null after a diagnostic.
std::unique_ptr<llvm::MemoryBuffer>
KernelCompiler::compile(const Kernel &kernel) {
  std::string key = makeKey(kernel);
  if (std::unique_ptr<llvm::MemoryBuffer> object = cache.find(key)) {
    ++cached;
    return object;
  }
  ModuleOp module = *kernel.module;
  auto machine = createTargetMachine(options.target, options.level);
  if (!machine) {
    module.emitError(llvm::toString(machine.takeError()));
    return nullptr;
  }
  llvm::LLVMContext context;
  auto lowered = lowerKernel(kernel, options, context, **machine);
  if (failed(lowered))
    return nullptr;
  auto object = emitObject(**lowered, **machine);
  if (!object) {
    module.emitError(llvm::toString(object.takeError()));
    return nullptr;
  }
  llvm::StringRef bytes(object->data(), object->size());
  cache.store(key, bytes);
  return llvm::MemoryBuffer::getMemBufferCopy(bytes, kernel.name);
}

void KernelCompiler::start(std::vector<Kernel> work) {
  kernels = std::move(work);
  objects.resize(kernels.size());
  auto compileOne = [this](size_t index) {
    objects[index] = compile(kernels[index]);
  };
  for (size_t index = 0; index < kernels.size(); ++index) {
    // Without threads a context must not be used by several either.
    if (kernels[index].module.get().getContext()->isMultithreadingEnabled())
      pool.async(compileOne, index);
    else
      compileOne(index);
  }
}

FailureOr<std::vector<std::unique_ptr<llvm::MemoryBuffer>>>
KernelCompiler::finish() {
  pool.wait();
  if (cached != kernels.size())
    cache.prune();
  if (llvm::is_contained(objects, nullptr))
    return failure();
  return std::move(objects);
}
