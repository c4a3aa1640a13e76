//===- ReductionUtils.cpp - Reductions as linalg.generic ------------------===//

#include "passes/lowering/ReductionUtils.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace assay;

SmallVector<Value> assay::createMapped(OpBuilder &builder, Location loc,
                                       ArrayRef<RankedTensorType> resultTypes,
                                       ArrayRef<OpFoldResult> sizes,
                                       ValueRange inputs,
                                       ArrayRef<AffineMap> maps,
                                       ElementsBuilder body) {
  int64_t rank = static_cast<int64_t>(sizes.size());
  SmallVector<AffineMap> allMaps(maps);
  SmallVector<Value> inits;
  for (RankedTensorType type : resultTypes) {
    inits.push_back(createEmpty(builder, loc, type, sizes));
    allMaps.push_back(builder.getMultiDimIdentityMap(rank));
  }
  SmallVector<utils::IteratorType> iterators(rank,
                                             utils::IteratorType::parallel);
  auto generic = linalg::GenericOp::create(
      builder, loc, TypeRange(ValueRange(inits)), inputs, inits, allMaps,
      iterators, [&](OpBuilder &b, Location l, ValueRange args) {
        linalg::YieldOp::create(b, l,
                                body(b, l, args.take_front(inputs.size())));
      });
  return SmallVector<Value>(generic.getResults());
}

AffineMap assay::getChannelMap(OpBuilder &builder, int64_t rank, unsigned dim) {
  return AffineMap::get(rank, 0, builder.getAffineDimExpr(dim));
}

Reducer::Reducer(OpBuilder &builder, Location loc, Value data,
                 ArrayRef<bool> reduced)
    : builder(builder), loc(loc),
      dataType(cast<RankedTensorType>(data.getType())),
      sizes(tensor::getMixedSizes(builder, loc, data)), reduced(reduced) {
  for (auto [size, drop] : llvm::zip_equal(sizes, reduced))
    resultSizes.push_back(drop ? builder.getIndexAttr(1) : size);
}

Reducer::Reducer(OpBuilder &builder, Location loc, Value data, Value axes)
    : builder(builder), loc(loc),
      dataType(cast<RankedTensorType>(data.getType())),
      sizes(tensor::getMixedSizes(builder, loc, data)) {
  int64_t rank = dataType.getRank();
  auto createIndex = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(builder, loc, value);
  };
  auto isEqual = [&](Value a, Value b) -> Value {
    return arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, a, b);
  };
  SmallVector<Value> positions;
  for (OpFoldResult axis : extractIndices(builder, loc, axes)) {
    Value value = getValue(builder, loc, axis);
    Value isNegative = arith::CmpIOp::create(
        builder, loc, arith::CmpIPredicate::slt, value, createIndex(0));
    Value wrapped =
        arith::AddIOp::create(builder, loc, value, createIndex(rank));
    value = arith::SelectOp::create(builder, loc, isNegative, wrapped, value);
    Value isValid = arith::CmpIOp::create(
        builder, loc, arith::CmpIPredicate::ult, value, createIndex(rank));
    cf::AssertOp::create(builder, loc, isValid,
                         "a reduced axis is out of range");
    positions.push_back(value);
  }
  Value one = createIndex(1);
  for (int64_t dim = 0; dim < rank; ++dim) {
    Value flag = createIntScalar(builder, loc, builder.getI1Type(), 0);
    for (Value position : positions)
      flag = arith::OrIOp::create(builder, loc, flag,
                                  isEqual(position, createIndex(dim)));
    flags.push_back(flag);
    Value size = getValue(builder, loc, sizes[dim]);
    resultSizes.push_back(
        arith::SelectOp::create(builder, loc, flag, one, size).getResult());
  }
}

RankedTensorType Reducer::getResultType(Type elementType) const {
  SmallVector<int64_t> shape;
  for (auto [position, dim] : llvm::enumerate(dataType.getShape())) {
    if (isStatic())
      shape.push_back(reduced[position] ? 1 : dim);
    else
      shape.push_back(dim == 1 ? 1 : ShapedType::kDynamic);
  }
  return RankedTensorType::get(shape, elementType);
}

Value Reducer::reduce(ValueRange inputs, ValueRange stats, Value identity,
                      ElementBuilder body) {
  if (!isStatic())
    return reduceInLoops(inputs, stats, identity, body);
  int64_t rank = dataType.getRank();
  SmallVector<AffineExpr> kept;
  SmallVector<utils::IteratorType> iterators;
  for (auto [position, drop] : llvm::enumerate(reduced)) {
    kept.push_back(drop ? builder.getAffineConstantExpr(0)
                        : builder.getAffineDimExpr(position));
    iterators.push_back(drop ? utils::IteratorType::reduction
                             : utils::IteratorType::parallel);
  }
  AffineMap keptMap = AffineMap::get(rank, 0, kept, builder.getContext());
  SmallVector<AffineMap> maps(inputs.size(),
                              builder.getMultiDimIdentityMap(rank));
  maps.append(stats.size() + 1, keptMap);
  SmallVector<Value> operands(inputs);
  llvm::append_range(operands, stats);
  Value init = createFilled(builder, loc, getResultType(identity.getType()),
                            resultSizes, identity);
  auto generic = linalg::GenericOp::create(
      builder, loc, init.getType(), operands, init, maps, iterators,
      [&](OpBuilder &b, Location l, ValueRange args) {
        linalg::YieldOp::create(b, l, body(b, l, args));
      });
  return generic.getResult(0);
}

