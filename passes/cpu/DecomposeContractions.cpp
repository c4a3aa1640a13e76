//===- DecomposeContractions.cpp - Contractions to linalg -----------------===//
//
//   %0 = kernel.matmul packed ins(%a, %b : tensor<8x64xf32>,
//   tensor<2x64x32xf32>)
//                             outs(%e : tensor<8x40xf32>)
//
// becomes
//
//   %z = linalg.fill ins(%zero) outs(%e)
//   %0 = linalg.generic {indexing_maps = [(m, n, k) -> (m, k),
//                          (m, n, k) -> (n floordiv 32, k, n mod 32),
//                          (m, n, k) -> (m, n)], ...} ins(%a, %b) outs(%z)
//
//===----------------------------------------------------------------------===//

#include "dialects/kernel/Contraction.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "passes/cpu/Passes.h"

namespace assay {
#define GEN_PASS_DEF_DECOMPOSECONTRACTIONS
#include "passes/cpu/Passes.h.inc"
} // namespace assay

using namespace mlir;
using namespace assay;

namespace {
/// Builds the sum of products over loops of which the first are those of the
/// init.
struct Decomposition {
  OpBuilder builder;
  Location loc;
  Value init;

  AffineExpr dim(int64_t i) { return builder.getAffineDimExpr(i); }
  AffineExpr constant(int64_t value) {
    return builder.getAffineConstantExpr(value);
  }
  int64_t getRank() { return cast<RankedTensorType>(init.getType()).getRank(); }

  Value build(ValueRange inputs, ArrayRef<SmallVector<AffineExpr>> reads,
              int64_t reductions) {
    int64_t rank = getRank(), loops = rank + reductions;
    SmallVector<AffineMap> maps;
    for (ArrayRef<AffineExpr> exprs : reads)
      maps.push_back(AffineMap::get(loops, 0, exprs, builder.getContext()));
    maps.push_back(
        AffineMap::getMultiDimIdentityMap(loops, builder.getContext())
            .getMajorSubMap(rank));
    SmallVector<utils::IteratorType> iterators(rank,
                                               utils::IteratorType::parallel);
    iterators.append(reductions, utils::IteratorType::reduction);
    Value zero =
        arith::ConstantOp::create(builder, loc, builder.getF32FloatAttr(0));
    Value filled =
        linalg::FillOp::create(builder, loc, zero, init).getResult(0);
    auto body = [](OpBuilder &b, Location loc, ValueRange args) {
      Value product = arith::MulFOp::create(b, loc, args[0], args[1]);
      Value sum = arith::AddFOp::create(b, loc, args.back(), product);
      linalg::YieldOp::create(b, loc, sum);
    };
    return linalg::GenericOp::create(builder, loc, init.getType(), inputs,
                                     filled, maps, iterators, body)
        .getResult(0);
  }
};
} // namespace

static Value decompose(kernel::MatMulOp op, Decomposition d) {
  int64_t rank = d.getRank();
  AffineExpr m = d.dim(rank - 2), n = d.dim(rank - 1), k = d.dim(rank);
  auto read = [&](RankedTensorType type, AffineExpr row, AffineExpr column) {
    SmallVector<AffineExpr> exprs;
    for (int64_t i = 0; i + 2 < rank; ++i)
      exprs.push_back(type.getDimSize(i) == 1 ? d.constant(0) : d.dim(i));
    exprs.append({row, column});
    return exprs;
  };
  SmallVector<AffineExpr> rhs;
  if (op.getPacked())
    rhs = {n.floorDiv(kernel::kPanelColumns), k, n % kernel::kPanelColumns};
  else if (op.getTransposed())
    rhs = read(op.getRhs().getType(), n, k);
  else
    rhs = read(op.getRhs().getType(), k, n);
  SmallVector<AffineExpr> lhs = read(op.getLhs().getType(), m, k);
  if (op.getPacked())
    for (int64_t i = 0; i + 2 < rank; ++i)
      lhs[i] = d.dim(i);
  return d.build({op.getLhs(), op.getRhs()}, {lhs, rhs}, 1);
}

