//===- BrickEmitter.cpp - Register tiles of contractions ------------------===//

#include "passes/cpu/BrickEmitter.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;
using namespace assay::cpu;

//===----------------------------------------------------------------------===//
// Index arithmetic and control flow
//===----------------------------------------------------------------------===//

Value Emitter::index(int64_t value) {
  return arith::ConstantIndexOp::create(builder, loc, value);
}

Value Emitter::add(Value a, Value b) {
  return builder.createOrFold<arith::AddIOp>(loc, a, b);
}
Value Emitter::sub(Value a, Value b) {
  return builder.createOrFold<arith::SubIOp>(loc, a, b);
}
Value Emitter::mul(Value a, Value b) {
  return builder.createOrFold<arith::MulIOp>(loc, a, b);
}
Value Emitter::div(Value a, Value b) {
  return builder.createOrFold<arith::DivUIOp>(loc, a, b);
}
Value Emitter::rem(Value a, Value b) {
  if (getStatic(b) == 1)
    return index(0);
  return builder.createOrFold<arith::RemUIOp>(loc, a, b);
}
Value Emitter::ceilDiv(Value a, int64_t b) {
  return div(add(a, b - 1), index(b));
}
Value Emitter::min(Value a, Value b) {
  return builder.createOrFold<arith::MinSIOp>(loc, a, b);
}
Value Emitter::max(Value a, Value b) {
  return builder.createOrFold<arith::MaxSIOp>(loc, a, b);
}
Value Emitter::compare(arith::CmpIPredicate predicate, Value a, Value b) {
  return builder.createOrFold<arith::CmpIOp>(loc, predicate, a, b);
}

void Emitter::forEach(Value from, Value to, int64_t step,
                      llvm::function_ref<void(Value)> body) {
  std::optional<int64_t> first = getStatic(from), end = getStatic(to);
  if (first && end) {
    if (*first >= *end)
      return;
    if (*first + step >= *end)
      return body(from);
  }
  auto loop = scf::ForOp::create(builder, loc, from, to, index(step));
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(loop.getBody());
  body(loop.getInductionVar());
}

void Emitter::ifElse(Value condition, llvm::function_ref<void()> then,
                     llvm::function_ref<void()> otherwise) {
  if (std::optional<int64_t> known = getStatic(condition)) {
    if (*known)
      return then();
    return otherwise();
  }
  auto branch =
      scf::IfOp::create(builder, loc, condition, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPoint(branch.thenYield());
  then();
  builder.setInsertionPoint(branch.elseYield());
  otherwise();
}

//===----------------------------------------------------------------------===//
// Vectors and buffers
//===----------------------------------------------------------------------===//

VectorType Emitter::vectorType(Type element) {
  return VectorType::get({lanes}, element);
}

Value Emitter::zeroVector() {
  VectorType type = vectorType(builder.getF32Type());
  return arith::ConstantOp::create(builder, loc, builder.getZeroAttr(type));
}

Value Emitter::mask(Value count) {
  VectorType type = vectorType(builder.getI1Type());
  std::optional<int64_t> known = getStatic(count);
  if (known && *known >= lanes)
    return {};
  if (known) {
    SmallVector<bool> bits(lanes, false);
    std::fill_n(bits.begin(), std::max<int64_t>(*known, 0), true);
    return arith::ConstantOp::create(builder, loc,
                                     DenseElementsAttr::get(type, bits));
  }
  VectorType numbers = vectorType(builder.getI32Type());
  SmallVector<int32_t> lane = llvm::to_vector(llvm::seq<int32_t>(0, lanes));
  Value position = arith::ConstantOp::create(
      builder, loc, DenseElementsAttr::get(numbers, ArrayRef(lane)));
  Value narrow =
      arith::IndexCastOp::create(builder, loc, builder.getI32Type(), count);
  return arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::slt,
                               position, broadcast(narrow));
}

Value Emitter::loadScalar(Value elements, Value at) {
  return memref::LoadOp::create(builder, loc, elements, at);
}

