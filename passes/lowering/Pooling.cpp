//===- Pooling.cpp - Lowering of pooling operators ------------------------===//
//
//   %y, %i = onnx.MaxPool(%x) {kernel_shape = [3], strides = [2], pads = [1,
//   1]}
//       : (tensor<1x8x16xf32>) -> (tensor<1x8x8xf32>, tensor<1x8x8xi64>)
//
// becomes, when %i is not used,
//
//   %p = tensor.pad %x low[0, 0, 1] high[0, 0, 0] { -inf }
//   %k = tensor.empty() : tensor<3xf32>
//   %y = linalg.generic {n, c, o parallel, k reduction}
//       ins(%p at (n, c, o * 2 + k), %k at (k)) outs(%lowest) { maximumf }
//
//===----------------------------------------------------------------------===//

#include "dialects/onnx/Pooling.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/TypeUtilities.h"
#include "passes/lowering/OnnxToLinalg.h"
#include "passes/lowering/ReductionUtils.h"
#include "passes/lowering/WindowLowering.h"

using namespace mlir;
using namespace assay;
using namespace assay::onnx;

namespace {
/// The iteration space of a pool: the dimensions of the result, then one
/// reduction dimension for each spatial one.
class PoolLoops {
public:
  PoolLoops(OpBuilder &builder, Location loc, Window window, Value x,
            bool channelsLast)
      : builder(builder), loc(loc), window(std::move(window)), x(x),
        firstSpatial(channelsLast ? 1 : 2),
        rank(cast<RankedTensorType>(x.getType()).getRank()) {
    outputSizes = tensor::getMixedSizes(builder, loc, x);
    spatial =
        computeWindowSizes(builder, loc, this->window,
                           ArrayRef(outputSizes).slice(firstSpatial, rank - 2));
    for (auto [i, sizes] : llvm::enumerate(spatial))
      outputSizes[firstSpatial + i] = sizes.output;
  }

  /// Folds `body(x, accumulators...)` from `identities` over each window; taps
  /// outside of x read `padding`.
  SmallVector<Value> reduce(ArrayRef<RankedTensorType> resultTypes,
                            ValueRange identities, Value padding,
                            ElementsBuilder body) const {
    Value padded =
        padForWindows(builder, loc, x, firstSpatial, spatial, padding);
    // The shape of the window is the bound of the reduction loops.
    SmallVector<int64_t> kernel;
    for (const WindowDim &dim : window.dims)
      kernel.push_back(dim.kernel);
    Value shape =
        tensor::EmptyOp::create(builder, loc, kernel, getElementTypeOrSelf(x));
    int64_t spatialRank = static_cast<int64_t>(kernel.size());
    int64_t numLoops = rank + spatialRank;
    SmallVector<AffineExpr> read, taps, write;
    for (int64_t dim = 0; dim < rank; ++dim) {
      read.push_back(builder.getAffineDimExpr(dim));
      write.push_back(builder.getAffineDimExpr(dim));
    }
    for (auto [i, dim] : llvm::enumerate(window.dims)) {
      taps.push_back(builder.getAffineDimExpr(rank + i));
      AffineExpr &expr = read[firstSpatial + i];
      expr = expr * dim.stride + taps.back() * dim.dilation;
    }
    auto getMap = [&](ArrayRef<AffineExpr> exprs) {
      return AffineMap::get(numLoops, 0, exprs, builder.getContext());
    };
    SmallVector<AffineMap> maps = {getMap(read), getMap(taps)};
    SmallVector<Value> inits;
    for (auto [type, identity] : llvm::zip_equal(resultTypes, identities)) {
      inits.push_back(createFilled(builder, loc, type, outputSizes, identity));
      maps.push_back(getMap(write));
    }
    SmallVector<utils::IteratorType> iterators(numLoops,
                                               utils::IteratorType::reduction);
    std::fill_n(iterators.begin(), rank, utils::IteratorType::parallel);
    auto generic = linalg::GenericOp::create(
        builder, loc, TypeRange(ValueRange(inits)), ValueRange{padded, shape},
        inits, maps, iterators, [&](OpBuilder &b, Location l, ValueRange args) {
          SmallVector<Value> used = {args[0]};
          llvm::append_range(used, args.drop_front(2));
          linalg::YieldOp::create(b, l, body(b, l, used));
        });
    return SmallVector<Value>(generic.getResults());
  }

  Value reduce(RankedTensorType type, Value identity, Value padding,
               ElementBuilder body) const {
    return reduce(ArrayRef(type), identity, padding,
                  [&](OpBuilder &b, Location l, ValueRange args) {
                    return SmallVector<Value>{body(b, l, args)};
                  })
        .front();
  }

