//===- Executable.cpp - Models that run in this process -------------------===//

#include "compiler/api/Executable.h"
#include "compiler/codegen/KernelCache.h"
#include "compiler/import/Import.h"
#include "mlir/Parser/Parser.h"
#include <cstring>

using namespace mlir;
using namespace assay;
using assay::onnx::Tensor;

llvm::Expected<ExecutableOptions> assay::getDefaultOptions() {
  auto target = resolveTarget("native");
  if (!target)
    return target.takeError();
  ExecutableOptions options;
  options.compile.target = std::move(*target);
  options.compile.cacheFolder = KernelCache::getDefaultFolder();
  return options;
}

void assay::prepareContext(MLIRContext &context) {
  DialectRegistry registry;
  registerCompilerDialects(registry);
  context.appendDialectRegistry(registry);
  context.loadAllAvailableDialects();
}

FailureOr<OwningOpRef<ModuleOp>> assay::loadModule(MLIRContext *context,
                                                   StringRef path) {
  if (!path.ends_with(".mlir"))
    return importModel(context, path);
  OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(path, context);
  if (!module)
    return failure();
  return module;
}

Executable::~Executable() {
  assay_session_destroy(session);
  assay_model_close(model);
}

static void readValues(const assay_value_info *values, uint32_t count,
                       std::vector<ValueSignature> &signatures) {
  for (uint32_t i = 0; i < count; ++i)
    signatures.push_back({values[i].name,
                          static_cast<assay_type>(values[i].type),
                          {values[i].dims, values[i].dims + values[i].rank}});
}

llvm::Error Executable::createSession(int threads) {
  if (model)
    session = assay_session_create(model, threads);
  if (!session)
    return llvm::createStringError(assay_error());
  const assay_model_descriptor *descriptor = assay_model_describe(model);
  readValues(descriptor->inputs, descriptor->input_count, signature.inputs);
  readValues(descriptor->outputs, descriptor->output_count, signature.outputs);
  return llvm::Error::success();
}

FailureOr<std::unique_ptr<Executable>>
Executable::load(MLIRContext *context, StringRef path,
                 const ExecutableOptions &options) {
  if (!path.ends_with(".so")) {
    auto module = loadModule(context, path);
    if (failed(module))
      return failure();
    ExecutableOptions own = options;
    own.compile.releaseConstants = true;
    return compile(**module, own);
  }
  std::unique_ptr<Executable> executable(new Executable(context));
  executable->model = assay_model_open(path.str().c_str());
  if (llvm::Error error = executable->createSession(options.threads))
    return emitError(FileLineColLoc::get(context, path, 0, 0))
           << llvm::toString(std::move(error));
  return executable;
}

FailureOr<std::unique_ptr<Executable>>
Executable::compile(ModuleOp module, const ExecutableOptions &options) {
  auto compiled = compileModule(module, options.compile);
  if (failed(compiled))
    return failure();
  return link(module, *compiled, options.threads);
}

FailureOr<std::unique_ptr<Executable>>
Executable::link(ModuleOp module, const CompiledModel &compiled, int threads) {
  auto jit = Jit::load(compiled.getObjects(), compiled.weights);
  if (!jit)
    return module.emitError(llvm::toString(jit.takeError()));
  std::unique_ptr<Executable> executable(new Executable(module.getContext()));
  executable->jit = std::move(*jit);
  executable->model = assay_model_create(executable->jit->getDescriptor());
  if (llvm::Error error = executable->createSession(threads))
    return module.emitError(llvm::toString(std::move(error)));
  return executable;
}

llvm::Expected<std::vector<Tensor>>
Executable::run(llvm::ArrayRef<Tensor> inputs) {
  std::vector<assay_tensor> arguments(inputs.size());
  for (auto [tensor, argument] : llvm::zip(inputs, arguments))
    argument = {const_cast<char *>(tensor.getData().data()),
                tensor.getData().size(), toRuntimeType(tensor.getElementType()),
                static_cast<int32_t>(tensor.getRank()),
                tensor.getShape().data()};
  std::vector<assay_tensor> results(signature.outputs.size());
  if (assay_session_run(session, arguments.data(), arguments.size(),
                        results.data(), results.size()) != 0)
    return llvm::createStringError(assay_error());
  std::vector<Tensor> outputs;
  for (const assay_tensor &result : results) {
    Type type = fromRuntimeType(context, result.type);
    Tensor output(type, {result.dims, static_cast<size_t>(result.rank)});
    std::memcpy(output.getMutableData().data(), result.data, result.bytes);
    outputs.push_back(std::move(output));
  }
  return outputs;
}
