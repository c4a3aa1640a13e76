//===- MovementSlice.cpp - Lowering of cutting and padding operators ------===//

#include "dialects/onnx/Movement.h"
#include "dialects/onnx/OnnxOp.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "passes/lowering/IndexMath.h"
#include "passes/lowering/LoweringUtils.h"
#include "passes/lowering/Movement.h"
#include "passes/lowering/OnnxToLinalg.h"

using namespace mlir;
using namespace assay;
using arith::CmpIPredicate;

/// For each dimension the element of `values` whose axis it is, else `missing`.
/// `axes` may be run-time values; `first` is where in `values` to begin.
static SmallVector<OpFoldResult>
spreadOverAxes(IndexMath &math, ArrayRef<OpFoldResult> axes,
               ArrayRef<OpFoldResult> values, int64_t first,
               ArrayRef<OpFoldResult> missing) {
  SmallVector<OpFoldResult> result(missing);
  for (auto [dim, chosen] : llvm::enumerate(result))
    for (auto [position, axis] : llvm::enumerate(axes))
      chosen = math.select(CmpIPredicate::eq, axis, math.constant(dim),
                           values[first + position], chosen);
  return result;
}

/// The axes operand, or 0 to count - 1 when absent; negative ones from the end.
static SmallVector<OpFoldResult> getAxes(OpBuilder &builder, Location loc,
                                         Value axes, int64_t count,
                                         int64_t rank) {
  IndexMath math(builder, loc);
  SmallVector<OpFoldResult> result;
  if (!axes) {
    for (int64_t axis = 0; axis < count; ++axis)
      result.push_back(math.constant(axis));
    return result;
  }
  for (OpFoldResult axis : extractIndices(builder, loc, axes)) {
    axis = math.fromEnd(axis, math.constant(rank));
    math.check(CmpIPredicate::sge, axis, math.constant(0),
               "an axis is out of range");
    math.check(CmpIPredicate::slt, axis, math.constant(rank),
               "an axis is out of range");
    result.push_back(axis);
  }
  return result;
}

static std::optional<int64_t> getStaticLength(Value vector) {
  auto type = cast<RankedTensorType>(vector.getType());
  if (type.isDynamicDim(0))
    return std::nullopt;
  return type.getDimSize(0);
}

static bool isKnownEmpty(ArrayRef<OpFoldResult> sizes) {
  return llvm::any_of(
      sizes, [](OpFoldResult size) { return isConstantIntValue(size, 0); });
}

Value assay::createSlice(OpBuilder &builder, Location loc, Value source,
                         ArrayRef<OpFoldResult> offsets,
                         ArrayRef<OpFoldResult> sizes,
                         ArrayRef<OpFoldResult> strides) {
  if (isKnownEmpty(sizes))
    return tensor::EmptyOp::create(
        builder, loc, sizes,
        cast<RankedTensorType>(source.getType()).getElementType());
  return tensor::ExtractSliceOp::create(builder, loc, source, offsets, sizes,
                                        strides);
}

static Value castTo(OpBuilder &builder, Location loc, Value value,
                    RankedTensorType type) {
  if (value.getType() == type)
    return value;
  return tensor::CastOp::create(builder, loc, type, value);
}

