//===- NasBench201.h - The NAS-Bench-201 space ------------------*- C++ -*-===//
//
// Dong and Yang, "NAS-Bench-201: Extending the Scope of Reproducible Neural
// Architecture Search", ICLR 2020. A cell has four nodes and an operation on
// each of its six edges:
//
//   |nor_conv_3x3~0|+|none~0|skip_connect~1|+|avg_pool_3x3~0|nor_conv_1x1~1|none~2|
//
// lists for nodes 1, 2, 3 the operation on the edge from each earlier node.
// The network has three stages of five cells with 16, 32 and 64 channels, a
// residual block that halves the image between stages.
//
//===----------------------------------------------------------------------===//

#ifndef ASSAY_SEARCH_SPACES_NASBENCH201_H
#define ASSAY_SEARCH_SPACES_NASBENCH201_H

#include "search/spaces/Space.h"

namespace assay::search {

class NasBench201 : public Space {
public:
  llvm::StringRef getName() const override { return "nasbench201"; }
  llvm::StringRef getSummary() const override {
    return "NAS-Bench-201: four-node cells, five operations on six edges";
  }
  llvm::StringRef getExample() const override {
    return "|nor_conv_3x3~0|+|nor_conv_3x3~0|avg_pool_3x3~1|+"
           "|skip_connect~0|nor_conv_3x3~1|skip_connect~2|";
  }
  int64_t getSize() const override { return 15625; }
  Network build(llvm::StringRef spec, const NetworkOptions &options,
                mlir::MLIRContext *context) const override;
  std::string sample(std::mt19937_64 &random) const override;
  void enumerate(
      llvm::function_ref<bool(llvm::StringRef spec)> visit) const override;
};

} // namespace assay::search

#endif // ASSAY_SEARCH_SPACES_NASBENCH201_H
