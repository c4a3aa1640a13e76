//===- DecomposeTensorOps.cpp - Tensor ops to linalg and insertions -------===//
//
//   %0 = tensor.pad %x low[1] high[1] { tensor.yield %zero }
//   %1 = tensor.concat dim(0) %a, %b
//   %2 = linalg.transpose ins(%x) outs(%e) permutation = [1, 0]
//
// becomes
//
//   %f = linalg.fill ins(%zero) outs(%empty)
//   %0 = tensor.insert_slice %x into %f[1] [4] [1]
//   %p = tensor.insert_slice %a into %empty1[0] [4] [1]
//   %1 = tensor.insert_slice %b into %p[4] [4] [1]
//   %2 = linalg.generic ins(%x) outs(%e)
//
//===----------------------------------------------------------------------===//

#include "dialects/kernel/Contraction.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Interfaces/LoopLikeInterface.h"
#include "passes/fusion/Passes.h"

namespace assay {
#define GEN_PASS_DEF_DECOMPOSETENSOROPS
#include "passes/fusion/Passes.h.inc"
} // namespace assay

using namespace mlir;
using namespace assay;

/// Whether `op` is kept by name because code generation knows it.
static bool staysNamed(linalg::LinalgOp op) {
  if (isa<linalg::GenericOp, linalg::FillOp>(op))
    return true;
  bool isPool = op->getName().stripDialect().starts_with("pooling");
  return !isPool && op.getNumReductionLoops() > 0 &&
         (linalg::isaContractionOpInterface(op) ||
          linalg::isaConvolutionOpInterface(op));
}

/// An elementwise op on tensors to a linalg.generic over the same scalar op.
static void convertElementwise(RewriterBase &rewriter, Operation *op) {
  auto type = cast<RankedTensorType>(op->getResult(0).getType());
  Location loc = op->getLoc();
  SmallVector<Value> inputs;
  SmallVector<AffineMap> maps;
  for (Value operand : op->getOperands()) {
    inputs.push_back(operand);
    auto tensor = dyn_cast<RankedTensorType>(operand.getType());
    maps.push_back(
        tensor ? rewriter.getMultiDimIdentityMap(type.getRank())
               : AffineMap::get(type.getRank(), 0, rewriter.getContext()));
  }
  Value model = *llvm::find_if(op->getOperands(), [](Value operand) {
    return isa<RankedTensorType>(operand.getType());
  });
  Value empty = tensor::EmptyOp::create(
      rewriter, loc, tensor::getMixedSizes(rewriter, loc, model),
      type.getElementType());
  maps.push_back(rewriter.getMultiDimIdentityMap(type.getRank()));
  SmallVector<utils::IteratorType> iterators(type.getRank(),
                                             utils::IteratorType::parallel);
  rewriter.replaceOpWithNewOp<linalg::GenericOp>(
      op, TypeRange(type), inputs, empty, maps, iterators,
      [&](OpBuilder &builder, Location, ValueRange arguments) {
        OperationState state(loc, op->getName());
        state.addOperands(arguments.drop_back());
        state.addTypes(type.getElementType());
        state.addAttributes(op->getAttrs());
        linalg::YieldOp::create(builder, loc,
                                builder.create(state)->getResults());
      });
}

static bool isElementwiseOnTensors(Operation *op) {
  return OpTrait::hasElementwiseMappableTraits(op) &&
         op->getNumResults() == 1 &&
         isa<RankedTensorType>(op->getResult(0).getType()) &&
         llvm::any_of(op->getOperandTypes(), llvm::IsaPred<RankedTensorType>);
}

static bool isKnownEmpty(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor && llvm::is_contained(tensor.getShape(), 0);
}

/// Whether `op` computes only a tensor without elements. Slices of such are not
/// valid, so nothing may be left that would be tiled. Other shapes of it may
/// not show that they have no elements.
static bool computesNothing(Operation *op) {
  if (op->getNumResults() != 1 || !isPure(op) || isa<tensor::EmptyOp>(op))
    return false;
  bool reshapes =
      isa<tensor::CollapseShapeOp, tensor::ExpandShapeOp, tensor::ReshapeOp>(
          op);
  return isKnownEmpty(op->getResult(0).getType()) ||
         (reshapes && isKnownEmpty(op->getOperand(0).getType()));
}

/// The elements of the shape that tensor.reshape takes.
static SmallVector<OpFoldResult> readShape(RewriterBase &rewriter,
                                           tensor::ReshapeOp op) {
  Location loc = op.getLoc();
  auto type = cast<RankedTensorType>(op.getResult().getType());
  SmallVector<OpFoldResult> sizes;
  for (auto [axis, size] : llvm::enumerate(type.getShape())) {
    if (!ShapedType::isDynamic(size)) {
      sizes.push_back(rewriter.getIndexAttr(size));
      continue;
    }
    Value at = arith::ConstantIndexOp::create(rewriter, loc, axis);
    Value element = tensor::ExtractOp::create(rewriter, loc, op.getShape(), at);
    if (!element.getType().isIndex())
      element = arith::IndexCastOp::create(rewriter, loc,
                                           rewriter.getIndexType(), element);
    sizes.push_back(element);
  }
  return sizes;
}

