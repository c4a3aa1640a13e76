//===- MovementReshape.cpp - Lowering of reshaping operators --------------===//

#include "dialects/onnx/Movement.h"
#include "dialects/onnx/OnnxOp.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/ReshapeOpsUtils.h"
#include "passes/lowering/IndexMath.h"
#include "passes/lowering/LoweringUtils.h"
#include "passes/lowering/Movement.h"
#include "passes/lowering/OnnxToLinalg.h"

using namespace mlir;
using namespace assay;
using arith::CmpIPredicate;

//===----------------------------------------------------------------------===//
// Views
//===----------------------------------------------------------------------===//

/// Whether `size` is dimension `dim` of `source` itself.
static bool isDimOf(OpFoldResult size, Value source, int64_t dim) {
  auto value = dyn_cast<Value>(size);
  auto dimOp = value ? value.getDefiningOp<tensor::DimOp>() : tensor::DimOp();
  return dimOp && dimOp.getSource() == source &&
         dimOp.getConstantIndex() == dim;
}

/// The groups of dimensions of the longer type that make up each dimension of
/// the shorter one, if they are certain: all but one group must be known to
/// hold as many elements on both sides.
static std::optional<SmallVector<ReassociationIndices>>
matchGroups(Value source, RankedTensorType type, ArrayRef<OpFoldResult> sizes) {
  auto sourceType = cast<RankedTensorType>(source.getType());
  auto groups = getReassociationIndicesForReshape(sourceType, type);
  if (!groups)
    return std::nullopt;
  bool collapses = sourceType.getRank() > type.getRank();
  RankedTensorType longer = collapses ? sourceType : type;
  RankedTensorType shorter = collapses ? type : sourceType;
  if (tensor::CollapseShapeOp::inferCollapsedType(longer, *groups) != shorter)
    return std::nullopt;
  int64_t unknown = 0;
  for (auto [position, group] : llvm::enumerate(*groups)) {
    if (!shorter.isDynamicDim(position))
      continue;
    int64_t first = group.front();
    bool same = group.size() == 1 &&
                (collapses ? isDimOf(sizes[position], source, first)
                           : isDimOf(sizes[first], source, position));
    unknown += !same;
  }
  if (unknown > 1)
    return std::nullopt;
  return groups;
}

/// A tensor of static shape as one dimension.
static Value flatten(OpBuilder &builder, Location loc, Value source) {
  auto type = cast<RankedTensorType>(source.getType());
  if (type.getRank() == 1)
    return source;
  if (type.getRank() == 0)
    return tensor::ExpandShapeOp::create(
        builder, loc, RankedTensorType::get({1}, type.getElementType()), source,
        ArrayRef<ReassociationIndices>{});
  ReassociationIndices all =
      llvm::to_vector(llvm::seq<int64_t>(type.getRank()));
  return tensor::CollapseShapeOp::create(builder, loc, source,
                                         ArrayRef<ReassociationIndices>{all});
}

static Value unflatten(OpBuilder &builder, Location loc, Value source,
                       RankedTensorType type) {
  if (type.getRank() == 1)
    return source;
  if (type.getRank() == 0)
    return tensor::CollapseShapeOp::create(builder, loc, type, source,
                                           ArrayRef<ReassociationIndices>{});
  ReassociationIndices all =
      llvm::to_vector(llvm::seq<int64_t>(type.getRank()));
  return tensor::ExpandShapeOp::create(builder, loc, type, source,
                                       ArrayRef<ReassociationIndices>{all});
}

Value assay::reshapeTo(OpBuilder &builder, Location loc, Value source,
                       RankedTensorType type, ArrayRef<OpFoldResult> sizes) {
  auto sourceType = cast<RankedTensorType>(source.getType());
  if (sourceType == type && type.hasStaticShape())
    return source;
  if (auto groups = matchGroups(source, type, sizes)) {
    if (sourceType.getRank() > type.getRank())
      return tensor::CollapseShapeOp::create(builder, loc, type, source,
                                             *groups);
    return tensor::ExpandShapeOp::create(builder, loc, type, source, *groups,
                                         sizes);
  }
  if (sourceType.hasStaticShape() && type.hasStaticShape())
    return unflatten(builder, loc, flatten(builder, loc, source), type);
  SmallVector<Value> dims;
  for (OpFoldResult size : sizes)
    dims.push_back(getValue(builder, loc, size));
  Value shape = tensor::FromElementsOp::create(
      builder, loc,
      RankedTensorType::get({type.getRank()}, builder.getIndexType()), dims);
  return tensor::ReshapeOp::create(builder, loc, type, source, shape);
}

