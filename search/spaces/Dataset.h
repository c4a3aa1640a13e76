//===- Dataset.h - Data sets that networks are labelled on ------*- C++ -*-===//

#ifndef ASSAY_SEARCH_SPACES_DATASET_H
#define ASSAY_SEARCH_SPACES_DATASET_H

#include "search/spaces/Space.h"

namespace assay::search {

/// Options with one image and the classes of a data set as labels name it:
///   cifar10         3x32x32, 10 classes
///   cifar100        3x32x32, 100 classes
///   imagenet16-120  3x16x16, 120 classes (Chrabaszcz et al. 2017,
///                   arXiv:1707.08819; the subset of NAS-Bench-201)
/// The space's own for any other name.
NetworkOptions getDatasetOptions(llvm::StringRef dataset);

} // namespace assay::search

#endif // ASSAY_SEARCH_SPACES_DATASET_H
