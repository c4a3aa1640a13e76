//===- LoweringUtils.cpp - What lowering patterns share -------------------===//

#include "passes/lowering/LoweringUtils.h"
#include "dialects/onnx/OnnxOp.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Interfaces/ValueBoundsOpInterface.h"

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

//===----------------------------------------------------------------------===//
// Elementwise computation
//===----------------------------------------------------------------------===//

AffineMap assay::getBroadcastMap(RankedTensorType input,
                                 ArrayRef<OpFoldResult> sizes) {
  MLIRContext *context = input.getContext();
  SmallVector<AffineExpr> exprs;
  int64_t rank = sizes.size(), offset = rank - input.getRank();
  for (auto [position, dim] : llvm::enumerate(input.getShape())) {
    bool stretches =
        dim == 1 && !isConstantIntValue(sizes[offset + position], 1);
    exprs.push_back(stretches ? getAffineConstantExpr(0, context)
                              : getAffineDimExpr(offset + position, context));
  }
  return AffineMap::get(rank, 0, exprs, context);
}

/// Whether two sizes are known to be equal.
static bool areEqual(OpFoldResult a, OpFoldResult b) {
  if (isEqualConstantIntOrValue(a, b))
    return true;
  if (isa<Attribute>(a) && isa<Attribute>(b))
    return false;
  FailureOr<bool> equal = ValueBoundsConstraintSet::areEqual(a, b);
  return succeeded(equal) && *equal;
}

/// Combines the sizes of one dimension: all that differ must be 1.
static OpFoldResult combineSizes(OpBuilder &builder, Location loc,
                                 ArrayRef<OpFoldResult> sizes, int64_t known) {
  SmallVector<OpFoldResult> distinct;
  for (OpFoldResult size : sizes)
    if (!isConstantIntValue(size, 1) &&
        llvm::none_of(distinct,
                      [&](OpFoldResult seen) { return areEqual(seen, size); }))
      distinct.push_back(size);
  if (distinct.empty())
    return builder.getIndexAttr(1);
  if (distinct.size() == 1)
    return distinct.front();

  Value one = arith::ConstantIndexOp::create(builder, loc, 1);
  Value combined;
  if (!ShapedType::isDynamic(known)) {
    combined = arith::ConstantIndexOp::create(builder, loc, known);
  } else {
    combined = getValue(builder, loc, distinct.front());
    for (OpFoldResult size : ArrayRef(distinct).drop_front()) {
      Value isOne = arith::CmpIOp::create(
          builder, loc, arith::CmpIPredicate::eq, combined, one);
      combined = arith::SelectOp::create(
          builder, loc, isOne, getValue(builder, loc, size), combined);
    }
  }
  for (OpFoldResult size : distinct) {
    if (isa<Attribute>(size))
      continue;
    Value value = getValue(builder, loc, size);
    Value isOne = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq,
                                        value, one);
    Value fits = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq,
                                       value, combined);
    Value valid = arith::OrIOp::create(builder, loc, isOne, fits);
    cf::AssertOp::create(builder, loc, valid, "shapes do not broadcast");
  }
  if (!ShapedType::isDynamic(known))
    return builder.getIndexAttr(known);
  return combined;
}

SmallVector<OpFoldResult>
assay::computeBroadcastSizes(OpBuilder &builder, Location loc,
                             ValueRange inputs, RankedTensorType resultType) {
  SmallVector<SmallVector<OpFoldResult>> inputSizes;
  for (Value input : inputs)
    inputSizes.push_back(tensor::getMixedSizes(builder, loc, input));
  SmallVector<OpFoldResult> sizes;
  for (int64_t dim = 0; dim < resultType.getRank(); ++dim) {
    SmallVector<OpFoldResult> candidates;
    for (ArrayRef<OpFoldResult> input : inputSizes) {
      int64_t position =
          dim - (resultType.getRank() - static_cast<int64_t>(input.size()));
      if (position >= 0)
        candidates.push_back(input[position]);
    }
    sizes.push_back(
        combineSizes(builder, loc, candidates, resultType.getDimSize(dim)));
  }
  return sizes;
}

