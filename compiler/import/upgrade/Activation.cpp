//===- Activation.cpp - Older forms of activations ------------------------===//

#include "compiler/import/upgrade/Upgrade.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace assay;

/// Clip-6 has its bounds as attributes.
static LogicalResult upgradeClip(NodeForm &form) {
  auto min = form.take<FloatAttr>("min");
  auto max = form.take<FloatAttr>("max");
  Value input = form.getInput(0);
  if (!input)
    return success();
  Type elementType = getElementTypeOrSelf(input.getType());
  if (!isa<FloatType>(elementType))
    return emitError(form.loc) << "takes floats before opset 11";
  if (min)
    form.setInput(1, form.makeScalar(elementType, min.getValueAsDouble()));
  if (max)
    form.setInput(2, form.makeScalar(elementType, max.getValueAsDouble()));
  return success();
}

/// Dropout-7 has the ratio as an attribute, and before opset 10 its mask has
/// the type of the data.
static LogicalResult upgradeDropout(NodeForm &form) {
  form.attributes.erase("is_test"); // Before opset 7.
  auto ratio = form.take<FloatAttr>("ratio");
  if (ratio)
    form.setInput(1, form.makeScalar(form.builder.getF32Type(),
                                     ratio.getValueAsDouble()));
  if (form.opset >= 10 || form.numResults < 2 || !form.getInput(0))
    return success();
  Type dataType = getElementTypeOrSelf(form.getInput(0).getType());
  SmallVector<Value> results =
      form.buildAll("Dropout", form.inputs, form.attributes.getAttrs());
  if (results.empty())
    return failure();
  Value mask =
      form.build("Cast", {results[1]},
                 form.builder.getNamedAttr("to", TypeAttr::get(dataType)));
  if (!mask)
    return failure();
  form.results = {results[0], mask};
  return success();
}

/// Before opset 13 the normalised dimensions are all from `axis` on, taken as
/// one.
static LogicalResult upgradeSoftmax(NodeForm &form) {
  int64_t axis = form.takeInt("axis", 1);
  Value input = form.getInput(0);
  if (!input)
    return success();
  auto type = dyn_cast<RankedTensorType>(input.getType());
  if (type && (axis == type.getRank() - 1 || axis == -1)) {
    form.attributes.set("axis", form.builder.getI64IntegerAttr(-1));
    return success();
  }
  Value flat = form.build("Flatten", {input}, form.intAttribute("axis", axis));
  if (!flat)
    return failure();
  Value soft = form.build(form.name, {flat}, form.intAttribute("axis", 1));
  Value shape = type && type.hasStaticShape() ? form.makeInts(type.getShape())
                                              : form.build("Shape", {input});
  if (!soft || !shape)
    return failure();
  // With allowzero a dimension of 0 is one, and no reference to the input's.
  Value result =
      form.build("Reshape", {soft, shape}, form.intAttribute("allowzero", 1));
  if (!result)
    return failure();
  form.results = {result};
  return success();
}

ArrayRef<UpgradeRule> assay::getActivationUpgrades() {
  static constexpr UpgradeRule rules[] = {
      {"Clip", 11, upgradeClip},       {"Dropout", 12, upgradeDropout},
      {"Hardmax", 13, upgradeSoftmax}, {"LogSoftmax", 13, upgradeSoftmax},
      {"Softmax", 13, upgradeSoftmax},
  };
  return rules;
}