Value Reducer::reduceInLoops(ValueRange inputs, ValueRange stats,
                             Value identity, ElementBuilder body) {
  Value init = createFilled(builder, loc, getResultType(identity.getType()),
                            resultSizes, identity);
  Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
  Value one = arith::ConstantIndexOp::create(builder, loc, 1);
  SmallVector<Value> lower(sizes.size(), zero), upper, step(sizes.size(), one);
  for (OpFoldResult size : sizes)
    upper.push_back(getValue(builder, loc, size));
  scf::LoopNest nest = scf::buildLoopNest(
      builder, loc, lower, upper, step, init,
      [&](OpBuilder &b, Location l, ValueRange index, ValueRange carried) {
        SmallVector<Value> target, elements;
        for (auto [position, flag] : llvm::zip_equal(index, flags))
          target.push_back(arith::SelectOp::create(b, l, flag, zero, position));
        for (Value input : inputs)
          elements.push_back(tensor::ExtractOp::create(b, l, input, index));
        for (Value stat : stats)
          elements.push_back(tensor::ExtractOp::create(b, l, stat, target));
        elements.push_back(
            tensor::ExtractOp::create(b, l, carried.front(), target));
        Value next = body(b, l, elements);
        return scf::ValueVector{
            tensor::InsertOp::create(b, l, next, carried.front(), target)};
      });
  return nest.results.empty() ? init : nest.results.front();
}

Value Reducer::apply(Type elementType, ValueRange stats, ElementBuilder body) {
  SmallVector<AffineMap> maps(
      stats.size(), builder.getMultiDimIdentityMap(dataType.getRank()));
  return createMapped(builder, loc, getResultType(elementType), resultSizes,
                      stats, maps,
                      [&](OpBuilder &b, Location l, ValueRange args) {
                        return SmallVector<Value>{body(b, l, args)};
                      })
      .front();
}

Value Reducer::getCount() {
  Value count = arith::ConstantIndexOp::create(builder, loc, 1);
  Value one = count;
  for (auto [position, size] : llvm::enumerate(sizes)) {
    if (isStatic() && !reduced[position])
      continue;
    Value value = getValue(builder, loc, size);
    if (!isStatic())
      value =
          arith::SelectOp::create(builder, loc, flags[position], value, one);
    count = arith::MulIOp::create(builder, loc, count, value);
  }
  return count;
}

Value Reducer::getCountAs(Type type) {
  int64_t known = 1;
  for (auto [position, dim] : llvm::enumerate(dataType.getShape())) {
    if (!isStatic() || (reduced[position] && ShapedType::isDynamic(dim)))
      known = ShapedType::kDynamic;
    if (ShapedType::isDynamic(known))
      break;
    if (reduced[position])
      known *= dim;
  }
  if (!ShapedType::isDynamic(known))
    return createIntScalar(builder, loc, type, std::max<int64_t>(known, 1));
  Value one = arith::ConstantIndexOp::create(builder, loc, 1);
  Value count = arith::MaxSIOp::create(builder, loc, getCount(), one);
  Type i64 = builder.getI64Type();
  Value integer = arith::IndexCastOp::create(builder, loc, i64, count);
  return createCast(builder, loc, integer, type, /*fromUnsigned=*/false,
                    /*toUnsigned=*/false);
}

Value Reducer::dropReduced(Value value, RankedTensorType type) {
  auto valueType = cast<RankedTensorType>(value.getType());
  if (valueType.getRank() == type.getRank())
    return tensor::CastOp::create(builder, loc, type, value);
  if (isStatic()) {
    // A reduced dimension joins the kept one before it, or the first kept one.
    SmallVector<ReassociationIndices> groups(type.getRank());
    int64_t group = -1;
    for (auto [position, drop] : llvm::enumerate(reduced)) {
      if (!drop)
        ++group;
      if (!groups.empty())
        groups[std::max<int64_t>(group, 0)].push_back(position);
    }
    return tensor::CollapseShapeOp::create(builder, loc, type, value, groups);
  }
  // The sizes of the kept dimensions, moved to the front.
  Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
  Value one = arith::ConstantIndexOp::create(builder, loc, 1);
  SmallVector<Value> kept(type.getRank(), one);
  Value next = zero;
  for (auto [position, flag] : llvm::enumerate(flags)) {
    Value size = getValue(builder, loc, sizes[position]);
    for (auto [slot, target] : llvm::enumerate(kept)) {
      Value here = arith::CmpIOp::create(
          builder, loc, arith::CmpIPredicate::eq, next,
          arith::ConstantIndexOp::create(builder, loc, slot));
      Value isFree = arith::XOrIOp::create(
          builder, loc, flag,
          createIntScalar(builder, loc, builder.getI1Type(), 1));
      Value takes = arith::AndIOp::create(builder, loc, here, isFree);
      target = arith::SelectOp::create(builder, loc, takes, size, target);
    }
    Value after = arith::AddIOp::create(builder, loc, next, one);
    next = arith::SelectOp::create(builder, loc, flag, next, after);
  }
  // Rank 0: from_elements takes no empty list for an index tensor of length 0.
  auto shapeType =
      RankedTensorType::get({type.getRank()}, builder.getIndexType());
  Value shape =
      kept.empty()
          ? tensor::EmptyOp::create(builder, loc, shapeType, ValueRange())
                .getResult()
          : tensor::FromElementsOp::create(builder, loc, shapeType, kept)
                .getResult();
  return tensor::ReshapeOp::create(builder, loc, type, value, shape);
}
