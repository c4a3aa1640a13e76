//===- GenericConvolution.cpp - Convolutions as linalg.generic ------------===//

#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "passes/lowering/ConvolutionForms.h"
#include "passes/lowering/LoweringUtils.h"

using namespace mlir;
using namespace assay;

int64_t Convolution::getChannels() const {
  return cast<RankedTensorType>(input.getType()).getDimSize(getChannelDim());
}

int64_t Convolution::getOutChannels() const {
  return resultType.getDimSize(getChannelDim());
}

Value assay::createTransposed(OpBuilder &builder, Location loc, Value value,
                              ArrayRef<int64_t> permutation) {
  auto type = cast<RankedTensorType>(value.getType());
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, value);
  SmallVector<int64_t> shape(type.getShape());
  applyPermutationToVector(sizes, permutation);
  applyPermutationToVector(shape, permutation);
  Value init = createEmpty(
      builder, loc, RankedTensorType::get(shape, type.getElementType()), sizes);
  return linalg::TransposeOp::create(builder, loc, value, init, permutation)
      ->getResult(0);
}

Value assay::createZeroPadded(OpBuilder &builder, Location loc, Value value,
                              ArrayRef<OpFoldResult> low,
                              ArrayRef<OpFoldResult> high) {
  auto isZero = [](OpFoldResult size) { return isConstantIntValue(size, 0); };
  if (llvm::all_of(low, isZero) && llvm::all_of(high, isZero))
    return value;
  Type element = cast<RankedTensorType>(value.getType()).getElementType();
  return tensor::PadOp::create(builder, loc, Type(), value, low, high,
                               createScalar(builder, loc, element, 0));
}

static Value padInput(OpBuilder &builder, Location loc,
                      const Convolution &conv) {
  SmallVector<OpFoldResult> low(conv.getRank(), builder.getIndexAttr(0));
  SmallVector<OpFoldResult> high = low;
  for (auto [i, dim] : llvm::enumerate(conv.dims)) {
    low[conv.getSpatialDim(i)] = dim.padBegin;
    high[conv.getSpatialDim(i)] = dim.padEnd;
  }
  return createZeroPadded(builder, loc, conv.input, low, high);
}

