//===- WindowLowering.cpp - Window geometry with run-time sizes -----------===//

#include "passes/lowering/WindowLowering.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace assay;
using namespace assay::onnx;

static WindowSizes computeStatic(OpBuilder &builder, const Window &window,
                                 unsigned i, int64_t input) {
  const WindowDim &dim = window.dims[i];
  int64_t output = window.outputSize(i, input);
  auto [begin, end] = window.padding(i, input);
  int64_t reach = (output - 1) * dim.stride + dim.extent() - begin - input;
  return {builder.getIndexAttr(input), builder.getIndexAttr(output),
          builder.getIndexAttr(begin), builder.getIndexAttr(end),
          builder.getIndexAttr(std::max<int64_t>(reach, 0))};
}

namespace {
/// Index arithmetic, one op a call.
struct IndexMath {
  OpBuilder &b;
  Location l;

  Value constant(int64_t value) const {
    return arith::ConstantIndexOp::create(b, l, value);
  }
  Value add(Value x, int64_t y) const {
    return arith::AddIOp::create(b, l, x, constant(y));
  }
  Value sub(Value x, Value y) const {
    return arith::SubIOp::create(b, l, x, y);
  }
  Value mul(Value x, int64_t y) const {
    return arith::MulIOp::create(b, l, x, constant(y));
  }
  Value div(Value x, int64_t y) const {
    return arith::DivSIOp::create(b, l, x, constant(y));
  }
  Value atLeast(Value x, int64_t y) const {
    return arith::MaxSIOp::create(b, l, x, constant(y));
  }
  Value isLess(Value x, Value y) const {
    return arith::CmpIOp::create(b, l, arith::CmpIPredicate::slt, x, y);
  }
  Value select(Value condition, Value x, Value y) const {
    return arith::SelectOp::create(b, l, condition, x, y);
  }
};
} // namespace

/// The run-time form of Window::outputSize.
static Value computeOutput(const IndexMath &m, const Window &window,
                           const WindowDim &dim, Value input) {
  if (window.isSame())
    return m.div(m.add(input, dim.stride - 1), dim.stride);
  bool isValid = window.autoPad == AutoPad::Valid;
  int64_t begin = isValid ? 0 : dim.padBegin;
  int64_t end = isValid ? 0 : dim.padEnd;
  Value slack = m.add(input, begin + end - dim.extent());
  // Shifted by one stride, so that the division rounds down and a window that
  // does not fit gives 0.
  Value floor = m.div(m.atLeast(m.add(slack, dim.stride), 0), dim.stride);
  if (!window.ceilMode || isValid)
    return floor;
  Value ceil =
      m.div(m.atLeast(m.add(slack, 2 * dim.stride - 1), 0), dim.stride);
  Value lastStart = m.mul(m.add(ceil, -1), dim.stride);
  return m.select(m.isLess(lastStart, m.add(input, begin)), ceil, floor);
}

static WindowSizes computeDynamic(OpBuilder &builder, Location loc,
                                  const Window &window, unsigned i,
                                  Value input) {
  IndexMath m{builder, loc};
  const WindowDim &dim = window.dims[i];
  WindowSizes sizes;
  sizes.input = input;
  Value output = computeOutput(m, window, dim, input);
  sizes.output = output;
  Value needed =
      m.sub(m.add(m.mul(m.add(output, -1), dim.stride), dim.extent()), input);
  if (window.isSame()) {
    Value total = m.atLeast(needed, 0);
    Value less = m.div(total, 2), more = m.sub(total, less);
    bool isUpper = window.autoPad == AutoPad::SameUpper;
    sizes.padBegin = isUpper ? less : more;
    sizes.padEnd = isUpper ? more : less;
  } else {
    bool isValid = window.autoPad == AutoPad::Valid;
    sizes.padBegin = builder.getIndexAttr(isValid ? 0 : dim.padBegin);
    sizes.padEnd = builder.getIndexAttr(isValid ? 0 : dim.padEnd);
  }
  Value begin = getValue(builder, loc, sizes.padBegin);
  sizes.reachEnd = m.atLeast(m.sub(needed, begin), 0);
  return sizes;
}

SmallVector<WindowSizes>
assay::computeWindowSizes(OpBuilder &builder, Location loc,
                          const Window &window, ArrayRef<OpFoldResult> inputs) {
  SmallVector<WindowSizes> sizes;
  for (auto [i, input] : llvm::enumerate(inputs)) {
    if (std::optional<int64_t> size = getConstantIntValue(input))
      sizes.push_back(computeStatic(builder, window, i, *size));
    else
      sizes.push_back(
          computeDynamic(builder, loc, window, i, cast<Value>(input)));
  }
  return sizes;
}

Value assay::padForWindows(OpBuilder &builder, Location loc, Value data,
                           unsigned firstSpatial, ArrayRef<WindowSizes> sizes,
                           Value value) {
  int64_t rank = cast<RankedTensorType>(data.getType()).getRank();
  SmallVector<OpFoldResult> low(rank, builder.getIndexAttr(0)), high(low);
  bool isNeeded = false;
  for (auto [i, size] : llvm::enumerate(sizes)) {
    low[firstSpatial + i] = size.padBegin;
    high[firstSpatial + i] = size.reachEnd;
    isNeeded |= !isZeroInteger(size.padBegin) || !isZeroInteger(size.reachEnd);
  }
  if (!isNeeded)
    return data;
  return tensor::PadOp::create(builder, loc, /*resultType=*/Type(), data, low,
                               high, value);
}