  /// Applies `body` to each element of `value`, of the shape of the result.
  Value apply(RankedTensorType type, Value value, ElementBuilder body) const {
    return createMapped(builder, loc, type, outputSizes, value,
                        builder.getMultiDimIdentityMap(rank),
                        [&](OpBuilder &b, Location l, ValueRange args) {
                          return SmallVector<Value>{body(b, l, args)};
                        })
        .front();
  }

  OpBuilder &builder;
  Location loc;
  Window window;
  Value x;
  unsigned firstSpatial;
  int64_t rank;
  SmallVector<OpFoldResult> outputSizes;
  SmallVector<WindowSizes> spatial;
};
} // namespace

template <typename OpTy>
static FailureOr<PoolLoops> createLoops(OpTy op, Value x, bool channelsLast,
                                        OpBuilder &builder) {
  FailureOr<Window> window =
      getWindow(cast<OnnxOp>(op.getOperation()), op.getKernelShape());
  if (failed(window))
    return failure();
  return PoolLoops(builder, op.getLoc(), std::move(*window), x, channelsLast);
}

//===----------------------------------------------------------------------===//
// MaxPool
//===----------------------------------------------------------------------===//

static Value createMax(OpBuilder &b, Location l, Value lhs, Value rhs,
                       bool isUnsigned) {
  if (isa<FloatType>(lhs.getType()))
    return arith::MaximumFOp::create(b, l, lhs, rhs);
  if (isUnsigned)
    return arith::MaxUIOp::create(b, l, lhs, rhs);
  return arith::MaxSIOp::create(b, l, lhs, rhs);
}

/// lhs > rhs.
static Value createGreater(OpBuilder &b, Location l, Value lhs, Value rhs,
                           bool isUnsigned) {
  if (isa<FloatType>(lhs.getType()))
    return arith::CmpFOp::create(b, l, arith::CmpFPredicate::OGT, lhs, rhs);
  return arith::CmpIOp::create(
      b, l, isUnsigned ? arith::CmpIPredicate::ugt : arith::CmpIPredicate::sgt,
      lhs, rhs);
}

/// The flat index into N x C x spatial of the present tap, and whether the tap
/// is inside of x. `columnMajor` numbers the spatial positions column first.
static std::pair<Value, Value> createTapIndex(OpBuilder &b, Location l,
                                              const PoolLoops &loops,
                                              bool columnMajor) {
  bool channelsLast = loops.firstSpatial == 1;
  auto index = [&](int64_t dim) -> Value {
    return linalg::IndexOp::create(b, l, dim);
  };
  auto fold = [&](Value flat, Value position, Value size) -> Value {
    return arith::AddIOp::create(b, l, arith::MulIOp::create(b, l, flat, size),
                                 position);
  };
  Value channels =
      tensor::DimOp::create(b, l, loops.x, channelsLast ? loops.rank - 1 : 1);
  Value flat =
      fold(index(0), index(channelsLast ? loops.rank - 1 : 1), channels);
  Value inside = createIntScalar(b, l, b.getI1Type(), 1);
  SmallVector<std::pair<Value, Value>> steps;
  for (auto [i, dim] : llvm::enumerate(loops.window.dims)) {
    auto scale = [&](Value value, int64_t factor) -> Value {
      Value constant = arith::ConstantIndexOp::create(b, l, factor);
      return arith::MulIOp::create(b, l, value, constant);
    };
    const WindowSizes &sizes = loops.spatial[i];
    Value position = arith::AddIOp::create(
        b, l, scale(index(loops.firstSpatial + i), dim.stride),
        scale(index(loops.rank + i), dim.dilation));
    position =
        arith::SubIOp::create(b, l, position, getValue(b, l, sizes.padBegin));
    Value size = getValue(b, l, sizes.input);
    // Unsigned: a negative position is beyond any size.
    Value isInside =
        arith::CmpIOp::create(b, l, arith::CmpIPredicate::ult, position, size);
    inside = arith::AndIOp::create(b, l, inside, isInside);
    steps.push_back({position, size});
  }
  if (!columnMajor) {
    for (auto [position, size] : steps)
      flat = fold(flat, position, size);
    return {flat, inside};
  }
  for (auto [position, size] : steps)
    flat = arith::MulIOp::create(b, l, flat, size);
  Value within = arith::ConstantIndexOp::create(b, l, 0);
  for (auto [position, size] : llvm::reverse(steps))
    within = fold(within, position, size);
  return {arith::AddIOp::create(b, l, flat, within), inside};
}

