//===- Recurrent.cpp - Reference evaluation of recurrent ops --------------===//

#include "dialects/onnx/Recurrent.h"
#include "dialects/onnx/RecurrentCell.h"
#include "dialects/onnx/reference/Interpreter.h"
#include <cmath>

using namespace mlir;
using namespace assay::onnx;

static double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

static double activate(const CellActivation &function, double x) {
  double alpha = function.alpha, beta = function.beta;
  switch (function.kind) {
  case CellActivation::Affine:
    return alpha * x + beta;
  case CellActivation::Elu:
    return x >= 0 ? x : alpha * (std::exp(x) - 1);
  case CellActivation::HardSigmoid:
    return std::min(std::max(alpha * x + beta, 0.0), 1.0);
  case CellActivation::LeakyRelu:
    return x >= 0 ? x : alpha * x;
  case CellActivation::Relu:
    return std::max(x, 0.0);
  case CellActivation::ScaledTanh:
    return alpha * std::tanh(beta * x);
  case CellActivation::Sigmoid:
    return sigmoid(x);
  case CellActivation::Softplus:
    return std::log1p(std::exp(x));
  case CellActivation::Softsign:
    return x / (1 + std::fabs(x));
  case CellActivation::Tanh:
    return std::tanh(x);
  case CellActivation::ThresholdedRelu:
    return x >= alpha ? x : 0;
  }
  llvm_unreachable("all kinds are covered");
}

namespace {
/// One direction of a recurrent op: weights, sizes and the step function.
struct Direction {
  Operation *op;
  const RecurrentCell &cell;
  unsigned number;
  int64_t inputSize, hidden;
  std::vector<double> w, r, b, p; ///< b and p empty when absent.
  ArrayRef<CellActivation> activations;

  Direction(Operation *op, const RecurrentCell &cell, unsigned number,
            Inputs inputs)
      : op(op), cell(cell), number(number), inputSize(inputs[1]->getDim(2)),
        hidden(inputs[2]->getDim(2)), activations(cell.getActivations(number)) {
    w = slice(inputs[1]);
    r = slice(inputs[2]);
    b = slice(inputs[3]);
    p = slice(inputs.size() > 7 ? inputs[7] : nullptr);
  }

  std::vector<double> slice(const Tensor *tensor) const {
    if (!tensor)
      return {};
    std::vector<double> all = tensor->toDoubles();
    int64_t size = all.size() / cell.numDirections();
    return {all.begin() + number * size, all.begin() + (number + 1) * size};
  }

  /// Row `row` of W x + Wb.
  double project(ArrayRef<double> x, int64_t row) const {
    double sum = b.empty() ? 0 : b[row];
    for (int64_t i = 0; i < inputSize; ++i)
      sum += w[row * inputSize + i] * x[i];
    return sum;
  }
  /// Row `row` of R h + Rb.
  double recur(ArrayRef<double> h, int64_t row) const {
    double sum = b.empty() ? 0 : b[cell.numGates * hidden + row];
    for (int64_t i = 0; i < hidden; ++i)
      sum += r[row * hidden + i] * h[i];
    return sum;
  }
  double peephole(int64_t gate, int64_t unit, double c) const {
    return p.empty() ? 0 : p[gate * hidden + unit] * c;
  }
  double call(unsigned function, double x) const {
    if (cell.clip)
      x = std::min(std::max(x, -double(*cell.clip)), double(*cell.clip));
    return activate(activations[function], x);
  }

  /// Advances the state h (and c of LSTM) of one sequence by input x.
  void step(ArrayRef<double> x, std::vector<double> &h,
            std::vector<double> &c) const {
    if (isa<RNNOp>(op))
      stepRnn(x, h);
    else if (isa<GRUOp>(op))
      stepGru(x, h);
    else
      stepLstm(x, h, c);
  }

  void stepRnn(ArrayRef<double> x, std::vector<double> &h) const {
    std::vector<double> next(hidden);
    for (int64_t unit = 0; unit < hidden; ++unit)
      next[unit] = call(0, project(x, unit) + recur(h, unit));
    h = next;
  }

  void stepGru(ArrayRef<double> x, std::vector<double> &h) const {
    bool resetAfter = cast<GRUOp>(op).getLinearBeforeReset();
    std::vector<double> z(hidden), reset(hidden), scaled(hidden), next(hidden);
    for (int64_t unit = 0; unit < hidden; ++unit) {
      z[unit] = call(0, project(x, unit) + recur(h, unit));
      int64_t row = hidden + unit;
      reset[unit] = call(0, project(x, row) + recur(h, row));
      scaled[unit] = reset[unit] * h[unit];
    }
    for (int64_t unit = 0; unit < hidden; ++unit) {
      int64_t row = 2 * hidden + unit;
      double recurrent =
          resetAfter ? reset[unit] * recur(h, row) : recur(scaled, row);
      double candidate = call(1, project(x, row) + recurrent);
      next[unit] = (1 - z[unit]) * candidate + z[unit] * h[unit];
    }
    h = next;
  }

