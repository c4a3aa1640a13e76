//===- AxisReduction.cpp - Lowering of ArgMax, ArgMin, CumSum, TopK -------===//
//
// ArgMax and ArgMin become one linalg.generic that carries the best value and
// its position. CumSum and TopK become loop nests over elements.
//
//===----------------------------------------------------------------------===//

#include "dialects/onnx/OnnxOp.h"
#include "dialects/onnx/Reduction.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/TypeUtilities.h"
#include "passes/lowering/OnnxToLinalg.h"
#include "passes/lowering/ReductionUtils.h"

using namespace mlir;
using namespace assay;
using namespace assay::onnx;

/// a > b, or a < b.
static Value createCompare(OpBuilder &b, Location l, Value lhs, Value rhs,
                           bool greater, bool orEqual, bool isUnsigned) {
  using F = arith::CmpFPredicate;
  using I = arith::CmpIPredicate;
  if (isa<FloatType>(lhs.getType())) {
    F predicate =
        greater ? (orEqual ? F::OGE : F::OGT) : (orEqual ? F::OLE : F::OLT);
    return arith::CmpFOp::create(b, l, predicate, lhs, rhs);
  }
  I predicate =
      greater ? (orEqual ? I::sge : I::sgt) : (orEqual ? I::sle : I::slt);
  if (isUnsigned)
    predicate =
        greater ? (orEqual ? I::uge : I::ugt) : (orEqual ? I::ule : I::ult);
  return arith::CmpIOp::create(b, l, predicate, lhs, rhs);
}

//===----------------------------------------------------------------------===//
// ArgMax and ArgMin
//===----------------------------------------------------------------------===//

namespace {
template <typename OpTy> struct ArgLowering : OnnxLowering<OpTy> {
  using OnnxLowering<OpTy>::OnnxLowering;
  using Adaptor = typename OpTy::Adaptor;
  static constexpr bool isMax = std::is_same_v<OpTy, ArgMaxOp>;

  LogicalResult lower(OpTy op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Value data = adaptor.getData();
    auto dataType = cast<RankedTensorType>(data.getType());
    RankedTensorType resultType = this->getResultType(op);
    int64_t rank = dataType.getRank();
    int64_t axis = op.getAxis();
    axis += axis < 0 ? rank : 0;
    bool isUnsigned = isUnsignedOrBool(op.getData().getType());
    Type element = dataType.getElementType();

    SmallVector<OpFoldResult> sizes,
        all = tensor::getMixedSizes(rewriter, loc, data);
    SmallVector<AffineExpr> kept;
    for (int64_t dim = 0; dim < rank; ++dim) {
      if (dim != axis) {
        kept.push_back(rewriter.getAffineDimExpr(dim));
        sizes.push_back(all[dim]);
      } else if (op.getKeepdims()) {
        kept.push_back(rewriter.getAffineConstantExpr(0));
        sizes.push_back(rewriter.getIndexAttr(1));
      }
    }
    AffineMap keptMap = AffineMap::get(rank, 0, kept, rewriter.getContext());
    SmallVector<utils::IteratorType> iterators(rank,
                                               utils::IteratorType::parallel);
    iterators[axis] = utils::IteratorType::reduction;
    Value worst = isMax ? createLowest(rewriter, loc, element, isUnsigned)
                        : createHighest(rewriter, loc, element, isUnsigned);
    Value zero = createIntScalar(rewriter, loc, rewriter.getI64Type(), 0);
    SmallVector<Value> inits = {
        createFilled(rewriter, loc, resultType.clone(element), sizes, worst),
        createFilled(rewriter, loc, resultType, sizes, zero)};
    auto generic = linalg::GenericOp::create(
        rewriter, loc, TypeRange(ValueRange(inits)), data, inits,
        {rewriter.getMultiDimIdentityMap(rank), keptMap, keptMap}, iterators,
        [&](OpBuilder &b, Location l, ValueRange args) {
          Value index = linalg::IndexOp::create(b, l, axis);
          Value position =
              arith::IndexCastOp::create(b, l, b.getI64Type(), index);
          Value better = createCompare(b, l, args[0], args[1], isMax,
                                       op.getSelectLastIndex(), isUnsigned);
          Value value = arith::SelectOp::create(b, l, better, args[0], args[1]);
          Value best = arith::SelectOp::create(b, l, better, position, args[2]);
          linalg::YieldOp::create(b, l, ValueRange{value, best});
        });
    rewriter.replaceOp(op, generic.getResult(1));
    return success();
  }
};
} // namespace