namespace {
//===----------------------------------------------------------------------===//
// Slice, Split
//===----------------------------------------------------------------------===//

struct SliceLowering : OnnxLowering<onnx::SliceOp> {
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(onnx::SliceOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    std::optional<int64_t> count = getStaticLength(adaptor.getStarts());
    if (!count || getStaticLength(adaptor.getEnds()) != count ||
        (adaptor.getAxes() && getStaticLength(adaptor.getAxes()) != count) ||
        (adaptor.getSteps() && getStaticLength(adaptor.getSteps()) != count))
      return rewriter.notifyMatchFailure(
          op, "needs starts, ends, axes and steps of known length");
    Location loc = op.getLoc();
    IndexMath math(rewriter, loc);
    Value data = adaptor.getData();
    SmallVector<OpFoldResult> dims = tensor::getMixedSizes(rewriter, loc, data);
    SmallVector<OpFoldResult> axes =
        getAxes(rewriter, loc, adaptor.getAxes(), *count, dims.size());
    SmallVector<OpFoldResult> zeros(dims.size(), math.constant(0));
    SmallVector<OpFoldResult> ones(dims.size(), math.constant(1));
    SmallVector<OpFoldResult> starts = spreadOverAxes(
        math, axes, extractIndices(rewriter, loc, adaptor.getStarts()), 0,
        zeros);
    SmallVector<OpFoldResult> ends = spreadOverAxes(
        math, axes, extractIndices(rewriter, loc, adaptor.getEnds()), 0, dims);
    SmallVector<OpFoldResult> steps = ones;
    if (adaptor.getSteps())
      steps = spreadOverAxes(math, axes,
                             extractIndices(rewriter, loc, adaptor.getSteps()),
                             0, ones);

    RankedTensorType type = getResultType(op);
    SmallVector<OpFoldResult> sizes(dims.size());
    bool allPositive = true;
    for (size_t dim = 0; dim < dims.size(); ++dim) {
      clampDim(math, dims[dim], starts[dim], ends[dim], steps[dim], sizes[dim]);
      if (!type.isDynamicDim(dim))
        sizes[dim] = math.constant(type.getDimSize(dim));
      std::optional<int64_t> step = getConstantIntValue(steps[dim]);
      allPositive &= step && *step > 0;
    }
    Value result =
        allPositive
            ? createSlice(rewriter, loc, data, starts, sizes, steps)
            : gatherSteps(rewriter, loc, data, type, starts, sizes, steps);
    rewriter.replaceOp(op, castTo(rewriter, loc, result, type));
    return success();
  }

  /// Clamps `start` as the specification says and computes the length.
  static void clampDim(IndexMath &math, OpFoldResult dim, OpFoldResult &start,
                       OpFoldResult end, OpFoldResult step,
                       OpFoldResult &length) {
    if (isConstantIntValue(start, 0) && isConstantIntValue(step, 1) &&
        isEqualConstantIntOrValue(end, dim)) {
      length = dim;
      return;
    }
    auto allKnown = [](ArrayRef<OpFoldResult> values) {
      return llvm::all_of(values, [](OpFoldResult value) {
        return getConstantIntValue(value).has_value();
      });
    };
    if (allKnown({dim, start, end, step})) {
      onnx::SliceBounds bounds = onnx::clampSlice(
          *getConstantIntValue(dim), *getConstantIntValue(start),
          *getConstantIntValue(end), *getConstantIntValue(step));
      start = math.constant(bounds.start);
      length = math.constant(bounds.length);
      return;
    }
    OpFoldResult zero = math.constant(0), one = math.constant(1);
    math.check(CmpIPredicate::ne, step, zero, "Slice: a step is zero");
    start = math.fromEnd(start, dim);
    end = math.fromEnd(end, dim);
    OpFoldResult last = math.sub(dim, one);
    auto bySign = [&](OpFoldResult forward, OpFoldResult backward) {
      return math.select(CmpIPredicate::sgt, step, zero, forward, backward);
    };
    start = math.clamp(start, zero, math.max(bySign(dim, last), zero));
    end = math.clamp(end, bySign(zero, math.constant(-1)), bySign(dim, last));
    OpFoldResult span = bySign(math.sub(end, start), math.sub(start, end));
    OpFoldResult stride = bySign(step, math.sub(zero, step));
    // ceil(span / stride); a stride that overflowed exceeds every span.
    OpFoldResult count = math.add(math.div(math.sub(span, one), stride), one);
    length = math.select(
        CmpIPredicate::sgt, span, zero,
        math.select(CmpIPredicate::sgt, stride, zero, count, one), zero);
  }

