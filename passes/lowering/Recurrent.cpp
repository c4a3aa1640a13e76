//===- Recurrent.cpp - Lowering of RNN, GRU and LSTM ----------------------===//
//
// One direction of LSTM over X [steps, batch, inputs] becomes
//
//   %xw = Gemm(X as [steps * batch, inputs], W, Wb)  // all steps at once
//   %y, %h, %c = scf.for %t ... iter_args(%y, %h, %c) {
//     %hr = Gemm(%h, R, Rb)
//     %h', %c' = linalg.generic ins(%xw[%t * batch], %hr, %c)  // gates and
//     activations %y' = tensor.insert_slice %h' into %y[%t, direction]
//     scf.yield %y', %h', %c'
//   }
//
// The products are onnx.Gemm, whose own lowering packs constant weights. With
// sequence_lens, sequences past their end keep their state and give zeros; in
// reverse they so start at their own last step.
//
//===----------------------------------------------------------------------===//

#include "dialects/onnx/Recurrent.h"
#include "dialects/onnx/Contraction.h"
#include "dialects/onnx/Creation.h"
#include "dialects/onnx/OnnxOp.h"
#include "dialects/onnx/reference/Tensor.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/TypeUtilities.h"
#include "passes/lowering/OnnxToLinalg.h"
#include "passes/lowering/RecurrentActivation.h"
#include "passes/lowering/ReductionUtils.h"

using namespace mlir;
using namespace assay;
using namespace assay::onnx;

namespace {
/// Positions of the inputs that RNN, GRU and LSTM share; the last two are
/// LSTM's alone.
enum Input { X, W, R, B, SequenceLens, InitialH, InitialC, P, NumInputs };

/// The state that a loop over time carries.
struct State {
  Value y; ///< [steps, directions, batch, hidden].
  Value h; ///< [batch, hidden].
  Value c; ///< LSTM only.
};

class RecurrentBuilder {
public:
  RecurrentBuilder(OpBuilder &builder, OnnxOp onnxOp, RecurrentCell cell,
                   ArrayRef<Value> converted, int64_t hidden)
      : b(builder), loc(onnxOp->getLoc()), op(onnxOp), cell(std::move(cell)),
        originals(onnxOp.getOnnxInputs()), inputs(converted), hidden(hidden) {
    originals.resize(NumInputs);
    inputs.resize(NumInputs);
    element = getElementTypeOrSelf(inputs[X]);
    compute = getComputeType(element);
    if (this->cell.batchFirst)
      for (Input input : {X, InitialH, InitialC})
        if (inputs[input])
          inputs[input] = transpose(inputs[input], {1, 0, 2});
    steps = tensor::getMixedSize(b, loc, inputs[X], 0);
    batch = tensor::getMixedSize(b, loc, inputs[X], 1);
    staticBatch = cast<RankedTensorType>(inputs[X].getType()).getDimSize(1);
  }

  /// Y and the final states, in the layout of the op.
  SmallVector<Value> build() {
    auto xType = cast<RankedTensorType>(inputs[X].getType());
    int64_t directions = cell.numDirections();
    auto yType = RankedTensorType::get(
        {xType.getDimSize(0), directions, staticBatch, hidden}, element);
    auto finalType =
        RankedTensorType::get({directions, staticBatch, hidden}, element);
    OpFoldResult count = b.getIndexAttr(directions);
    SmallVector<OpFoldResult> finalSizes = {count, batch, index(hidden)};
    Value y = createEmpty(b, loc, yType, {steps, count, batch, index(hidden)});
    Value finalH = createEmpty(b, loc, finalType, finalSizes);
    Value finalC;
    if (isLstm())
      finalC = createEmpty(b, loc, finalType, finalSizes);
    // Slices of a batch of none would not be valid.
    for (direction = 0; staticBatch != 0 && direction < directions;
         ++direction) {
      State last = runDirection(y);
      y = last.y;
      finalH = insertFinal(last.h, finalH);
      if (isLstm())
        finalC = insertFinal(last.c, finalC);
    }
    SmallVector<Value> results = {y, finalH};
    if (isLstm())
      results.push_back(finalC);
    if (cell.batchFirst) {
      results[0] = transpose(results[0], {2, 0, 1, 3});
      for (Value &state : MutableArrayRef(results).drop_front())
        state = transpose(state, {1, 0, 2});
    }
    return results;
  }

private:
  bool isLstm() const { return isa<LSTMOp>(op); }
  bool isGru() const { return isa<GRUOp>(op); }
  OpFoldResult index(int64_t value) const { return b.getIndexAttr(value); }

