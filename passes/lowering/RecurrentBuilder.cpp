//===- RecurrentBuilder.cpp - Loops of RNN, GRU and LSTM ------------------===//

#include "passes/lowering/RecurrentBuilder.h"
#include "dialects/onnx/Contraction.h"
#include "dialects/onnx/Creation.h"
#include "dialects/onnx/reference/Tensor.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace assay;
using namespace assay::onnx;

RecurrentBuilder::RecurrentBuilder(OpBuilder &builder, OnnxOp onnxOp,
                                   RecurrentCell cell,
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

SmallVector<Value> RecurrentBuilder::build() {
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
  for (direction = 0; staticBatch != 0 && direction < directions; ++direction) {
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

Value RecurrentBuilder::transpose(Value value, ArrayRef<int64_t> permutation) {
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

Value RecurrentBuilder::insertFinal(Value state, Value into) {
  return tensor::InsertSliceOp::create(
      b, loc, state, into,
      SmallVector<OpFoldResult>{index(direction), index(0), index(0)},
      SmallVector<OpFoldResult>{index(1), batch, index(hidden)},
      SmallVector<OpFoldResult>(3, index(1)));
}

Value RecurrentBuilder::getRows(Input which, int64_t first, int64_t count) {
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

Value RecurrentBuilder::createGates(Value a, Value weights, Value bias,
                                    int64_t gates) {
  auto type = cast<RankedTensorType>(a.getType());
  auto product =
      RankedTensorType::get({type.getDimSize(0), gates * hidden}, element);
  SmallVector<Value> operands = {a, weights};
  if (bias)
    operands.push_back(bias);
  NamedAttribute transposed = b.getNamedAttr("transB", b.getI64IntegerAttr(1));
  Value gemm =
      GemmOp::create(b, loc, TypeRange{product}, operands, {transposed});
  OpFoldResult rows = tensor::getMixedSize(b, loc, a, 0);
  return tensor::ExpandShapeOp::create(
      b, loc,
      RankedTensorType::get({type.getDimSize(0), gates, hidden}, element), gemm,
      ArrayRef<ReassociationIndices>{{0}, {1, 2}},
      SmallVector<OpFoldResult>{rows, index(gates), index(hidden)});
}

Value RecurrentBuilder::projectInputs() {
  Value flat = tensor::CollapseShapeOp::create(
      b, loc, inputs[X], ArrayRef<ReassociationIndices>{{0, 1}, {2}});
  int64_t gates = cell.numGates;
  return createGates(flat, getRows(W, 0, gates * hidden),
                     getRows(B, 0, gates * hidden), gates);
}

RankedTensorType RecurrentBuilder::getStateType() const {
  return RankedTensorType::get({staticBatch, hidden}, element);
}

Value RecurrentBuilder::getInitial(Input which) {
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

RecurrentBuilder::State RecurrentBuilder::runDirection(Value y) {
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

void RecurrentBuilder::prepareWeights() {
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

bool RecurrentBuilder::splitsReset() const {
  auto gru = dyn_cast<GRUOp>(op);
  return gru && !gru.getLinearBeforeReset();
}
