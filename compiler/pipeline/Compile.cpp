//===- Compile.cpp - A model in the onnx dialect to machine code ----------===//

#include "compiler/pipeline/Compile.h"
#include "compiler/codegen/Descriptor.h"
#include "compiler/codegen/ObjectEmitter.h"
#include "compiler/pipeline/KernelCompiler.h"
#include "compiler/pipeline/Pipeline.h"
#include "mlir/Pass/PassManager.h"
#include "passes/host/Passes.h"

using namespace mlir;
using namespace assay;

std::vector<llvm::MemoryBufferRef> CompiledModel::getObjects() const {
  std::vector<llvm::MemoryBufferRef> refs;
  for (const auto &object : objects)
    refs.push_back(object->getMemBufferRef());
  return refs;
}

//===----------------------------------------------------------------------===//
// The signature
//===----------------------------------------------------------------------===//

static FailureOr<ValueSignature> describeValue(func::FuncOp main, Type type,
                                               StringAttr name,
                                               const Twine &fallback) {
  ValueSignature value;
  value.name = name ? name.str() : fallback.str();
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (tensor)
    value.type = toRuntimeType(tensor.getElementType());
  if (value.type == ASSAY_UNDEFINED)
    return main.emitError("'")
           << value.name << "' has type " << type
           << "; compiled models take tensors of known rank whose elements are "
              "numbers or bools";
  for (int64_t size : tensor.getShape())
    value.dims.push_back(ShapedType::isDynamic(size) ? -1 : size);
  return value;
}

FailureOr<ModelSignature> assay::readSignature(ModuleOp module) {
  auto main = module.lookupSymbol<func::FuncOp>(host::mainName);
  if (!main)
    return module.emitError("no function @main");
  ModelSignature signature;
  for (auto [index, type] : llvm::enumerate(main.getArgumentTypes())) {
    auto value = describeValue(
        main, type, main.getArgAttrOfType<StringAttr>(index, "onnx.name"),
        "input" + Twine(index));
    if (failed(value))
      return failure();
    signature.inputs.push_back(*value);
  }
  for (auto [index, type] : llvm::enumerate(main.getResultTypes())) {
    auto value = describeValue(
        main, type, main.getResultAttrOfType<StringAttr>(index, "onnx.name"),
        "output" + Twine(index));
    if (failed(value))
      return failure();
    signature.outputs.push_back(*value);
  }
  return signature;
}

//===----------------------------------------------------------------------===//
// Stages
//===----------------------------------------------------------------------===//

static LogicalResult
runPipeline(ModuleOp module, llvm::function_ref<void(OpPassManager &)> build) {
  PassManager pm(module.getContext());
  build(pm);
  return pm.run(module);
}

LogicalResult assay::simplifyModule(ModuleOp module) {
  return runPipeline(module, buildSimplificationPipeline);
}

LogicalResult assay::outlineModule(ModuleOp module, bool releaseConstants) {
  return runPipeline(module, [&](OpPassManager &pm) {
    buildOutliningPipeline(pm, releaseConstants);
  });
}

static uint64_t getArenaBytes(ModuleOp module) {
  auto main = module.lookupSymbol<func::FuncOp>(host::mainName);
  for (unsigned i = 0; i < main.getNumArguments(); ++i)
    if (main.getArgAttr(i, host::arenaAttrName))
      return cast<MemRefType>(main.getArgumentTypes()[i]).getNumElements();
  return 0;
}

