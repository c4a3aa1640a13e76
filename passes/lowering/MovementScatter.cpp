//===- MovementScatter.cpp - Lowering of scattering operators -------------===//
//
// A loop over the updates, in order, since indices may repeat. Indices are
// clamped into the dimension.
//
//===----------------------------------------------------------------------===//

#include "dialects/onnx/Movement.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "passes/lowering/IndexMath.h"
#include "passes/lowering/LoweringUtils.h"
#include "passes/lowering/Movement.h"
#include "passes/lowering/OnnxToLinalg.h"

using namespace mlir;
using namespace assay;
using arith::CmpIPredicate;

/// `present` combined with `update` by the reduction `kind`.
static Value combine(OpBuilder &builder, Location loc, StringRef kind,
                     Value present, Value update, bool isUnsigned) {
  Type type = update.getType();
  bool isBool = type.isInteger(1);
  auto integer = [&](auto signedOp, auto unsignedOp) -> Value {
    using Signed = decltype(signedOp);
    using Unsigned = decltype(unsignedOp);
    if (isUnsigned || isBool)
      return Unsigned::create(builder, loc, present, update);
    return Signed::create(builder, loc, present, update);
  };
  if (kind == "none")
    return update;
  if (isa<FloatType>(type))
    return computeInFloat(builder, loc, type, {present, update},
                          [&](OpBuilder &b, Location l, ValueRange v) -> Value {
                            if (kind == "add")
                              return arith::AddFOp::create(b, l, v[0], v[1]);
                            if (kind == "mul")
                              return arith::MulFOp::create(b, l, v[0], v[1]);
                            if (kind == "max")
                              return arith::MaximumFOp::create(b, l, v[0],
                                                               v[1]);
                            return arith::MinimumFOp::create(b, l, v[0], v[1]);
                          });
  if (kind == "add")
    return isBool
               ? arith::OrIOp::create(builder, loc, present, update).getResult()
               : arith::AddIOp::create(builder, loc, present, update)
                     .getResult();
  if (kind == "mul")
    return arith::MulIOp::create(builder, loc, present, update);
  if (kind == "max")
    return integer(arith::MaxSIOp(), arith::MaxUIOp());
  return integer(arith::MinSIOp(), arith::MinUIOp());
}

/// Loops over `sizes`; `locate` gives the position that the update at `at`
/// goes to.
static Value createScatter(
    OpBuilder &builder, Location loc, Value data, Value updates,
    ArrayRef<OpFoldResult> sizes, StringRef kind, bool isUnsigned,
    function_ref<SmallVector<Value>(OpBuilder &, Location, ArrayRef<Value>)>
        locate) {
  IndexMath math(builder, loc);
  auto update = [&](OpBuilder &b, Location l, ValueRange at,
                    Value state) -> Value {
    SmallVector<Value> position = locate(b, l, SmallVector<Value>(at));
    Value value = tensor::ExtractOp::create(b, l, updates, at);
    Value present;
    if (kind != "none")
      present = tensor::ExtractOp::create(b, l, state, position);
    value = combine(b, l, kind, present, value, isUnsigned);
    return tensor::InsertOp::create(b, l, value, state, position);
  };
  if (sizes.empty())
    return update(builder, loc, {}, data);
  SmallVector<Value> lower(sizes.size(), math.value(math.constant(0)));
  SmallVector<Value> step(sizes.size(), math.value(math.constant(1)));
  SmallVector<Value> upper;
  for (OpFoldResult size : sizes)
    upper.push_back(math.value(size));
  scf::LoopNest nest =
      scf::buildLoopNest(builder, loc, lower, upper, step, data,
                         [&](OpBuilder &b, Location l, ValueRange at,
                             ValueRange state) -> scf::ValueVector {
                           return {update(b, l, at, state.front())};
                         });
  return nest.results.front();
}

namespace {
struct ScatterElementsLowering : OnnxLowering<onnx::ScatterElementsOp> {
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(onnx::ScatterElementsOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    IndexMath math(rewriter, loc);
    Value data = adaptor.getData(), indices = adaptor.getIndices();
    SmallVector<OpFoldResult> dims = tensor::getMixedSizes(rewriter, loc, data);
    SmallVector<OpFoldResult> sizes =
        tensor::getMixedSizes(rewriter, loc, adaptor.getUpdates());
    SmallVector<OpFoldResult> counts =
        tensor::getMixedSizes(rewriter, loc, indices);
    int64_t axis = wrapAxis(op.getAxis(), dims.size());
    checkNotEmpty(math, dims[axis], sizes);
    for (auto [dim, size] : llvm::enumerate(sizes)) {
      math.check(CmpIPredicate::eq, size, counts[dim],
                 "ScatterElements: updates and indices differ in shape");
      if (static_cast<int64_t>(dim) != axis)
        math.check(CmpIPredicate::sle, size, dims[dim],
                   "ScatterElements: indices exceed data off the axis");
    }
    rewriter.replaceOp(
        op, createScatter(
                rewriter, loc, data, adaptor.getUpdates(), sizes,
                op.getReduction(), isUnsignedOrBool(op.getData().getType()),
                [&](OpBuilder &b, Location l, ArrayRef<Value> at) {
                  SmallVector<Value> position(at);
                  Value element = tensor::ExtractOp::create(b, l, indices, at);
                  position[axis] = createSafeIndex(b, l, element, dims[axis]);
                  return position;
                }));
    return success();
  }
};

struct ScatterNDLowering : OnnxLowering<onnx::ScatterNDOp> {
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(onnx::ScatterNDOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    IndexMath math(rewriter, loc);
    Value data = adaptor.getData(), indices = adaptor.getIndices();
    SmallVector<OpFoldResult> dims = tensor::getMixedSizes(rewriter, loc, data);
    SmallVector<OpFoldResult> expected =
        tensor::getMixedSizes(rewriter, loc, indices);
    std::optional<int64_t> tuple = getConstantIntValue(expected.pop_back_val());
    if (!tuple)
      return rewriter.notifyMatchFailure(op,
                                         "needs index tuples of known length");
    int64_t outer = expected.size();
    llvm::append_range(expected, ArrayRef(dims).drop_front(*tuple));
    SmallVector<OpFoldResult> sizes =
        tensor::getMixedSizes(rewriter, loc, adaptor.getUpdates());
    for (auto [size, wanted] : llvm::zip_equal(sizes, expected))
      math.check(CmpIPredicate::eq, size, wanted,
                 "ScatterND: updates do not fit indices and data");
    for (int64_t i = 0; i < *tuple; ++i)
      checkNotEmpty(math, dims[i], sizes);
    rewriter.replaceOp(
        op, createScatter(
                rewriter, loc, data, adaptor.getUpdates(), sizes,
                op.getReduction(), isUnsignedOrBool(op.getData().getType()),
                [&](OpBuilder &b, Location l, ArrayRef<Value> at) {
                  SmallVector<Value> position;
                  for (int64_t i = 0; i < *tuple; ++i)
                    position.push_back(createTupleIndex(
                        b, l, indices, at.take_front(outer), i, dims[i]));
                  llvm::append_range(position, at.drop_front(outer));
                  return position;
                }));
    return success();
  }
};
} // namespace

void assay::populateScatterLowering(RewritePatternSet &patterns,
                                    TypeConverter &converter) {
  patterns.add<ScatterElementsLowering, ScatterNDLowering>(
      converter, patterns.getContext());
}