  Value transpose(Value value, ArrayRef<int64_t> permutation) {
    auto type = cast<RankedTensorType>(value.getType());
    SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(b, loc, value),
                              permuted;
    SmallVector<int64_t> shape;
    for (int64_t dim : permutation) {
      permuted.push_back(sizes[dim]);
      shape.push_back(type.getDimSize(dim));
    }
    Value init = createEmpty(b, loc, type.clone(shape), permuted);
    return linalg::TransposeOp::create(b, loc, value, init, permutation)
        ->getResult(0);
  }

  Value insertFinal(Value state, Value into) {
    return tensor::InsertSliceOp::create(
        b, loc, state, into,
        SmallVector<OpFoldResult>{index(direction), index(0), index(0)},
        SmallVector<OpFoldResult>{index(1), batch, index(hidden)},
        SmallVector<OpFoldResult>(3, index(1)));
  }

  /// Rows [first, first + count) of the present direction of input `which`,
  /// [directions, rows, ...]; null for an absent one. Of a constant this is a
  /// constant.
  Value getRows(Input which, int64_t first, int64_t count) {
    Value value = inputs[which];
    if (!value)
      return {};
    auto type = cast<RankedTensorType>(value.getType());
    SmallVector<int64_t> shape(type.getShape().drop_front());
    std::string error;
    if (ElementsAttr constant = getConstant(originals[which])) {
      FailureOr<Tensor> tensor = Tensor::fromAttr(constant, error);
      if (succeeded(tensor)) {
        int64_t row = tensor->getElementBytes();
        for (int64_t dim : ArrayRef(shape).drop_front())
          row *= dim;
        ArrayRef<char> data = tensor->getData().slice(
            (direction * shape[0] + first) * row, count * row);
        shape[0] = count;
        ElementsAttr rows = Tensor::borrow(element, shape, data).toAttr("rows");
        return ConstantOp::create(b, loc, rows.getType(), rows);
      }
    }
    SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(b, loc, value);
    SmallVector<OpFoldResult> offsets(sizes.size(), index(0));
    SmallVector<OpFoldResult> strides(sizes.size(), index(1));
    offsets[0] = index(direction);
    offsets[1] = index(first);
    sizes[0] = index(1);
    sizes[1] = index(count);
    shape[0] = count;
    return tensor::ExtractSliceOp::create(b, loc, type.clone(shape), value,
                                          offsets, sizes, strides);
  }

  /// a * transposed weights + bias, in [rows of a, gates, hidden].
  Value createGates(Value a, Value weights, Value bias, int64_t gates) {
    auto type = cast<RankedTensorType>(a.getType());
    auto product =
        RankedTensorType::get({type.getDimSize(0), gates * hidden}, element);
    SmallVector<Value> operands = {a, weights};
    if (bias)
      operands.push_back(bias);
    NamedAttribute transposed =
        b.getNamedAttr("transB", b.getI64IntegerAttr(1));
    Value gemm =
        GemmOp::create(b, loc, TypeRange{product}, operands, {transposed});
    OpFoldResult rows = tensor::getMixedSize(b, loc, a, 0);
    return tensor::ExpandShapeOp::create(
        b, loc,
        RankedTensorType::get({type.getDimSize(0), gates, hidden}, element),
        gemm, ArrayRef<ReassociationIndices>{{0}, {1, 2}},
        SmallVector<OpFoldResult>{rows, index(gates), index(hidden)});
  }

