//===- MatMulBricks.cpp - kernel.matmul as bricks -------------------------===//
//
// A unit is a tile of columns by a block of rows (of one product of the
// batch), numbered with the rows innermost: a thread that runs a range of units
// reads the columns of the rhs once from memory and then from its second-level
// cache. Blocks hold one brick, or several where the unit first copies its part
// of the rhs to the stack.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "passes/cpu/Bricks.h"

using namespace mlir;
using namespace assay::cpu;

namespace {

/// How the vectors of the rhs are read.
enum class RhsAccess {
  Packed,  ///< Panels.
  Rows,    ///< Rows of the rhs, N elements apart.
  Copied,  ///< A copy of the tile, made by the unit.
  Gathered ///< Lane by lane.
};

struct MatMul {
  MatMul(Emitter &e, assay::kernel::MatMulOp op, const BrickKernel &kernel);

  void emitUnit(Value unit);
  Value countUnits() { return e.mul(batch, e.mul(tiles.count, chunks)); }

private:
  void emitChunk(Value firstRow, Value tile, int64_t vectors, Value mask);
  void emitRows(Value firstRow, int64_t rows, int64_t vectors, Value mask);
  void emitBlock(Value firstRow, int64_t vectors, Value mask);
  void copyTile(Value tile, int64_t vectors, Value mask);
  void transposeTile(Value firstColumn, int64_t vectors);
  Value batchOffset(const FlatBuffer &buffer, Value index);
  VectorPosition position(Value row, Value column);

  Emitter &e;
  assay::kernel::MatMulOp op;
  const BrickKernel &kernel;
  RhsAccess access;
  /// The batch dimensions count as rows.
  bool mergesBatch;
  Value batch, rows, depth, columns;
  ColumnTiles tiles;
  int64_t blockRows, chunkRows;
  Value chunks; ///< Chunks of rows.
  // The present unit.
  Value batchIndex, initOffset, firstColumn;
  BrickOperands operands;
  Value copy;
};

} // namespace

static int64_t getRank(assay::kernel::MatMulOp op) {
  return op.getInit().getType().getRank();
}

/// The rhs is one matrix for the whole batch, and lhs and init have one batch.
static bool canMergeBatch(assay::kernel::MatMulOp op) {
  if (op.getPacked())
    return true;
  auto batchOf = [&](Value value) {
    return cast<RankedTensorType>(value.getType()).getShape().drop_back(2);
  };
  return llvm::all_of(batchOf(op.getRhs()), [](int64_t d) { return d == 1; }) &&
         batchOf(op.getLhs()) == batchOf(op.getInit()) &&
         llvm::count(batchOf(op.getLhs()), ShapedType::kDynamic) == 0;
}

/// The copy of a tile must stay well below the size of the stack and of the
/// second-level cache.
static constexpr int64_t kMaxCopiedDepth = 4096;

static RhsAccess chooseAccess(assay::kernel::MatMulOp op) {
  if (op.getPacked())
    return RhsAccess::Packed;
  RankedTensorType rhs = op.getRhs().getType(), init = op.getInit().getType();
  int64_t rank = init.getRank();
  if (op.getTransposed()) {
    int64_t depth = rhs.getDimSize(rank - 1);
    bool copies = !ShapedType::isDynamic(depth) && depth <= kMaxCopiedDepth;
    return copies ? RhsAccess::Copied : RhsAccess::Gathered;
  }
  // Rows a multiple of 4 KB apart fall on the same sets of the first-level
  // cache; a copy pays when enough rows of the lhs use it.
  int64_t depth = rhs.getDimSize(rank - 2), n = rhs.getDimSize(rank - 1);
  bool aliases = !ShapedType::isDynamic(n) && n % 1024 == 0;
  bool pays = aliases && !ShapedType::isDynamic(depth) &&
              depth <= kMaxCopiedDepth && init.getDimSize(rank - 2) >= 32;
  return pays ? RhsAccess::Copied : RhsAccess::Rows;
}

static Value product(Emitter &e, ArrayRef<Value> sizes) {
  Value result = e.index(1);
  for (Value size : sizes)
    result = e.mul(result, size);
  return result;
}

MatMul::MatMul(Emitter &e, assay::kernel::MatMulOp op,
               const BrickKernel &kernel)
    : e(e), op(op), kernel(kernel), access(chooseAccess(op)),
      mergesBatch(canMergeBatch(op)), columns(kernel.init.sizes.back()),
      tiles(e, columns) {
  int64_t rank = getRank(op);
  ArrayRef<Value> sizes(kernel.init.sizes);
  depth = kernel.lhs.sizes[rank - 1];
  if (!Emitter::getStatic(depth) && op.getPacked())
    depth = kernel.rhs.sizes[1];
  batch = mergesBatch ? e.index(1) : product(e, sizes.drop_back(2));
  rows = mergesBatch ? product(e, sizes.drop_back(1)) : sizes[rank - 2];
  blockRows = chooseRows(e, Emitter::getStatic(rows), /*preferred=*/8,
                         /*most=*/12);
  chunkRows = access == RhsAccess::Copied ? 16 * blockRows : blockRows;
  chunks = e.ceilDiv(rows, chunkRows);
}

