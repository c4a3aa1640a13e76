//===- Dataset.cpp - Data sets that networks are labelled on --------------===//

#include "search/spaces/Dataset.h"

using namespace assay::search;

namespace {

struct Dataset {
  llvm::StringLiteral name;
  int64_t side; ///< Of an image, in pixels.
  int64_t classes;
};

} // namespace

static constexpr Dataset kDatasets[] = {
    {"cifar10", 32, 10}, {"cifar100", 32, 100}, {"imagenet16-120", 16, 120}};

NetworkOptions assay::search::getDatasetOptions(llvm::StringRef dataset) {
  NetworkOptions options;
  for (const Dataset &known : kDatasets) {
    if (known.name != dataset)
      continue;
    options.inputShape = {1, 3, known.side, known.side};
    options.classes = known.classes;
  }
  return options;
}
