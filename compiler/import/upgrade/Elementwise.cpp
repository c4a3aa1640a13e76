//===- Elementwise.cpp - Older forms of binary operators ------------------===//

#include "compiler/import/upgrade/Upgrade.h"

using namespace mlir;
using namespace assay;

/// Input `position` with `count` dimensions of size 1 added at its end.
static LogicalResult padShape(NodeForm &form, size_t position, int64_t count) {
  if (count <= 0)
    return success();
  auto type = cast<RankedTensorType>(form.inputs[position].getType());
  SmallVector<int64_t> axes;
  for (int64_t i = 0; i < count; ++i)
    axes.push_back(type.getRank() + i);
  form.inputs[position] =
      form.build("Unsqueeze", {form.inputs[position], form.makeInts(axes)});
  return success(static_cast<bool>(form.inputs[position]));
}

/// Before opset 7 the second input is broadcast only with `broadcast` = 1, and
/// then its first dimension meets dimension `axis` of the first input.
static LogicalResult upgradeBroadcast(NodeForm &form) {
  bool broadcast = form.takeInt("broadcast", 0) != 0;
  auto axis = form.take<IntegerAttr>("axis");
  if (!broadcast || !axis || !form.getInput(0) || !form.getInput(1))
    return success();
  auto left = dyn_cast<RankedTensorType>(form.inputs[0].getType());
  auto right = dyn_cast<RankedTensorType>(form.inputs[1].getType());
  if (!left || !right)
    return emitError(form.loc)
           << "has the attribute axis, which needs inputs of known rank";
  int64_t first =
      axis.getInt() < 0 ? axis.getInt() + left.getRank() : axis.getInt();
  int64_t missing = left.getRank() - first - right.getRank();
  if (first < 0 || missing < 0)
    return emitError(form.loc)
           << "has axis = " << axis.getInt() << ", at which an input of rank "
           << right.getRank() << " does not fit one of rank " << left.getRank();
  return padShape(form, 1, missing);
}

/// Before opset 7 a slope of rank 1 has one value for each channel.
static LogicalResult upgradePRelu(NodeForm &form) {
  if (!form.getInput(0) || !form.getInput(1))
    return success();
  auto data = dyn_cast<RankedTensorType>(form.inputs[0].getType());
  auto slope = dyn_cast<RankedTensorType>(form.inputs[1].getType());
  if (!data || !slope)
    return emitError(form.loc) << "needs inputs of known rank before opset 7";
  if (slope.getRank() != 1 || slope.getDimSize(0) == 1)
    return success();
  return padShape(form, 1, data.getRank() - 2);
}

ArrayRef<UpgradeRule> assay::getElementwiseUpgrades() {
  static constexpr UpgradeRule rules[] = {
      {"Add", 7, upgradeBroadcast},     {"And", 7, upgradeBroadcast},
      {"Div", 7, upgradeBroadcast},     {"Equal", 7, upgradeBroadcast},
      {"Greater", 7, upgradeBroadcast}, {"Less", 7, upgradeBroadcast},
      {"Mul", 7, upgradeBroadcast},     {"Or", 7, upgradeBroadcast},
      {"PRelu", 7, upgradePRelu},       {"Pow", 7, upgradeBroadcast},
      {"Sub", 7, upgradeBroadcast},     {"Xor", 7, upgradeBroadcast},
  };
  return rules;
}