/// Whether a dynamic dimension of `input` may be 1 where `sizes` is not.
static bool mayBroadcastAtRunTime(Value input, ArrayRef<OpFoldResult> sizes) {
  auto type = cast<RankedTensorType>(input.getType());
  int64_t offset = static_cast<int64_t>(sizes.size()) - type.getRank();
  for (int64_t dim = 0; dim < type.getRank(); ++dim) {
    if (!type.isDynamicDim(dim))
      continue;
    OpFoldResult size = sizes[offset + dim];
    if (auto value = dyn_cast<Value>(size)) {
      auto dimOp = value.getDefiningOp<tensor::DimOp>();
      if (dimOp && dimOp.getSource() == input &&
          dimOp.getConstantIndex() == dim)
        continue;
    }
    FailureOr<bool> equal = ValueBoundsConstraintSet::areEqual(
        ValueBoundsConstraintSet::Variable(input, dim),
        ValueBoundsConstraintSet::Variable(size));
    if (failed(equal) || !*equal)
      return true;
  }
  return false;
}

/// Reads `input` at the current iteration, dimensions of size 1 at 0. `sizes`
/// are those of `input`, computed outside of the loop nest.
static Value extractBroadcast(OpBuilder &builder, Location loc, Value input,
                              ArrayRef<OpFoldResult> sizes, int64_t rank) {
  int64_t offset = rank - static_cast<int64_t>(sizes.size());
  Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
  Value one = arith::ConstantIndexOp::create(builder, loc, 1);
  SmallVector<Value> indices;
  for (auto [position, size] : llvm::enumerate(sizes)) {
    if (isConstantIntValue(size, 1)) {
      indices.push_back(zero);
      continue;
    }
    Value index = linalg::IndexOp::create(builder, loc, offset + position);
    if (auto value = dyn_cast<Value>(size)) {
      Value isOne = arith::CmpIOp::create(builder, loc,
                                          arith::CmpIPredicate::eq, value, one);
      index = arith::SelectOp::create(builder, loc, isOne, zero, index);
    }
    indices.push_back(index);
  }
  return tensor::ExtractOp::create(builder, loc, input, indices);
}

SmallVector<Value> assay::createElementwise(
    OpBuilder &builder, Location loc, ArrayRef<RankedTensorType> resultTypes,
    ValueRange inputs, ArrayRef<OpFoldResult> sizes, ElementsBuilder body) {
  int64_t rank = static_cast<int64_t>(sizes.size());
  SmallVector<Value> streamed;
  SmallVector<AffineMap> maps;
  // An input read by tensor.extract has its run-time sizes here.
  SmallVector<SmallVector<OpFoldResult>> extracted(inputs.size());
  SmallVector<bool> isExtracted;
  for (auto [position, input] : llvm::enumerate(inputs)) {
    isExtracted.push_back(mayBroadcastAtRunTime(input, sizes));
    if (isExtracted.back()) {
      extracted[position] = tensor::getMixedSizes(builder, loc, input);
      continue;
    }
    streamed.push_back(input);
    maps.push_back(
        getBroadcastMap(cast<RankedTensorType>(input.getType()), sizes));
  }
  SmallVector<Value> inits;
  for (RankedTensorType type : resultTypes) {
    inits.push_back(createEmpty(builder, loc, type, sizes));
    maps.push_back(builder.getMultiDimIdentityMap(rank));
  }
  SmallVector<utils::IteratorType> iterators(rank,
                                             utils::IteratorType::parallel);
  auto generic = linalg::GenericOp::create(
      builder, loc, TypeRange(ValueRange(inits)), streamed, inits, maps,
      iterators, [&](OpBuilder &b, Location l, ValueRange args) {
        SmallVector<Value> elements;
        unsigned next = 0;
        for (auto [position, input] : llvm::enumerate(inputs))
          elements.push_back(
              isExtracted[position]
                  ? extractBroadcast(b, l, input, extracted[position], rank)
                  : args[next++]);
        linalg::YieldOp::create(b, l, body(b, l, elements));
      });
  return SmallVector<Value>(generic.getResults());
}