  /// W x + Wb for all steps, in [steps * batch, gates, hidden].
  Value projectInputs() {
    Value flat = tensor::CollapseShapeOp::create(
        b, loc, inputs[X], ArrayRef<ReassociationIndices>{{0, 1}, {2}});
    int64_t gates = cell.numGates;
    return createGates(flat, getRows(W, 0, gates * hidden),
                       getRows(B, 0, gates * hidden), gates);
  }

  RankedTensorType getStateType() const {
    return RankedTensorType::get({staticBatch, hidden}, element);
  }

  Value getInitial(Input which) {
    SmallVector<OpFoldResult> sizes = {batch, index(hidden)};
    if (!inputs[which])
      return createFilled(b, loc, getStateType(), sizes,
                          createScalar(b, loc, element, 0));
    return tensor::ExtractSliceOp::create(
        b, loc, getStateType(), inputs[which],
        SmallVector<OpFoldResult>{index(direction), index(0), index(0)},
        SmallVector<OpFoldResult>{index(1), batch, index(hidden)},
        SmallVector<OpFoldResult>(3, index(1)));
  }

  State runDirection(Value y) {
    Value projected = projectInputs();
    prepareWeights();
    SmallVector<Value> inits = {y, getInitial(InitialH)};
    if (isLstm())
      inits.push_back(getInitial(InitialC));
    Value zero = arith::ConstantIndexOp::create(b, loc, 0);
    Value one = arith::ConstantIndexOp::create(b, loc, 1);
    Value count = getValue(b, loc, steps);
    Value lastStep = arith::SubIOp::create(b, loc, count, one);
    auto loop = scf::ForOp::create(
        b, loc, zero, count, one, inits,
        [&](OpBuilder &, Location, Value iteration, ValueRange carried) {
          Value time = iteration;
          if (cell.reversed[direction])
            time = arith::SubIOp::create(b, loc, lastStep, iteration);
          State state{carried[0], carried[1], isLstm() ? carried[2] : Value()};
          state = runStep(projected, time, state);
          SmallVector<Value> yielded = {state.y, state.h};
          if (isLstm())
            yielded.push_back(state.c);
          scf::YieldOp::create(b, loc, yielded);
        });
    return {loop.getResult(0), loop.getResult(1),
            isLstm() ? loop.getResult(2) : Value()};
  }

  void prepareWeights() {
    int64_t gates = cell.numGates;
    // Without linear_before_reset the last gate multiplies the reset state.
    int64_t first = splitsReset() ? 2 : gates;
    recurrence = getRows(R, 0, first * hidden);
    recurrenceBias = getRows(B, gates * hidden, first * hidden);
    if (splitsReset()) {
      lastRecurrence = getRows(R, 2 * hidden, hidden);
      lastRecurrenceBias = getRows(B, (gates + 2) * hidden, hidden);
    }
    peepholes = getRows(P, 0, 3 * hidden);
    if (peepholes)
      peepholes = tensor::ExpandShapeOp::create(
          b, loc, RankedTensorType::get({3, hidden}, element), peepholes,
          ArrayRef<ReassociationIndices>{{0, 1}},
          SmallVector<OpFoldResult>{index(3), index(hidden)});
  }

  bool splitsReset() const {
    auto gru = dyn_cast<GRUOp>(op);
    return gru && !gru.getLinearBeforeReset();
  }

  /// What the ops of one step read, with the maps to read it by.
  struct StepInputs {
    SmallVector<Value> values;
    SmallVector<AffineMap> maps;
  };

