//===- Cast.cpp - Lowering of Cast and CastLike ---------------------------===//

#include "dialects/onnx/Elementwise.h"
#include "passes/lowering/ElementwiseLowering.h"

using namespace mlir;
using namespace assay;

namespace {
/// Cast and CastLike: one linalg.generic over the first operand.
template <typename OpTy> class CastLowering : public OnnxLowering<OpTy> {
public:
  using OnnxLowering<OpTy>::OnnxLowering;

  LogicalResult lower(OpTy op, typename OpTy::Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    RankedTensorType type = this->getResultType(op);
    Value input = adaptor.getInput();
    if (getElementTypeOrSelf(op.getInput().getType()) ==
        getElementTypeOrSelf(op.getType())) {
      rewriter.replaceOp(op,
                         createTensorCast(rewriter, op.getLoc(), type, input));
      return success();
    }
    bool fromUnsigned = isUnsignedOrBool(op.getInput().getType());
    bool toUnsigned = isUnsignedOrBool(op.getType());
    Value result = createElementwise(
        rewriter, op.getLoc(), type, input,
        [&](OpBuilder &builder, Location loc, ValueRange x) {
          return createCast(builder, loc, x[0], type.getElementType(),
                            fromUnsigned, toUnsigned);
        });
    rewriter.replaceOp(op, result);
    return success();
  }
};
} // namespace

void assay::populateCastLowering(RewritePatternSet &patterns,
                                 TypeConverter &converter) {
  patterns.add<CastLowering<onnx::CastOp>, CastLowering<onnx::CastLikeOp>>(
      converter, patterns.getContext());
}
