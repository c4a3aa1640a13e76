//===- Reduction.cpp - Older forms of reductions --------------------------===//

#include "compiler/import/upgrade/Upgrade.h"

using namespace mlir;
using namespace assay;

/// The axes were an attribute.
static LogicalResult moveAxes(NodeForm &form) {
  form.moveIntsToInput("axes", 1);
  return success();
}

/// TopK-1 has k as an attribute.
static LogicalResult upgradeTopK(NodeForm &form) {
  auto k = form.take<IntegerAttr>("k");
  if (!k)
    return emitError(form.loc) << "lacks its required attribute 'k'";
  form.setInput(1, form.makeInts({k.getInt()}));
  return success();
}

ArrayRef<UpgradeRule> assay::getReductionUpgrades() {
  static constexpr UpgradeRule rules[] = {
      {"ReduceL1", 18, moveAxes},     {"ReduceL2", 18, moveAxes},
      {"ReduceLogSum", 18, moveAxes}, {"ReduceLogSumExp", 18, moveAxes},
      {"ReduceMax", 18, moveAxes},    {"ReduceMean", 18, moveAxes},
      {"ReduceMin", 18, moveAxes},    {"ReduceProd", 18, moveAxes},
      {"ReduceSum", 13, moveAxes},    {"ReduceSumSquare", 18, moveAxes},
      {"TopK", 10, upgradeTopK},
  };
  return rules;
}
