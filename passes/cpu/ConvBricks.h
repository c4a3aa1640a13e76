//===- ConvBricks.h - Geometry of convolution kernels -----------*- C++ -*-===//

#ifndef ASSAY_PASSES_CPU_CONVBRICKS_H
#define ASSAY_PASSES_CPU_CONVBRICKS_H

#include "passes/cpu/Bricks.h"

namespace assay::cpu {

/// Sizes and attributes of an NHWC convolution.
struct ConvGeometry {
  mlir::Value height, width, outHeight, outWidth;
  int64_t channels, outChannels;
  int64_t kernelHeight, kernelWidth;
  int64_t strideH, strideW;
  int64_t padTop, padLeft, padBottom, padRight;
  int64_t dilationH, dilationW;

  bool isPaddedVertically() const { return padTop != 0 || padBottom != 0; }

  /// Pixels [begin, end) of a run of `count` output pixels from column `first`
  /// on whose input column of kernel column `kw` lies inside the input.
  std::pair<int64_t, int64_t> validPixels(int64_t first, int64_t count,
                                          int64_t kw) const;

  /// Covers an output row with tiles of `tile` pixels and smaller ones at its
  /// end: `body(first, count, touchesBorder)`. `first` is static for a tile
  /// that reads beyond the border.
  void
  forEachTile(Emitter &e, int64_t tile,
              llvm::function_ref<void(mlir::Value, int64_t, bool)> body) const;
};

template <typename OpTy>
ConvGeometry getGeometry(OpTy op, const BrickKernel &kernel) {
  llvm::ArrayRef<mlir::Value> in(kernel.lhs.sizes), out(kernel.init.sizes);
  llvm::ArrayRef<int64_t> pads = op.getPads();
  return {in[1],
          in[2],
          out[1],
          out[2],
          op.getInput().getType().getDimSize(3),
          op.getInit().getType().getDimSize(3),
          op.getKernelShape()[0],
          op.getKernelShape()[1],
          op.getStrides()[0],
          op.getStrides()[1],
          pads[0],
          pads[1],
          pads[2],
          pads[3],
          op.getDilations()[0],
          op.getDilations()[1]};
}

} // namespace assay::cpu

#endif // ASSAY_PASSES_CPU_CONVBRICKS_H