  void addGates(StepInputs &step, Value gates, int64_t count) {
    for (int64_t gate = 0; gate < count; ++gate) {
      step.values.push_back(gates);
      step.maps.push_back(
          AffineMap::get(2, 0,
                         {b.getAffineDimExpr(0), b.getAffineConstantExpr(gate),
                          b.getAffineDimExpr(1)},
                         b.getContext()));
    }
  }
  void addState(StepInputs &step, Value state) {
    step.values.push_back(state);
    step.maps.push_back(b.getMultiDimIdentityMap(2));
  }

  /// linalg.generic over [batch, hidden]; `body` sees the values in the compute
  /// type, its results are rounded.
  SmallVector<Value> createStep(const StepInputs &step, unsigned numResults,
                                ElementsBuilder body) {
    SmallVector<RankedTensorType> types(numResults, getStateType());
    return createMapped(
        b, loc, types, {batch, index(hidden)}, step.values, step.maps,
        [&](OpBuilder &nested, Location l, ValueRange args) {
          SmallVector<Value> wide;
          for (Value arg : args)
            wide.push_back(
                isa<FloatType>(arg.getType())
                    ? createCast(nested, l, arg, compute, false, false)
                    : arg);
          SmallVector<Value> results = body(nested, l, wide);
          for (Value &result : results)
            result = createCast(nested, l, result, element, false, false);
          return results;
        });
  }

  /// Activation `number` of the direction, on clipped `x`.
  Value call(OpBuilder &nested, Location l, unsigned number, Value x) {
    if (cell.clip) {
      Value high = createScalar(nested, l, compute, *cell.clip);
      Value low = createScalar(nested, l, compute, -*cell.clip);
      x = arith::MaximumFOp::create(nested, l, x, low);
      x = arith::MinimumFOp::create(nested, l, x, high);
    }
    return createCellActivation(nested, l,
                                cell.getActivations(direction)[number], x);
  }

  State runStep(Value projected, Value time, State state) {
    int64_t gates = cell.numGates;
    Value firstRow =
        arith::MulIOp::create(b, loc, time, getValue(b, loc, batch));
    Value x = tensor::ExtractSliceOp::create(
        b, loc, RankedTensorType::get({staticBatch, gates, hidden}, element),
        projected, SmallVector<OpFoldResult>{firstRow, index(0), index(0)},
        SmallVector<OpFoldResult>{batch, index(gates), index(hidden)},
        SmallVector<OpFoldResult>(3, index(1)));
    SmallVector<Value> next = isLstm()  ? stepLstm(x, state)
                              : isGru() ? stepGru(x, state)
                                        : stepRnn(x, state);
    State result{state.y, next[0], isLstm() ? next[1] : Value()};
    Value output = next[0];
    if (inputs[SequenceLens])
      output = maskEnded(time, state, result);
    result.y = tensor::InsertSliceOp::create(
        b, loc, output, state.y,
        SmallVector<OpFoldResult>{time, index(direction), index(0), index(0)},
        SmallVector<OpFoldResult>{index(1), index(1), batch, index(hidden)},
        SmallVector<OpFoldResult>(4, index(1)));
    return result;
  }

  /// Keeps the old state of sequences that have no step `time`; gives the
  /// output, which is zero for them.
  Value maskEnded(Value time, const State &old, State &next) {
    StepInputs step;
    addState(step, next.h);
    addState(step, old.h);
    if (isLstm()) {
      addState(step, next.c);
      addState(step, old.c);
    }
    step.values.push_back(inputs[SequenceLens]);
    step.maps.push_back(AffineMap::get(2, 0, b.getAffineDimExpr(0)));
    Value step32 = arith::IndexCastOp::create(b, loc, b.getI32Type(), time);
    SmallVector<Value> results = createStep(
        step, isLstm() ? 3 : 2,
        [&](OpBuilder &nested, Location l, ValueRange args) {
          Value isActive = arith::CmpIOp::create(
              nested, l, arith::CmpIPredicate::slt, step32, args.back());
          Value zero = createScalar(nested, l, compute, 0);
          SmallVector<Value> kept = {
              arith::SelectOp::create(nested, l, isActive, args[0], zero),
              arith::SelectOp::create(nested, l, isActive, args[0], args[1])};
          if (isLstm())
            kept.push_back(
                arith::SelectOp::create(nested, l, isActive, args[2], args[3]));
          return kept;
        });
    next.h = results[1];
    if (isLstm())
      next.c = results[2];
    return results[0];
  }

