//===- Models.cpp - Loading models for subcommands ------------------------===//

#include "tools/assay/Models.h"
#include "compiler/api/Npy.h"
#include "compiler/codegen/KernelCache.h"
#include "compiler/import/Import.h"
#include "compiler/import/TensorIO.h"
#include "tools/assay/Command.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;
using namespace assay;
using namespace assay::tools;
using assay::onnx::Tensor;

void ModelContext::print(Diagnostic &diagnostic) {
  if (diagnostic.getSeverity() != DiagnosticSeverity::Error)
    return;
  if (StringRef(diagnostic.str()).starts_with(internalErrorPrefix))
    failure = ExitBug;
  printError(formatDiagnostic(diagnostic));
  for (Diagnostic &note : diagnostic.getNotes())
    llvm::errs() << "  note: " << formatDiagnostic(note) << '\n';
}

ModelContext::ModelContext()
    : handler(&context, [this](Diagnostic &diagnostic) { print(diagnostic); }) {
  prepareContext(context);
  context.printOpOnDiagnostic(false);
}

std::optional<ExecutableOptions> assay::tools::makeOptions(StringRef target,
                                                           unsigned level) {
  auto resolved = resolveTarget(target);
  if (!resolved) {
    printError(llvm::toString(resolved.takeError()));
    return std::nullopt;
  }
  ExecutableOptions options;
  options.compile.target = std::move(*resolved);
  options.compile.level = level;
  options.compile.cacheFolder = KernelCache::getDefaultFolder();
  return options;
}

/// "NAME=2x3x224" to a name and sizes; a scalar has none after the sign.
static bool parseShape(StringRef text, StringRef &name,
                       SmallVectorImpl<int64_t> &dims) {
  // Names may contain the sign; shapes don't.
  auto [left, right] = text.rsplit('=');
  name = left;
  if (!text.contains('='))
    return false;
  SmallVector<StringRef> sizes;
  right.split(sizes, 'x', /*MaxSplit=*/-1, /*KeepEmpty=*/!right.empty());
  for (StringRef size : sizes) {
    int64_t value;
    if (size.getAsInteger(10, value) || value < 0)
      return false;
    dims.push_back(value);
  }
  return true;
}

static bool fits(ArrayRef<int64_t> dims, ArrayRef<int64_t> declared) {
  return dims.size() == declared.size() &&
         llvm::all_of(llvm::zip(dims, declared), [](auto pair) {
           auto [size, wanted] = pair;
           return wanted < 0 || size == wanted;
         });
}

static std::string formatShape(ArrayRef<int64_t> dims) {
  std::string text;
  for (int64_t size : dims)
    text += (text.empty() ? "" : "x") +
            (size < 0 ? std::string("?") : std::to_string(size));
  return text;
}

/// The shapes of all inputs; prints an error for entries that fit none.
static std::optional<std::vector<SmallVector<int64_t>>>
chooseShapes(const ModelSignature &signature, ArrayRef<std::string> entries) {
  llvm::StringMap<SmallVector<int64_t>> given;
  for (StringRef entry : entries) {
    StringRef name;
    SmallVector<int64_t> dims;
    if (!parseShape(entry, name, dims)) {
      printError("--shape " + entry + ": expected NAME=2x3x224");
      return std::nullopt;
    }
    given[name] = dims;
  }
  std::vector<SmallVector<int64_t>> shapes;
  for (const ValueSignature &input : signature.inputs) {
    SmallVector<int64_t> dims = input.dims;
    if (auto entry = given.find(input.name); entry != given.end()) {
      if (!fits(entry->second, input.dims)) {
        printError("--shape " + input.name + "=" + formatShape(entry->second) +
                   ": the model takes " + formatShape(input.dims));
        return std::nullopt;
      }
      dims = entry->second;
      given.erase(entry);
    }
    for (int64_t &size : dims)
      size = size < 0 ? 1 : size;
    shapes.push_back(dims);
  }
  if (!given.empty()) {
    printError("--shape: the model has no input '" + given.begin()->first() +
               "'");
    return std::nullopt;
  }
  return shapes;
}

static std::optional<std::vector<Tensor>>
makeRandomInputs(MLIRContext *context, const ModelSignature &signature,
                 ArrayRef<std::string> entries, uint64_t seed) {
  auto shapes = chooseShapes(signature, entries);
  if (!shapes)
    return std::nullopt;
  std::vector<Tensor> tensors;
  for (auto [input, dims] : llvm::zip(signature.inputs, *shapes)) {
    Type type = fromRuntimeType(context, input.type);
    if (!onnx::checkSize(type, dims)) {
      printError("input " + input.name + " of shape " + formatShape(dims) +
                 " is too large");
      return std::nullopt;
    }
    Tensor tensor(type, dims);
    onnx::fillRandom(tensor, seed++);
    tensors.push_back(std::move(tensor));
  }
  return tensors;
}

/// Replaces random inputs by those of the files. False after an error.
static bool readInputs(MLIRContext *context, const ModelSignature &signature,
                       ArrayRef<std::string> files,
                       std::vector<Tensor> &tensors) {
  for (StringRef entry : files) {
    // Names may contain the sign.
    StringRef name, file;
    std::tie(name, file) = entry.rsplit('=');
    if (file.empty()) {
      printError("--input " + entry +
                 ": expected NAME=FILE.npy or NAME=FILE.pb");
      return false;
    }
    auto input = llvm::find_if(signature.inputs, [&](const auto &value) {
      return value.name == name;
    });
    if (input == signature.inputs.end()) {
      printError("--input " + entry + ": the model has no input '" + name +
                 "'; it has " +
                 llvm::join(llvm::map_range(
                                signature.inputs,
                                [](const auto &value) { return value.name; }),
                            ", "));
      return false;
    }
    auto tensor = file.ends_with(".pb") ? readTensorFile(context, file)
                                        : readNpy(context, file);
    if (failed(tensor))
      return false;
    tensors[input - signature.inputs.begin()] = *tensor;
  }
  return true;
}

std::optional<std::vector<Tensor>>
assay::tools::makeInputs(MLIRContext *context, const ModelSignature &signature,
                         ArrayRef<std::string> files,
                         ArrayRef<std::string> shapes, uint64_t seed) {
  auto tensors = makeRandomInputs(context, signature, shapes, seed);
  if (!tensors || !readInputs(context, signature, files, *tensors))
    return std::nullopt;
  return tensors;
}
