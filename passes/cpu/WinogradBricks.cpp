//===- WinogradBricks.cpp - kernel.winograd_conv2d as bricks --------------===//
//
// Tiles of 4 x 4 output pixels (Lavin and Gray, "Fast Algorithms for
// Convolutional Neural Networks"): each 6 x 6 input tile becomes 36 numbers for
// each channel, 36 matrix products follow, and their results become the pixels.
// A unit is a block of tiles by a tile of output channels, channels innermost;
// the transformed inputs of a block stay on the stack for all of them.
//
//===----------------------------------------------------------------------===//

#include "passes/cpu/Bricks.h"

using namespace mlir;
using namespace assay::cpu;

static constexpr int64_t kOut = 4; // Output pixels of a tile in a row.
static constexpr int64_t kIn = 6;  // Input pixels.
static constexpr int64_t kProducts = kIn * kIn;

namespace {

struct Winograd {
  Winograd(Emitter &e, assay::kernel::WinogradConv2DOp op,
           const BrickKernel &kernel);

  Value countUnits() {
    return e.index(blocks * *Emitter::getStatic(tiles.count));
  }
  void emitUnit(Value unit, Value lo);

private:
  struct TileOrigin {
    Value image, y, x; ///< Of the first output pixel.
  };
  TileOrigin getOrigin(Value block, Value tile);
  void transformInput(Value block);
  void emitProducts(Value columnTile);
  void transformOutput(Value block, Value columnTile);
  void storePixels(const TileOrigin &origin, ArrayRef<Value> pixels,
                   Value column);
  void storePixel(const TileOrigin &origin, Value i, Value j, Value pixel,
                  Value column);

  Emitter &e;
  const BrickKernel &kernel;
  int64_t images, height, width, channels, outHeight, outWidth, outChannels;
  int64_t padTop, padLeft;
  ColumnTiles tiles;
  int64_t tilesHigh, tilesWide, blockTiles, blocks;
  Value inputs;   ///< [36][blockTiles][channels], transformed.
  Value products; ///< [36][blockTiles][tiles.width].
};

} // namespace

/// Tiles of a block: enough rows for full bricks, few left over.
static int64_t chooseBlock(int64_t tiles) {
  int64_t best = 1;
  double least = 0;
  for (int64_t block = 1; block <= 16; ++block) {
    double cost = llvm::divideCeil(tiles, block) * (block + 2.0);
    if (block == 1 || cost < least) {
      least = cost;
      best = block;
    }
  }
  return best;
}

Winograd::Winograd(Emitter &e, assay::kernel::WinogradConv2DOp op,
                   const BrickKernel &kernel)
    : e(e), kernel(kernel), tiles(e, kernel.init.sizes[3]) {
  ArrayRef<int64_t> in = op.getInput().getType().getShape();
  ArrayRef<int64_t> out = op.getInit().getType().getShape();
  images = in[0], height = in[1], width = in[2], channels = in[3];
  outHeight = out[1], outWidth = out[2], outChannels = out[3];
  padTop = op.getPads()[0], padLeft = op.getPads()[1];
  tilesHigh = llvm::divideCeilSigned(outHeight, kOut);
  tilesWide = llvm::divideCeilSigned(outWidth, kOut);
  int64_t count = images * tilesHigh * tilesWide;
  blockTiles = chooseBlock(count);
  blocks = llvm::divideCeilSigned(count, blockTiles);
}

/// Tiles beyond the last repeat it.
Winograd::TileOrigin Winograd::getOrigin(Value block, Value tile) {
  Value index = e.add(e.mul(block, blockTiles), tile);
  int64_t count = images * tilesHigh * tilesWide;
  if (count % blockTiles != 0)
    index = e.min(index, e.index(count - 1));
  Value row = e.div(index, e.index(tilesWide));
  Value x = e.mul(e.rem(index, e.index(tilesWide)), kOut);
  if (images == 1)
    return {e.index(0), e.mul(row, kOut), x};
  return {e.div(row, e.index(tilesHigh)),
          e.mul(e.rem(row, e.index(tilesHigh)), kOut), x};
}

/// Sums of a few multiples, as multiply-adds.
static Value combine(Emitter &e, ArrayRef<Value> values,
                     ArrayRef<double> factors) {
  Value sum;
  for (auto [value, factor] : llvm::zip_equal(values, factors)) {
    if (factor == 0)
      continue;
    if (factor == 1) {
      sum = sum ? arith::AddFOp::create(e.builder, e.loc, sum, value) : value;
      continue;
    }
    if (factor == -1 && sum) {
      sum = arith::SubFOp::create(e.builder, e.loc, sum, value);
      continue;
    }
    auto type = cast<VectorType>(value.getType());
    Value constant = arith::ConstantOp::create(
        e.builder, e.loc,
        DenseElementsAttr::get(type, static_cast<float>(factor)));
    sum = sum ? vector::FMAOp::create(e.builder, e.loc, value, constant, sum)
                    .getResult()
              : arith::MulFOp::create(e.builder, e.loc, value, constant)
                    .getResult();
  }
  return sum;
}

