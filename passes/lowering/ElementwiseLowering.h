//===- ElementwiseLowering.h - One element at a time ------------*- C++ -*-===//

#ifndef ASSAY_PASSES_LOWERING_ELEMENTWISELOWERING_H
#define ASSAY_PASSES_LOWERING_ELEMENTWISELOWERING_H

#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/TypeUtilities.h"
#include "passes/lowering/LoweringUtils.h"
#include "passes/lowering/OnnxToLinalg.h"

namespace assay {

/// Computes a result element of `op` from the elements `x` of its inputs.
/// Narrow floats arrive as f32, and an f32 result is rounded back.
template <typename OpTy>
using ElementBody = mlir::Value (*)(mlir::ImplicitLocOpBuilder &builder,
                                    OpTy op, mlir::ValueRange x);

/// Lowers an op with one result, the broadcast of all its inputs.
template <typename OpTy> class ElementwiseLowering : public OnnxLowering<OpTy> {
public:
  ElementwiseLowering(const mlir::TypeConverter &converter,
                      mlir::MLIRContext *context, ElementBody<OpTy> body)
      : OnnxLowering<OpTy>(converter, context), body(body) {}

  llvm::LogicalResult
  lower(OpTy op, typename OpTy::Adaptor adaptor,
        mlir::ConversionPatternRewriter &rewriter) const override {
    mlir::RankedTensorType type = this->getResultType(op);
    mlir::Type element = type.getElementType();
    mlir::Value result = createElementwise(
        rewriter, op.getLoc(), type, adaptor.getOperands(),
        [&](mlir::OpBuilder &builder, mlir::Location loc, mlir::ValueRange x) {
          return computeInFloat(
              builder, loc, element, x,
              [&](mlir::OpBuilder &b, mlir::Location l, mlir::ValueRange wide) {
                mlir::ImplicitLocOpBuilder implicit(l, b);
                return body(implicit, op, wide);
              });
        });
    rewriter.replaceOp(op, result);
    return mlir::success();
  }

private:
  ElementBody<OpTy> body;
};

/// Adds ElementwiseLowering for `OpTy`.
template <typename OpTy>
void addElementwise(mlir::RewritePatternSet &patterns,
                    const mlir::TypeConverter &converter,
                    ElementBody<OpTy> body) {
  patterns.add<ElementwiseLowering<OpTy>>(converter, patterns.getContext(),
                                          body);
}

/// Parts of the Elementwise and Activation families.
void populateCastLowering(mlir::RewritePatternSet &patterns,
                          mlir::TypeConverter &converter);
void populatePowLowering(mlir::RewritePatternSet &patterns,
                         mlir::TypeConverter &converter);
void populateSoftmaxLowering(mlir::RewritePatternSet &patterns,
                             mlir::TypeConverter &converter);

} // namespace assay

#endif // ASSAY_PASSES_LOWERING_ELEMENTWISELOWERING_H