/// Static dimensions of `type` override `sizes`.
static void fixStaticSizes(OpBuilder &builder, RankedTensorType type,
                           MutableArrayRef<OpFoldResult> sizes) {
  for (auto [position, size] : llvm::enumerate(sizes))
    if (!type.isDynamicDim(position))
      size = builder.getIndexAttr(type.getDimSize(position));
}

//===----------------------------------------------------------------------===//
// Reshape
//===----------------------------------------------------------------------===//

namespace {
struct ReshapeLowering : OnnxLowering<onnx::ReshapeOp> {
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(onnx::ReshapeOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    RankedTensorType type = getResultType(op);
    SmallVector<OpFoldResult> input =
        tensor::getMixedSizes(rewriter, loc, adaptor.getData());
    SmallVector<OpFoldResult> sizes;
    if (type.hasStaticShape() &&
        cast<RankedTensorType>(adaptor.getData().getType()).hasStaticShape())
      sizes = getAsIndexOpFoldResult(rewriter.getContext(), type.getShape());
    else
      sizes = computeSizes(op, adaptor, input, type, rewriter);
    rewriter.replaceOp(
        op, reshapeTo(rewriter, loc, adaptor.getData(), type, sizes));
    return success();
  }

  /// Resolves 0 and -1 of the shape operand, constant or not.
  static SmallVector<OpFoldResult> computeSizes(onnx::ReshapeOp op,
                                                Adaptor adaptor,
                                                ArrayRef<OpFoldResult> input,
                                                RankedTensorType type,
                                                OpBuilder &builder) {
    IndexMath math(builder, op.getLoc());
    OpFoldResult zero = math.constant(0), minusOne = math.constant(-1);
    SmallVector<OpFoldResult> given =
        extractIndices(builder, op.getLoc(), adaptor.getShape());
    // Dimensions known to be copied cancel in the element counts.
    SmallVector<OpFoldResult> left(input);
    SmallVector<OpFoldResult> sizes, counted;
    for (auto [position, size] : llvm::enumerate(given)) {
      bool isCopy = !op.getAllowzero() && position < input.size() &&
                    isConstantIntValue(size, 0);
      OpFoldResult copied = size;
      if (!op.getAllowzero())
        copied = position < input.size() ? input[position] : minusOne;
      sizes.push_back(math.select(CmpIPredicate::eq, size, zero, copied, size));
      if (isCopy)
        left[position] = math.constant(1);
      else
        counted.push_back(math.select(CmpIPredicate::eq, size, minusOne,
                                      math.constant(1), sizes.back()));
    }
    OpFoldResult others = math.product(counted);
    OpFoldResult count = math.product(left);
    OpFoldResult inferred = math.div(count, others);
    OpFoldResult total = others;
    for (auto [size, original] : llvm::zip_equal(sizes, given)) {
      total = math.mul(total, math.select(CmpIPredicate::eq, original, minusOne,
                                          inferred, math.constant(1)));
      size = math.select(CmpIPredicate::eq, original, minusOne, inferred, size);
      if (!isConstantIntValue(original, 0) && !isConstantIntValue(original, -1))
        math.check(CmpIPredicate::sge, size, zero,
                   "Reshape: the shape is negative");
    }
    math.check(CmpIPredicate::eq, total, count,
               "Reshape: the element counts differ");
    fixStaticSizes(builder, type, sizes);
    return sizes;
  }
};

struct FlattenLowering : OnnxLowering<onnx::FlattenOp> {
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(onnx::FlattenOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    SmallVector<OpFoldResult> input =
        tensor::getMixedSizes(rewriter, loc, adaptor.getInput());
    int64_t axis = wrapAxis(op.getAxis(), input.size());
    IndexMath math(rewriter, loc);
    OpFoldResult sizes[] = {math.product(ArrayRef(input).take_front(axis)),
                            math.product(ArrayRef(input).drop_front(axis))};
    RankedTensorType type = getResultType(op);
    fixStaticSizes(rewriter, type, sizes);
    rewriter.replaceOp(
        op, reshapeTo(rewriter, loc, adaptor.getInput(), type, sizes));
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Squeeze, Unsqueeze
//===----------------------------------------------------------------------===//

/// Groups for dropping or adding the unit dimensions `units` of a shape of
/// `rank`: each joins the kept dimension after it, trailing ones the last.
SmallVector<ReassociationIndices> groupUnitDims(int64_t rank,
                                                ArrayRef<int64_t> units) {
  SmallVector<ReassociationIndices> groups;
  ReassociationIndices pending;
  for (int64_t dim = 0; dim < rank; ++dim) {
    pending.push_back(dim);
    if (!llvm::is_contained(units, dim)) {
      groups.push_back(pending);
      pending.clear();
    }
  }
  if (!groups.empty())
    llvm::append_range(groups.back(), pending);
  return groups;
}

/// The axes as non-negative numbers, or nullopt when they are not constant.
std::optional<SmallVector<int64_t>> getConstantAxes(Value axes, int64_t rank) {
  std::optional<SmallVector<int64_t>> ints = onnx::getConstantInts(axes);
  if (ints)
    for (int64_t &axis : *ints)
      axis += axis < 0 ? rank : 0;
  return ints;
}

/// 1 for each dimension of `rank` that the run-time `axes` list, else 0.
FailureOr<SmallVector<OpFoldResult>>
markAxes(Operation *op, Value axes, int64_t rank,
         ConversionPatternRewriter &rewriter) {
  if (cast<RankedTensorType>(axes.getType()).isDynamicDim(0))
    return rewriter.notifyMatchFailure(op, "needs axes of known length");
  IndexMath math(rewriter, op->getLoc());
  OpFoldResult zero = math.constant(0), one = math.constant(1);
  SmallVector<OpFoldResult> marks(rank, zero);
  for (OpFoldResult axis : extractIndices(rewriter, op->getLoc(), axes)) {
    axis = math.fromEnd(axis, math.constant(rank));
    math.check(CmpIPredicate::sge, axis, zero, "an axis is out of range");
    math.check(CmpIPredicate::slt, axis, math.constant(rank),
               "an axis is out of range");
    for (auto [dim, mark] : llvm::enumerate(marks))
      mark =
          math.select(CmpIPredicate::eq, axis, math.constant(dim), one, mark);
  }
  return marks;
}

struct SqueezeLowering : OnnxLowering<onnx::SqueezeOp> {
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(onnx::SqueezeOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Value data = adaptor.getData();
    auto dataType = cast<RankedTensorType>(data.getType());
    std::optional<SmallVector<int64_t>> axes;
    if (op.getAxes()) {
      axes = getConstantAxes(op.getAxes(), dataType.getRank());
    } else if (dataType.hasStaticShape()) {
      axes.emplace();
      for (auto [dim, size] : llvm::enumerate(dataType.getShape()))
        if (size == 1)
          axes->push_back(dim);
    }
    if (!axes)
      return squeezeAtRunTime(op, adaptor, rewriter);
    // A removed dimension may only be known to be 1 at run time.
    SmallVector<int64_t> shape(dataType.getShape());
    IndexMath math(rewriter, loc);
    for (int64_t axis : *axes) {
      math.check(CmpIPredicate::eq,
                 tensor::getMixedSize(rewriter, loc, data, axis),
                 math.constant(1), "Squeeze: a removed dimension is not 1");
      shape[axis] = 1;
    }
    RankedTensorType unitType = dataType.clone(shape);
    if (unitType != dataType)
      data = tensor::CastOp::create(rewriter, loc, unitType, data);
    if (axes->empty())
      rewriter.replaceOp(op, data);
    else
      rewriter.replaceOpWithNewOp<tensor::CollapseShapeOp>(
          op, getResultType(op), data,
          groupUnitDims(dataType.getRank(), *axes));
    return success();
  }

  /// Which dimensions go is known at run time only, how many is known.
  LogicalResult squeezeAtRunTime(onnx::SqueezeOp op, Adaptor adaptor,
                                 ConversionPatternRewriter &rewriter) const {
    Location loc = op.getLoc();
    IndexMath math(rewriter, loc);
    Value data = adaptor.getData();
    RankedTensorType type = getResultType(op);
    SmallVector<OpFoldResult> dims = tensor::getMixedSizes(rewriter, loc, data);
    OpFoldResult one = math.constant(1), zero = math.constant(0);
    SmallVector<OpFoldResult> removed;
    if (adaptor.getAxes()) {
      FailureOr<SmallVector<OpFoldResult>> marks =
          markAxes(op, adaptor.getAxes(), dims.size(), rewriter);
      if (failed(marks))
        return failure();
      removed = *marks;
    } else {
      for (OpFoldResult dim : dims)
        removed.push_back(math.select(CmpIPredicate::eq, dim, one, one, zero));
    }
    // Each kept dimension adds its size to the slot it moves to.
    SmallVector<OpFoldResult> sizes(type.getRank(), zero);
    OpFoldResult slot = zero;
    for (auto [dim, mark] : llvm::zip_equal(dims, removed)) {
      OpFoldResult isKept = math.sub(one, mark);
      for (auto [position, size] : llvm::enumerate(sizes))
        size = math.add(size, math.select(CmpIPredicate::eq, slot,
                                          math.constant(position),
                                          math.mul(isKept, dim), zero));
      slot = math.add(slot, isKept);
    }
    math.check(CmpIPredicate::eq, slot, math.constant(type.getRank()),
               "Squeeze: the rank of the result differs from its type");
    math.check(CmpIPredicate::eq, math.product(sizes), math.product(dims),
               "Squeeze: a removed dimension is not 1");
    fixStaticSizes(rewriter, type, sizes);
    rewriter.replaceOp(op, reshapeTo(rewriter, loc, data, type, sizes));
    return success();
  }
};

struct UnsqueezeLowering : OnnxLowering<onnx::UnsqueezeOp> {
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(onnx::UnsqueezeOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    RankedTensorType type = getResultType(op);
    std::optional<SmallVector<int64_t>> axes =
        getConstantAxes(op.getAxes(), type.getRank());
    if (!axes)
      return unsqueezeAtRunTime(op, adaptor, rewriter);
    if (axes->empty()) {
      rewriter.replaceOp(op, adaptor.getData());
      return success();
    }
    SmallVector<OpFoldResult> input =
        tensor::getMixedSizes(rewriter, op.getLoc(), adaptor.getData());
    SmallVector<OpFoldResult> sizes;
    const OpFoldResult *next = input.begin();
    for (int64_t dim = 0; dim < type.getRank(); ++dim)
      sizes.push_back(llvm::is_contained(*axes, dim) ? rewriter.getIndexAttr(1)
                                                     : *next++);
    rewriter.replaceOpWithNewOp<tensor::ExpandShapeOp>(
        op, type, adaptor.getData(), groupUnitDims(type.getRank(), *axes),
        sizes);
    return success();
  }

  LogicalResult unsqueezeAtRunTime(onnx::UnsqueezeOp op, Adaptor adaptor,
                                   ConversionPatternRewriter &rewriter) const {
    Location loc = op.getLoc();
    IndexMath math(rewriter, loc);
    RankedTensorType type = getResultType(op);
    FailureOr<SmallVector<OpFoldResult>> added =
        markAxes(op, adaptor.getAxes(), type.getRank(), rewriter);
    if (failed(added))
      return failure();
    SmallVector<OpFoldResult> dims =
        tensor::getMixedSizes(rewriter, loc, adaptor.getData());
    OpFoldResult one = math.constant(1), next = math.constant(0);
    SmallVector<OpFoldResult> sizes;
    for (OpFoldResult mark : *added) {
      OpFoldResult size = one;
      for (auto [position, dim] : llvm::enumerate(dims))
        size = math.select(CmpIPredicate::eq, next, math.constant(position),
                           dim, size);
      sizes.push_back(math.select(CmpIPredicate::eq, mark, one, one, size));
      next = math.add(next, math.sub(one, mark));
    }
    math.check(CmpIPredicate::eq, next, math.constant(dims.size()),
               "Unsqueeze: an axis is given twice");
    fixStaticSizes(rewriter, type, sizes);
    rewriter.replaceOp(
        op, reshapeTo(rewriter, loc, adaptor.getData(), type, sizes));
    return success();
  }
};

//===----------------------------------------------------------------------===//
// DepthToSpace, SpaceToDepth
//===----------------------------------------------------------------------===//

/// Six sizes as a type of the element type of `like`.
RankedTensorType typeFromSizes(ArrayRef<OpFoldResult> sizes, Value like) {
  SmallVector<int64_t> shape;
  for (OpFoldResult size : sizes)
    shape.push_back(getConstantIntValue(size).value_or(ShapedType::kDynamic));
  return RankedTensorType::get(
      shape, cast<RankedTensorType>(like.getType()).getElementType());
}

/// expand to six dimensions, transpose, collapse to `type`.
Value rearrangeBlocks(OpBuilder &builder, Location loc, Value input,
                      ArrayRef<OpFoldResult> expanded,
                      ArrayRef<ReassociationIndices> expansion,
                      ArrayRef<int64_t> perm,
                      ArrayRef<ReassociationIndices> collapse,
                      RankedTensorType type) {
  RankedTensorType sixDims = typeFromSizes(expanded, input);
  Value blocks = tensor::ExpandShapeOp::create(builder, loc, sixDims, input,
                                               expansion, expanded);
  SmallVector<int64_t> permuted;
  for (int64_t dim : perm)
    permuted.push_back(sixDims.getDimSize(dim));
  Value moved =
      createTranspose(builder, loc, blocks, perm, sixDims.clone(permuted));
  Value joined = tensor::CollapseShapeOp::create(builder, loc, moved, collapse);
  if (joined.getType() == type)
    return joined;
  return tensor::CastOp::create(builder, loc, type, joined);
}

struct DepthToSpaceLowering : OnnxLowering<onnx::DepthToSpaceOp> {
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(onnx::DepthToSpaceOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    IndexMath math(rewriter, loc);
    SmallVector<OpFoldResult> in =
        tensor::getMixedSizes(rewriter, loc, adaptor.getInput());
    int64_t block = op.getBlocksize();
    OpFoldResult b = math.constant(block), area = math.constant(block * block);
    OpFoldResult channels = math.div(in[1], area);
    math.check(CmpIPredicate::eq, math.mul(channels, area), in[1],
               "DepthToSpace: channels are no multiple of blocksize squared");
    bool depthFirst = op.getMode() == "DCR";
    SmallVector<OpFoldResult> expanded =
        depthFirst
            ? SmallVector<OpFoldResult>{in[0], b, b, channels, in[2], in[3]}
            : SmallVector<OpFoldResult>{in[0], channels, b, b, in[2], in[3]};
    SmallVector<int64_t> perm = depthFirst
                                    ? SmallVector<int64_t>{0, 3, 4, 1, 5, 2}
                                    : SmallVector<int64_t>{0, 1, 4, 2, 5, 3};
    rewriter.replaceOp(op, rearrangeBlocks(rewriter, loc, adaptor.getInput(),
                                           expanded, {{0}, {1, 2, 3}, {4}, {5}},
                                           perm, {{0}, {1}, {2, 3}, {4, 5}},
                                           getResultType(op)));
    return success();
  }
};

struct SpaceToDepthLowering : OnnxLowering<onnx::SpaceToDepthOp> {
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(onnx::SpaceToDepthOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    IndexMath math(rewriter, loc);
    SmallVector<OpFoldResult> in =
        tensor::getMixedSizes(rewriter, loc, adaptor.getInput());
    OpFoldResult b = math.constant(static_cast<int64_t>(op.getBlocksize()));
    OpFoldResult height = math.div(in[2], b), width = math.div(in[3], b);
    for (auto [whole, part] : {std::pair(in[2], height), {in[3], width}})
      math.check(CmpIPredicate::eq, math.mul(part, b), whole,
                 "SpaceToDepth: a dimension is no multiple of blocksize");
    SmallVector<int64_t> perm = op.getMode() == "DCR"
                                    ? SmallVector<int64_t>{0, 3, 5, 1, 2, 4}
                                    : SmallVector<int64_t>{0, 1, 3, 5, 2, 4};
    rewriter.replaceOp(op, rearrangeBlocks(rewriter, loc, adaptor.getInput(),
                                           {in[0], in[1], height, b, width, b},
                                           {{0}, {1}, {2, 3}, {4, 5}}, perm,
                                           {{0}, {1, 2, 3}, {4}, {5}},
                                           getResultType(op)));
    return success();
  }
};
} // namespace

void assay::populateReshapeLowering(RewritePatternSet &patterns,
                                    TypeConverter &converter) {
  patterns.add<DepthToSpaceLowering, FlattenLowering, ReshapeLowering,
               SpaceToDepthLowering, SqueezeLowering, UnsqueezeLowering>(
      converter, patterns.getContext());
}