namespace {
struct MaxPoolLowering : OnnxLowering<MaxPoolOp> {
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(MaxPoolOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    FailureOr<PoolLoops> loops =
        createLoops(op, adaptor.getX(), op.getChannelsLast(), rewriter);
    if (failed(loops))
      return failure();
    RankedTensorType type = getResultType(op);
    bool isUnsigned = isUnsignedOrBool(op.getX().getType());
    Value lowest =
        createLowest(rewriter, loc, type.getElementType(), isUnsigned);
    if (op.getIndices().use_empty()) {
      Value result = loops->reduce(
          type, lowest, lowest, [&](OpBuilder &b, Location l, ValueRange args) {
            return createMax(b, l, args[1], args[0], isUnsigned);
          });
      Value noIndices =
          createEmpty(rewriter, loc, getResultType(op, 1), loops->outputSizes);
      rewriter.replaceOp(op, {result, noIndices});
      return success();
    }

    Value none = createIntScalar(rewriter, loc, rewriter.getI64Type(), -1);
    SmallVector<Value> results = loops->reduce(
        {type, getResultType(op, 1)}, {lowest, none}, lowest,
        [&](OpBuilder &b, Location l, ValueRange args) -> SmallVector<Value> {
          auto [flat, inside] =
              createTapIndex(b, l, *loops, op.getStorageOrder());
          Value index = arith::IndexCastOp::create(b, l, b.getI64Type(), flat);
          Value isFirst =
              arith::CmpIOp::create(b, l, arith::CmpIPredicate::slt, args[2],
                                    createIntScalar(b, l, b.getI64Type(), 0));
          Value isGreater = createGreater(b, l, args[0], args[1], isUnsigned);
          Value better = arith::AndIOp::create(
              b, l, inside, arith::OrIOp::create(b, l, isFirst, isGreater));
          return {arith::SelectOp::create(b, l, better, args[0], args[1]),
                  arith::SelectOp::create(b, l, better, index, args[2])};
        });
    rewriter.replaceOp(op, results);
    return success();
  }
};

//===----------------------------------------------------------------------===//
// AveragePool
//===----------------------------------------------------------------------===//

/// Sums each window in f32 or f64 and divides by the number of its taps.
struct AveragePoolLowering : OnnxLowering<AveragePoolOp> {
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(AveragePoolOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    FailureOr<PoolLoops> loops =
        createLoops(op, adaptor.getX(), op.getChannelsLast(), rewriter);
    if (failed(loops))
      return failure();
    RankedTensorType type = getResultType(op);
    Type element = type.getElementType();
    Type compute = getComputeType(element);
    Value sum = loops->reduce(
        type.clone(compute), createScalar(rewriter, loc, compute, 0),
        createScalar(rewriter, loc, element, 0),
        [&](OpBuilder &b, Location l, ValueRange args) {
          Value x = createCast(b, l, args[0], compute, false, false);
          return arith::AddFOp::create(b, l, args[1], x);
        });
    Value result =
        loops->apply(type, sum, [&](OpBuilder &b, Location l, ValueRange args) {
          Value count = createCount(b, l, *loops, op.getCountIncludePad());
          Value number =
              arith::IndexCastOp::create(b, l, b.getI64Type(), count);
          Value divisor = createCast(b, l, number, compute, false, false);
          Value mean = arith::DivFOp::create(b, l, args[0], divisor);
          return createCast(b, l, mean, element, false, false);
        });
    rewriter.replaceOp(op, result);
    return success();
  }

private:
  /// The number of taps of the present window that count.
  static Value createCount(OpBuilder &b, Location l, const PoolLoops &loops,
                           bool includePad) {
    Value count = arith::ConstantIndexOp::create(b, l, 1);
    for (unsigned i = 0; i < loops.window.dims.size(); ++i)
      count = arith::MulIOp::create(b, l, count,
                                    createCount(b, l, loops, includePad, i));
    return count;
  }

  static Value createCount(OpBuilder &b, Location l, const PoolLoops &loops,
                           bool includePad, unsigned i) {
    const WindowDim &dim = loops.window.dims[i];
    const WindowSizes &sizes = loops.spatial[i];
    auto constant = [&](int64_t value) -> Value {
      return arith::ConstantIndexOp::create(b, l, value);
    };
    auto zero = [](OpFoldResult size) { return isZeroInteger(size); };
    std::optional<int64_t> end = getConstantIntValue(sizes.padEnd);
    std::optional<int64_t> reach = getConstantIntValue(sizes.reachEnd);
    bool allInside = includePad ? end && reach && *reach <= *end
                                : zero(sizes.padBegin) && zero(sizes.reachEnd);
    if (allInside)
      return constant(dim.kernel);

    // Taps t of the window with first <= start + t * dilation < bound.
    Value output = linalg::IndexOp::create(b, l, loops.firstSpatial + i);
    Value begin = getValue(b, l, sizes.padBegin);
    Value start = arith::SubIOp::create(
        b, l, arith::MulIOp::create(b, l, output, constant(dim.stride)), begin);
    Value bound = getValue(b, l, sizes.input);
    if (includePad)
      bound = arith::AddIOp::create(b, l, bound, getValue(b, l, sizes.padEnd));
    // ceil((bound - start) / dilation) taps begin before the bound.
    auto tapsBefore = [&](Value limit) -> Value {
      Value room = arith::SubIOp::create(b, l, limit, start);
      room = arith::MaxSIOp::create(b, l, room, constant(0));
      if (dim.dilation != 1) {
        room = arith::AddIOp::create(b, l, room, constant(dim.dilation - 1));
        room = arith::DivSIOp::create(b, l, room, constant(dim.dilation));
      }
      return arith::MinSIOp::create(b, l, room, constant(dim.kernel));
    };
    Value count = tapsBefore(bound);
    if (!includePad)
      count = arith::SubIOp::create(b, l, count, tapsBefore(constant(0)));
    return count;
  }
};

} // namespace