  SmallVector<Value> stepRnn(Value x, const State &state) {
    StepInputs step;
    addGates(step, x, 1);
    addGates(step, createGates(state.h, recurrence, recurrenceBias, 1), 1);
    return createStep(
        step, 1, [&](OpBuilder &nested, Location l, ValueRange args) {
          Value sum = arith::AddFOp::create(nested, l, args[0], args[1]);
          return SmallVector<Value>{call(nested, l, 0, sum)};
        });
  }

  /// (1 - z) * candidate + z * h.
  static Value blend(OpBuilder &nested, Location l, Value z, Value candidate,
                     Value h) {
    Value change = arith::SubFOp::create(nested, l, h, candidate);
    return arith::AddFOp::create(nested, l, candidate,
                                 arith::MulFOp::create(nested, l, z, change));
  }

  SmallVector<Value> stepGru(Value x, const State &state) {
    int64_t recurrent = splitsReset() ? 2 : 3;
    StepInputs step;
    addGates(step, x, 3);
    addGates(step, createGates(state.h, recurrence, recurrenceBias, recurrent),
             recurrent);
    addState(step, state.h);
    auto gate = [&](OpBuilder &nested, Location l, ValueRange args, int64_t i) {
      Value sum = arith::AddFOp::create(nested, l, args[i], args[3 + i]);
      return call(nested, l, 0, sum);
    };
    if (!splitsReset())
      return createStep(
          step, 1, [&](OpBuilder &nested, Location l, ValueRange args) {
            Value z = gate(nested, l, args, 0), r = gate(nested, l, args, 1);
            Value reset = arith::MulFOp::create(nested, l, r, args[5]);
            Value candidate = call(
                nested, l, 1, arith::AddFOp::create(nested, l, args[2], reset));
            return SmallVector<Value>{blend(nested, l, z, candidate, args[6])};
          });

    SmallVector<Value> gates = createStep(
        step, 2, [&](OpBuilder &nested, Location l, ValueRange args) {
          Value r = gate(nested, l, args, 1);
          return SmallVector<Value>{
              gate(nested, l, args, 0),
              arith::MulFOp::create(nested, l, r, args[5])};
        });
    StepInputs last;
    addGates(last, x, 3);
    addGates(last, createGates(gates[1], lastRecurrence, lastRecurrenceBias, 1),
             1);
    addState(last, gates[0]);
    addState(last, state.h);
    return createStep(
        last, 1, [&](OpBuilder &nested, Location l, ValueRange args) {
          Value sum = arith::AddFOp::create(nested, l, args[2], args[3]);
          Value candidate = call(nested, l, 1, sum);
          return SmallVector<Value>{
              blend(nested, l, args[4], candidate, args[5])};
        });
  }

