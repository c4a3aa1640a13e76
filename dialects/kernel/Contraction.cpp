//===- Contraction.cpp - Packed contractions ------------------------------===//

#include "dialects/kernel/Contraction.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Builders.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace assay::kernel;

#define GET_OP_CLASSES
#include "dialects/kernel/Contraction.cpp.inc"

void KernelDialect::registerContractionOps() {
  addOperations<
#define GET_OP_LIST
#include "dialects/kernel/Contraction.cpp.inc"
      >();
}

static bool mayEqual(int64_t a, int64_t b) {
  return a == b || ShapedType::isDynamic(a) || ShapedType::isDynamic(b);
}

static LogicalResult reifyFromInit(OpBuilder &builder, Operation *op,
                                   Value init,
                                   ReifiedRankedShapedTypeDims &shapes) {
  shapes.push_back(tensor::getMixedSizes(builder, op->getLoc(), init));
  return success();
}

//===----------------------------------------------------------------------===//
// MatMulOp
//===----------------------------------------------------------------------===//

static LogicalResult verifyPacked(MatMulOp op) {
  RankedTensorType lhs = op.getLhs().getType(), rhs = op.getRhs().getType();
  RankedTensorType init = op.getInit().getType();
  int64_t n = init.getShape().back();
  if (ShapedType::isDynamic(n))
    return op.emitOpError("with a packed rhs needs a static number of columns");
  if (rhs.getRank() != 3 || !rhs.hasStaticShape() ||
      rhs.getDimSize(0) != llvm::divideCeilSigned(n, kPanelColumns) ||
      rhs.getDimSize(2) != kPanelColumns ||
      !mayEqual(rhs.getDimSize(1), lhs.getShape().back()))
    return op.emitOpError("packed rhs ")
           << rhs << " does not hold the columns of " << init << " for " << lhs;
  return success();
}

static LogicalResult verifyPlain(MatMulOp op) {
  RankedTensorType lhs = op.getLhs().getType(), rhs = op.getRhs().getType();
  RankedTensorType init = op.getInit().getType();
  int64_t rank = init.getRank();
  if (rhs.getRank() != rank)
    return op.emitOpError("operands must have one rank");
  bool transposed = op.getTransposed();
  if (!mayEqual(rhs.getDimSize(rank - (transposed ? 1 : 2)),
                lhs.getDimSize(rank - 1)) ||
      !mayEqual(rhs.getDimSize(rank - (transposed ? 2 : 1)),
                init.getDimSize(rank - 1)))
    return op.emitOpError("rhs ")
           << rhs << " does not fit " << lhs << " and " << init;
  return success();
}

LogicalResult MatMulOp::verify() {
  RankedTensorType lhs = getLhs().getType(), init = getInit().getType();
  int64_t rank = init.getRank();
  if (rank < 2 || lhs.getRank() != rank)
    return emitOpError("operands must have one rank, at least 2");
  if (getPacked() && getTransposed())
    return emitOpError("is either packed or transposed");
  if (!mayEqual(lhs.getDimSize(rank - 2), init.getDimSize(rank - 2)))
    return emitOpError("lhs ") << lhs << " does not have the rows of " << init;
  return getPacked() ? verifyPacked(*this) : verifyPlain(*this);
}

LogicalResult MatMulOp::reifyResultShapes(OpBuilder &builder,
                                          ReifiedRankedShapedTypeDims &shapes) {
  return reifyFromInit(builder, *this, getInit(), shapes);
}

//===----------------------------------------------------------------------===//
// Convolutions
//===----------------------------------------------------------------------===//