  /// Backward or run-time steps: element by element.
  static Value gatherSteps(OpBuilder &builder, Location loc, Value data,
                           RankedTensorType type, ArrayRef<OpFoldResult> starts,
                           ArrayRef<OpFoldResult> sizes,
                           ArrayRef<OpFoldResult> steps) {
    return createGather(
        builder, loc, type, sizes, {}, {},
        [&](OpBuilder &b, Location l, ArrayRef<Value> indices, ValueRange) {
          IndexMath math(b, l);
          SmallVector<Value> position;
          for (auto [index, start, step] :
               llvm::zip_equal(indices, starts, steps))
            position.push_back(
                math.value(math.add(start, math.mul(index, step))));
          return tensor::ExtractOp::create(b, l, data, position).getResult();
        });
  }
};

struct SplitLowering : OnnxLowering<onnx::SplitOp> {
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(onnx::SplitOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    IndexMath math(rewriter, loc);
    Value input = adaptor.getInput();
    SmallVector<OpFoldResult> sizes =
        tensor::getMixedSizes(rewriter, loc, input);
    int64_t axis = wrapAxis(op.getAxis(), sizes.size());
    OpFoldResult dim = sizes[axis];
    int64_t count = op->getNumResults();
    SmallVector<OpFoldResult> parts;
    if (adaptor.getSplit()) {
      for (int64_t i = 0; i < count; ++i)
        parts.push_back(extractIndex(rewriter, loc, adaptor.getSplit(), i));
    } else {
      OpFoldResult chunk = math.div(math.add(dim, math.constant(count - 1)),
                                    math.constant(count));
      OpFoldResult left = dim;
      for (int64_t i = 0; i < count; ++i) {
        parts.push_back(math.min(chunk, left));
        left = math.sub(left, parts.back());
      }
    }
    OpFoldResult offset = math.constant(0);
    SmallVector<OpFoldResult> offsets(sizes.size(), offset);
    SmallVector<OpFoldResult> strides(sizes.size(), math.constant(1));
    SmallVector<Value> results;
    for (auto [position, part] : llvm::enumerate(parts)) {
      RankedTensorType type = getResultType(op, position);
      math.check(CmpIPredicate::sge, part, math.constant(0),
                 "Split: a size is negative");
      sizes[axis] =
          type.isDynamicDim(axis) ? part : math.constant(type.getDimSize(axis));
      offsets[axis] = offset;
      offset = math.add(offset, part);
      math.check(CmpIPredicate::sle, offset, dim,
                 "Split: the sizes exceed the dimension");
      Value slice = createSlice(rewriter, loc, input, offsets, sizes, strides);
      results.push_back(castTo(rewriter, loc, slice, type));
    }
    math.check(CmpIPredicate::eq, offset, dim,
               "Split: the sizes do not add up to the dimension");
    rewriter.replaceOp(op, results);
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Pad
//===----------------------------------------------------------------------===//

struct PadLowering : OnnxLowering<onnx::PadOp> {
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(onnx::PadOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    IndexMath math(rewriter, loc);
    Value data = adaptor.getData();
    SmallVector<OpFoldResult> dims = tensor::getMixedSizes(rewriter, loc, data);
    std::optional<int64_t> length = getStaticLength(adaptor.getPads());
    int64_t count = dims.size();
    if (adaptor.getAxes()) {
      std::optional<int64_t> numAxes = getStaticLength(adaptor.getAxes());
      if (!numAxes)
        return rewriter.notifyMatchFailure(op, "needs axes of known length");
      count = *numAxes;
    }
    if (length != 2 * count)
      return rewriter.notifyMatchFailure(op, "needs pads of known length");

    SmallVector<OpFoldResult> axes =
        getAxes(rewriter, loc, adaptor.getAxes(), count, dims.size());
    SmallVector<OpFoldResult> pads =
        extractIndices(rewriter, loc, adaptor.getPads());
    SmallVector<OpFoldResult> zeros(dims.size(), math.constant(0));
    SmallVector<OpFoldResult> begins =
        spreadOverAxes(math, axes, pads, 0, zeros);
    SmallVector<OpFoldResult> ends =
        spreadOverAxes(math, axes, pads, count, zeros);
    RankedTensorType type = getResultType(op);
    SmallVector<OpFoldResult> sizes;
    for (auto [dim, begin, end] : llvm::zip_equal(dims, begins, ends)) {
      OpFoldResult size = math.add(math.add(dim, begin), end);
      math.check(CmpIPredicate::sge, size, math.constant(0),
                 "Pad: the pads crop more than there is");
      int64_t known = type.getDimSize(sizes.size());
      sizes.push_back(ShapedType::isDynamic(known) ? size
                                                   : math.constant(known));
    }
    Value result =
        op.getMode() == "constant"
            ? padConstant(rewriter, op, adaptor, type, begins, ends, dims,
                          sizes)
            : padFromInput(rewriter, op, adaptor, type, begins, dims, sizes);
    rewriter.replaceOp(op, castTo(rewriter, loc, result, type));
    return success();
  }

  /// Fills the result, then inserts what the pads leave of the input.
  static Value padConstant(OpBuilder &builder, onnx::PadOp op, Adaptor adaptor,
                           RankedTensorType type, ArrayRef<OpFoldResult> begins,
                           ArrayRef<OpFoldResult> ends,
                           ArrayRef<OpFoldResult> dims,
                           ArrayRef<OpFoldResult> sizes) {
    Location loc = op.getLoc();
    IndexMath math(builder, loc);
    OpFoldResult zero = math.constant(0);
    Value filler = adaptor.getConstantValue()
                       ? extractScalar(builder, loc, adaptor.getConstantValue())
                       : createScalar(builder, loc, type.getElementType(), 0.0);
    Value filled = createFilled(builder, loc, type, sizes, filler);
    SmallVector<OpFoldResult> offsets, kept, targets;
    bool crops = false;
    for (auto [dim, begin, end] : llvm::zip_equal(dims, begins, ends)) {
      // A negative pad drops elements; all of them at most.
      OpFoldResult first = math.min(math.max(math.sub(zero, begin), zero), dim);
      OpFoldResult past = math.max(math.min(dim, math.add(dim, end)), first);
      offsets.push_back(first);
      kept.push_back(math.sub(past, first));
      targets.push_back(math.max(begin, zero));
      crops |= !isEqualConstantIntOrValue(kept.back(), dim);
    }
    if (isKnownEmpty(kept))
      return filled;
    SmallVector<OpFoldResult> strides(dims.size(), math.constant(1));
    Value source = adaptor.getData();
    if (crops)
      source = tensor::ExtractSliceOp::create(builder, loc, source, offsets,
                                              kept, strides);
    return tensor::InsertSliceOp::create(builder, loc, source, filled, targets,
                                         kept, strides);
  }

  /// Position in an input dimension of size `dim` of position `index` relative
  /// to its begin.
  static OpFoldResult mapPosition(IndexMath &math, OpBuilder &b, Location loc,
                                  StringRef mode, OpFoldResult index,
                                  OpFoldResult dim) {
    OpFoldResult zero = math.constant(0), one = math.constant(1);
    OpFoldResult last = math.sub(dim, one);
    if (mode == "edge")
      return math.clamp(index, zero, last);
    // Both others are periodic: by dim, or by 2 * (dim - 1) for reflections.
    OpFoldResult period =
        mode == "wrap" ? dim : math.max(math.mul(last, math.constant(2)), one);
    Value divisor = math.value(period);
    Value remainder =
        arith::RemSIOp::create(b, loc, math.value(index), divisor);
    OpFoldResult phase = math.fromEnd(remainder, period);
    if (mode == "wrap")
      return phase;
    return math.min(phase, math.sub(period, phase));
  }

  static Value padFromInput(OpBuilder &builder, onnx::PadOp op, Adaptor adaptor,
                            RankedTensorType type,
                            ArrayRef<OpFoldResult> begins,
                            ArrayRef<OpFoldResult> dims,
                            ArrayRef<OpFoldResult> sizes) {
    Location loc = op.getLoc();
    IndexMath outer(builder, loc);
    for (auto [dim, size] : llvm::zip_equal(dims, sizes))
      if (!isEqualConstantIntOrValue(dim, size))
        outer.check(CmpIPredicate::sgt,
                    outer.select(CmpIPredicate::eq, size, outer.constant(0),
                                 outer.constant(1), dim),
                    outer.constant(0), "Pad: cannot pad an empty dimension");
    StringRef mode = op.getMode();
    Value data = adaptor.getData();
    return createGather(builder, loc, type, sizes, {}, {},
                        [&](OpBuilder &b, Location l, ArrayRef<Value> indices,
                            ValueRange) -> Value {
                          IndexMath math(b, l);
                          SmallVector<Value> position;
                          for (auto [index, begin, dim, size] :
                               llvm::zip_equal(indices, begins, dims, sizes)) {
                            OpFoldResult from = math.sub(index, begin);
                            if (!isConstantIntValue(begin, 0) ||
                                !isEqualConstantIntOrValue(dim, size))
                              from = mapPosition(math, b, l, mode, from, dim);
                            position.push_back(math.value(from));
                          }
                          return tensor::ExtractOp::create(b, l, data,
                                                           position);
                        });
  }
};

//===----------------------------------------------------------------------===//
// Compress
//===----------------------------------------------------------------------===//

/// Counts the selected positions, lists them, and gathers along the list.
struct CompressLowering : OnnxLowering<onnx::CompressOp> {
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(onnx::CompressOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    IndexMath math(rewriter, loc);
    Value data = adaptor.getInput();
    SmallVector<OpFoldResult> dims = tensor::getMixedSizes(rewriter, loc, data);
    int64_t axis = 0;
    if (op.getAxis()) {
      axis = wrapAxis(*op.getAxis(), dims.size());
    } else {
      OpFoldResult total = math.product(dims);
      RankedTensorType flat = RankedTensorType::get(
          {getConstantIntValue(total).value_or(ShapedType::kDynamic)},
          cast<RankedTensorType>(data.getType()).getElementType());
      data = reshapeTo(rewriter, loc, data, flat, total);
      dims = {total};
    }
    Value condition = adaptor.getCondition();
    OpFoldResult length = tensor::getMixedSize(rewriter, loc, condition, 0);
    math.check(CmpIPredicate::sle, length, dims[axis],
               "Compress: the condition is longer than the axis");
    Value count = createCount(rewriter, loc, condition, length);
    Value positions = createPositions(rewriter, loc, condition, length, count);

    RankedTensorType type = getResultType(op);
    dims[axis] = count;
    AffineMap map =
        AffineMap::get(type.getRank(), 0, rewriter.getAffineDimExpr(axis));
    rewriter.replaceOp(
        op, createGather(rewriter, loc, type, dims, positions, map,
                         [&](OpBuilder &b, Location l, ArrayRef<Value> indices,
                             ValueRange elements) -> Value {
                           SmallVector<Value> position(indices);
                           position[axis] = arith::IndexCastOp::create(
                               b, l, b.getIndexType(), elements.front());
                           return tensor::ExtractOp::create(b, l, data,
                                                            position);
                         }));
    return success();
  }

  static Value createCount(OpBuilder &builder, Location loc, Value condition,
                           OpFoldResult length) {
    IndexMath math(builder, loc);
    Value zero = math.value(math.constant(0)),
          one = math.value(math.constant(1));
    auto loop = scf::ForOp::create(
        builder, loc, zero, math.value(length), one, zero,
        [&](OpBuilder &b, Location l, Value i, ValueRange carried) {
          Value selected = tensor::ExtractOp::create(b, l, condition, i);
          Value next = arith::AddIOp::create(b, l, carried[0], one);
          Value count =
              arith::SelectOp::create(b, l, selected, next, carried[0]);
          scf::YieldOp::create(b, l, count);
        });
    return loop.getResult(0);
  }

  /// Writes every position to the next free slot, which moves on only past a
  /// selected one; the one spare slot takes what comes after the last.
  static Value createPositions(OpBuilder &builder, Location loc,
                               Value condition, OpFoldResult length,
                               Value count) {
    IndexMath math(builder, loc);
    Value zero = math.value(math.constant(0)),
          one = math.value(math.constant(1));
    Type i64 = builder.getI64Type();
    Value slots = math.value(math.add(count, one));
    Value empty = tensor::EmptyOp::create(
        builder, loc, RankedTensorType::get({ShapedType::kDynamic}, i64),
        slots);
    auto loop = scf::ForOp::create(
        builder, loc, zero, math.value(length), one, ValueRange{empty, zero},
        [&](OpBuilder &b, Location l, Value i, ValueRange carried) {
          Value position = arith::IndexCastOp::create(b, l, i64, i);
          Value list =
              tensor::InsertOp::create(b, l, position, carried[0], carried[1]);
          Value selected = tensor::ExtractOp::create(b, l, condition, i);
          Value next = arith::AddIOp::create(b, l, carried[1], one);
          Value slot =
              arith::SelectOp::create(b, l, selected, next, carried[1]);
          scf::YieldOp::create(b, l, ValueRange{list, slot});
        });
    OpFoldResult offset[] = {math.constant(0)}, size[] = {count},
                 stride[] = {math.constant(1)};
    return tensor::ExtractSliceOp::create(builder, loc, loop.getResult(0),
                                          offset, size, stride);
  }
};
} // namespace

void assay::populateSliceLowering(RewritePatternSet &patterns,
                                  TypeConverter &converter) {
  patterns.add<CompressLowering, PadLowering, SliceLowering, SplitLowering>(
      converter, patterns.getContext());
}