//===----------------------------------------------------------------------===//
// CumSum
//===----------------------------------------------------------------------===//

/// The axis operand as an index in [0, rank), checked at run time.
static Value createAxis(OpBuilder &builder, Location loc, Value operand,
                        int64_t rank) {
  Value axis;
  if (auto ints = getConstantInts(operand)) {
    int64_t value = ints->front();
    return arith::ConstantIndexOp::create(builder, loc,
                                          value < 0 ? value + rank : value);
  }
  axis = extractScalar(builder, loc, operand);
  axis = arith::IndexCastOp::create(builder, loc, builder.getIndexType(), axis);
  Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
  Value size = arith::ConstantIndexOp::create(builder, loc, rank);
  Value isNegative = arith::CmpIOp::create(
      builder, loc, arith::CmpIPredicate::slt, axis, zero);
  Value wrapped = arith::AddIOp::create(builder, loc, axis, size);
  axis = arith::SelectOp::create(builder, loc, isNegative, wrapped, axis);
  Value isValid = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ult,
                                        axis, size);
  cf::AssertOp::create(builder, loc, isValid, "axis is out of range");
  return axis;
}

namespace {
/// Visits the elements in the order of the sum, each from the one before it
/// along the axis: y[i] = y[i-1] + x[i], exclusive y[i] = y[i-1] + x[i-1].
struct CumSumLowering : OnnxLowering<CumSumOp> {
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(CumSumOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Value x = adaptor.getX();
    RankedTensorType type = getResultType(op);
    int64_t rank = type.getRank();
    if (rank == 0)
      return rewriter.notifyMatchFailure(op, "has a scalar input");
    Value axis = createAxis(rewriter, loc, adaptor.getAxis(), rank);
    Value zero = arith::ConstantIndexOp::create(rewriter, loc, 0);
    Value one = arith::ConstantIndexOp::create(rewriter, loc, 1);
    SmallVector<Value> isAxis, lower(rank, zero), upper, step(rank, one);
    for (int64_t dim = 0; dim < rank; ++dim) {
      Value number = arith::ConstantIndexOp::create(rewriter, loc, dim);
      isAxis.push_back(arith::CmpIOp::create(
          rewriter, loc, arith::CmpIPredicate::eq, axis, number));
      upper.push_back(tensor::DimOp::create(rewriter, loc, x, dim));
    }
    Value init = createFilled(
        rewriter, loc, type, tensor::getMixedSizes(rewriter, loc, x),
        createScalar(rewriter, loc, type.getElementType(), 0));
    scf::LoopNest nest = scf::buildLoopNest(
        rewriter, loc, lower, upper, step, init,
        [&](OpBuilder &b, Location l, ValueRange loop, ValueRange carried) {
          return scf::ValueVector{
              insertSum(b, l, op, x, carried.front(), loop, upper, isAxis)};
        });
    rewriter.replaceOp(op, nest.results.front());
    return success();
  }

private:
  /// Inserts one element of the sum into `y`.
  static Value insertSum(OpBuilder &b, Location l, CumSumOp op, Value x,
                         Value y, ValueRange loop, ValueRange sizes,
                         ValueRange isAxis) {
    Type element = getElementTypeOrSelf(y);
    Value zero = arith::ConstantIndexOp::create(b, l, 0);
    Value one = arith::ConstantIndexOp::create(b, l, 1);
    Value first = createIntScalar(b, l, b.getI1Type(), 0);
    SmallVector<Value> current, before;
    for (auto [position, size, along] : llvm::zip_equal(loop, sizes, isAxis)) {
      Value here = position;
      Value isStart =
          arith::CmpIOp::create(b, l, arith::CmpIPredicate::eq, position, zero);
      Value back = arith::SelectOp::create(
          b, l, isStart, zero, arith::SubIOp::create(b, l, position, one));
      if (op.getReverse()) {
        Value last = arith::SubIOp::create(b, l, size, one);
        Value mirrored = arith::SubIOp::create(b, l, last, position);
        here = arith::SelectOp::create(b, l, along, mirrored, position);
        back = arith::SubIOp::create(b, l, last, back);
      }
      current.push_back(here);
      before.push_back(arith::SelectOp::create(b, l, along, back, here));
      first = arith::OrIOp::create(b, l, first,
                                   arith::AndIOp::create(b, l, along, isStart));
    }
    auto add = [&](Value lhs, Value rhs) -> Value {
      if (isa<FloatType>(element))
        return arith::AddFOp::create(b, l, lhs, rhs);
      return arith::AddIOp::create(b, l, lhs, rhs);
    };
    Value nothing = createScalar(b, l, element, 0);
    Value sum = tensor::ExtractOp::create(b, l, y, before);
    if (op.getExclusive()) {
      sum = add(sum, tensor::ExtractOp::create(b, l, x, before));
      sum = arith::SelectOp::create(b, l, first, nothing, sum);
    } else {
      sum = arith::SelectOp::create(b, l, first, nothing, sum);
      sum = add(sum, tensor::ExtractOp::create(b, l, x, current));
    }
    return tensor::InsertOp::create(b, l, sum, y, current);
  }
};

//===----------------------------------------------------------------------===//
// TopK
//===----------------------------------------------------------------------===//

/// Selects K times the best element that comes after the one selected before,
/// in the order of value, then position. Work is size * K for each slice.
struct TopKLowering : OnnxLowering<TopKOp> {
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(TopKOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Value x = adaptor.getX();
    RankedTensorType valuesType = getResultType(op, 0);
    RankedTensorType indicesType = getResultType(op, 1);
    int64_t rank = valuesType.getRank();
    int64_t axis = op.getAxis();
    axis += axis < 0 ? rank : 0;
    Value size = tensor::DimOp::create(rewriter, loc, x, axis);
    Value k = createK(rewriter, loc, adaptor.getK(), size);
    SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(rewriter, loc, x);
    sizes[axis] = k;
    Value zero = arith::ConstantIndexOp::create(rewriter, loc, 0);
    Value one = arith::ConstantIndexOp::create(rewriter, loc, 1);
    // The loop over K runs innermost, so that it carries the last selection.
    SmallVector<Value> upper;
    for (int64_t dim = 0; dim < rank; ++dim)
      if (dim != axis)
        upper.push_back(getValue(rewriter, loc, sizes[dim]));
    SmallVector<Value> lower(upper.size(), zero), step(upper.size(), one);
    SmallVector<Value> inits = {createEmpty(rewriter, loc, valuesType, sizes),
                                createEmpty(rewriter, loc, indicesType, sizes)};
    auto selectSlice = [&](OpBuilder &b, Location l, ValueRange outer,
                           ValueRange carried) {
      return selectAll(b, l, op, x, axis, outer, size, k, carried);
    };
    SmallVector<Value> results;
    if (upper.empty()) {
      llvm::append_range(results,
                         selectSlice(rewriter, loc, ValueRange(), inits));
    } else {
      scf::LoopNest nest = scf::buildLoopNest(rewriter, loc, lower, upper, step,
                                              inits, selectSlice);
      llvm::append_range(results, nest.results);
    }
    rewriter.replaceOp(op, results);
    return success();
  }

private:
  /// K as an index; at run time it is checked against the size of the axis.
  static Value createK(OpBuilder &builder, Location loc, Value operand,
                       Value size) {
    Value k;
    if (auto ints = getConstantInts(operand)) {
      k = arith::ConstantIndexOp::create(builder, loc, ints->front());
    } else {
      k = extractScalar(builder, loc, operand);
      k = arith::IndexCastOp::create(builder, loc, builder.getIndexType(), k);
    }
    Value fits =
        arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ule, k, size);
    cf::AssertOp::create(builder, loc, fits,
                         "K is greater than the size of the axis");
    return k;
  }

