//===- OnnxToLinalg.h - Lowering patterns of the onnx dialect ---*- C++ -*-===//
//
// One function per operator family; each adds the patterns of its family.
// Patterns derive from OnnxLowering, so that they see ranked, computable
// tensors only.
//
//===----------------------------------------------------------------------===//

#ifndef ASSAY_PASSES_LOWERING_ONNXTOLINALG_H
#define ASSAY_PASSES_LOWERING_ONNXTOLINALG_H

#include "mlir/Transforms/DialectConversion.h"

namespace assay {

/// Makes unsigned integers signless: tensor<4xui8> -> tensor<4xi8>. A pattern
/// reads the signedness from the operand types of the onnx op itself.
class OnnxTypeConverter : public mlir::TypeConverter {
public:
  OnnxTypeConverter();

  /// Why the op at a location was last refused by its pattern, for the error
  /// that lists what stayed.
  mutable llvm::DenseMap<mlir::Location, std::string> reasons;
};

namespace detail {
/// Why `op` cannot be lowered whatever its pattern does: an operand or result
/// of unknown rank, or of strings or complex numbers. Null when it can.
const char *whyNotComputable(mlir::Operation *op);

/// Writes the reasons of match failures down while it lives. Dialect conversion
/// drops them in release builds.
class ReasonRecorder : public mlir::RewriterBase::ForwardingListener {
public:
  ReasonRecorder(mlir::RewriterBase &rewriter,
                 const mlir::TypeConverter *converter);
  ~ReasonRecorder() override;
  void notifyMatchFailure(
      mlir::Location loc,
      llvm::function_ref<void(mlir::Diagnostic &)> callback) override;

private:
  mlir::RewriterBase &rewriter;
  mlir::OpBuilder::Listener *previous;
  const OnnxTypeConverter *converter;
};
} // namespace detail

/// Base of all lowering patterns; they need an OnnxTypeConverter. `lower` must
/// replace `op`, or return `rewriter.notifyMatchFailure(op, reason)`: the
/// reason reaches the user.
template <typename OpTy>
class OnnxLowering : public mlir::OpConversionPattern<OpTy> {
public:
  using mlir::OpConversionPattern<OpTy>::OpConversionPattern;
  using Adaptor = typename OpTy::Adaptor;

  llvm::LogicalResult
  matchAndRewrite(OpTy op, Adaptor adaptor,
                  mlir::ConversionPatternRewriter &rewriter) const final {
    detail::ReasonRecorder recorder(rewriter, this->getTypeConverter());
    if (const char *reason = detail::whyNotComputable(op))
      return rewriter.notifyMatchFailure(op, reason);
    return lower(op, adaptor, rewriter);
  }

  virtual llvm::LogicalResult
  lower(OpTy op, Adaptor adaptor,
        mlir::ConversionPatternRewriter &rewriter) const = 0;

protected:
  /// The converted (signless) type of result `index`.
  mlir::RankedTensorType getResultType(OpTy op, unsigned index = 0) const {
    return llvm::cast<mlir::RankedTensorType>(
        this->getTypeConverter()->convertType(op->getResult(index).getType()));
  }
};

void populateActivationLowering(mlir::RewritePatternSet &patterns,
                                mlir::TypeConverter &converter);
/// ArgMax, ArgMin, CumSum and TopK; part of populateReductionLowering.
void populateAxisReductionLowering(mlir::RewritePatternSet &patterns,
                                   mlir::TypeConverter &converter);
void populateContractionLowering(mlir::RewritePatternSet &patterns,
                                 mlir::TypeConverter &converter);
void populateConvolutionLowering(mlir::RewritePatternSet &patterns,
                                 mlir::TypeConverter &converter);
void populateCreationLowering(mlir::RewritePatternSet &patterns,
                              mlir::TypeConverter &converter);
void populateChannelNormalizationLowering(mlir::RewritePatternSet &patterns,
                                          mlir::TypeConverter &converter);
void populateElementwiseLowering(mlir::RewritePatternSet &patterns,
                                 mlir::TypeConverter &converter);
void populateMovementLowering(mlir::RewritePatternSet &patterns,
                              mlir::TypeConverter &converter);
void populateNormalizationLowering(mlir::RewritePatternSet &patterns,
                                   mlir::TypeConverter &converter);
void populatePoolingLowering(mlir::RewritePatternSet &patterns,
                             mlir::TypeConverter &converter);
void populateQuantizationLowering(mlir::RewritePatternSet &patterns,
                                  mlir::TypeConverter &converter);
void populateRecurrentLowering(mlir::RewritePatternSet &patterns,
                               mlir::TypeConverter &converter);
void populateReductionLowering(mlir::RewritePatternSet &patterns,
                               mlir::TypeConverter &converter);
void populateResamplingLowering(mlir::RewritePatternSet &patterns,
                                mlir::TypeConverter &converter);

} // namespace assay

#endif // ASSAY_PASSES_LOWERING_ONNXTOLINALG_H
