//===- Softmax.cpp - Lowering of Softmax, LogSoftmax and Hardmax ----------===//
//
//   %y = onnx.Softmax(%x) {axis = 1} : (tensor<4x8xf32>) -> tensor<4x8xf32>
//
// becomes a chain of linalg.generic that share the loop over rows:
//
//   %max = reduce max(%x)             : tensor<4xf32>
//   %exp = exp(%x - %max)             : tensor<4x8xf32>
//   %sum = reduce add(%exp)           : tensor<4xf32>
//   %y   = %exp / %sum                : tensor<4x8xf32>
//
//===----------------------------------------------------------------------===//

#include "dialects/onnx/Activation.h"
#include "passes/lowering/ElementwiseLowering.h"

using namespace mlir;
using namespace assay;

namespace {
/// The tensors and maps that one softmax works with. Narrow floats are computed
/// in f32 from the maximum on.
struct Rows {
  OpBuilder &builder;
  Location loc;
  Value input;
  int64_t axis;
  RankedTensorType type;        ///< Of the result.
  RankedTensorType computeType; ///< The same shape, with the compute type.
  RankedTensorType rowType;     ///< One element a row.
  SmallVector<OpFoldResult> sizes;
  AffineMap identity, rowMap;

  Rows(OpBuilder &builder, Location loc, Value input, int64_t axisAttr,
       RankedTensorType type)
      : builder(builder), loc(loc), input(input), type(type),
        sizes(tensor::getMixedSizes(builder, loc, input)) {
    int64_t rank = type.getRank();
    axis = axisAttr < 0 ? axisAttr + rank : axisAttr;
    Type compute = getComputeType(type.getElementType());
    computeType = type.clone(compute);
    SmallVector<int64_t> rowShape(type.getShape());
    rowShape.erase(rowShape.begin() + axis);
    rowType = RankedTensorType::get(rowShape, compute);
    identity = builder.getMultiDimIdentityMap(rank);
    rowMap = identity.dropResult(axis);
  }

  /// One generic over all elements; `inputs` are full or one element a row.
  Value map(RankedTensorType resultType, ValueRange inputs,
            ElementBuilder body) const {
    SmallVector<AffineMap> maps;
    for (Value value : inputs)
      maps.push_back(cast<RankedTensorType>(value.getType()).getRank() ==
                             type.getRank()
                         ? identity
                         : rowMap);
    Type element = resultType.getElementType();
    return createElementwise(builder, loc, resultType, inputs, maps, sizes,
                             [&](OpBuilder &b, Location l, ValueRange x) {
                               return computeInFloat(b, l, element, x, body);
                             });
  }

  Value max() const {
    Value lowest = createLowest(builder, loc, rowType.getElementType(),
                                /*isUnsigned=*/false);
    return createReduction(
        builder, loc, rowType, input, axis, lowest,
        [&](OpBuilder &b, Location l, ValueRange x) -> Value {
          Value wide = createCast(b, l, x[0], x[1].getType(), false, false);
          return arith::MaximumFOp::create(b, l, wide, x[1]);
        });
  }

  /// Sums `values`. The order of the sum is free.
  Value sum(Value values) const {
    Value zero = createScalar(builder, loc, rowType.getElementType(), 0.0);
    return createReduction(builder, loc, rowType, values, axis, zero,
                           [](OpBuilder &b, Location l, ValueRange x) -> Value {
                             return arith::AddFOp::create(
                                 b, l, x[0], x[1],
                                 arith::FastMathFlags::reassoc);
                           });
  }
};
} // namespace

static Value buildExpOfDifference(OpBuilder &b, Location loc, ValueRange x) {
  Value difference = arith::SubFOp::create(b, loc, x[0], x[1]);
  return math::ExpOp::create(b, loc, difference);
}