/// matrix * square * transpose(matrix), `square` being kIn x kIn.
template <size_t N>
static SmallVector<Value> transformSquare(Emitter &e,
                                          const double (&matrix)[N][kIn],
                                          ArrayRef<Value> square) {
  SmallVector<Value> half;
  for (size_t i = 0; i < N; ++i)
    for (int64_t j = 0; j < kIn; ++j) {
      SmallVector<Value> column;
      for (int64_t k = 0; k < kIn; ++k)
        column.push_back(square[k * kIn + j]);
      half.push_back(combine(e, column, matrix[i]));
    }
  SmallVector<Value> result;
  for (size_t i = 0; i < N; ++i)
    for (size_t j = 0; j < N; ++j)
      result.push_back(
          combine(e, ArrayRef(half).slice(i * kIn, kIn), matrix[j]));
  return result;
}

static const double kInputMatrix[6][kIn] = {
    {4, 0, -5, 0, 1, 0},  {0, -4, -4, 1, 1, 0}, {0, 4, -4, -1, 1, 0},
    {0, -2, -1, 2, 1, 0}, {0, 2, -1, -2, 1, 0}, {0, 4, 0, -5, 0, 1}};
static const double kOutputMatrix[4][kIn] = {{1, 1, 1, 1, 1, 0},
                                             {0, 1, -1, 2, -2, 0},
                                             {0, 1, 1, 4, 4, 0},
                                             {0, 1, -1, 8, -8, 1}};

void Winograd::transformInput(Value block) {
  e.forEach(e.index(0), e.index(blockTiles), 1, [&](Value tile) {
    TileOrigin origin = getOrigin(block, tile);
    Value top = e.sub(origin.y, e.index(padTop));
    Value left = e.sub(origin.x, e.index(padLeft));
    auto inside = [&](Value at, int64_t size) {
      // Negative positions are large unsigned ones.
      return e.compare(arith::CmpIPredicate::ult, at, e.index(size));
    };
    SmallVector<Value> rowInside, columnInside;
    for (int64_t i = 0; i < kIn; ++i) {
      rowInside.push_back(inside(e.add(top, i), height));
      columnInside.push_back(inside(e.add(left, i), width));
    }
    auto both = [&](Value a, Value b) -> Value {
      return arith::AndIOp::create(e.builder, e.loc, a, b);
    };
    Value whole = both(both(rowInside.front(), rowInside.back()),
                       both(columnInside.front(), columnInside.back()));
    auto run = [&](bool masked) {
      e.forEach(e.index(0), e.index(channels), e.lanes, [&](Value channel) {
        SmallVector<Value> square;
        for (int64_t i = 0; i < kIn; ++i)
          for (int64_t j = 0; j < kIn; ++j) {
            Value row = e.add(e.mul(origin.image, height), e.add(top, i));
            Value pixel = e.add(e.mul(row, width), e.add(left, j));
            Value at = e.add(e.mul(pixel, channels), channel);
            Value mask;
            if (masked) {
              Value lanes = arith::SelectOp::create(
                  e.builder, e.loc, both(rowInside[i], columnInside[j]),
                  e.index(e.lanes), e.index(0));
              mask = e.mask(lanes);
            }
            square.push_back(e.loadVector(kernel.lhs.elements, at, mask));
          }
        SmallVector<Value> results = transformSquare(e, kInputMatrix, square);
        Value base = e.add(e.mul(tile, channels), channel);
        for (auto [i, result] : llvm::enumerate(results))
          e.storeVector(result, inputs, e.add(base, i * blockTiles * channels));
      });
    };
    e.ifElse(whole, [&] { run(false); }, [&] { run(true); });
  });
}

void Winograd::emitProducts(Value columnTile) {
  int64_t vectors = tiles.width / e.lanes;
  int64_t rows = chooseRows(e, blockTiles, /*preferred=*/8, /*most=*/14);
  int64_t tilesInPanel = assay::kernel::kPanelColumns / tiles.width;
  int64_t panelSize = channels * assay::kernel::kPanelColumns;
  Value panel = e.div(columnTile, e.index(tilesInPanel));
  Value first = e.mul(e.rem(columnTile, e.index(tilesInPanel)), tiles.width);
  e.forEach(e.index(0), e.index(kProducts), 1, [&](Value product) {
    for (int64_t row = 0; row < blockTiles; row += rows) {
      Brick brick(e, std::min(rows, blockTiles - row), vectors);
      BrickOperands operands;
      operands.lhs = inputs;
      Value firstRow = e.add(e.mul(product, blockTiles), row);
      operands.lhsOffset = e.mul(firstRow, channels);
      for (int64_t i = 0; i < brick.rows; ++i)
        operands.rowOffsets.push_back(e.index(i * channels));
      operands.rhs = kernel.rhs.elements;
      operands.rhsOffset = e.add(
          e.mul(e.add(e.mul(panel, kProducts), product), panelSize), first);
      operands.rhsStride = e.index(assay::kernel::kPanelColumns);
      brick.reduce(e, operands, e.index(channels));
      SmallVector<Value> results = brick.result(e);
      Value base = e.mul(firstRow, tiles.width);
      for (auto [i, result] : llvm::enumerate(results))
        e.storeVector(result, products, e.add(base, i * e.lanes));
    }
  });
}