/// The host program as an LLVM module with the descriptor. `model` has its
/// signature and gets its arena and weights.
static FailureOr<std::unique_ptr<llvm::Module>>
lowerHost(ModuleOp module, llvm::ArrayRef<KernelLabel> kernels,
          const CompileOptions &options, llvm::LLVMContext &context,
          llvm::TargetMachine &machine, CompiledModel &model) {
  if (failed(runPipeline(module, buildHostPipeline)))
    return failure();
  model.arenaBytes = getArenaBytes(module);
  auto weights = WeightsBlob::collect(module, options.releaseConstants);
  if (failed(weights))
    return failure();
  model.weights = std::move(*weights);
  if (failed(runPipeline(module, buildHostLoweringPipeline)))
    return failure();
  auto translated = translateModule(module, context, "host", machine);
  if (!translated)
    return module.emitError(llvm::toString(translated.takeError()));
  addDescriptor(**translated,
                {model.signature, kernels, options.target.features,
                 model.arenaBytes, model.weights.getBytes()});
  optimizeModule(**translated, machine, std::min(options.level, 1u));
  return std::move(*translated);
}

static std::vector<KernelLabel> getLabels(llvm::ArrayRef<Kernel> kernels) {
  std::vector<KernelLabel> labels;
  for (const Kernel &kernel : kernels)
    labels.push_back({kernel.name, kernel.operators});
  return labels;
}

/// All of the way to outlined kernels, with the signature taken in between.
static FailureOr<std::vector<Kernel>>
lowerToKernels(ModuleOp module, const CompileOptions &options,
               ModelSignature &signature) {
  if (failed(simplifyModule(module)))
    return failure();
  auto read = readSignature(module);
  if (failed(read))
    return failure();
  signature = std::move(*read);
  if (failed(outlineModule(module, options.releaseConstants)))
    return failure();
  return extractKernels(module);
}

/// Whatever a model may do wrong is refused before code is generated.
static LogicalResult reportBug(ModuleOp module, const Twine &what) {
  return module.emitError(internalErrorPrefix) << what;
}

FailureOr<CompiledModel> assay::compileModule(ModuleOp module,
                                              const CompileOptions &options) {
  CompiledModel model;
  auto kernels = lowerToKernels(module, options, model.signature);
  if (failed(kernels))
    return failure();
  std::vector<KernelLabel> labels = getLabels(*kernels);

  // Code of the host program is small: -O1 is as fast and compiles sooner.
  unsigned hostLevel = std::min(options.level, 1u);
  auto machine = createTargetMachine(options.target, hostLevel);
  if (!machine)
    return module.emitError(llvm::toString(machine.takeError()));
  llvm::DefaultThreadPool pool(llvm::hardware_concurrency(options.threads));
  KernelCompiler compiler(options, pool);
  compiler.start(std::move(*kernels));

  llvm::LLVMContext context;
  auto host = lowerHost(module, labels, options, context, **machine, model);
  auto objects = compiler.finish();
  if (failed(host))
    return reportBug(module, "the host program does not compile");
  if (failed(objects))
    return reportBug(module, "a kernel does not compile");
  auto object = emitObject(**host, **machine);
  if (!object)
    return module.emitError(llvm::toString(object.takeError()));
  model.objects.push_back(llvm::MemoryBuffer::getMemBufferCopy(
      llvm::StringRef(object->data(), object->size()), "host"));
  llvm::move(*objects, std::back_inserter(model.objects));
  model.cachedKernels = compiler.countCached();
  return model;
}

FailureOr<std::string> assay::compileToLLVMText(ModuleOp module,
                                                const CompileOptions &options) {
  CompiledModel model;
  auto kernels = lowerToKernels(module, options, model.signature);
  if (failed(kernels))
    return failure();
  auto machine = createTargetMachine(options.target, options.level);
  if (!machine)
    return module.emitError(llvm::toString(machine.takeError()));
  llvm::LLVMContext context;
  std::string text;
  llvm::raw_string_ostream os(text);
  auto host = lowerHost(module, getLabels(*kernels), options, context,
                        **machine, model);
  if (failed(host))
    return failure();
  os << **host;
  for (const Kernel &kernel : *kernels) {
    auto lowered = lowerKernel(kernel, options, context, **machine);
    if (failed(lowered))
      return failure();
    os << '\n' << **lowered;
  }
  return text;
}