  static SmallVector<Value> withAxis(ValueRange outer, int64_t axis,
                                     Value position) {
    SmallVector<Value> index(outer);
    index.insert(index.begin() + axis, position);
    return index;
  }

  /// Fills one slice of the results.
  static scf::ValueVector selectAll(OpBuilder &b, Location l, TopKOp op,
                                    Value x, int64_t axis, ValueRange outer,
                                    Value size, Value k, ValueRange carried) {
    Type element = getElementTypeOrSelf(x);
    bool isUnsigned = isUnsignedOrBool(op.getX().getType());
    Value zero = arith::ConstantIndexOp::create(b, l, 0);
    Value one = arith::ConstantIndexOp::create(b, l, 1);
    Value none = arith::ConstantIndexOp::create(b, l, -1);
    SmallVector<Value> inits(carried);
    inits.push_back(createScalar(b, l, element, 0));
    inits.push_back(none);
    auto loop = scf::ForOp::create(
        b, l, zero, k, one, inits,
        [&](OpBuilder &b, Location l, Value position, ValueRange state) {
          auto [value, index] = selectNext(b, l, op, x, axis, outer, size,
                                           state[2], state[3], isUnsigned);
          SmallVector<Value> target = withAxis(outer, axis, position);
          Value number =
              arith::IndexCastOp::create(b, l, b.getI64Type(), index);
          Value values =
              tensor::InsertOp::create(b, l, value, state[0], target);
          Value indices =
              tensor::InsertOp::create(b, l, number, state[1], target);
          scf::YieldOp::create(b, l, ValueRange{values, indices, value, index});
        });
    return {loop.getResult(0), loop.getResult(1)};
  }

