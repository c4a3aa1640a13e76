//===- Normalization.cpp - Older forms of normalisation -------------------===//

#include "compiler/import/upgrade/Upgrade.h"

using namespace mlir;
using namespace assay;

/// BatchNormalization-7 can normalise each position on its own.
static LogicalResult dropSpatial(NodeForm &form) {
  if (form.takeInt("spatial", 1) != 1)
    return emitError(form.loc)
           << "has spatial = 0, which is not supported; only 1 is";
  return success();
}

/// BatchNormalization-6 says whether it is for training, as its outputs do.
static LogicalResult dropIsTest(NodeForm &form) {
  form.attributes.erase("is_test");
  return success();
}

/// Before opset 14 the training outputs differ; inference gives one.
static LogicalResult dropTrainingOutputs(NodeForm &form) {
  if (form.numResults > 1)
    return emitError(form.loc)
           << "lists the outputs of training, which are not supported before "
              "opset 14";
  return success();
}

/// [groups, channels per group] of input `x`, or null after an error.
static Value getGroupShape(NodeForm &form, Value x, int64_t groups) {
  auto type = dyn_cast<RankedTensorType>(x.getType());
  if (type && type.getRank() > 1 && !type.isDynamicDim(1)) {
    if (type.getDimSize(1) % groups == 0)
      return form.makeInts({groups, type.getDimSize(1) / groups});
    emitError(form.loc) << "cannot split " << type.getDimSize(1)
                        << " channels into " << groups << " equal groups";
    return {};
  }
  Value channels =
      form.build("Shape", {x},
                 {form.intAttribute("start", 1), form.intAttribute("end", 2)});
  if (!channels)
    return {};
  Value count = form.makeInts({groups});
  Value perGroup = form.build("Div", {channels, count});
  return perGroup ? form.build("Concat", {count, perGroup},
                               form.intAttribute("axis", 0))
                  : Value();
}

/// GroupNormalization-18 has a scale and a bias for each group, not channel.
static LogicalResult upgradeGroupNormalization(NodeForm &form) {
  auto groups =
      dyn_cast_or_null<IntegerAttr>(form.attributes.get("num_groups"));
  if (!groups || groups.getInt() <= 0 || form.inputs.size() != 3 ||
      llvm::is_contained(form.inputs, Value()))
    return emitError(form.loc)
           << "needs a positive num_groups and three inputs";
  Value shape = getGroupShape(form, form.inputs[0], groups.getInt());
  if (!shape)
    return failure();
  for (size_t position : {1, 2}) {
    Value column =
        form.build("Unsqueeze", {form.inputs[position], form.makeInts({1})});
    Value table = column ? form.build("Expand", {column, shape}) : Value();
    Value spread =
        table ? form.build("Reshape", {table, form.makeInts({-1})}) : Value();
    if (!spread)
      return failure();
    form.inputs[position] = spread;
  }
  return success();
}

ArrayRef<UpgradeRule> assay::getNormalizationUpgrades() {
  static constexpr UpgradeRule rules[] = {
      {"BatchNormalization", 7, dropIsTest},
      {"BatchNormalization", 9, dropSpatial},
      {"BatchNormalization", 14, dropTrainingOutputs},
      {"GroupNormalization", 21, upgradeGroupNormalization},
  };
  return rules;
}
