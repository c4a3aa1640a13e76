//===- DepthwiseBricks.cpp - kernel.depthwise_conv2d as bricks ------------===//
//
// Vectors run over channels. A tile is a few neighbouring output pixels of one
// or two rows: each input vector is loaded once and multiplied into all pixels
// that it reaches. A unit is one or two output rows of an image with all their
// channels; the taps of a vector of channels stay in registers along the row
// when they fit.
//
//===----------------------------------------------------------------------===//

#include "passes/cpu/ConvBricks.h"

using namespace mlir;
using namespace assay::cpu;

namespace {

struct Depthwise {
  Depthwise(Emitter &e, assay::kernel::DepthwiseConv2DOp op,
            const BrickKernel &kernel);

  Value countUnits() { return e.mul(kernel.init.sizes[0], blocks); }
  void emitUnit(Value unit);

private:
  void emitRows(int64_t rows);
  void emitChannels(int64_t rows, Value channel, Value count);
  void emitTile(int64_t rows, Value firstPixel, int64_t pixels,
                bool touchesBorder);
  Value loadTap(int64_t kh, int64_t kw);

  Emitter &e;
  const BrickKernel &kernel;
  ConvGeometry g;
  int64_t tileRows, tilePixels;
  Value blocks; ///< Blocks of rows of an image.
  // The present unit and vector of channels.
  Value image, firstRow, channel, mask;
  SmallVector<Value> taps;     ///< Empty: loaded where they are used.
  SmallVector<Value> rowMasks; ///< Of the input rows; null: all valid.
};

} // namespace

Depthwise::Depthwise(Emitter &e, assay::kernel::DepthwiseConv2DOp op,
                     const BrickKernel &kernel)
    : e(e), kernel(kernel), g(getGeometry(op, kernel)) {
  tileRows = g.strideH == 1 && e.registers() >= 32 ? 2 : 1;
  tilePixels = 4;
  blocks = e.ceilDiv(g.outHeight, tileRows);
}

Value Depthwise::loadTap(int64_t kh, int64_t kw) {
  int64_t tap = kh * g.kernelWidth + kw;
  if (!taps.empty())
    return taps[tap];
  return e.loadVector(kernel.rhs.elements, e.add(channel, tap * g.channels),
                      mask);
}

void Depthwise::emitTile(int64_t rows, Value firstPixel, int64_t pixels,
                         bool touchesBorder) {
  SmallVector<Value> sums(rows * pixels, e.zeroVector());
  std::optional<int64_t> first = Emitter::getStatic(firstPixel);
  int64_t inputRows =
      (rows - 1) * g.strideH + (g.kernelHeight - 1) * g.dilationH + 1;
  int64_t inputColumns =
      (pixels - 1) * g.strideW + (g.kernelWidth - 1) * g.dilationW + 1;
  Value top = e.sub(e.mul(firstRow, g.strideH), e.index(g.padTop));
  Value left = e.sub(e.mul(firstPixel, g.strideW), e.index(g.padLeft));
  // (pixel, tap) pairs along one dimension that read input line `line`.
  auto readers = [](int64_t line, int64_t pixels, int64_t stride,
                    int64_t kernelSize, int64_t dilation) {
    SmallVector<std::pair<int64_t, int64_t>> pairs;
    for (int64_t pixel = 0; pixel < pixels; ++pixel)
      if (int64_t rest = line - pixel * stride;
          rest >= 0 && rest % dilation == 0 && rest / dilation < kernelSize)
        pairs.emplace_back(pixel, rest / dilation);
    return pairs;
  };
  for (int64_t i = 0; i < inputRows; ++i) {
    auto vertical = readers(i, rows, g.strideH, g.kernelHeight, g.dilationH);
    if (vertical.empty())
      continue;
    Value y = e.add(e.mul(image, g.height), e.add(top, i));
    Value line = e.add(e.mul(y, g.width), left);
    for (int64_t j = 0; j < inputColumns; ++j) {
      auto horizontal =
          readers(j, pixels, g.strideW, g.kernelWidth, g.dilationW);
      if (horizontal.empty())
        continue;
      if (touchesBorder) {
        int64_t column = *first * g.strideW - g.padLeft + j;
        if (column < 0 || column >= *Emitter::getStatic(g.width))
          continue;
      }
      Value at = e.add(e.mul(e.add(line, j), g.channels), channel);
      Value input = e.loadVector(kernel.lhs.elements, at, rowMasks[i]);
      for (auto [py, kh] : vertical)
        for (auto [px, kw] : horizontal) {
          Value &sum = sums[py * pixels + px];
          sum = vector::FMAOp::create(e.builder, e.loc, input, loadTap(kh, kw),
                                      sum);
        }
    }
  }
  for (int64_t py = 0; py < rows; ++py)
    for (int64_t px = 0; px < pixels; ++px) {
      Value row = e.add(firstRow, py), x = e.add(firstPixel, px);
      Value y = e.add(e.mul(image, g.outHeight), row);
      Value linear =
          e.add(e.mul(e.add(e.mul(y, g.outWidth), x), g.outChannels), channel);
      SmallVector<Value> coordinates = {image, row, x, channel};
      VectorPosition position{
          [coordinates](unsigned dim) { return coordinates[dim]; }, linear,
          mask};
      kernel.epilogue.store(e, kernel.buffers, position,
                            sums[py * pixels + px]);
    }
}

