//===- LoweringUtils.cpp - What lowering patterns share -------------------===//

#include "passes/lowering/LoweringUtils.h"
#include "dialects/onnx/OnnxOp.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace assay;

//===----------------------------------------------------------------------===//
// Types and scalars
//===----------------------------------------------------------------------===//

bool assay::isUnsignedOrBool(Type type) {
  Type element = getElementTypeOrSelf(type);
  return element.isUnsignedInteger() || element.isInteger(1);
}

Type assay::getSignless(Type type) {
  auto element = dyn_cast<IntegerType>(getElementTypeOrSelf(type));
  if (!element || element.isSignless())
    return type;
  Type signless = IntegerType::get(type.getContext(), element.getWidth());
  if (auto shaped = dyn_cast<ShapedType>(type))
    return shaped.clone(signless);
  return signless;
}

Value assay::createTensorCast(OpBuilder &builder, Location loc,
                              RankedTensorType type, Value value) {
  if (value.getType() == type)
    return value;
  return tensor::CastOp::create(builder, loc, type, value);
}

Value assay::createScalar(OpBuilder &builder, Location loc, Type type,
                          double value) {
  if (isa<FloatType>(type))
    return arith::ConstantOp::create(builder, loc,
                                     builder.getFloatAttr(type, value));
  return createIntScalar(builder, loc, type, static_cast<int64_t>(value));
}

Value assay::createIntScalar(OpBuilder &builder, Location loc, Type type,
                             int64_t value) {
  if (isa<FloatType>(type))
    return createScalar(builder, loc, type, static_cast<double>(value));
  if (isa<IndexType>(type))
    return arith::ConstantIndexOp::create(builder, loc, value);
  APInt bits(64, static_cast<uint64_t>(value), /*isSigned=*/true);
  return arith::ConstantOp::create(
      builder, loc,
      IntegerAttr::get(type, bits.sextOrTrunc(type.getIntOrFloatBitWidth())));
}

Value assay::createLowest(OpBuilder &builder, Location loc, Type type,
                          bool isUnsigned) {
  if (isa<FloatType>(type))
    return createScalar(builder, loc, type,
                        -std::numeric_limits<double>::infinity());
  unsigned width = type.getIntOrFloatBitWidth();
  APInt value =
      isUnsigned ? APInt::getMinValue(width) : APInt::getSignedMinValue(width);
  return arith::ConstantOp::create(builder, loc, IntegerAttr::get(type, value));
}

Value assay::createHighest(OpBuilder &builder, Location loc, Type type,
                           bool isUnsigned) {
  if (isa<FloatType>(type))
    return createScalar(builder, loc, type,
                        std::numeric_limits<double>::infinity());
  unsigned width = type.getIntOrFloatBitWidth();
  APInt value =
      isUnsigned ? APInt::getMaxValue(width) : APInt::getSignedMaxValue(width);
  return arith::ConstantOp::create(builder, loc, IntegerAttr::get(type, value));
}

//===----------------------------------------------------------------------===//
// Sizes
//===----------------------------------------------------------------------===//

int64_t assay::wrapAxis(int64_t axis, int64_t rank) {
  return axis < 0 ? axis + rank : axis;
}

Value assay::getValue(OpBuilder &builder, Location loc, OpFoldResult size) {
  return getValueOrCreateConstantIndexOp(builder, loc, size);
}

OpFoldResult assay::extractIndex(OpBuilder &builder, Location loc, Value tensor,
                                 int64_t index) {
  if (auto ints = onnx::getConstantInts(tensor))
    return builder.getIndexAttr((*ints)[index]);
  Value position = arith::ConstantIndexOp::create(builder, loc, index);
  Value element = tensor::ExtractOp::create(builder, loc, tensor, position);
  if (element.getType().isIndex())
    return element;
  return arith::IndexCastOp::create(builder, loc, builder.getIndexType(),
                                    element)
      .getResult();
}

SmallVector<OpFoldResult> assay::extractIndices(OpBuilder &builder,
                                                Location loc, Value tensor) {
  int64_t length = cast<RankedTensorType>(tensor.getType()).getDimSize(0);
  SmallVector<OpFoldResult> indices;
  for (int64_t i = 0; i < length; ++i)
    indices.push_back(extractIndex(builder, loc, tensor, i));
  return indices;
}

Value assay::extractScalar(OpBuilder &builder, Location loc, Value tensor) {
  int64_t rank = cast<RankedTensorType>(tensor.getType()).getRank();
  SmallVector<Value> zeros(rank);
  for (Value &zero : zeros)
    zero = arith::ConstantIndexOp::create(builder, loc, 0);
  return tensor::ExtractOp::create(builder, loc, tensor, zeros);
}

//===----------------------------------------------------------------------===//
// Destinations
//===----------------------------------------------------------------------===//

Value assay::createEmpty(OpBuilder &builder, Location loc,
                         RankedTensorType type, ArrayRef<OpFoldResult> sizes) {
  SmallVector<Value> dynamic;
  for (auto [position, size] : llvm::enumerate(sizes))
    if (type.isDynamicDim(position))
      dynamic.push_back(getValue(builder, loc, size));
  return tensor::EmptyOp::create(builder, loc, type, dynamic);
}

Value assay::createEmptyLike(OpBuilder &builder, Location loc,
                             RankedTensorType type, Value like) {
  return createEmpty(builder, loc, type,
                     tensor::getMixedSizes(builder, loc, like));
}

Value assay::createFilled(OpBuilder &builder, Location loc,
                          RankedTensorType type, ArrayRef<OpFoldResult> sizes,
                          Value scalar) {
  Value empty = createEmpty(builder, loc, type, sizes);
  return linalg::FillOp::create(builder, loc, scalar, empty).getResult(0);
}