/// The offset of the matrix of `buffer` for batch `index`, with broadcasting.
Value MatMul::batchOffset(const FlatBuffer &buffer, Value index) {
  int64_t dims = getRank(op) - 2;
  Value offset = e.index(0);
  if (mergesBatch)
    return offset;
  Value stride = e.mul(buffer.sizes[dims], buffer.sizes[dims + 1]);
  for (int64_t dim = dims - 1; dim >= 0; --dim) {
    Value size = kernel.init.sizes[dim], own = buffer.sizes[dim];
    Value coordinate = dim == 0 ? index : e.rem(index, size);
    if (dim != 0)
      index = e.div(index, size);
    Value step = stride;
    if (Emitter::getStatic(own) == 1)
      step = e.index(0);
    else if (!Emitter::getStatic(own)) {
      Value isOne = e.compare(arith::CmpIPredicate::eq, own, e.index(1));
      step = arith::SelectOp::create(e.builder, e.loc, isOne, e.index(0), step);
    }
    offset = e.add(offset, e.mul(coordinate, step));
    stride = e.mul(stride, own);
  }
  return offset;
}

VectorPosition MatMul::position(Value row, Value column) {
  VectorPosition at;
  at.linear = e.add(e.add(initOffset, e.mul(row, columns)), column);
  at.coordinate = [this, row, column](unsigned dim) -> Value {
    unsigned rank = getRank(op);
    if (dim + 1 == rank)
      return column;
    if (!mergesBatch && dim + 2 == rank)
      return row;
    if (Emitter::getStatic(kernel.init.sizes[dim]) == 1)
      return e.index(0);
    Value index = mergesBatch ? row : batchIndex;
    int64_t last = mergesBatch ? rank - 2 : rank - 3;
    for (int64_t i = last; i > static_cast<int64_t>(dim); --i)
      index = e.div(index, kernel.init.sizes[i]);
    bool outermost =
        llvm::all_of(ArrayRef(kernel.init.sizes).take_front(dim),
                     [](Value size) { return Emitter::getStatic(size) == 1; });
    return outermost ? index : e.rem(index, kernel.init.sizes[dim]);
  };
  return at;
}

void MatMul::emitRows(Value firstRow, int64_t count, int64_t vectors,
                      Value mask) {
  Brick brick(e, count, vectors);
  BrickOperands at = operands;
  at.lhsOffset = e.add(at.lhsOffset, e.mul(firstRow, depth));
  for (int64_t row = 0; row < count; ++row)
    at.rowOffsets.push_back(e.mul(depth, row));
  if (access == RhsAccess::Rows || access == RhsAccess::Gathered)
    at.rhsMask = mask;
  brick.reduce(e, at, depth);
  storeBrick(
      e, kernel, brick,
      [&](Value row, int64_t column) {
        return position(e.add(firstRow, row), e.add(firstColumn, column));
      },
      mask);
}

/// A full brick, or smaller ones for the last rows.
void MatMul::emitBlock(Value firstRow, int64_t vectors, Value mask) {
  Value left = e.sub(rows, firstRow);
  auto full = [&] { emitRows(firstRow, blockRows, vectors, mask); };
  std::optional<int64_t> known = Emitter::getStatic(rows);
  if (known && *known % blockRows == 0)
    return full();
  Value fits = e.compare(arith::CmpIPredicate::sge, left, e.index(blockRows));
  e.ifElse(fits, full, [&] {
    if (known)
      return emitRows(firstRow, *known % blockRows, vectors, mask);
    // The binary digits of the number of rows that are left.
    int64_t most = llvm::bit_floor(static_cast<uint64_t>(blockRows - 1));
    for (int64_t count = most; count >= 1; count /= 2) {
      Value digit = e.rem(e.div(left, e.index(count)), e.index(2));
      Value above = e.mul(e.div(left, e.index(2 * count)), 2 * count);
      Value isSet = e.compare(arith::CmpIPredicate::ne, digit, e.index(0));
      e.ifElse(
          isSet,
          [&] { emitRows(e.add(firstRow, above), count, vectors, mask); },
          [] {});
    }
  });
}

/// Transposes a square of `lanes` vectors by exchanging ever smaller halves.
static void transposeSquare(Emitter &e, MutableArrayRef<Value> square) {
  int64_t lanes = e.lanes;
  for (int64_t half = lanes / 2; half >= 1; half /= 2) {
    SmallVector<int64_t> lower, upper;
    for (int64_t lane = 0; lane < lanes; ++lane) {
      bool second = lane & half;
      lower.push_back(second ? lanes + lane - half : lane);
      upper.push_back(second ? lanes + lane : lane + half);
    }
    for (int64_t i = 0; i < lanes; ++i) {
      if (i & half)
        continue;
      Value a = square[i], b = square[i + half];
      square[i] = vector::ShuffleOp::create(e.builder, e.loc, a, b, lower);
      square[i + half] =
          vector::ShuffleOp::create(e.builder, e.loc, a, b, upper);
    }
  }
}