void Depthwise::emitChannels(int64_t rows, Value channel, Value count) {
  this->channel = channel;
  mask = e.mask(count);
  int64_t numTaps = g.kernelHeight * g.kernelWidth;
  taps.clear();
  if (numTaps + tileRows * tilePixels + 4 <= e.registers()) {
    SmallVector<Value> loaded;
    for (int64_t tap = 0; tap < numTaps; ++tap)
      loaded.push_back(loadTap(tap / g.kernelWidth, tap % g.kernelWidth));
    taps = std::move(loaded);
  }
  int64_t inputRows =
      (rows - 1) * g.strideH + (g.kernelHeight - 1) * g.dilationH + 1;
  rowMasks.assign(inputRows, mask);
  if (g.isPaddedVertically()) {
    Value top = e.sub(e.mul(firstRow, g.strideH), e.index(g.padTop));
    for (int64_t i = 0; i < inputRows; ++i) {
      Value y = e.add(top, i);
      // Negative rows are large unsigned ones.
      Value inside = e.compare(arith::CmpIPredicate::ult, y, g.height);
      Value lanes =
          arith::SelectOp::create(e.builder, e.loc, inside, count, e.index(0));
      rowMasks[i] = e.mask(lanes);
    }
  }
  g.forEachTile(e, tilePixels, [&](Value first, int64_t pixels, bool border) {
    emitTile(rows, first, pixels, border);
  });
}

void Depthwise::emitRows(int64_t rows) {
  int64_t whole = g.channels / e.lanes * e.lanes;
  e.forEach(e.index(0), e.index(whole), e.lanes, [&](Value channel) {
    emitChannels(rows, channel, e.index(e.lanes));
  });
  if (whole < g.channels)
    emitChannels(rows, e.index(whole), e.index(g.channels - whole));
}

void Depthwise::emitUnit(Value unit) {
  bool single = Emitter::getStatic(kernel.init.sizes[0]) == 1;
  image = single ? e.index(0) : e.div(unit, blocks);
  Value block = single ? unit : e.rem(unit, blocks);
  firstRow = e.mul(block, tileRows);
  std::optional<int64_t> height = Emitter::getStatic(g.outHeight);
  if (height && *height % tileRows == 0)
    return emitRows(tileRows);
  Value end = e.add(firstRow, tileRows);
  Value fits = e.compare(arith::CmpIPredicate::sle, end, g.outHeight);
  e.ifElse(fits, [&] { emitRows(tileRows); }, [&] { emitRows(1); });
}

void assay::cpu::emitDepthwiseConv2D(Emitter &e, kernel::DepthwiseConv2DOp op,
                                     const BrickKernel &kernel, Value lo,
                                     Value hi) {
  Depthwise conv(e, op, kernel);
  e.forEach(lo, hi, 1, [&](Value unit) { conv.emitUnit(unit); });
}

Value assay::cpu::countDepthwiseConv2DUnits(Emitter &e,
                                            kernel::DepthwiseConv2DOp op,
                                            const BrickKernel &kernel) {
  return Depthwise(e, op, kernel).countUnits();
}
