//===- Recurrent.cpp - Recurrent operators of the onnx dialect ------------===//

#include "dialects/onnx/Recurrent.h"
#include "dialects/onnx/RecurrentCell.h"
#include "dialects/onnx/ShapeUtils.h"

using namespace mlir;
using namespace assay::onnx;

#define GET_OP_CLASSES
#include "dialects/onnx/Recurrent.cpp.inc"

void OnnxDialect::registerRecurrentOps() {
  addOperations<
#define GET_OP_LIST
#include "dialects/onnx/Recurrent.cpp.inc"
      >();
}

/// Checks the inputs that RNN, GRU and LSTM share and appends the types of Y
/// and `numStates` final states. `inputs` are by position of the specification:
/// X, W, R, B, sequence_lens, initial_h, then LSTM's initial_c and P.
static LogicalResult inferRecurrent(OnnxOp op,
                                    std::optional<uint64_t> hiddenSize,
                                    unsigned numStates,
                                    SmallVectorImpl<Type> &types) {
  FailureOr<RecurrentCell> cell = RecurrentCell::get(op);
  if (failed(cell))
    return failure();
  constexpr int64_t kAny = ShapedType::kDynamic;
  SmallVector<Value> inputs = op.getOnnxInputs();
  inputs.resize(8);
  auto [x, w, r, b] = std::tuple(inputs[0], inputs[1], inputs[2], inputs[3]);
  int64_t directions = cell->numDirections();
  int64_t gates = cell->numGates;

  if (failed(checkShape(op, "X", x, {kAny, kAny, kAny})) ||
      failed(checkShape(op, "W", w, {directions, kAny, kAny})) ||
      failed(checkShape(op, "R", r, {directions, kAny, kAny})))
    return failure();
  int64_t hidden = getDimOrDynamic(r, 2);
  if (hiddenSize) {
    hidden = *hiddenSize;
  } else if (ShapedType::isDynamic(hidden)) {
    int64_t rows = mergeDims(getDimOrDynamic(w, 1), getDimOrDynamic(r, 1));
    if (!ShapedType::isDynamic(rows))
      hidden = rows / gates;
  }
  if (!ShapedType::isDynamic(hidden) &&
      (hidden < 1 || hidden > std::numeric_limits<int32_t>::max()))
    return op->emitOpError() << "hidden_size is " << hidden
                             << ", but a positive 32-bit number is expected";
  auto rows = [&](int64_t count) {
    return ShapedType::isDynamic(hidden) ? kAny : count * hidden;
  };

  int64_t sequence = getDimOrDynamic(x, cell->batchFirst ? 1 : 0);
  int64_t batch = mergeDims(getDimOrDynamic(x, cell->batchFirst ? 0 : 1),
                            getDimOrDynamic(inputs[4], 0));
  SmallVector<int64_t> state = {directions, batch, hidden};
  SmallVector<int64_t> output = {sequence, directions, batch, hidden};
  if (cell->batchFirst) {
    state = {batch, directions, hidden};
    output = {batch, sequence, directions, hidden};
  }
  if (failed(checkShape(op, "W", w,
                        {directions, rows(gates), getDimOrDynamic(x, 2)})) ||
      failed(checkShape(op, "R", r, {directions, rows(gates), hidden})) ||
      failed(checkShape(op, "B", b, {directions, rows(2 * gates)})) ||
      failed(checkShape(op, "sequence_lens", inputs[4], {batch})) ||
      failed(checkShape(op, "initial_h", inputs[5], state)) ||
      failed(checkShape(op, "initial_c", inputs[6], state)) ||
      failed(checkShape(op, "P", inputs[7], {directions, rows(3)})))
    return failure();
  Type element = getResultElementType(op, 0);
  types.push_back(RankedTensorType::get(output, element));
  types.append(numStates, RankedTensorType::get(state, element));
  return success();
}

LogicalResult GRUOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferRecurrent(*this, getHiddenSize(), /*numStates=*/1, types);
}

LogicalResult LSTMOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferRecurrent(*this, getHiddenSize(), /*numStates=*/2, types);
}

LogicalResult RNNOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  return inferRecurrent(*this, getHiddenSize(), /*numStates=*/1, types);
}
