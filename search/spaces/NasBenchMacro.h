//===- NasBenchMacro.h - The NAS-Bench-Macro space --------------*- C++ -*-===//
//
// Su et al., "Prioritized Architecture Sampling with Monto-Carlo Tree Search",
// CVPR 2021. Eight layers in stages of two, three and three, one digit each:
//
//   02012100
//
// 0 is the identity, 1 a MobileNetV2 block of kernel 3 and expansion 3, 2 one
// of kernel 5 and expansion 6. The first layer of a stage doubles the channels
// and halves the image; an identity does that by a 1x1 convolution. The network
// has a 32-channel stem and a head of 1280 channels.
//
//===----------------------------------------------------------------------===//

#ifndef ASSAY_SEARCH_SPACES_NASBENCHMACRO_H
#define ASSAY_SEARCH_SPACES_NASBENCHMACRO_H

#include "search/spaces/Space.h"

namespace assay::search {

class NasBenchMacro : public Space {
public:
  llvm::StringRef getName() const override { return "nasbench-macro"; }
  llvm::StringRef getSummary() const override {
    return "NAS-Bench-Macro: eight layers, three MobileNetV2 blocks";
  }
  llvm::StringRef getExample() const override { return "02012100"; }
  int64_t getSize() const override { return 6561; }
  Network build(llvm::StringRef spec, const NetworkOptions &options,
                mlir::MLIRContext *context) const override;
  std::string sample(std::mt19937_64 &random) const override;
  void enumerate(
      llvm::function_ref<bool(llvm::StringRef spec)> visit) const override;
};

} // namespace assay::search

#endif // ASSAY_SEARCH_SPACES_NASBENCHMACRO_H
