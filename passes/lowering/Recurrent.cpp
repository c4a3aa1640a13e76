//===- Recurrent.cpp - Lowering of RNN, GRU and LSTM ----------------------===//
//
// One direction of LSTM over X [steps, batch, inputs] becomes
//
//   %xw = Gemm(X as [steps * batch, inputs], W, Wb)  // all steps at once
//   %y, %h, %c = scf.for %t ... iter_args(%y, %h, %c) {
//     %hr = Gemm(%h, R, Rb)
//     %h', %c' = linalg.generic ins(%xw[%t * batch], %hr, %c)  // gates and
//     activations %y' = tensor.insert_slice %h' into %y[%t, direction]
//     scf.yield %y', %h', %c'
//   }
//
// The products are onnx.Gemm, whose own lowering packs constant weights. With
// sequence_lens, sequences past their end keep their state and give zeros; in
// reverse they so start at their own last step.
//
//===----------------------------------------------------------------------===//

#include "dialects/onnx/Recurrent.h"
#include "passes/lowering/OnnxToLinalg.h"
#include "passes/lowering/RecurrentBuilder.h"

using namespace mlir;
using namespace assay;
using namespace assay::onnx;

namespace {
template <typename OpTy> struct RecurrentLowering : OnnxLowering<OpTy> {
  using OnnxLowering<OpTy>::OnnxLowering;
  using Adaptor = typename OpTy::Adaptor;

  LogicalResult lower(OpTy op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    auto onnxOp = cast<OnnxOp>(op.getOperation());
    FailureOr<RecurrentCell> cell = RecurrentCell::get(onnxOp);
    if (failed(cell))
      return failure();
    int64_t hidden = this->getResultType(op, 1).getShape().back();
    if (ShapedType::isDynamic(hidden))
      return rewriter.notifyMatchFailure(
          op, "has an unknown hidden size; give the hidden_size attribute or "
              "weights of static shape");
    SmallVector<Value> inputs = {adaptor.getX(),
                                 adaptor.getW(),
                                 adaptor.getR(),
                                 adaptor.getB(),
                                 adaptor.getSequenceLens(),
                                 adaptor.getInitialH()};
    if constexpr (std::is_same_v<OpTy, LSTMOp>) {
      inputs.push_back(adaptor.getInitialC());
      inputs.push_back(adaptor.getP());
    }
    RecurrentBuilder builder(rewriter, onnxOp, std::move(*cell), inputs,
                             hidden);
    SmallVector<Value> results = builder.build();
    for (auto [position, result] : llvm::enumerate(results)) {
      RankedTensorType type = this->getResultType(op, position);
      if (result.getType() != type)
        result = tensor::CastOp::create(rewriter, op.getLoc(), type, result);
    }
    rewriter.replaceOp(op, results);
    return success();
  }
};
} // namespace

void assay::populateRecurrentLowering(RewritePatternSet &patterns,
                                      TypeConverter &converter) {
  patterns.add<RecurrentLowering<GRUOp>, RecurrentLowering<LSTMOp>,
               RecurrentLowering<RNNOp>>(converter, patterns.getContext());
}