Value assay::createElementwise(OpBuilder &builder, Location loc,
                               RankedTensorType resultType, ValueRange inputs,
                               ElementBuilder body) {
  SmallVector<OpFoldResult> sizes =
      computeBroadcastSizes(builder, loc, inputs, resultType);
  return createElementwise(builder, loc, ArrayRef(resultType), inputs, sizes,
                           [&](OpBuilder &b, Location l, ValueRange elements) {
                             return SmallVector<Value>{body(b, l, elements)};
                           })
      .front();
}

Value assay::createElementwise(OpBuilder &builder, Location loc,
                               RankedTensorType resultType, ValueRange inputs,
                               ArrayRef<AffineMap> maps,
                               ArrayRef<OpFoldResult> sizes,
                               ElementBuilder body) {
  int64_t rank = resultType.getRank();
  SmallVector<AffineMap> allMaps(maps);
  allMaps.push_back(builder.getMultiDimIdentityMap(rank));
  SmallVector<utils::IteratorType> iterators(rank,
                                             utils::IteratorType::parallel);
  Value init = createEmpty(builder, loc, resultType, sizes);
  return linalg::GenericOp::create(
             builder, loc, resultType, inputs, init, allMaps, iterators,
             [&](OpBuilder &b, Location l, ValueRange args) {
               linalg::YieldOp::create(b, l, body(b, l, args.drop_back()));
             })
      .getResult(0);
}

Value assay::createReduction(OpBuilder &builder, Location loc,
                             RankedTensorType type, Value input,
                             ArrayRef<int64_t> axes, Value init,
                             ElementBuilder body) {
  int64_t rank = cast<RankedTensorType>(input.getType()).getRank();
  SmallVector<OpFoldResult> inputSizes =
      tensor::getMixedSizes(builder, loc, input);
  SmallVector<OpFoldResult> sizes;
  SmallVector<AffineExpr> kept;
  SmallVector<utils::IteratorType> iterators(rank,
                                             utils::IteratorType::reduction);
  for (int64_t dim = 0; dim < rank; ++dim) {
    if (llvm::is_contained(axes, dim))
      continue;
    iterators[dim] = utils::IteratorType::parallel;
    kept.push_back(builder.getAffineDimExpr(dim));
    sizes.push_back(inputSizes[dim]);
  }
  SmallVector<AffineMap> maps = {
      builder.getMultiDimIdentityMap(rank),
      AffineMap::get(rank, 0, kept, builder.getContext())};
  Value filled = createFilled(builder, loc, type, sizes, init);
  return linalg::GenericOp::create(
             builder, loc, type, input, filled, maps, iterators,
             [&](OpBuilder &b, Location l, ValueRange args) {
               linalg::YieldOp::create(b, l, body(b, l, args));
             })
      .getResult(0);
}

//===----------------------------------------------------------------------===//
// Arithmetic on elements
//===----------------------------------------------------------------------===//

Type assay::getComputeType(Type type) {
  if (isa<FloatType>(type) && type.getIntOrFloatBitWidth() < 32)
    return Float32Type::get(type.getContext());
  return type;
}

/// Rounds a double to a narrow float by way of f32, as the targets do.
static Value convertFloat(OpBuilder &builder, Location loc, Value value,
                          Type to) {
  unsigned toWidth = to.getIntOrFloatBitWidth();
  if (value.getType() == to)
    return value;
  Type f32 = builder.getF32Type();
  unsigned width = value.getType().getIntOrFloatBitWidth();
  if (width < 32) {
    value = arith::ExtFOp::create(builder, loc, f32, value);
    width = 32;
  } else if (width > 32 && toWidth <= 32) {
    value = arith::TruncFOp::create(builder, loc, f32, value);
    width = 32;
  }
  if (value.getType() == to)
    return value;
  if (width < toWidth)
    return arith::ExtFOp::create(builder, loc, to, value);
  return arith::TruncFOp::create(builder, loc, to, value);
}