/// Replaces an op that computes no element by its init, or by a tensor without
/// elements. The sizes come from the operands: those of the result are gone
/// with the op.
static LogicalResult replaceByNothing(RewriterBase &rewriter, Operation *op) {
  if (auto inPlace = dyn_cast<DestinationStyleOpInterface>(op)) {
    rewriter.replaceOp(op, inPlace.getDpsInits());
    return success();
  }
  if (auto loop = dyn_cast<LoopLikeOpInterface>(op)) {
    rewriter.replaceOp(op, loop.getInits());
    return success();
  }
  auto type = cast<RankedTensorType>(op->getResult(0).getType());
  SmallVector<OpFoldResult> sizes;
  ReifiedRankedShapedTypeDims shapes;
  if (type.hasStaticShape()) {
    sizes = getAsIndexOpFoldResult(op->getContext(), type.getShape());
  } else if (auto reshape = dyn_cast<tensor::ReshapeOp>(op)) {
    sizes = readShape(rewriter, reshape);
  } else if (isElementwiseOnTensors(op)) {
    Value model = *llvm::find_if(op->getOperands(), [](Value operand) {
      return isa<RankedTensorType>(operand.getType());
    });
    sizes = tensor::getMixedSizes(rewriter, op->getLoc(), model);
  } else if (succeeded(reifyResultShapes(rewriter, op, shapes))) {
    sizes = shapes.front();
  } else {
    return failure();
  }
  Value empty = tensor::EmptyOp::create(rewriter, op->getLoc(), sizes,
                                        type.getElementType());
  if (empty.getType() != type)
    empty = tensor::CastOp::create(rewriter, op->getLoc(), type, empty);
  rewriter.replaceOp(op, empty);
  return success();
}

/// Whether `op` has a loop of no iterations, as a sum over a dimension of 0
/// does: its result is its init.
static bool neverIterates(Operation *op) {
  auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
  return linalgOp && linalgOp.hasPureTensorSemantics() &&
         llvm::is_contained(linalgOp.getStaticLoopRanges(), 0);
}

/// Whether `op` is a contraction of tensors one of which has no elements: its
/// result, if it has any, is 0.
static bool sumsNothing(Operation *op) {
  return isa<kernel::MatMulOp, kernel::Conv2DOp, kernel::DepthwiseConv2DOp,
             kernel::WinogradConv2DOp>(op) &&
         llvm::any_of(op->getOperandTypes(), isKnownEmpty);
}

namespace {
struct DecomposeTensorOps
    : assay::impl::DecomposeTensorOpsBase<DecomposeTensorOps> {
  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    SmallVector<Operation *> ops;
    getOperation().walk([&](Operation *op) { ops.push_back(op); });
    for (Operation *op : ops) {
      rewriter.setInsertionPoint(op);
      if (failed(decompose(rewriter, op))) {
        op->emitError("cannot be rewritten to linalg");
        return signalPassFailure();
      }
    }
  }

  static LogicalResult decompose(RewriterBase &rewriter, Operation *op) {
    if (neverIterates(op) || computesNothing(op))
      return replaceByNothing(rewriter, op);
    if (sumsNothing(op)) {
      Value init = cast<DestinationStyleOpInterface>(op).getDpsInits().front();
      Type element = cast<RankedTensorType>(init.getType()).getElementType();
      Value zero = arith::ConstantOp::create(rewriter, op->getLoc(),
                                             rewriter.getZeroAttr(element));
      rewriter.replaceOpWithNewOp<linalg::FillOp>(op, zero, init);
      return success();
    }
    if (auto pad = dyn_cast<tensor::PadOp>(op))
      return linalg::rewriteInDestinationPassingStyle(rewriter, pad);
    if (auto generate = dyn_cast<tensor::GenerateOp>(op))
      return linalg::rewriteInDestinationPassingStyle(rewriter, generate);
    if (auto splat = dyn_cast<tensor::SplatOp>(op)) {
      Value empty = tensor::EmptyOp::create(
          rewriter, op->getLoc(), splat.getType(), splat.getDynamicSizes());
      rewriter.replaceOpWithNewOp<linalg::FillOp>(op, splat.getInput(), empty);
      return success();
    }
    if (auto concat = dyn_cast<tensor::ConcatOp>(op)) {
      FailureOr<SmallVector<Value>> parts = concat.decomposeOperation(rewriter);
      if (failed(parts))
        return failure();
      rewriter.replaceOp(op, *parts);
      return success();
    }
    if (auto aggregated = dyn_cast<linalg::AggregatedOpInterface>(op)) {
      FailureOr<SmallVector<Value>> parts =
          aggregated.decomposeOperation(rewriter);
      if (failed(parts))
        return failure();
      rewriter.replaceOp(op, *parts);
      return success();
    }
    if (isElementwiseOnTensors(op)) {
      convertElementwise(rewriter, op);
      return success();
    }
    auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
    if (linalgOp && !staysNamed(linalgOp))
      return linalg::generalizeNamedOp(rewriter, linalgOp);
    return success();
  }
};
} // namespace
