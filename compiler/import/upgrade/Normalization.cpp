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

/// `scale` or `bias` of [groups] spread to [channels].
static Value spreadOverChannels(NodeForm &form, Value parameter, Value channels,
                                int64_t groups) {
  Value count = form.makeInts({groups});
  Value column = form.build("Unsqueeze", {parameter, form.makeInts({1})});
  Value perGroup = form.build("Div", {channels, count});
  if (!column || !perGroup)
    return {};
  Value shape =
      form.build("Concat", {count, perGroup}, form.intAttribute("axis", 0));
  if (!shape)
    return {};
  Value table = form.build("Expand", {column, shape});
  return table ? form.build("Reshape", {table, form.makeInts({-1})}) : Value();
}

/// GroupNormalization-18 has a scale and a bias for each group, not channel.
static LogicalResult upgradeGroupNormalization(NodeForm &form) {
  auto groups =
      dyn_cast_or_null<IntegerAttr>(form.attributes.get("num_groups"));
  if (!groups || groups.getInt() <= 0 || form.inputs.size() != 3 ||
      llvm::is_contained(form.inputs, Value()))
    return emitError(form.loc)
           << "needs a positive num_groups and three inputs";
  auto type = dyn_cast<RankedTensorType>(form.inputs[0].getType());
  Value channels;
  if (type && type.getRank() > 1 && !type.isDynamicDim(1))
    channels = form.makeInts({type.getDimSize(1)});
  else
    channels = form.build(
        "Shape", {form.inputs[0]},
        {form.intAttribute("start", 1), form.intAttribute("end", 2)});
  if (!channels)
    return failure();
  for (size_t position : {1, 2}) {
    Value spread = spreadOverChannels(form, form.inputs[position], channels,
                                      groups.getInt());
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
