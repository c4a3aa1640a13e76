//===- ElementwiseLoops.cpp - Elementwise and reducing linalg ops ---------===//

#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/ValueBoundsOpInterface.h"
#include "passes/lowering/LoweringUtils.h"

using namespace mlir;
using namespace assay;

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
