//===- RecurrentCell.cpp - Attributes of RNN, GRU and LSTM ----------------===//

#include "dialects/onnx/RecurrentCell.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace assay::onnx;

namespace {
/// An activation function's name, and the defaults of the parameters it takes.
struct ActivationInfo {
  StringRef name;
  CellActivation::Kind kind;
  std::optional<float> alpha, beta;
};
} // namespace

static constexpr std::nullopt_t kNone = std::nullopt;
static const ActivationInfo kActivations[] = {
    {"Affine", CellActivation::Affine, 1.0f, 0.0f},
    {"Elu", CellActivation::Elu, 1.0f, kNone},
    {"HardSigmoid", CellActivation::HardSigmoid, 0.2f, 0.5f},
    {"LeakyRelu", CellActivation::LeakyRelu, 0.01f, kNone},
    {"Relu", CellActivation::Relu, kNone, kNone},
    {"ScaledTanh", CellActivation::ScaledTanh, 1.0f, 1.0f},
    {"Sigmoid", CellActivation::Sigmoid, kNone, kNone},
    {"Softplus", CellActivation::Softplus, kNone, kNone},
    {"Softsign", CellActivation::Softsign, kNone, kNone},
    {"Tanh", CellActivation::Tanh, kNone, kNone},
    {"ThresholdedRelu", CellActivation::ThresholdedRelu, 1.0f, kNone},
};

/// The cell's default activation functions, one direction.
static SmallVector<StringRef> getDefaultActivations(StringRef name) {
  if (name == "LSTM")
    return {"Sigmoid", "Tanh", "Tanh"};
  if (name == "GRU")
    return {"Sigmoid", "Tanh"};
  return {"Tanh"};
}

/// Resolves `names`; alpha and beta values go to the functions that take them,
/// in order, and defaults to those left over.
static LogicalResult readActivations(OnnxOp op, ArrayRef<StringRef> names,
                                     RecurrentCell &cell) {
  ArrayRef<float> alphas, betas;
  if (auto values = op->getAttrOfType<DenseF32ArrayAttr>("activation_alpha"))
    alphas = values.asArrayRef();
  if (auto values = op->getAttrOfType<DenseF32ArrayAttr>("activation_beta"))
    betas = values.asArrayRef();
  auto take = [](ArrayRef<float> &values, std::optional<float> preset) {
    if (!preset || values.empty())
      return preset.value_or(0);
    float value = values.front();
    values = values.drop_front();
    return value;
  };
  for (StringRef name : names) {
    const auto *info = llvm::find_if(kActivations, [&](const auto &candidate) {
      return name.equals_insensitive(candidate.name);
    });
    if (info == std::end(kActivations)) {
      InFlightDiagnostic diagnostic = op->emitOpError()
                                      << "activation function '" << name
                                      << "' is unknown; accepted are";
      for (const ActivationInfo &known : kActivations)
        diagnostic << ' ' << known.name;
      return diagnostic;
    }
    float alpha = take(alphas, info->alpha);
    float beta = take(betas, info->beta);
    cell.activations.push_back({info->kind, alpha, beta});
  }
  return success();
}

FailureOr<RecurrentCell> RecurrentCell::get(OnnxOp op) {
  RecurrentCell cell;
  StringRef name = op.getOnnxName();
  cell.numGates = name == "LSTM" ? 4 : name == "GRU" ? 3 : 1;
  SmallVector<StringRef> oneDirection = getDefaultActivations(name);
  cell.numActivations = oneDirection.size();

  StringRef direction = "forward";
  if (auto attribute = op->getAttrOfType<StringAttr>("direction"))
    direction = attribute.getValue();
  if (direction == "forward")
    cell.reversed = {false};
  else if (direction == "reverse")
    cell.reversed = {true};
  else if (direction == "bidirectional")
    cell.reversed = {false, true};
  else
    return op->emitOpError() << "direction is '" << direction
                             << "', but forward, reverse or bidirectional is "
                                "expected";

  SmallVector<StringRef> names;
  if (auto attribute = op->getAttrOfType<ArrayAttr>("activations"))
    for (Attribute function : attribute)
      names.push_back(cast<StringAttr>(function).getValue());
  if (names.empty())
    for (unsigned i = 0; i < cell.numDirections(); ++i)
      names.append(oneDirection);
  unsigned expected = cell.numActivations * cell.numDirections();
  if (names.size() != expected)
    return op->emitOpError()
           << "activations has " << names.size() << " functions, but "
           << expected << " are expected";
  if (failed(readActivations(op, names, cell)))
    return failure();

  if (auto clip = op->getAttrOfType<FloatAttr>("clip"))
    if (clip.getValueAsDouble() > 0)
      cell.clip = clip.getValueAsDouble();
  if (auto layout = op->getAttrOfType<IntegerAttr>("layout")) {
    if (layout.getInt() != 0 && layout.getInt() != 1)
      return op->emitOpError()
             << "layout is " << layout.getInt() << ", but 0 or 1 is expected";
    cell.batchFirst = layout.getInt() == 1;
  }
  return cell;
}
