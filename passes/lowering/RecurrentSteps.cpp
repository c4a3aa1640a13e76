//===- RecurrentSteps.cpp - One step of RNN, GRU and LSTM -----------------===//

#include "dialects/onnx/Recurrent.h"
#include "passes/lowering/RecurrentActivation.h"
#include "passes/lowering/RecurrentBuilder.h"
#include "passes/lowering/ReductionUtils.h"

using namespace mlir;
using namespace assay;
using namespace assay::onnx;

void RecurrentBuilder::addGates(StepInputs &step, Value gates, int64_t count) {
  for (int64_t gate = 0; gate < count; ++gate) {
    step.values.push_back(gates);
    step.maps.push_back(
        AffineMap::get(2, 0,
                       {b.getAffineDimExpr(0), b.getAffineConstantExpr(gate),
                        b.getAffineDimExpr(1)},
                       b.getContext()));
  }
}

void RecurrentBuilder::addState(StepInputs &step, Value state) {
  step.values.push_back(state);
  step.maps.push_back(b.getMultiDimIdentityMap(2));
}

SmallVector<Value> RecurrentBuilder::createStep(const StepInputs &step,
                                                unsigned numResults,
                                                ElementsBuilder body) {
  SmallVector<RankedTensorType> types(numResults, getStateType());
  return createMapped(
      b, loc, types, {batch, index(hidden)}, step.values, step.maps,
      [&](OpBuilder &nested, Location l, ValueRange args) {
        SmallVector<Value> wide;
        for (Value arg : args)
          wide.push_back(isa<FloatType>(arg.getType())
                             ? createCast(nested, l, arg, compute, false, false)
                             : arg);
        SmallVector<Value> results = body(nested, l, wide);
        for (Value &result : results)
          result = createCast(nested, l, result, element, false, false);
        return results;
      });
}

Value RecurrentBuilder::call(OpBuilder &nested, Location l, unsigned number,
                             Value x) {
  if (cell.clip) {
    Value high = createScalar(nested, l, compute, *cell.clip);
    Value low = createScalar(nested, l, compute, -*cell.clip);
    x = arith::MaximumFOp::create(nested, l, x, low);
    x = arith::MinimumFOp::create(nested, l, x, high);
  }
  return createCellActivation(nested, l, cell.getActivations(direction)[number],
                              x);
}

RecurrentBuilder::State RecurrentBuilder::runStep(Value projected, Value time,
                                                  State state) {
  int64_t gates = cell.numGates;
  Value firstRow = arith::MulIOp::create(b, loc, time, getValue(b, loc, batch));
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

Value RecurrentBuilder::maskEnded(Value time, const State &old, State &next) {
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

SmallVector<Value> RecurrentBuilder::stepRnn(Value x, const State &state) {
  StepInputs step;
  addGates(step, x, 1);
  addGates(step, createGates(state.h, recurrence, recurrenceBias, 1), 1);
  return createStep(
      step, 1, [&](OpBuilder &nested, Location l, ValueRange args) {
        Value sum = arith::AddFOp::create(nested, l, args[0], args[1]);
        return SmallVector<Value>{call(nested, l, 0, sum)};
      });
}

Value RecurrentBuilder::blend(OpBuilder &nested, Location l, Value z,
                              Value candidate, Value h) {
  Value change = arith::SubFOp::create(nested, l, h, candidate);
  return arith::AddFOp::create(nested, l, candidate,
                               arith::MulFOp::create(nested, l, z, change));
}

SmallVector<Value> RecurrentBuilder::stepGru(Value x, const State &state) {
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

  SmallVector<Value> gates =
      createStep(step, 2, [&](OpBuilder &nested, Location l, ValueRange args) {
        Value r = gate(nested, l, args, 1);
        return SmallVector<Value>{gate(nested, l, args, 0),
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

SmallVector<Value> RecurrentBuilder::stepLstm(Value x, const State &state) {
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
          Value seen = arith::MulFOp::create(nested, l, args[9 + i], cellState);
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