/// copy[k, column] = rhs[firstColumn + column, k].
void MatMul::transposeTile(Value firstColumn, int64_t vectors) {
  Value base = batchOffset(kernel.rhs, batchIndex);
  Value lastColumn = e.sub(columns, e.index(1));
  // Columns beyond the last repeat it; their results are not stored.
  auto rowOffset = [&](Value column) {
    Value row = e.min(e.add(firstColumn, column), lastColumn);
    return e.add(base, e.mul(row, depth));
  };
  int64_t whole = *Emitter::getStatic(depth) / e.lanes * e.lanes;
  for (int64_t v = 0; v < vectors; ++v)
    e.forEach(e.index(0), e.index(whole), e.lanes, [&](Value k) {
      SmallVector<Value> square;
      for (int64_t lane = 0; lane < e.lanes; ++lane)
        square.push_back(
            e.loadVector(kernel.rhs.elements,
                         e.add(rowOffset(e.index(v * e.lanes + lane)), k)));
      transposeSquare(e, square);
      for (int64_t lane = 0; lane < e.lanes; ++lane)
        e.storeVector(square[lane], copy,
                      e.add(e.mul(e.add(k, lane), tiles.width), v * e.lanes));
    });
  e.forEach(e.index(0), e.index(vectors * e.lanes), 1, [&](Value column) {
    e.forEach(e.index(whole), depth, 1, [&](Value k) {
      Value element =
          e.loadScalar(kernel.rhs.elements, e.add(rowOffset(column), k));
      memref::StoreOp::create(e.builder, e.loc, element, copy,
                              e.add(e.mul(k, tiles.width), column));
    });
  });
}

void MatMul::copyTile(Value tile, int64_t vectors, Value mask) {
  if (op.getTransposed())
    return transposeTile(firstColumn, vectors);
  Value base = e.add(batchOffset(kernel.rhs, batchIndex), firstColumn);
  e.forEach(e.index(0), depth, 1, [&](Value k) {
    for (int64_t v = 0; v < vectors; ++v) {
      Value from = e.add(e.add(base, e.mul(k, columns)), v * e.lanes);
      Value vector = e.loadVector(kernel.rhs.elements, from,
                                  v + 1 == vectors ? mask : Value());
      e.storeVector(vector, copy, e.add(e.mul(k, tiles.width), v * e.lanes));
    }
  });
}

void MatMul::emitChunk(Value firstRow, Value tile, int64_t vectors,
                       Value mask) {
  if (access != RhsAccess::Copied)
    return emitBlock(firstRow, vectors, mask);
  copyTile(tile, vectors, mask);
  Value endRow = e.min(rows, e.add(firstRow, chunkRows));
  e.forEach(firstRow, endRow, blockRows,
            [&](Value row) { emitBlock(row, vectors, mask); });
}

void MatMul::emitUnit(Value unit) {
  Value chunk = e.rem(unit, chunks);
  Value tile = e.div(unit, chunks);
  batchIndex = e.index(0);
  if (Emitter::getStatic(batch) != 1) {
    batchIndex = e.div(tile, tiles.count);
    tile = e.rem(tile, tiles.count);
  }
  Value firstRow = e.mul(chunk, chunkRows);
  firstColumn = e.mul(tile, tiles.width);
  initOffset =
      mergesBatch ? e.index(0) : e.mul(batchIndex, e.mul(rows, columns));
  operands = {};
  operands.lhs = kernel.lhs.elements;
  operands.lhsOffset = batchOffset(kernel.lhs, batchIndex);
  operands.rhs = kernel.rhs.elements;
  operands.rhsStride = e.index(tiles.width);
  switch (access) {
  case RhsAccess::Packed:
    operands.rhsStride = e.index(assay::kernel::kPanelColumns);
    operands.rhsOffset = packedOffset(e, tiles, tile, depth);
    break;
  case RhsAccess::Rows:
    operands.rhsStride = columns;
    operands.rhsOffset =
        e.add(batchOffset(kernel.rhs, batchIndex), firstColumn);
    break;
  case RhsAccess::Copied:
    copy = e.scratch(e.mul(depth, tiles.width));
    operands.rhs = copy;
    operands.rhsOffset = e.index(0);
    break;
  case RhsAccess::Gathered:
    operands.rhsStride = e.index(1);
    operands.rhsLaneStride = depth;
    operands.rhsOffset =
        e.add(batchOffset(kernel.rhs, batchIndex), e.mul(firstColumn, depth));
    break;
  }
  tiles.dispatch(e, tile, [&](int64_t vectors, Value mask) {
    emitChunk(firstRow, tile, vectors, mask);
  });
}

void assay::cpu::emitMatMul(Emitter &e, kernel::MatMulOp op,
                            const BrickKernel &kernel, Value lo, Value hi) {
  MatMul matmul(e, op, kernel);
  e.forEach(lo, hi, 1, [&](Value unit) { matmul.emitUnit(unit); });
}

Value assay::cpu::countMatMulUnits(Emitter &e, kernel::MatMulOp op,
                                   const BrickKernel &kernel) {
  return MatMul(e, op, kernel).countUnits();
}