/// Truncates toward zero and saturates; NaN gives 0.
static Value convertFloatToInt(OpBuilder &builder, Location loc, Value value,
                               IntegerType to, bool toUnsigned) {
  Type compute = getComputeType(value.getType());
  value = convertFloat(builder, loc, value, compute);
  unsigned width = to.getWidth();
  // 2^n bounds are exact in every float type; the greatest value is not.
  double above = std::ldexp(1.0, toUnsigned ? width : width - 1);
  double least = toUnsigned ? 0.0 : -above;
  Value zero = createScalar(builder, loc, compute, 0.0);
  Value low = createScalar(builder, loc, compute, least);
  Value high = createScalar(builder, loc, compute, above);
  Value isNan = arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::UNO,
                                      value, value);
  Value isHigh = arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OGE,
                                       value, high);
  Value isLow = arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OLE,
                                      value, low);
  // The conversion must see a value in range: out of range is poison.
  Value isOut = arith::OrIOp::create(
      builder, loc, isNan, arith::OrIOp::create(builder, loc, isHigh, isLow));
  Value safe = arith::SelectOp::create(builder, loc, isOut, zero, value);
  Value result =
      toUnsigned ? arith::FPToUIOp::create(builder, loc, to, safe).getResult()
                 : arith::FPToSIOp::create(builder, loc, to, safe).getResult();
  result = arith::SelectOp::create(builder, loc, isHigh,
                                   createHighest(builder, loc, to, toUnsigned),
                                   result);
  return arith::SelectOp::create(
      builder, loc, isLow, createLowest(builder, loc, to, toUnsigned), result);
}

Value assay::createCast(OpBuilder &builder, Location loc, Value value, Type to,
                        bool fromUnsigned, bool toUnsigned) {
  Type from = value.getType();
  if (from == to)
    return value;
  if (isa<FloatType>(from) && isa<FloatType>(to))
    return convertFloat(builder, loc, value, to);
  if (to.isInteger(1)) {
    Value zero = createScalar(builder, loc, from, 0);
    if (isa<FloatType>(from))
      return arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::UNE,
                                   value, zero);
    return arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ne, value,
                                 zero);
  }
  if (isa<FloatType>(from))
    return convertFloatToInt(builder, loc, value, cast<IntegerType>(to),
                             toUnsigned);
  fromUnsigned |= from.isInteger(1);
  if (isa<FloatType>(to)) {
    Type compute = getComputeType(to);
    Value result =
        fromUnsigned
            ? arith::UIToFPOp::create(builder, loc, compute, value).getResult()
            : arith::SIToFPOp::create(builder, loc, compute, value).getResult();
    return convertFloat(builder, loc, result, to);
  }
  unsigned fromWidth = from.getIntOrFloatBitWidth();
  unsigned toWidth = to.getIntOrFloatBitWidth();
  if (fromWidth > toWidth)
    return arith::TruncIOp::create(builder, loc, to, value);
  if (fromWidth == toWidth)
    return value;
  if (fromUnsigned)
    return arith::ExtUIOp::create(builder, loc, to, value);
  return arith::ExtSIOp::create(builder, loc, to, value);
}

Value assay::computeInFloat(OpBuilder &builder, Location loc, Type type,
                            ValueRange values, ElementBuilder body) {
  SmallVector<Value> converted;
  for (Value value : values) {
    Type compute = getComputeType(value.getType());
    converted.push_back(isa<FloatType>(compute)
                            ? convertFloat(builder, loc, value, compute)
                            : value);
  }
  Value result = body(builder, loc, converted);
  if (!isa<FloatType>(type))
    return result;
  return convertFloat(builder, loc, result, type);
}
