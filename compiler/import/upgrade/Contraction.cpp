//===- Contraction.cpp - Older forms of contractions ----------------------===//

#include "compiler/import/upgrade/Upgrade.h"

using namespace mlir;
using namespace assay;

/// Gemm-6 says whether C is broadcast; Gemm-7 always allows it.
static LogicalResult dropBroadcast(NodeForm &form) {
  form.attributes.erase("broadcast");
  return success();
}

ArrayRef<UpgradeRule> assay::getContractionUpgrades() {
  static constexpr UpgradeRule rules[] = {{"Gemm", 7, dropBroadcast}};
  return rules;
}
