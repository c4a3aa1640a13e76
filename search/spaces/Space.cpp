//===- Space.cpp - Search spaces by name ----------------------------------===//

#include "search/spaces/Space.h"
#include "search/spaces/NasBench101.h"
#include "search/spaces/NasBench201.h"
#include "search/spaces/NasBenchMacro.h"

using namespace mlir;
using namespace assay::search;

ArrayRef<const Space *> assay::search::getSpaces() {
  static const NasBench101 nasBench101;
  static const NasBench201 nasBench201;
  static const NasBenchMacro nasBenchMacro;
  static const Space *const spaces[] = {&nasBenchMacro, &nasBench101,
                                        &nasBench201};
  return spaces;
}

const Space *assay::search::lookupSpace(StringRef name) {
  for (const Space *space : getSpaces())
    if (space->getName() == name)
      return space;
  return nullptr;
}

FailureOr<NetworkOptions>
assay::search::completeOptions(NetworkOptions options,
                               ArrayRef<int64_t> inputShape, int64_t classes,
                               Location loc) {
  if (options.inputShape.empty())
    options.inputShape.assign(inputShape.begin(), inputShape.end());
  if (options.classes == 0)
    options.classes = classes;
  if (options.classes < 0)
    return emitError(loc) << "the number of classes must be positive, but is "
                          << options.classes;
  if (options.inputShape.size() != 4)
    return emitError(loc) << "the input shape must have the 4 dimensions N, C, "
                             "H, W, but has "
                          << options.inputShape.size();
  for (auto [axis, size] : llvm::enumerate(options.inputShape))
    if (size <= 0 && (axis != 0 || !ShapedType::isDynamic(size)))
      return emitError(loc)
             << "dimension " << axis
             << " of the input shape must be positive, but is " << size;
  return options;
}