template <typename OpTy> static LogicalResult verifyConvolution(OpTy op) {
  RankedTensorType input = op.getInput().getType();
  RankedTensorType init = op.getInit().getType();
  if (input.getRank() != 4 || init.getRank() != 4)
    return op.emitOpError("needs an input and an init of rank 4");
  if (op.getKernelShape().size() != 2 || op.getStrides().size() != 2 ||
      op.getDilations().size() != 2 || op.getPads().size() != 4)
    return op.emitOpError(
        "needs 2 of kernel_shape, strides, dilations; 4 pads");
  auto isPositive = [](int64_t value) { return value > 0; };
  if (!llvm::all_of(op.getKernelShape(), isPositive) ||
      !llvm::all_of(op.getStrides(), isPositive) ||
      !llvm::all_of(op.getDilations(), isPositive) ||
      llvm::any_of(op.getPads(), [](int64_t pad) { return pad < 0; }))
    return op.emitOpError("needs positive kernel_shape, strides, dilations and "
                          "no negative pad");
  if (input.isDynamicDim(3) || init.isDynamicDim(3))
    return op.emitOpError("needs static channels");
  bool padded = llvm::any_of(op.getPads(), [](int64_t pad) { return pad; });
  if (padded && (input.isDynamicDim(2) || init.isDynamicDim(2)))
    return op.emitOpError("with pads needs a static width");
  return success();
}

LogicalResult Conv2DOp::verify() {
  if (failed(verifyConvolution(*this)))
    return failure();
  int64_t group = getGroup(), channels = getInput().getType().getDimSize(3);
  int64_t columns = getInit().getType().getDimSize(3);
  if (group < 1 || channels % group != 0 || columns % group != 0)
    return emitOpError("group must divide the channels");
  int64_t taps = getKernelShape()[0] * getKernelShape()[1];
  int64_t panels = llvm::divideCeil(columns / group, kPanelColumns);
  SmallVector<int64_t> expected = {group * panels, taps * (channels / group),
                                   kPanelColumns};
  if (getFilter().getType().getShape() != ArrayRef<int64_t>(expected))
    return emitOpError("filter must be [")
           << expected[0] << ", " << expected[1] << ", " << expected[2] << "]";
  return success();
}

LogicalResult Conv2DOp::reifyResultShapes(OpBuilder &builder,
                                          ReifiedRankedShapedTypeDims &shapes) {
  return reifyFromInit(builder, *this, getInit(), shapes);
}

LogicalResult DepthwiseConv2DOp::verify() {
  if (failed(verifyConvolution(*this)))
    return failure();
  int64_t channels = getInput().getType().getDimSize(3);
  int64_t taps = getKernelShape()[0] * getKernelShape()[1];
  if (getInit().getType().getDimSize(3) != channels)
    return emitOpError("input and init must have the same channels");
  if (getFilter().getType().getShape() != ArrayRef<int64_t>({taps, channels}))
    return emitOpError("filter must be [") << taps << ", " << channels << "]";
  return success();
}

LogicalResult
DepthwiseConv2DOp::reifyResultShapes(OpBuilder &builder,
                                     ReifiedRankedShapedTypeDims &shapes) {
  return reifyFromInit(builder, *this, getInit(), shapes);
}

LogicalResult WinogradConv2DOp::verify() {
  RankedTensorType input = getInput().getType(), init = getInit().getType();
  if (input.getRank() != 4 || init.getRank() != 4 || !input.hasStaticShape() ||
      !init.hasStaticShape() || getPads().size() != 4)
    return emitOpError("needs a static input and init of rank 4, and 4 pads");
  int64_t channels = input.getDimSize(3), columns = init.getDimSize(3);
  if (channels % 16 != 0 || columns % kPanelColumns != 0)
    return emitOpError("needs multiples of 16 input and of 32 output channels");
  SmallVector<int64_t> expected = {36 * (columns / kPanelColumns), channels,
                                   kPanelColumns};
  if (getFilter().getType().getShape() != ArrayRef<int64_t>(expected))
    return emitOpError("filter must be [")
           << expected[0] << ", " << expected[1] << ", " << expected[2] << "]";
  return success();
}

LogicalResult
WinogradConv2DOp::reifyResultShapes(OpBuilder &builder,
                                    ReifiedRankedShapedTypeDims &shapes) {
  return reifyFromInit(builder, *this, getInit(), shapes);
}