namespace {
class SoftmaxLowering : public OnnxLowering<onnx::SoftmaxOp> {
public:
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(onnx::SoftmaxOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    Rows rows(rewriter, op.getLoc(), adaptor.getInput(), op.getAxis(),
              getResultType(op));
    Value max = rows.max();
    Value exp =
        rows.map(rows.computeType, {rows.input, max}, buildExpOfDifference);
    Value sum = rows.sum(exp);
    rewriter.replaceOp(
        op, rows.map(rows.type, {exp, sum},
                     [](OpBuilder &b, Location loc, ValueRange x) -> Value {
                       return arith::DivFOp::create(b, loc, x[0], x[1]);
                     }));
    return success();
  }
};

/// (x - max) - log(sum(exp(x - max)))
class LogSoftmaxLowering : public OnnxLowering<onnx::LogSoftmaxOp> {
public:
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(onnx::LogSoftmaxOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    Rows rows(rewriter, op.getLoc(), adaptor.getInput(), op.getAxis(),
              getResultType(op));
    Value max = rows.max();
    Value exp =
        rows.map(rows.computeType, {rows.input, max}, buildExpOfDifference);
    Value sum = rows.sum(exp);
    Value log = createElementwise(
        rewriter, op.getLoc(), rows.rowType, sum,
        [](OpBuilder &b, Location loc, ValueRange x) -> Value {
          return math::LogOp::create(b, loc, x[0]);
        });
    rewriter.replaceOp(
        op, rows.map(rows.type, {rows.input, max, log},
                     [](OpBuilder &b, Location loc, ValueRange x) -> Value {
                       Value shifted =
                           arith::SubFOp::create(b, loc, x[0], x[1]);
                       return arith::SubFOp::create(b, loc, shifted, x[2]);
                     }));
    return success();
  }
};

/// 1 at the first maximum of each row: the least index whose element is the
/// maximum, then a comparison with the index.
class HardmaxLowering : public OnnxLowering<onnx::HardmaxOp> {
public:
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(onnx::HardmaxOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Rows rows(rewriter, loc, adaptor.getInput(), op.getAxis(),
              getResultType(op));
    Value first = findFirst(rows, rows.max());
    int64_t axis = rows.axis;
    Type element = rows.type.getElementType();
    Value result = createElementwise(
        rewriter, loc, rows.type, first, rows.rowMap, rows.sizes,
        [&](OpBuilder &b, Location l, ValueRange x) -> Value {
          Value index = indexAlong(b, l, axis);
          Value isFirst = arith::CmpIOp::create(b, l, arith::CmpIPredicate::eq,
                                                index, x[0]);
          return arith::SelectOp::create(b, l, isFirst,
                                         createScalar(b, l, element, 1.0),
                                         createScalar(b, l, element, 0.0));
        });
    rewriter.replaceOp(op, result);
    return success();
  }

private:
  static Value indexAlong(OpBuilder &b, Location loc, int64_t axis) {
    Value index = linalg::IndexOp::create(b, loc, axis);
    return arith::IndexCastOp::create(b, loc, b.getI64Type(), index);
  }

  static Value findFirst(const Rows &rows, Value max) {
    OpBuilder &builder = rows.builder;
    Type i64 = builder.getI64Type();
    // Elements as they are compared: the index where maximal, else the end.
    Value end = createHighest(builder, rows.loc, i64, /*isUnsigned=*/false);
    int64_t axis = rows.axis;
    Value candidates =
        rows.map(RankedTensorType(rows.type).clone(i64), {rows.input, max},
                 [&](OpBuilder &b, Location l, ValueRange x) -> Value {
                   Value isMax = arith::CmpFOp::create(
                       b, l, arith::CmpFPredicate::UEQ, x[0], x[1]);
                   return arith::SelectOp::create(b, l, isMax,
                                                  indexAlong(b, l, axis), end);
                 });
    return createReduction(builder, rows.loc,
                           RankedTensorType(rows.rowType).clone(i64),
                           candidates, axis, end,
                           [](OpBuilder &b, Location l, ValueRange x) -> Value {
                             return arith::MinSIOp::create(b, l, x[0], x[1]);
                           });
  }
};
} // namespace

void assay::populateSoftmaxLowering(RewritePatternSet &patterns,
                                    TypeConverter &converter) {
  patterns.add<SoftmaxLowering, LogSoftmaxLowering, HardmaxLowering>(
      converter, patterns.getContext());
}