//===----------------------------------------------------------------------===//
// LpPool
//===----------------------------------------------------------------------===//

/// |x|^p.
static Value createPower(OpBuilder &b, Location l, Value x, int64_t p) {
  if (p == 2)
    return arith::MulFOp::create(b, l, x, x);
  Value size = math::AbsFOp::create(b, l, x);
  if (p == 1)
    return size;
  return math::PowFOp::create(b, l, size, createScalar(b, l, x.getType(), p));
}

/// x^(1/p).
static Value createRoot(OpBuilder &b, Location l, Value x, int64_t p) {
  if (p == 1)
    return x;
  if (p == 2)
    return math::SqrtOp::create(b, l, x);
  return math::PowFOp::create(b, l, x,
                              createScalar(b, l, x.getType(), 1.0 / p));
}

namespace {
struct LpPoolLowering : OnnxLowering<LpPoolOp> {
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(LpPoolOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    FailureOr<PoolLoops> loops =
        createLoops(op, adaptor.getX(), /*channelsLast=*/false, rewriter);
    if (failed(loops))
      return failure();
    RankedTensorType type = getResultType(op);
    Type element = type.getElementType();
    Type compute = getComputeType(element);
    int64_t p = op.getP();
    Value sum = loops->reduce(
        type.clone(compute), createScalar(rewriter, loc, compute, 0),
        createScalar(rewriter, loc, element, 0),
        [&](OpBuilder &b, Location l, ValueRange args) {
          Value x = createCast(b, l, args[0], compute, false, false);
          return arith::AddFOp::create(b, l, args[1], createPower(b, l, x, p));
        });
    Value result =
        loops->apply(type, sum, [&](OpBuilder &b, Location l, ValueRange args) {
          Value root = createRoot(b, l, args[0], p);
          return createCast(b, l, root, element, false, false);
        });
    rewriter.replaceOp(op, result);
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Global pools
//===----------------------------------------------------------------------===//

template <typename OpTy> struct GlobalPoolLowering : OnnxLowering<OpTy> {
  using OnnxLowering<OpTy>::OnnxLowering;
  using Adaptor = typename OpTy::Adaptor;

  LogicalResult lower(OpTy op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Value x = adaptor.getX();
    auto type = cast<RankedTensorType>(x.getType());
    Type element = type.getElementType();
    SmallVector<bool> reduced(type.getRank(), true);
    reduced[0] = reduced[1] = false;
    Reducer reducer(rewriter, loc, x, reduced);
    if (std::is_same_v<OpTy, GlobalMaxPoolOp>) {
      Value lowest = createLowest(rewriter, loc, element, false);
      rewriter.replaceOp(
          op, reducer.reduce(x, {}, lowest,
                             [&](OpBuilder &b, Location l, ValueRange args) {
                               return createMax(b, l, args[1], args[0], false);
                             }));
      return success();
    }
    Type compute = getComputeType(element);
    Value sum =
        reducer.reduce(x, {}, createScalar(rewriter, loc, compute, 0),
                       [&](OpBuilder &b, Location l, ValueRange args) {
                         Value value =
                             createCast(b, l, args[0], compute, false, false);
                         return arith::AddFOp::create(b, l, args[1], value);
                       });
    Value count = reducer.getCountAs(compute);
    rewriter.replaceOp(
        op, reducer.apply(
                element, sum, [&](OpBuilder &b, Location l, ValueRange args) {
                  Value mean = arith::DivFOp::create(b, l, args[0], count);
                  return createCast(b, l, mean, element, false, false);
                }));
    return success();
  }
};
} // namespace

void assay::populatePoolingLowering(RewritePatternSet &patterns,
                                    TypeConverter &converter) {
  patterns.add<AveragePoolLowering, GlobalPoolLowering<GlobalAveragePoolOp>,
               GlobalPoolLowering<GlobalMaxPoolOp>, LpPoolLowering,
               MaxPoolLowering>(converter, patterns.getContext());
}
