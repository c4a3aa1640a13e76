//===- Movement.cpp - Older forms of data movement ------------------------===//

#include "compiler/import/upgrade/Upgrade.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace assay;

/// Pad-2 has pads and value as attributes.
static LogicalResult upgradePad(NodeForm &form) {
  if (!form.attributes.get("pads"))
    return emitError(form.loc) << "lacks its required attribute 'pads'";
  form.moveIntsToInput("pads", 1);
  auto value = form.take<FloatAttr>("value");
  if (!value || !form.getInput(0))
    return success();
  Type elementType = getElementTypeOrSelf(form.getInput(0).getType());
  if (!isa<FloatType>(elementType))
    return emitError(form.loc) << "takes floats before opset 11";
  form.setInput(2, form.makeScalar(elementType, value.getValueAsDouble()));
  return success();
}

/// Scatter became ScatterElements.
static LogicalResult renameScatter(NodeForm &form) {
  form.name = "ScatterElements";
  return success();
}

/// Slice-1 has starts, ends and axes as attributes.
static LogicalResult upgradeSlice(NodeForm &form) {
  for (StringRef name : {"starts", "ends"})
    if (!form.attributes.get(name))
      return emitError(form.loc)
             << "lacks its required attribute '" << name << "'";
  form.moveIntsToInput("starts", 1);
  form.moveIntsToInput("ends", 2);
  form.moveIntsToInput("axes", 3);
  return success();
}

static LogicalResult moveSplit(NodeForm &form) {
  form.moveIntsToInput("split", 1);
  return success();
}

/// Split-13 takes the number of equal parts from its outputs.
static LogicalResult countSplit(NodeForm &form) {
  if (!form.getInput(1))
    form.attributes.set("num_outputs",
                        form.builder.getI64IntegerAttr(form.numResults));
  return success();
}

static LogicalResult moveAxes(NodeForm &form) {
  form.moveIntsToInput("axes", 1);
  return success();
}

ArrayRef<UpgradeRule> assay::getMovementUpgrades() {
  static constexpr UpgradeRule rules[] = {
      {"Pad", 11, upgradePad},     {"Scatter", 11, renameScatter},
      {"Slice", 10, upgradeSlice}, {"Split", 13, moveSplit},
      {"Split", 18, countSplit},   {"Squeeze", 13, moveAxes},
      {"Unsqueeze", 13, moveAxes},
  };
  return rules;
}
