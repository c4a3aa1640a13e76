//===- SurrogateSession.cpp - The surrogate, compiled ---------------------===//

#include "search/prediction/SurrogateSession.h"
#include "predictor/features/Features.h"
#include "predictor/text/CanonicalOrder.h"
#include "search/prediction/NetworkReader.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"

using namespace mlir;
using namespace assay;
using namespace assay::search;
using assay::onnx::Tensor;
using predictor::Estimate;

/// Features to scores and distance, as buildSurrogateModule makes them.
static bool isSurrogate(const ModelSignature &signature) {
  auto isFloat = [](const ValueSignature &value, ArrayRef<int64_t> dims) {
    return value.type == ASSAY_FLOAT && value.dims.size() == dims.size() &&
           llvm::all_of(llvm::zip(value.dims, dims), [](auto pair) {
             auto [size, wanted] = pair;
             return size < 0 || wanted < 0 || size == wanted;
           });
  };
  return signature.inputs.size() == 1 && signature.outputs.size() == 2 &&
         isFloat(signature.inputs[0], {-1, predictor::kNumFeatures}) &&
         isFloat(signature.outputs[0], {-1, -1}) &&
         isFloat(signature.outputs[1], {-1});
}

/// What tells one surrogate from another that was given no version.
static std::string hashFile(StringRef path) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  return buffer ? predictor::hashText((*buffer)->getBuffer()).substr(0, 16)
                : "unknown";
}

llvm::Expected<std::unique_ptr<SurrogateSession>>
SurrogateSession::load(StringRef path) {
  llvm::Expected<ExecutableOptions> options = getDefaultOptions();
  if (!options)
    return options.takeError();
  auto session = std::make_unique<SurrogateSession>();
  MLIRContext *context = &session->context;
  prepareContext(*context);
  context->printOpOnDiagnostic(false);
  DiagnosticCollector errors(context);
  auto module = loadModule(context, path);
  if (failed(module))
    return errors.takeError();
  auto metadata = predictor::readSurrogateMetadata(**module);
  if (failed(metadata))
    return errors.takeError();
  std::tie(session->version, session->calibration) = std::move(*metadata);
  if (session->version.empty())
    session->version = hashFile(path);
  auto executable = Executable::compile(**module, *options);
  if (failed(executable))
    return errors.takeError();
  session->executable = std::move(*executable);
  if (!isSurrogate(session->executable->getSignature()))
    return llvm::createStringError(
        "%s: is no surrogate of this version: it must turn %u features into "
        "scores and a distance",
        path.str().c_str(), predictor::kNumFeatures);
  return session;
}

llvm::Expected<std::vector<Estimate>>
SurrogateSession::estimate(llvm::ArrayRef<std::vector<float>> features) {
  std::vector<Estimate> estimates;
  if (features.empty())
    return estimates;
  Tensor input(Float32Type::get(&context),
               {static_cast<int64_t>(features.size()),
                static_cast<int64_t>(predictor::kNumFeatures)});
  char *row = input.getMutableData().data();
  for (const std::vector<float> &vector : features) {
    assert(vector.size() == predictor::kNumFeatures);
    std::memcpy(row, vector.data(), vector.size() * sizeof(float));
    row += vector.size() * sizeof(float);
  }
  llvm::Expected<std::vector<Tensor>> outputs = executable->run(input);
  if (!outputs)
    return outputs.takeError();
  size_t members = (*outputs)[0].getDim(1);
  auto *scores =
      reinterpret_cast<const float *>((*outputs)[0].getData().data());
  auto *distances =
      reinterpret_cast<const float *>((*outputs)[1].getData().data());
  for (size_t i = 0; i < features.size(); ++i)
    estimates.push_back(predictor::estimate(
        calibration, {scores + i * members, members}, distances[i]));
  return estimates;
}

std::string assay::search::defaultSurrogatePath(StringRef dataset) {
  if (auto path = llvm::sys::Process::GetEnv("ASSAY_SURROGATE"))
    return *path;
  std::string program = llvm::sys::fs::getMainExecutable(
      nullptr, reinterpret_cast<void *>(&defaultSurrogatePath));
  llvm::SmallString<128> installed(llvm::sys::path::parent_path(program));
  llvm::sys::path::append(installed, "..", "share", "assay", "surrogates");
  for (StringRef folder : {StringRef(installed), StringRef(ASSAY_SURROGATES)}) {
    llvm::SmallString<128> path(folder);
    llvm::sys::path::append(path, dataset + ".onnx");
    if (llvm::sys::fs::exists(path))
      return std::string(path);
  }
  return "";
}