Value Emitter::loadVector(Value elements, Value at, Value mask) {
  Type element = cast<MemRefType>(elements.getType()).getElementType();
  VectorType type = vectorType(element);
  if (!mask)
    return vector::LoadOp::create(builder, loc, type, elements, at);
  Value zero =
      arith::ConstantOp::create(builder, loc, builder.getZeroAttr(type));
  return vector::MaskedLoadOp::create(builder, loc, type, elements, at, mask,
                                      zero);
}

void Emitter::storeVector(Value vector, Value elements, Value at, Value mask) {
  if (mask)
    vector::MaskedStoreOp::create(builder, loc, elements, at, mask, vector);
  else
    vector::StoreOp::create(builder, loc, vector, elements, at);
}

Value Emitter::loadLanes(Value elements, Value at, Value stride, Value mask) {
  Type element = cast<MemRefType>(elements.getType()).getElementType();
  VectorType type = vectorType(element);
  Value vector =
      arith::ConstantOp::create(builder, loc, builder.getZeroAttr(type));
  for (int64_t lane = 0; lane < lanes; ++lane) {
    auto loadInto = [&](Value into) -> Value {
      Value scalar = loadScalar(elements, add(at, mul(stride, lane)));
      return vector::InsertOp::create(builder, loc, scalar, into, lane);
    };
    if (!mask) {
      vector = loadInto(vector);
      continue;
    }
    Value valid = vector::ExtractOp::create(builder, loc, mask, lane);
    auto branch = scf::IfOp::create(builder, loc, TypeRange{type}, valid,
                                    /*withElseRegion=*/true);
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(branch.thenBlock());
    Value loaded = loadInto(vector);
    scf::YieldOp::create(builder, loc, loaded);
    builder.setInsertionPointToStart(branch.elseBlock());
    scf::YieldOp::create(builder, loc, vector);
    vector = branch.getResult(0);
  }
  return vector;
}

void Emitter::storeLanes(Value vector, Value elements, Value at, Value mask) {
  for (int64_t lane = 0; lane < lanes; ++lane) {
    auto store = [&] {
      Value scalar = vector::ExtractOp::create(builder, loc, vector, lane);
      memref::StoreOp::create(builder, loc, scalar, elements, add(at, lane));
    };
    if (mask)
      ifElse(vector::ExtractOp::create(builder, loc, mask, lane), store, [] {});
    else
      store();
  }
}

Value Emitter::broadcast(Value scalar) {
  return vector::BroadcastOp::create(builder, loc, vectorType(scalar.getType()),
                                     scalar);
}

Value Emitter::scratch(Value count) {
  auto function = builder.getInsertionBlock()
                      ->getParentOp()
                      ->getParentOfType<FunctionOpInterface>();
  if (!function)
    function =
        cast<FunctionOpInterface>(builder.getInsertionBlock()->getParentOp());
  OpBuilder::InsertionGuard guard(builder);
  SmallVector<Value> sizes;
  int64_t size = ShapedType::kDynamic;
  if (std::optional<int64_t> known = getStatic(count)) {
    size = *known;
    builder.setInsertionPointToStart(&function.getFunctionBody().front());
  } else {
    builder.setInsertionPointAfterValue(count);
    sizes.push_back(count);
  }
  return memref::AllocaOp::create(builder, loc,
                                  MemRefType::get({size}, builder.getF32Type()),
                                  sizes, builder.getI64IntegerAttr(64));
}

FlatBuffer Emitter::flatten(Value buffer) {
  auto type = cast<MemRefType>(buffer.getType());
  FlatBuffer flat;
  for (auto [dim, size] : llvm::enumerate(type.getShape())) {
    if (ShapedType::isDynamic(size))
      flat.sizes.push_back(memref::DimOp::create(builder, loc, buffer, dim));
    else
      flat.sizes.push_back(index(size));
  }
  if (type.getRank() == 1) {
    flat.elements = buffer;
    return flat;
  }
  if (type.getRank() == 0) {
    auto single = MemRefType::get({1}, type.getElementType());
    flat.elements = memref::ExpandShapeOp::create(
        builder, loc, single, buffer, ArrayRef<ReassociationIndices>{});
    return flat;
  }
  ReassociationIndices all =
      llvm::to_vector(llvm::seq<int64_t>(0, type.getRank()));
  flat.elements = memref::CollapseShapeOp::create(
      builder, loc, buffer, ArrayRef<ReassociationIndices>{all});
  return flat;
}