  /// The best element after (`lastValue`, `lastIndex`); index -1 is before all.
  static std::pair<Value, Value> selectNext(OpBuilder &b, Location l, TopKOp op,
                                            Value x, int64_t axis,
                                            ValueRange outer, Value size,
                                            Value lastValue, Value lastIndex,
                                            bool isUnsigned) {
    bool largest = op.getLargest();
    Value zero = arith::ConstantIndexOp::create(b, l, 0);
    Value one = arith::ConstantIndexOp::create(b, l, 1);
    Value none = arith::ConstantIndexOp::create(b, l, -1);
    Value start =
        arith::CmpIOp::create(b, l, arith::CmpIPredicate::eq, lastIndex, none);
    auto loop = scf::ForOp::create(
        b, l, zero, size, one, ValueRange{lastValue, none},
        [&](OpBuilder &b, Location l, Value position, ValueRange best) {
          Value value = tensor::ExtractOp::create(
              b, l, x, withAxis(outer, axis, position));
          auto compare = [&](Value lhs, Value rhs, bool orEqual) {
            return createCompare(b, l, lhs, rhs, largest, orEqual, isUnsigned);
          };
          auto both = [&](Value lhs, Value rhs) -> Value {
            return arith::AndIOp::create(b, l, lhs, rhs);
          };
          auto either = [&](Value lhs, Value rhs) -> Value {
            return arith::OrIOp::create(b, l, lhs, rhs);
          };
          Value later = arith::CmpIOp::create(b, l, arith::CmpIPredicate::sgt,
                                              position, lastIndex);
          Value isNext = either(
              start, either(compare(lastValue, value, false),
                            both(compare(lastValue, value, true), later)));
          Value isFirst = arith::CmpIOp::create(b, l, arith::CmpIPredicate::eq,
                                                best[1], none);
          Value isBetter =
              both(isNext, either(isFirst, compare(value, best[0], false)));
          scf::YieldOp::create(
              b, l,
              ValueRange{
                  arith::SelectOp::create(b, l, isBetter, value, best[0]),
                  arith::SelectOp::create(b, l, isBetter, position, best[1])});
        });
    return {loop.getResult(0), loop.getResult(1)};
  }
};
} // namespace

void assay::populateAxisReductionLowering(RewritePatternSet &patterns,
                                          TypeConverter &converter) {
  patterns.add<ArgLowering<ArgMaxOp>, ArgLowering<ArgMinOp>, CumSumLowering,
               TopKLowering>(converter, patterns.getContext());
}
