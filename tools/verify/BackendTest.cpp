//===- BackendTest.cpp - One test folder of the ONNX backend suite --------===//

#include "tools/verify/BackendTest.h"
#include "compiler/api/Executable.h"
#include "compiler/import/Import.h"
#include "compiler/import/TensorIO.h"
#include "dialects/onnx/OnnxDialect.h"
#include "dialects/onnx/reference/Interpreter.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include <cmath>

using namespace assay;
using namespace assay::tools;
using namespace mlir;
using onnx::Tensor;
using onnx::Tensors;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

//===----------------------------------------------------------------------===//
// Finding tests
//===----------------------------------------------------------------------===//

static void findBelow(StringRef folder, StringRef name,
                      std::vector<BackendTest> &tests) {
  if (fs::exists(folder + "/model.onnx")) {
    tests.push_back({name.str(), folder.str()});
    return;
  }
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; it != end && !error;
       it.increment(error)) {
    if (!fs::is_directory(it->path()))
      continue;
    StringRef child = path::filename(it->path());
    findBelow(it->path(),
              name.empty() ? child.str() : (name + "/" + child).str(), tests);
  }
}

std::vector<BackendTest> assay::tools::findBackendTests(StringRef root) {
  std::vector<BackendTest> tests;
  findBelow(root, "", tests);
  for (BackendTest &test : tests)
    if (test.name.empty())
      test.name = path::filename(root.rtrim('/'));
  llvm::sort(tests, [](const BackendTest &a, const BackendTest &b) {
    return a.name < b.name;
  });
  return tests;
}

//===----------------------------------------------------------------------===//
// Outcomes
//===----------------------------------------------------------------------===//

std::string TestOutcome::serialize() const {
  llvm::json::Object object{{"status", static_cast<int>(status)},
                            {"message", llvm::json::fixUTF8(message)},
                            {"operators", llvm::json::Array(operators)}};
  std::string text;
  llvm::raw_string_ostream(text) << llvm::json::Value(std::move(object));
  return text;
}

TestOutcome TestOutcome::deserialize(StringRef text) {
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(text);
  const llvm::json::Object *object = value ? value->getAsObject() : nullptr;
  if (!object) {
    llvm::consumeError(value.takeError());
    return {Failed, "gave no outcome", {}};
  }
  TestOutcome outcome;
  outcome.status =
      static_cast<Status>(object->getInteger("status").value_or(Failed));
  outcome.message = object->getString("message").value_or("").str();
  if (const llvm::json::Array *names = object->getArray("operators"))
    for (const llvm::json::Value &name : *names)
      outcome.operators.push_back(name.getAsString().value_or("").str());
  return outcome;
}

static TestOutcome fail(const Twine &message) {
  return {TestOutcome::Failed, message.str(), {}};
}

/// The list of an import error: "  Loop (opset 13): 1 node: 'l'" a line.
static void collectListed(StringRef message, std::vector<std::string> &names) {
  SmallVector<StringRef> lines;
  message.split(lines, '\n');
  for (StringRef line : lines)
    if (line.consume_front("  "))
      names.push_back(line.split(" (").first.str());
}

std::vector<std::string>
assay::tools::getUnsupportedOperators(StringRef message) {
  std::vector<std::string> names;
  if (message.contains("not supported:\n"))
    collectListed(message, names);
  // "operator Det has no reference evaluation"
  StringRef before = message.split(" has no reference evaluation").first;
  if (before.size() != message.size())
    names.push_back(before.rsplit("operator ").second.str());
  // "unsupported operators: Det, Unique" of the lowering.
  if (StringRef listed = message.split("unsupported operators: ").second;
      !listed.empty()) {
    SmallVector<StringRef> parts;
    listed.split('\n').first.split(parts, ", ");
    names.insert(names.end(), parts.begin(), parts.end());
  }
  if (message.contains("is no tensor;"))
    names.push_back("(values that are no tensors)");
  if (message.contains("string tensor") || message.contains("!onnx.string"))
    names.push_back("(string tensors)");
  if (message.contains("; opsets ") && message.contains(" are accepted"))
    names.push_back("(opset not accepted)");
  return names;
}

/// An error from import or compilation: skipped when it is about what Assay
/// lacks.
static TestOutcome refuse(const std::string &message) {
  std::vector<std::string> operators = getUnsupportedOperators(message);
  if (operators.empty())
    return fail(message);
  return {TestOutcome::Skipped, message, std::move(operators)};
}

//===----------------------------------------------------------------------===//
// Running
//===----------------------------------------------------------------------===//

/// Reads PREFIX0.pb, PREFIX1.pb, ... up to the first that is missing.
static FailureOr<Tensors> readTensors(MLIRContext *context,
                                      const Twine &prefix) {
  Tensors tensors;
  while (true) {
    std::string file = (prefix + Twine(tensors.size()) + ".pb").str();
    if (!fs::exists(file))
      return tensors;
    FailureOr<Tensor> tensor = readTensorFile(context, file);
    if (failed(tensor))
      return failure();
    tensors.push_back(std::move(*tensor));
  }
}

/// ONNX's generator wrote bfloat16 data as uint16, for want of a NumPy type;
/// gives such a tensor the type that the model declares.
static void restoreBFloat16(Tensor &tensor, Type declared) {
  auto type = dyn_cast<TensorType>(declared);
  if (type && type.getElementType().isBF16() &&
      tensor.getElementType().isUnsignedInteger(16))
    tensor = Tensor::borrow(type.getElementType(), tensor.getShape(),
                            tensor.getData(), std::make_shared<Tensor>(tensor));
}

