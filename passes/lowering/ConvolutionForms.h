//===- ConvolutionForms.h - Convolutions in the forms of kernels -*- C++
//-*-===//
//
// A convolution of stride and dilation over an input that may need padding,
// free of what makes Conv and ConvTranspose differ.
//
//===----------------------------------------------------------------------===//

#ifndef ASSAY_PASSES_LOWERING_CONVOLUTIONFORMS_H
#define ASSAY_PASSES_LOWERING_CONVOLUTIONFORMS_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"

namespace assay {

/// Sizes of one spatial dimension.
struct ConvDim {
  int64_t kernel, stride, dilation;
  mlir::OpFoldResult padBegin, padEnd, outputSize;
};

struct Convolution {
  mlir::Value input; ///< N C spatial..., or N spatial... C if channelsLast.
  /// [O, C / group, kernel...], or of ConvTranspose: [C, O / group, kernel...],
  /// whose taps run backwards.
  mlir::Value filter;
  mlir::Value constantFilter; ///< The filter as the model gives it.
  mlir::Value bias;           ///< [O] or null.
  mlir::RankedTensorType resultType;
  int64_t group;
  bool channelsLast;
  bool transposedFilter;
  llvm::SmallVector<ConvDim, 3> dims;

  int64_t getRank() const { return resultType.getRank(); }
  int64_t getChannelDim() const { return channelsLast ? getRank() - 1 : 1; }
  int64_t getSpatialDim(int64_t i) const { return i + (channelsLast ? 1 : 2); }
  int64_t getChannels() const;
  int64_t getOutChannels() const;
};

/// Whether createKernelConvolution can build it: f32, one or two spatial
/// dimensions, static channels.
bool hasKernelForm(const Convolution &conv);

/// kernel.conv2d, kernel.depthwise_conv2d or kernel.matmul, with transposes
/// around it where the layout is not channels-last.
mlir::Value createKernelConvolution(mlir::OpBuilder &builder,
                                    mlir::Location loc,
                                    const Convolution &conv);

/// linalg.generic over any element type and number of spatial dimensions.
mlir::Value createGenericConvolution(mlir::OpBuilder &builder,
                                     mlir::Location loc,
                                     const Convolution &conv);

/// `value` padded by zeros, `low` and `high` for each dimension.
mlir::Value createZeroPadded(mlir::OpBuilder &builder, mlir::Location loc,
                             mlir::Value value,
                             llvm::ArrayRef<mlir::OpFoldResult> low,
                             llvm::ArrayRef<mlir::OpFoldResult> high);

/// `value` transposed by `permutation`: dimension i of the result is dimension
/// permutation[i] of `value`.
mlir::Value createTransposed(mlir::OpBuilder &builder, mlir::Location loc,
                             mlir::Value value,
                             llvm::ArrayRef<int64_t> permutation);

} // namespace assay

#endif // ASSAY_PASSES_LOWERING_CONVOLUTIONFORMS_H