/// The input of `op` with its pads in memory.
template <typename OpTy> static Value padInput(OpTy op, Decomposition &d) {
  ArrayRef<int64_t> pads = op.getPads();
  if (llvm::all_of(pads, [](int64_t pad) { return pad == 0; }))
    return op.getInput();
  auto sizes = [&](int64_t height, int64_t width) {
    SmallVector<OpFoldResult> result(4, d.builder.getIndexAttr(0));
    result[1] = d.builder.getIndexAttr(height);
    result[2] = d.builder.getIndexAttr(width);
    return result;
  };
  Value zero =
      arith::ConstantOp::create(d.builder, d.loc, d.builder.getF32FloatAttr(0));
  return tensor::PadOp::create(d.builder, d.loc, Type(), op.getInput(),
                               sizes(pads[0], pads[1]), sizes(pads[2], pads[3]),
                               zero);
}

/// Reads of the padded input and of a tensor that bounds the loops over the
/// kernel (and `channels`, unless zero): loops n, h, w, o, kh, kw, c.
template <typename OpTy>
static Value decomposeConvolution(OpTy op, Decomposition d, AffineExpr channel,
                                  ArrayRef<AffineExpr> filter,
                                  int64_t channels) {
  Value input = padInput(op, d);
  ArrayRef<int64_t> strides = op.getStrides(), dilations = op.getDilations();
  SmallVector<AffineExpr> inputExprs = {
      d.dim(0), d.dim(1) * strides[0] + d.dim(4) * dilations[0],
      d.dim(2) * strides[1] + d.dim(5) * dilations[1], channel};
  SmallVector<int64_t> bounds(op.getKernelShape());
  SmallVector<AffineExpr> boundExprs = {d.dim(4), d.dim(5)};
  if (channels) {
    bounds.push_back(channels);
    boundExprs.push_back(d.dim(6));
  }
  Value bound =
      tensor::EmptyOp::create(d.builder, d.loc, bounds, d.builder.getF32Type());
  return d.build({input, op.getFilter(), bound},
                 {inputExprs, SmallVector<AffineExpr>(filter), boundExprs},
                 boundExprs.size());
}

static Value decompose(kernel::Conv2DOp op, Decomposition d) {
  int64_t group = op.getGroup();
  int64_t channels = op.getInput().getType().getDimSize(3) / group;
  int64_t columns = op.getInit().getType().getDimSize(3) / group;
  int64_t panels = llvm::divideCeilSigned(columns, kernel::kPanelColumns);
  AffineExpr o = d.dim(3), kh = d.dim(4), kw = d.dim(5), c = d.dim(6);
  AffineExpr ofGroup = o % columns, groupIndex = o.floorDiv(columns);
  AffineExpr panel =
      groupIndex * panels + ofGroup.floorDiv(kernel::kPanelColumns);
  AffineExpr depth = (kh * op.getKernelShape()[1] + kw) * channels + c;
  return decomposeConvolution(op, d, groupIndex * channels + c,
                              {panel, depth, ofGroup % kernel::kPanelColumns},
                              channels);
}

static Value decompose(kernel::DepthwiseConv2DOp op, Decomposition d) {
  AffineExpr tap = d.dim(4) * op.getKernelShape()[1] + d.dim(5);
  return decomposeConvolution(op, d, d.dim(3), {tap, d.dim(3)},
                              /*channels=*/0);
}

namespace {
struct DecomposeContractions
    : assay::impl::DecomposeContractionsBase<DecomposeContractions> {
  template <typename OpTy> static void decomposeAll(func::FuncOp function) {
    function.walk([](OpTy op) {
      Decomposition d = {OpBuilder(op), op.getLoc(), op.getInit()};
      op.getResult().replaceAllUsesWith(decompose(op, d));
      op.erase();
    });
  }

  void runOnOperation() override {
    decomposeAll<kernel::MatMulOp>(getOperation());
    decomposeAll<kernel::Conv2DOp>(getOperation());
    decomposeAll<kernel::DepthwiseConv2DOp>(getOperation());
  }
};
} // namespace
