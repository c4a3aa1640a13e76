//===- ConvBricks.cpp - kernel.conv2d as bricks ---------------------------===//
//
// A direct convolution: a brick is a run of output pixels of one row by a tile
// of output channels; its reduction runs over the rows of the kernel, the
// columns of the kernel and the input channels. A unit is one output row by
// one tile of channels, rows innermost.
//
// Nothing is copied for padding: the loop over the kernel's rows is bounded to
// the input, and in the tiles at the left and right border each column of the
// kernel updates only the pixels for which it lies inside the input.
//
//===----------------------------------------------------------------------===//

#include "passes/cpu/ConvBricks.h"

using namespace mlir;
using namespace assay::cpu;

//===----------------------------------------------------------------------===//
// Geometry
//===----------------------------------------------------------------------===//

std::pair<int64_t, int64_t>
ConvGeometry::validPixels(int64_t first, int64_t count, int64_t kw) const {
  int64_t columns = *Emitter::getStatic(width);
  int64_t begin = 0, end = count;
  auto column = [&](int64_t pixel) {
    return (first + pixel) * strideW - padLeft + kw * dilationW;
  };
  while (begin < end && column(begin) < 0)
    ++begin;
  while (begin < end && column(end - 1) >= columns)
    --end;
  return {begin, end};
}

void ConvGeometry::forEachTile(
    Emitter &e, int64_t tile,
    llvm::function_ref<void(Value, int64_t, bool)> body) const {
  std::optional<int64_t> pixels = Emitter::getStatic(outWidth);
  if (!pixels) {
    Value end = e.mul(e.div(outWidth, e.index(tile)), tile);
    e.forEach(e.index(0), end, tile,
              [&](Value first) { body(first, tile, false); });
    e.forEach(end, outWidth, 1, [&](Value first) { body(first, 1, false); });
    return;
  }
  auto touchesBorder = [&](int64_t first, int64_t count) {
    if (padLeft == 0 && padRight == 0)
      return false;
    for (int64_t kw = 0; kw < kernelWidth; ++kw)
      if (validPixels(first, count, kw) !=
          std::pair<int64_t, int64_t>(0, count))
        return true;
    return false;
  };
  int64_t first = 0;
  while (first + tile <= *pixels) {
    if (touchesBorder(first, tile)) {
      body(e.index(first), tile, true);
      first += tile;
      continue;
    }
    int64_t end = first;
    while (end + tile <= *pixels && !touchesBorder(end, tile))
      end += tile;
    e.forEach(e.index(first), e.index(end), tile,
              [&](Value at) { body(at, tile, false); });
    first = end;
  }
  if (first < *pixels)
    body(e.index(first), *pixels - first,
         touchesBorder(first, *pixels - first));
}

//===----------------------------------------------------------------------===//
// Convolution
//===----------------------------------------------------------------------===//

namespace {

struct Conv2D {
  Conv2D(Emitter &e, assay::kernel::Conv2DOp op, const BrickKernel &kernel);

  Value countUnits() { return e.mul(e.mul(tiles.count, group), imageRows); }
  void emitUnit(Value unit);

private:
  void emitTile(Value firstPixel, int64_t pixels, bool touchesBorder,
                int64_t vectors, Value mask);
  void reduceInside(Brick &brick, Value kh, Value inputRow, Value firstPixel);
  void reduceAtBorder(Brick &brick, Value kh, Value inputRow,
                      int64_t firstPixel);
  BrickOperands operandsAt(Value kh, Value kw, Value inputRow, Value column,
                           int64_t pixels);

  Emitter &e;
  const BrickKernel &kernel;
  ConvGeometry g;
  int64_t group, groupChannels, groupColumns, depth;
  ColumnTiles tiles; ///< Of one group.
  Value imageRows;   ///< Output rows of all images.
  int64_t tilePixels;
  // The present unit.
  Value image, row, firstColumn, rhsOffset, channelOffset;
};

} // namespace

/// Pixels 2 KB apart meet in few sets of the first-level cache: eight of them
/// leave room for the rhs.
static int64_t maxPixels(const ConvGeometry &g) {
  return g.strideW * g.channels * 4 % 2048 == 0 ? 8 : 14;
}

Conv2D::Conv2D(Emitter &e, assay::kernel::Conv2DOp op,
               const BrickKernel &kernel)
    : e(e), kernel(kernel), g(getGeometry(op, kernel)), group(op.getGroup()),
      groupChannels(g.channels / group), groupColumns(g.outChannels / group),
      depth(g.kernelHeight * g.kernelWidth * groupChannels),
      tiles(e, e.index(groupColumns)),
      imageRows(e.mul(kernel.init.sizes[0], g.outHeight)),
      tilePixels(chooseRows(e, Emitter::getStatic(g.outWidth), /*preferred=*/8,
                            maxPixels(g))) {}

BrickOperands Conv2D::operandsAt(Value kh, Value kw, Value inputRow,
                                 Value column, int64_t pixels) {
  BrickOperands operands;
  operands.lhs = kernel.lhs.elements;
  operands.lhsOffset =
      e.add(e.mul(e.add(inputRow, column), g.channels), channelOffset);
  for (int64_t pixel = 0; pixel < pixels; ++pixel)
    operands.rowOffsets.push_back(e.index(pixel * g.strideW * g.channels));
  operands.rhs = kernel.rhs.elements;
  Value tap = e.add(e.mul(kh, g.kernelWidth), kw);
  operands.rhsOffset = e.add(
      rhsOffset, e.mul(tap, groupChannels * assay::kernel::kPanelColumns));
  operands.rhsStride = e.index(assay::kernel::kPanelColumns);
  return operands;
}

