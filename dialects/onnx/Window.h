//===- Window.h - Geometry of convolution and pooling windows ---*- C++ -*-===//
//
// One spelling of kernel, stride, dilation, padding and ceil_mode arithmetic
// for type inference, the interpreter and the lowering.
//
//===----------------------------------------------------------------------===//

#ifndef ASSAY_DIALECTS_ONNX_WINDOW_H
#define ASSAY_DIALECTS_ONNX_WINDOW_H

#include "dialects/onnx/OnnxInterfaces.h"
#include <utility>

namespace assay::onnx {

enum class AutoPad { NotSet, SameUpper, SameLower, Valid };

/// The window along one spatial dimension. `kernel` is ShapedType::kDynamic
/// when it comes from a weight of unknown size.
struct WindowDim {
  int64_t kernel = 1;
  int64_t stride = 1;
  int64_t dilation = 1;
  int64_t padBegin = 0; ///< As given; see Window::padding for SAME_*.
  int64_t padEnd = 0;
  int64_t outputPadding = 0; ///< ConvTranspose only.
  int64_t outputSize = -1;   ///< ConvTranspose's output_shape, -1 if absent.

  /// Input positions from the first to the last tap, both included.
  int64_t extent() const { return (kernel - 1) * dilation + 1; }
};

/// A sliding window over N spatial dimensions (Conv, pools).
struct Window {
  AutoPad autoPad = AutoPad::NotSet;
  bool ceilMode = false;
  llvm::SmallVector<WindowDim, 3> dims;

  bool isSame() const {
    return autoPad == AutoPad::SameUpper || autoPad == AutoPad::SameLower;
  }

  /// Number of windows along dimension `i` over `input` positions; 0 when the
  /// padded input is smaller than one window. Windows that would start in the
  /// end padding do not count (AveragePool, MaxPool: ceil_mode).
  int64_t outputSize(unsigned i, int64_t input) const;

  /// Positions added before and after dimension `i`.
  std::pair<int64_t, int64_t> padding(unsigned i, int64_t input) const;

  /// Output size of ConvTranspose along dimension `i`.
  int64_t transposedOutputSize(unsigned i, int64_t input) const;

  /// Positions that ConvTranspose crops before and after dimension `i`; a
  /// negative end extends the output by zeros.
  std::pair<int64_t, int64_t> transposedPadding(unsigned i,
                                                int64_t input) const;
};

/// Reads the window attributes that `op` has (auto_pad, ceil_mode, dilations,
/// output_padding, output_shape, pads, strides) over kernel sizes `kernel`.
/// Emits an error on `op` for a wrong length or a value out of range.
llvm::FailureOr<Window> getWindow(OnnxOp op, llvm::ArrayRef<int64_t> kernel);

/// Output sizes over the spatial sizes `input`, either of which may be dynamic.
/// Emits an error on `op` when no window fits or a size leaves 63 bits.
llvm::FailureOr<llvm::SmallVector<int64_t>>
inferWindowSizes(OnnxOp op, const Window &window, llvm::ArrayRef<int64_t> input,
                 bool transposed = false);

} // namespace assay::onnx

#endif // ASSAY_DIALECTS_ONNX_WINDOW_H