void Winograd::storePixel(const TileOrigin &origin, Value i, Value j,
                          Value pixel, Value column) {
  Value y = e.add(origin.y, i), x = e.add(origin.x, j);
  auto store = [&] {
    Value row = e.add(e.mul(origin.image, outHeight), y);
    Value linear =
        e.add(e.mul(e.add(e.mul(row, outWidth), x), outChannels), column);
    SmallVector<Value> coordinates = {origin.image, y, x, column};
    VectorPosition position{
        [coordinates](unsigned dim) { return coordinates[dim]; }, linear,
        Value()};
    kernel.epilogue.store(e, kernel.buffers, position, pixel);
  };
  if (outHeight % kOut == 0 && outWidth % kOut == 0)
    return store();
  Value fits = arith::AndIOp::create(
      e.builder, e.loc,
      e.compare(arith::CmpIPredicate::slt, y, e.index(outHeight)),
      e.compare(arith::CmpIPredicate::slt, x, e.index(outWidth)));
  e.ifElse(fits, store, [] {});
}

void Winograd::storePixels(const TileOrigin &origin, ArrayRef<Value> pixels,
                           Value column) {
  if (!kernel.epilogue.isLong()) {
    for (int64_t i = 0; i < kOut; ++i)
      for (int64_t j = 0; j < kOut; ++j)
        storePixel(origin, e.index(i), e.index(j), pixels[i * kOut + j],
                   column);
    return;
  }
  // One copy of the epilogue, in a loop over the pixels.
  Value tile = e.scratch(e.index(kOut * kOut * e.lanes));
  for (auto [i, pixel] : llvm::enumerate(pixels))
    e.storeVector(pixel, tile, e.index(i * e.lanes));
  e.forEach(e.index(0), e.index(kOut * kOut), 1, [&](Value at) {
    Value pixel = e.loadVector(tile, e.mul(at, e.lanes));
    storePixel(origin, e.div(at, e.index(kOut)), e.rem(at, e.index(kOut)),
               pixel, column);
  });
}

void Winograd::transformOutput(Value block, Value columnTile) {
  Value firstColumn = e.mul(columnTile, tiles.width);
  e.forEach(e.index(0), e.index(blockTiles), 1, [&](Value tile) {
    TileOrigin origin = getOrigin(block, tile);
    e.forEach(e.index(0), e.index(tiles.width), e.lanes, [&](Value column) {
      Value base = e.add(e.mul(tile, tiles.width), column);
      SmallVector<Value> square;
      for (int64_t i = 0; i < kProducts; ++i)
        square.push_back(
            e.loadVector(products, e.add(base, i * blockTiles * tiles.width)));
      storePixels(origin, transformSquare(e, kOutputMatrix, square),
                  e.add(firstColumn, column));
    });
  });
}

void Winograd::emitUnit(Value unit, Value lo) {
  if (!inputs) {
    inputs = e.scratch(e.index(kProducts * blockTiles * channels));
    products = e.scratch(e.index(kProducts * blockTiles * tiles.width));
  }
  Value columnTile = e.rem(unit, tiles.count);
  Value block = e.div(unit, tiles.count);
  Value isFirst = arith::OrIOp::create(
      e.builder, e.loc, e.compare(arith::CmpIPredicate::eq, unit, lo),
      e.compare(arith::CmpIPredicate::eq, columnTile, e.index(0)));
  e.ifElse(isFirst, [&] { transformInput(block); }, [] {});
  emitProducts(columnTile);
  transformOutput(block, columnTile);
}

void assay::cpu::emitWinogradConv2D(Emitter &e, kernel::WinogradConv2DOp op,
                                    const BrickKernel &kernel, Value lo,
                                    Value hi) {
  Winograd conv(e, op, kernel);
  e.forEach(lo, hi, 1, [&](Value unit) { conv.emitUnit(unit, lo); });
}

Value assay::cpu::countWinogradConv2DUnits(Emitter &e,
                                           kernel::WinogradConv2DOp op,
                                           const BrickKernel &kernel) {
  return Winograd(e, op, kernel).countUnits();
}