  void stepLstm(ArrayRef<double> x, std::vector<double> &h,
                std::vector<double> &c) const {
    // Gates come in the order i, o, f, c; peepholes in the order i, o, f.
    bool coupled = cast<LSTMOp>(op).getInputForget();
    std::vector<double> nextH(hidden), nextC(hidden);
    for (int64_t unit = 0; unit < hidden; ++unit) {
      auto gate = [&](int64_t number) {
        int64_t row = number * hidden + unit;
        return project(x, row) + recur(h, row);
      };
      double input = call(0, gate(0) + peephole(0, unit, c[unit]));
      double forget =
          coupled ? 1 - input : call(0, gate(2) + peephole(2, unit, c[unit]));
      nextC[unit] = forget * c[unit] + input * call(1, gate(3));
      double output = call(0, gate(1) + peephole(1, unit, nextC[unit]));
      nextH[unit] = output * activate(activations[2], nextC[unit]);
    }
    h = nextH;
    c = nextC;
  }
};

/// Offsets into X, Y and states for either layout.
struct Layout {
  bool batchFirst;
  int64_t sequence, batch, directions, hidden;

  int64_t x(int64_t time, int64_t n) const {
    return batchFirst ? n * sequence + time : time * batch + n;
  }
  int64_t y(int64_t time, int64_t direction, int64_t n) const {
    int64_t row = batchFirst ? (n * sequence + time) * directions + direction
                             : (time * directions + direction) * batch + n;
    return row * hidden;
  }
  int64_t state(int64_t direction, int64_t n) const {
    return (batchFirst ? n * directions + direction : direction * batch + n) *
           hidden;
  }
};
} // namespace

static std::vector<double> readState(const Tensor *tensor, int64_t offset,
                                     int64_t hidden) {
  std::vector<double> state(hidden);
  for (int64_t unit = 0; tensor && unit < hidden; ++unit)
    state[unit] = tensor->getDouble(offset + unit);
  return state;
}

static void writeState(ArrayRef<double> state, Tensor &tensor, int64_t offset) {
  for (auto [unit, value] : llvm::enumerate(state))
    tensor.setDouble(offset + unit, value);
}

/// Runs sequence `n` through one direction.
static void runSequence(const Direction &direction, const Layout &layout,
                        int64_t n, int64_t length, Inputs inputs,
                        ArrayRef<double> xs, Tensors &results) {
  int64_t stateOffset = layout.state(direction.number, n);
  std::vector<double> h = readState(inputs[5], stateOffset, layout.hidden);
  std::vector<double> c = readState(inputs.size() > 6 ? inputs[6] : nullptr,
                                    stateOffset, layout.hidden);
  bool reversed = direction.cell.reversed[direction.number];
  for (int64_t i = 0; i < length; ++i) {
    int64_t time = reversed ? length - 1 - i : i;
    direction.step(
        xs.slice(layout.x(time, n) * direction.inputSize, direction.inputSize),
        h, c);
    writeState(h, results[0], layout.y(time, direction.number, n));
  }
  writeState(h, results[1], stateOffset);
  if (results.size() > 2)
    writeState(c, results[2], stateOffset);
}

FailureOr<Tensors> assay::onnx::evaluateRecurrent(Operation *op,
                                                  Inputs inputs) {
  FailureOr<RecurrentCell> cell = RecurrentCell::get(cast<OnnxOp>(op));
  FailureOr<Tensors> results = makeResults(op, inputs);
  if (failed(cell) || failed(results))
    return failure();
  const Tensor &x = *inputs[0];
  Layout layout{cell->batchFirst, x.getDim(cell->batchFirst ? 1 : 0),
                x.getDim(cell->batchFirst ? 0 : 1), cell->numDirections(),
                inputs[2]->getDim(2)};
  std::vector<double> xs = x.toDoubles();
  for (unsigned number = 0; number < cell->numDirections(); ++number) {
    Direction direction(op, *cell, number, inputs);
    for (int64_t n = 0; n < layout.batch; ++n) {
      int64_t length = inputs[4] ? inputs[4]->getInt(n) : layout.sequence;
      if (length < 0 || length > layout.sequence)
        return op->emitError()
               << "sequence_lens has the value " << length << ", but X has "
               << layout.sequence << " time steps";
      runSequence(direction, layout, n, length, inputs, xs, *results);
    }
  }
  return results;
}
