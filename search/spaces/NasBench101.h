//===- NasBench101.h - The NAS-Bench-101 space ------------------*- C++ -*-===//
//
// Ying et al., "NAS-Bench-101: Towards Reproducible Neural Architecture
// Search", ICML 2019. A cell is a directed acyclic graph of at most seven
// vertices and nine edges:
//
//   0110000010000010000100000:input;conv3x3-bn-relu;conv1x1-bn-relu;maxpool3x3;output
//
// gives the upper triangular adjacency matrix, row-major, and the operations of
// its vertices, separated by ';' or ','. Vertices on no path from the input to
// the output are dropped, as the authors do. The network has a
// 128-channel stem and three stacks of three cells, with a halving of the image
// and a doubling of the channels between stacks.
//
//===----------------------------------------------------------------------===//

#ifndef ASSAY_SEARCH_SPACES_NASBENCH101_H
#define ASSAY_SEARCH_SPACES_NASBENCH101_H

#include "search/spaces/Space.h"

namespace assay::search {

class NasBench101 : public Space {
public:
  llvm::StringRef getName() const override { return "nasbench101"; }
  llvm::StringRef getSummary() const override {
    return "NAS-Bench-101: cells of at most 7 vertices and 9 edges";
  }
  llvm::StringRef getExample() const override {
    return "0110000010000010000100000:input;conv3x3-bn-relu;conv1x1-bn-relu;"
           "maxpool3x3;output";
  }
  int64_t getSize() const override { return 423624; }
  Network build(llvm::StringRef spec, const NetworkOptions &options,
                mlir::MLIRContext *context) const override;
  std::string sample(std::mt19937_64 &random) const override;
  void enumerate(
      llvm::function_ref<bool(llvm::StringRef spec)> visit) const override;
};

} // namespace assay::search

#endif // ASSAY_SEARCH_SPACES_NASBENCH101_H