/// `inputRow` is the index of the row's first pixel.
void Conv2D::reduceInside(Brick &brick, Value kh, Value inputRow,
                          Value firstPixel) {
  Value column = e.sub(e.mul(firstPixel, g.strideW), e.index(g.padLeft));
  // Neighbouring kernel columns are neighbours in the input and in the filter.
  if (g.dilationW == 1 && group == 1) {
    BrickOperands operands =
        operandsAt(kh, e.index(0), inputRow, column, brick.rows);
    brick.reduce(e, operands, e.index(g.kernelWidth * g.channels));
    return;
  }
  brick.loop(e, e.index(0), e.index(g.kernelWidth), [&](Value kw) {
    Value at = e.add(column, e.mul(kw, g.dilationW));
    brick.reduce(e, operandsAt(kh, kw, inputRow, at, brick.rows),
                 e.index(groupChannels));
  });
}

void Conv2D::reduceAtBorder(Brick &brick, Value kh, Value inputRow,
                            int64_t firstPixel) {
  for (int64_t kw = 0; kw < g.kernelWidth; ++kw) {
    auto [begin, end] = g.validPixels(firstPixel, brick.rows, kw);
    int64_t column = firstPixel * g.strideW - g.padLeft + kw * g.dilationW;
    brick.reduce(
        e, operandsAt(kh, e.index(kw), inputRow, e.index(column), brick.rows),
        e.index(groupChannels), begin, end);
  }
}

void Conv2D::emitTile(Value firstPixel, int64_t pixels, bool touchesBorder,
                      int64_t vectors, Value mask) {
  Brick brick(e, pixels, vectors);
  Value top = e.sub(e.mul(row, g.strideH), e.index(g.padTop));
  Value firstKh = e.index(0), endKh = e.index(g.kernelHeight);
  if (g.isPaddedVertically()) {
    Value above = e.max(e.sub(e.index(0), top), e.index(0));
    Value below = e.max(e.sub(g.height, top), e.index(0));
    firstKh = e.ceilDiv(above, g.dilationH);
    endKh = e.min(endKh, e.ceilDiv(below, g.dilationH));
  }
  brick.loop(e, firstKh, endKh, [&](Value kh) {
    Value y = e.add(top, e.mul(kh, g.dilationH));
    Value inputRow = e.mul(e.add(e.mul(image, g.height), y), g.width);
    if (touchesBorder)
      reduceAtBorder(brick, kh, inputRow, *Emitter::getStatic(firstPixel));
    else
      reduceInside(brick, kh, inputRow, firstPixel);
  });
  storeBrick(
      e, kernel, brick,
      [&](Value pixel, int64_t column) {
        Value x = e.add(firstPixel, pixel);
        Value channel = e.add(firstColumn, column);
        Value y = e.add(e.mul(image, g.outHeight), row);
        Value linear = e.add(
            e.mul(e.add(e.mul(y, g.outWidth), x), g.outChannels), channel);
        SmallVector<Value> coordinates = {image, row, x, channel};
        return VectorPosition{
            [coordinates](unsigned dim) { return coordinates[dim]; }, linear,
            Value()};
      },
      mask);
}

void Conv2D::emitUnit(Value unit) {
  Value y = e.rem(unit, imageRows);
  Value tile = e.div(unit, imageRows);
  image = Emitter::getStatic(kernel.init.sizes[0]) == 1 ? e.index(0)
                                                        : e.div(y, g.outHeight);
  row =
      Emitter::getStatic(kernel.init.sizes[0]) == 1 ? y : e.rem(y, g.outHeight);
  Value groupIndex = e.index(0);
  if (group != 1) {
    groupIndex = e.div(tile, tiles.count);
    tile = e.rem(tile, tiles.count);
  }
  int64_t panels = llvm::divideCeil(groupColumns, assay::kernel::kPanelColumns);
  channelOffset = e.mul(groupIndex, groupChannels);
  firstColumn =
      e.add(e.mul(groupIndex, groupColumns), e.mul(tile, tiles.width));
  rhsOffset =
      e.add(e.mul(groupIndex, panels * depth * assay::kernel::kPanelColumns),
            packedOffset(e, tiles, tile, e.index(depth)));
  tiles.dispatch(e, tile, [&](int64_t vectors, Value mask) {
    g.forEachTile(e, tilePixels, [&](Value first, int64_t pixels, bool border) {
      emitTile(first, pixels, border, vectors, mask);
    });
  });
}

void assay::cpu::emitConv2D(Emitter &e, kernel::Conv2DOp op,
                            const BrickKernel &kernel, Value lo, Value hi) {
  Conv2D conv(e, op, kernel);
  e.forEach(lo, hi, 1, [&](Value unit) { conv.emitUnit(unit); });
}

Value assay::cpu::countConv2DUnits(Emitter &e, kernel::Conv2DOp op,
                                   const BrickKernel &kernel) {
  return Conv2D(e, op, kernel).countUnits();
}
