//===- KernelCompiler.h - Outlined kernels to object code -------*- C++ -*-===//

#ifndef ASSAY_COMPILER_PIPELINE_KERNELCOMPILER_H
#define ASSAY_COMPILER_PIPELINE_KERNELCOMPILER_H

#include "compiler/codegen/KernelCache.h"
#include "compiler/pipeline/Compile.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/ThreadPool.h"

namespace assay {

/// One kernel, alone in a module.
struct Kernel {
  std::string name;
  std::string operators; // of ONNX, as in "Conv+Relu"
  mlir::OwningOpRef<mlir::ModuleOp> module;
};

/// Takes the kernels out of `module`, which keeps their declarations.
std::vector<Kernel> extractKernels(mlir::ModuleOp module);

/// Runs the CPU pipeline, translates and optimises. Fails after a diagnostic.
mlir::FailureOr<std::unique_ptr<llvm::Module>>
lowerKernel(const Kernel &kernel, const CompileOptions &options,
            llvm::LLVMContext &context, llvm::TargetMachine &machine);

/// Compiles kernels on the threads of a pool, each once per cache.
class KernelCompiler {
public:
  KernelCompiler(const CompileOptions &options, llvm::ThreadPoolInterface &pool)
      : options(options), pool(pool), cache(options.cacheFolder) {}

  /// Starts on all kernels.
  void start(std::vector<Kernel> kernels);
  /// Waits; the objects are in the order of the kernels. Fails after a
  /// diagnostic for each kernel that could not be compiled.
  mlir::FailureOr<std::vector<std::unique_ptr<llvm::MemoryBuffer>>> finish();

  size_t countCached() const { return cached; }

private:
  std::unique_ptr<llvm::MemoryBuffer> compile(const Kernel &kernel);
  std::string makeKey(const Kernel &kernel) const;

  const CompileOptions &options;
  llvm::ThreadPoolInterface &pool;
  KernelCache cache;
  std::vector<Kernel> kernels;
  std::vector<std::unique_ptr<llvm::MemoryBuffer>> objects;
  std::atomic<size_t> cached{0};
};

} // namespace assay

#endif // ASSAY_COMPILER_PIPELINE_KERNELCOMPILER_H