//===----------------------------------------------------------------------===//
// Brick
//===----------------------------------------------------------------------===//

/// Multiply-adds that must be in flight to keep the units busy.
static constexpr int64_t kInFlight = 8;

Brick::Brick(Emitter &e, int64_t rows, int64_t vectors)
    : rows(rows), vectors(vectors),
      sets(std::max<int64_t>(1, kInFlight / (rows * vectors))),
      accumulators(sets * rows * vectors, e.zeroVector()) {}

void Brick::loop(Emitter &e, Value from, Value to,
                 llvm::function_ref<void(Value)> body) {
  std::optional<int64_t> first = Emitter::getStatic(from);
  std::optional<int64_t> end = Emitter::getStatic(to);
  if (first && end && *first + 1 == *end)
    return body(from);
  auto loop =
      scf::ForOp::create(e.builder, e.loc, from, to, e.index(1), accumulators);
  llvm::copy(loop.getRegionIterArgs(), accumulators.begin());
  OpBuilder::InsertionGuard guard(e.builder);
  e.builder.setInsertionPointToStart(loop.getBody());
  body(loop.getInductionVar());
  scf::YieldOp::create(e.builder, e.loc, accumulators);
  llvm::copy(loop.getResults(), accumulators.begin());
}

void Brick::step(Emitter &e, const BrickOperands &operands, Value k,
                 int64_t set, int64_t firstRow, int64_t endRow) {
  Value rhsAt = e.add(operands.rhsOffset, e.mul(k, operands.rhsStride));
  SmallVector<Value> rhs;
  for (int64_t v = 0; v < vectors; ++v) {
    Value mask = v + 1 == vectors ? operands.rhsMask : Value();
    if (Value stride = operands.rhsLaneStride)
      rhs.push_back(e.loadLanes(operands.rhs,
                                e.add(rhsAt, e.mul(stride, v * e.lanes)),
                                stride, mask));
    else
      rhs.push_back(
          e.loadVector(operands.rhs, e.add(rhsAt, v * e.lanes), mask));
  }
  Value lhsAt = e.add(operands.lhsOffset, k);
  for (int64_t row = firstRow; row < endRow; ++row) {
    Value at = e.add(lhsAt, operands.rowOffsets[row]);
    Value lhs = e.broadcast(e.loadScalar(operands.lhs, at));
    for (int64_t v = 0; v < vectors; ++v)
      this->at(set, row, v) = vector::FMAOp::create(
          e.builder, e.loc, lhs, rhs[v], this->at(set, row, v));
  }
}

void Brick::reduce(Emitter &e, const BrickOperands &operands, Value depth,
                   int64_t firstRow, int64_t endRow) {
  if (firstRow >= endRow)
    return;
  auto runSteps = [&](Value from, Value to) {
    loop(e, from, to,
         [&](Value k) { step(e, operands, k, /*set=*/0, firstRow, endRow); });
  };
  if (sets == 1)
    return runSteps(e.index(0), depth);
  Value groups = e.div(depth, e.index(sets));
  if (Emitter::getStatic(groups) != 0)
    loop(e, e.index(0), groups, [&](Value group) {
      Value k = e.mul(group, sets);
      for (int64_t set = 0; set < sets; ++set)
        step(e, operands, e.add(k, set), set, firstRow, endRow);
    });
  Value done = e.mul(groups, sets);
  std::optional<int64_t> end = Emitter::getStatic(depth);
  if (!end || Emitter::getStatic(done) != *end)
    runSteps(done, depth);
}

SmallVector<Value> Brick::result(Emitter &e) {
  SmallVector<Value> sum(ArrayRef(accumulators).take_front(rows * vectors));
  for (int64_t set = 1; set < sets; ++set)
    for (int64_t i = 0; i < rows * vectors; ++i)
      sum[i] = arith::AddFOp::create(e.builder, e.loc, sum[i],
                                     accumulators[set * rows * vectors + i]);
  return sum;
}
