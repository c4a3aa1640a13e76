//===- Bricks.cpp - What contraction kernels share ------------------------===//

#include "passes/cpu/Bricks.h"

using namespace mlir;
using namespace assay::cpu;

void assay::cpu::storeBrick(
    Emitter &e, const BrickKernel &kernel, Brick &brick,
    llvm::function_ref<VectorPosition(Value, int64_t)> position,
    Value lastMask) {
  SmallVector<Value> results = brick.result(e);
  auto store = [&](Value row, int64_t v, Value vector) {
    VectorPosition at = position(row, v * e.lanes);
    if (v + 1 == brick.vectors)
      at.mask = lastMask;
    kernel.epilogue.store(e, kernel.buffers, at, vector);
  };
  if (!kernel.epilogue.isLong() || results.size() == 1) {
    for (int64_t row = 0; row < brick.rows; ++row)
      for (int64_t v = 0; v < brick.vectors; ++v)
        store(e.index(row), v, results[row * brick.vectors + v]);
    return;
  }
  // One copy of the epilogue: the accumulators go through the first-level
  // cache.
  Value tile = e.scratch(e.index(results.size() * e.lanes));
  for (auto [i, result] : llvm::enumerate(results))
    e.storeVector(result, tile, e.index(i * e.lanes));
  e.forEach(e.index(0), e.index(brick.rows), 1, [&](Value row) {
    for (int64_t v = 0; v < brick.vectors; ++v) {
      Value at = e.add(e.mul(row, brick.vectors * e.lanes), v * e.lanes);
      store(row, v, e.loadVector(tile, at));
    }
  });
}

ColumnTiles::ColumnTiles(Emitter &e, Value columns)
    : columns(columns),
      width(std::min<int64_t>(2 * e.lanes, kernel::kPanelColumns)),
      count(e.ceilDiv(columns, width)) {}

void ColumnTiles::dispatch(
    Emitter &e, Value tile,
    llvm::function_ref<void(int64_t, Value)> body) const {
  int64_t vectors = width / e.lanes;
  Value left = e.sub(columns, e.mul(tile, width));
  std::optional<int64_t> known = Emitter::getStatic(columns);
  if (known && *known % width == 0)
    return body(vectors, Value());
  Value isFull = e.compare(arith::CmpIPredicate::sge, left, e.index(width));
  if (known && *known < width)
    isFull = arith::ConstantIntOp::create(e.builder, e.loc, 0, 1);
  auto partial = [&] {
    if (!known) {
      // The first vectors of the tile may be partial or empty, too.
      for (int64_t v = vectors; v >= 1; --v) {
        Value from = e.index((v - 1) * e.lanes);
        Value some = e.compare(arith::CmpIPredicate::sgt, left, from);
        Value fits =
            e.compare(arith::CmpIPredicate::sle, left, e.index(v * e.lanes));
        Value both = e.builder.createOrFold<arith::AndIOp>(e.loc, some, fits);
        e.ifElse(both, [&] { body(v, e.mask(e.sub(left, from))); }, [] {});
      }
      return;
    }
    int64_t rest = *known % width, used = llvm::divideCeil(rest, e.lanes);
    body(used, e.mask(e.index(rest - (used - 1) * e.lanes)));
  };
  e.ifElse(isFull, [&] { body(vectors, Value()); }, partial);
}

Value assay::cpu::packedOffset(Emitter &e, const ColumnTiles &tiles, Value tile,
                               Value depth) {
  int64_t tilesInPanel = kernel::kPanelColumns / tiles.width;
  Value panel = e.div(tile, e.index(tilesInPanel));
  Value offset = e.mul(panel, e.mul(depth, kernel::kPanelColumns));
  return e.add(offset, e.mul(e.rem(tile, e.index(tilesInPanel)), tiles.width));
}

int64_t assay::cpu::chooseRows(Emitter &e, std::optional<int64_t> rows,
                               int64_t preferred, int64_t most) {
  // Two rhs vectors and one broadcast lhs element stay in registers, too.
  most = std::min(most, (e.registers() - 3) / 2);
  preferred = std::min(preferred, most);
  if (!rows)
    return preferred;
  if (*rows <= most)
    return std::max<int64_t>(*rows, 1);
  // Cycles of one step over the reduction; below four rows the latency of the
  // multiply-add and the stream of the rhs dominate.
  auto cost = [](int64_t tile) {
    return tile == 0 ? 0.0 : std::max<double>(2.0 * tile, 8.0) + 0.3;
  };
  auto total = [&](int64_t tile) {
    return *rows / tile * cost(tile) + cost(*rows % tile);
  };
  int64_t best = preferred;
  for (int64_t tile = most; tile >= std::min<int64_t>(4, most); --tile)
    if (total(tile) < 0.98 * total(best))
      best = tile;
  return best;
}