static void restoreBFloat16(Tensors &tensors, TypeRange declared) {
  for (auto [tensor, type] : llvm::zip(tensors, declared))
    restoreBFloat16(tensor, type);
}

/// Whether the model's declared types allow these tensors.
static bool fits(ArrayRef<Tensor> tensors, TypeRange declared) {
  return llvm::all_of(llvm::zip(tensors, declared), [](auto pair) {
    auto [tensor, type] = pair;
    return cast<TensorType>(type).getElementType() == tensor.getElementType() &&
           succeeded(verifyCompatibleShape(tensor.getType(), type));
  });
}

namespace {
/// A model ready to run, compiled or to be interpreted.
class Model {
public:
  /// Fails after diagnostics.
  static FailureOr<Model> load(MLIRContext *context, StringRef path,
                               bool reference) {
    FailureOr<OwningOpRef<ModuleOp>> module = importModel(context, path);
    if (failed(module))
      return failure();
    Model model;
    auto function = (*module)->lookupSymbol<func::FuncOp>("main");
    llvm::append_range(model.inputTypes, function.getArgumentTypes());
    llvm::append_range(model.outputTypes, function.getResultTypes());
    model.module = std::move(*module);
    if (reference)
      return model;
    llvm::Expected<ExecutableOptions> options = getDefaultOptions();
    if (!options)
      return emitError(UnknownLoc::get(context))
             << toString(options.takeError());
    // Every test compiles other kernels, once.
    options->compile.cacheFolder.clear();
    options->compile.threads = 1;
    auto executable = Executable::compile(*model.module, *options);
    if (failed(executable))
      return failure();
    model.executable = std::move(*executable);
    return model;
  }

  ArrayRef<Type> getInputTypes() const { return inputTypes; }
  ArrayRef<Type> getOutputTypes() const { return outputTypes; }

  /// Fails after diagnostics.
  FailureOr<Tensors> run(ArrayRef<Tensor> inputs) {
    if (!executable)
      return interpret(module->lookupSymbol<func::FuncOp>("main"), inputs);
    llvm::Expected<std::vector<Tensor>> outputs = executable->run(inputs);
    if (!outputs)
      return module->emitError() << toString(outputs.takeError());
    return Tensors(outputs->begin(), outputs->end());
  }

private:
  OwningOpRef<ModuleOp> module;
  std::unique_ptr<Executable> executable;
  SmallVector<Type> inputTypes;
  SmallVector<Type> outputTypes;
};
} // namespace

/// `relative`, but at least the distance of neighbours in a narrow float type:
/// rounding may go either way.
static double getTolerance(Type type, double relative) {
  if (!isa<Float16Type, BFloat16Type>(type))
    return relative;
  const llvm::fltSemantics &semantics =
      cast<FloatType>(type).getFloatSemantics();
  int fraction = static_cast<int>(APFloat::semanticsPrecision(semantics)) - 1;
  return std::max(relative, std::ldexp(1.0, -fraction));
}

/// The difference of the outputs, or an empty string.
static std::string compare(ArrayRef<Tensor> actual, ArrayRef<Tensor> expected,
                           const VerifyOptions &options) {
  if (expected.size() > actual.size())
    return ("the data has " + Twine(expected.size()) +
            " outputs, but the model gives " + Twine(actual.size()))
        .str();
  for (auto [index, tensor] : llvm::enumerate(expected)) {
    std::optional<std::string> mismatch =
        findMismatch(actual[index], tensor,
                     getTolerance(tensor.getElementType(), options.relative),
                     options.absolute);
    if (!mismatch)
      continue;
    return ("output " + Twine(index) + ": " + *mismatch).str();
  }
  return "";
}

TestOutcome assay::tools::runBackendTest(const BackendTest &test,
                                         const VerifyOptions &options) {
  MLIRContext context(MLIRContext::Threading::DISABLED);
  context.printOpOnDiagnostic(false);
  prepareContext(context);
  std::string errors;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() != DiagnosticSeverity::Error)
      return;
    errors += (errors.empty() ? "" : "\n") + formatDiagnostic(diagnostic);
    for (Diagnostic &note : diagnostic.getNotes())
      errors += "\n" + formatDiagnostic(note);
  });
  FailureOr<Model> model =
      Model::load(&context, test.folder + "/model.onnx", options.reference);
  if (failed(model))
    return refuse(errors);

  int sets = 0;
  for (;; ++sets) {
    std::string folder = test.folder + "/test_data_set_" + std::to_string(sets);
    if (!fs::is_directory(folder))
      break;
    FailureOr<Tensors> inputs = readTensors(&context, folder + "/input_");
    FailureOr<Tensors> expected = readTensors(&context, folder + "/output_");
    if (failed(inputs) || failed(expected))
      return refuse(errors);
    restoreBFloat16(*inputs, model->getInputTypes());
    restoreBFloat16(*expected, model->getOutputTypes());
    if (inputs->size() != model->getInputTypes().size())
      return fail("the data has " + Twine(inputs->size()) +
                  " inputs, but the model takes " +
                  Twine(model->getInputTypes().size()));
    if (!fits(*inputs, model->getInputTypes()))
      return {TestOutcome::Skipped,
              "the inputs are not of the types that the model declares",
              {"(data that contradicts the model)"}};
    FailureOr<Tensors> actual = model->run(*inputs);
    if (failed(actual))
      return refuse(errors);
    std::string difference = compare(*actual, *expected, options);
    if (!difference.empty())
      return fail("data set " + Twine(sets) + ", " + difference);
  }
  return sets ? TestOutcome() : fail("has no test_data_set_0");
}