/// The result in the compute type of the elements, without bias. Loops: those
/// of the result, then input channels of a group, then taps.
Value assay::createGenericConvolution(OpBuilder &builder, Location loc,
                                      const Convolution &conv) {
  MLIRContext *context = builder.getContext();
  Type element = conv.resultType.getElementType();
  Type compute = getComputeType(element);
  int64_t rank = conv.getRank(), spatial = conv.dims.size();
  int64_t numLoops = rank + 1 + spatial;
  auto loop = [&](int64_t i) { return getAffineDimExpr(i, context); };
  AffineExpr image = loop(0), out = loop(conv.getChannelDim());
  AffineExpr channel = loop(rank);
  auto filterType = cast<RankedTensorType>(conv.filter.getType());
  int64_t channelsOfGroup =
      conv.group == 1 ? 1 : conv.getChannels() / conv.group;
  int64_t outOfGroup = conv.group == 1 ? 1 : conv.getOutChannels() / conv.group;
  AffineExpr groupChannel = channel;
  if (conv.group != 1)
    groupChannel = out.floorDiv(outOfGroup) * channelsOfGroup + channel;

  SmallVector<AffineExpr> inputExprs(rank), filterExprs, resultExprs;
  inputExprs[0] = image;
  inputExprs[conv.getChannelDim()] = groupChannel;
  if (conv.transposedFilter) {
    AffineExpr column = conv.group == 1 ? out : out % outOfGroup;
    filterExprs.append({groupChannel, column});
  } else {
    filterExprs.append({out, channel});
  }
  for (auto [i, dim] : llvm::enumerate(conv.dims)) {
    AffineExpr tap = loop(rank + 1 + i);
    inputExprs[conv.getSpatialDim(i)] =
        loop(conv.getSpatialDim(i)) * dim.stride + tap * dim.dilation;
    filterExprs.push_back(conv.transposedFilter
                              ? getAffineConstantExpr(dim.kernel - 1, context) -
                                    tap
                              : tap);
  }
  for (int64_t i = 0; i < rank; ++i)
    resultExprs.push_back(loop(i));

  // A tensor of the taps' shape bounds the reduction loops, which the maps of
  // the operands alone may not.
  SmallVector<AffineExpr> boundExprs;
  SmallVector<OpFoldResult> boundSizes;
  SmallVector<int64_t> boundShape;
  int64_t depthDim = conv.transposedFilter ? 0 : 1;
  boundExprs.push_back(channel);
  int64_t depth = filterType.getDimSize(depthDim);
  if (conv.transposedFilter && !ShapedType::isDynamic(depth))
    depth /= conv.group;
  boundShape.push_back(depth);
  boundSizes.push_back(
      ShapedType::isDynamic(depth)
          ? tensor::getMixedSize(builder, loc, conv.filter, depthDim)
          : OpFoldResult(builder.getIndexAttr(depth)));
  for (auto [i, dim] : llvm::enumerate(conv.dims)) {
    boundExprs.push_back(loop(rank + 1 + i));
    boundShape.push_back(dim.kernel);
    boundSizes.push_back(builder.getIndexAttr(dim.kernel));
  }
  Value bound = createEmpty(
      builder, loc, RankedTensorType::get(boundShape, compute), boundSizes);

  SmallVector<OpFoldResult> sizes(rank);
  sizes[0] = tensor::getMixedSize(builder, loc, conv.input, 0);
  sizes[conv.getChannelDim()] =
      ShapedType::isDynamic(conv.getOutChannels())
          ? tensor::getMixedSize(builder, loc, conv.filter,
                                 conv.transposedFilter ? 1 : 0)
          : OpFoldResult(builder.getIndexAttr(conv.getOutChannels()));
  for (auto [i, dim] : llvm::enumerate(conv.dims))
    sizes[conv.getSpatialDim(i)] = dim.outputSize;
  auto sumType = RankedTensorType::get(conv.resultType.getShape(), compute);
  Value init = createFilled(builder, loc, sumType, sizes,
                            createScalar(builder, loc, compute, 0));
  SmallVector<utils::IteratorType> iterators(rank,
                                             utils::IteratorType::parallel);
  iterators.append(1 + spatial, utils::IteratorType::reduction);
  auto mapOf = [&](ArrayRef<AffineExpr> exprs) {
    return AffineMap::get(numLoops, 0, exprs, context);
  };
  SmallVector<AffineMap> maps = {mapOf(inputExprs), mapOf(filterExprs),
                                 mapOf(boundExprs), mapOf(resultExprs)};
  Value input = padInput(builder, loc, conv);
  Value sum =
      linalg::GenericOp::create(
          builder, loc, sumType, ValueRange{input, conv.filter, bound}, init,
          maps, iterators,
          [&](OpBuilder &b, Location loc, ValueRange args) {
            Value x = createCast(b, loc, args[0], compute, false, false);
            Value w = createCast(b, loc, args[1], compute, false, false);
            Value product = arith::MulFOp::create(b, loc, x, w);
            Value total = arith::AddFOp::create(b, loc, args[3], product);
            linalg::YieldOp::create(b, loc, total);
          })
          .getResult(0);
  if (compute == element && !conv.bias)
    return sum;

  SmallVector<Value> operands = {sum};
  SmallVector<AffineMap> endMaps = {builder.getMultiDimIdentityMap(rank)};
  if (conv.bias) {
    operands.push_back(conv.bias);
    endMaps.push_back(
        AffineMap::get(rank, 0, loop(conv.getChannelDim()), context));
  }
  endMaps.push_back(builder.getMultiDimIdentityMap(rank));
  Value end = createEmpty(builder, loc, conv.resultType, sizes);
  SmallVector<utils::IteratorType> parallel(rank,
                                            utils::IteratorType::parallel);
  return linalg::GenericOp::create(
             builder, loc, conv.resultType, operands, end, endMaps, parallel,
             [&](OpBuilder &b, Location loc, ValueRange args) {
               Value value = args[0];
               if (conv.bias) {
                 Value bias =
                     createCast(b, loc, args[1], compute, false, false);
                 value = arith::AddFOp::create(b, loc, value, bias);
               }
               linalg::YieldOp::create(
                   b, loc, createCast(b, loc, value, element, false, false));
             })
      .getResult(0);
}