  /// Gates come in the order i, o, f, c; peepholes in the order i, o, f.
  SmallVector<Value> stepLstm(Value x, const State &state) {
    bool isCoupled = cast<LSTMOp>(op).getInputForget();
    StepInputs step;
    addGates(step, x, 4);
    addGates(step, createGates(state.h, recurrence, recurrenceBias, 4), 4);
    addState(step, state.c);
    for (int64_t gate = 0; peepholes && gate < 3; ++gate) {
      step.values.push_back(peepholes);
      step.maps.push_back(AffineMap::get(
          2, 0, {b.getAffineConstantExpr(gate), b.getAffineDimExpr(1)},
          b.getContext()));
    }
    return createStep(
        step, 2, [&](OpBuilder &nested, Location l, ValueRange args) {
          Value c = args[8];
          auto sum = [&](int64_t i) -> Value {
            return arith::AddFOp::create(nested, l, args[i], args[4 + i]);
          };
          auto peek = [&](Value x, int64_t i, Value cellState) -> Value {
            if (!peepholes)
              return x;
            Value seen =
                arith::MulFOp::create(nested, l, args[9 + i], cellState);
            return arith::AddFOp::create(nested, l, x, seen);
          };
          Value input = call(nested, l, 0, peek(sum(0), 0, c));
          Value forget =
              isCoupled
                  ? arith::SubFOp::create(
                        nested, l, createScalar(nested, l, compute, 1), input)
                        .getResult()
                  : call(nested, l, 0, peek(sum(2), 2, c));
          Value candidate = call(nested, l, 1, sum(3));
          Value nextC = arith::AddFOp::create(
              nested, l, arith::MulFOp::create(nested, l, forget, c),
              arith::MulFOp::create(nested, l, input, candidate));
          Value output = call(nested, l, 0, peek(sum(1), 1, nextC));
          Value squashed = createCellActivation(
              nested, l, cell.getActivations(direction)[2], nextC);
          Value nextH = arith::MulFOp::create(nested, l, output, squashed);
          return SmallVector<Value>{nextH, nextC};
        });
  }

  OpBuilder &b;
  Location loc;
  Operation *op;
  RecurrentCell cell;
  SmallVector<Value> originals; ///< Operands of the op, to find constants.
  SmallVector<Value> inputs;    ///< Converted; steps first.
  int64_t hidden;
  Type element, compute;
  OpFoldResult steps, batch;
  int64_t staticBatch = ShapedType::kDynamic;

  int64_t direction = 0;
  Value recurrence, recurrenceBias, lastRecurrence, lastRecurrenceBias;
  Value peepholes;
};

template <typename OpTy> struct RecurrentLowering : OnnxLowering<OpTy> {
  using OnnxLowering<OpTy>::OnnxLowering;
  using Adaptor = typename OpTy::Adaptor;

  LogicalResult lower(OpTy op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    auto onnxOp = cast<OnnxOp>(op.getOperation());
    FailureOr<RecurrentCell> cell = RecurrentCell::get(onnxOp);
    if (failed(cell))
      return failure();
    int64_t hidden = this->getResultType(op, 1).getShape().back();
    if (ShapedType::isDynamic(hidden))
      return rewriter.notifyMatchFailure(
          op, "has an unknown hidden size; give the hidden_size attribute or "
              "weights of static shape");
    SmallVector<Value> inputs = {adaptor.getX(),
                                 adaptor.getW(),
                                 adaptor.getR(),
                                 adaptor.getB(),
                                 adaptor.getSequenceLens(),
                                 adaptor.getInitialH()};
    if constexpr (std::is_same_v<OpTy, LSTMOp>) {
      inputs.push_back(adaptor.getInitialC());
      inputs.push_back(adaptor.getP());
    }
    RecurrentBuilder builder(rewriter, onnxOp, std::move(*cell), inputs,
                             hidden);
    SmallVector<Value> results = builder.build();
    for (auto [position, result] : llvm::enumerate(results)) {
      RankedTensorType type = this->getResultType(op, position);
      if (result.getType() != type)
        result = tensor::CastOp::create(rewriter, op.getLoc(), type, result);
    }
    rewriter.replaceOp(op, results);
    return success();
  }
};
} // namespace

void assay::populateRecurrentLowering(RewritePatternSet &patterns,
                                      TypeConverter &converter) {
  patterns.add<RecurrentLowering<GRUOp>, RecurrentLowering<LSTMOp>,
               RecurrentLowering<RNNOp>>(converter, patterns.getContext());
}
