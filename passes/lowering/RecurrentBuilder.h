//===- RecurrentBuilder.h - Loops of RNN, GRU and LSTM ----------*- C++ -*-===//

#ifndef ASSAY_PASSES_LOWERING_RECURRENTBUILDER_H
#define ASSAY_PASSES_LOWERING_RECURRENTBUILDER_H

#include "dialects/onnx/OnnxOp.h"
#include "dialects/onnx/Recurrent.h"
#include "dialects/onnx/RecurrentCell.h"
#include "passes/lowering/LoweringUtils.h"

namespace assay {

/// Builds the results of one RNN, GRU or LSTM.
class RecurrentBuilder {
public:
  /// Positions of the inputs that RNN, GRU and LSTM share; the last two are
  /// LSTM's alone.
  enum Input { X, W, R, B, SequenceLens, InitialH, InitialC, P, NumInputs };

  /// The state that a loop over time carries.
  struct State {
    mlir::Value y; ///< [steps, directions, batch, hidden].
    mlir::Value h; ///< [batch, hidden].
    mlir::Value c; ///< LSTM only.
  };

  RecurrentBuilder(mlir::OpBuilder &builder, onnx::OnnxOp onnxOp,
                   onnx::RecurrentCell cell,
                   llvm::ArrayRef<mlir::Value> converted, int64_t hidden);

  /// Y and the final states, in the layout of the op.
  llvm::SmallVector<mlir::Value> build();

private:
  bool isLstm() const { return mlir::isa<onnx::LSTMOp>(op); }
  bool isGru() const { return mlir::isa<onnx::GRUOp>(op); }
  mlir::OpFoldResult index(int64_t value) const {
    return b.getIndexAttr(value);
  }

  mlir::Value transpose(mlir::Value value, llvm::ArrayRef<int64_t> permutation);

  mlir::Value insertFinal(mlir::Value state, mlir::Value into);

  /// Rows [first, first + count) of the present direction of input `which`,
  /// [directions, rows, ...]; null for an absent one. Of a constant this is a
  /// constant.
  mlir::Value getRows(Input which, int64_t first, int64_t count);

  /// a * transposed weights + bias, in [rows of a, gates, hidden].
  mlir::Value createGates(mlir::Value a, mlir::Value weights, mlir::Value bias,
                          int64_t gates);

  /// W x + Wb for all steps, in [steps * batch, gates, hidden].
  mlir::Value projectInputs();

  mlir::RankedTensorType getStateType() const;

  mlir::Value getInitial(Input which);

  State runDirection(mlir::Value y);

  void prepareWeights();

  bool splitsReset() const;

  /// What the ops of one step read, with the maps to read it by.
  struct StepInputs {
    llvm::SmallVector<mlir::Value> values;
    llvm::SmallVector<mlir::AffineMap> maps;
  };

  void addGates(StepInputs &step, mlir::Value gates, int64_t count);
  void addState(StepInputs &step, mlir::Value state);

  /// linalg.generic over [batch, hidden]; `body` sees the values in the compute
  /// type, its results are rounded.
  llvm::SmallVector<mlir::Value>
  createStep(const StepInputs &step, unsigned numResults, ElementsBuilder body);

  /// Activation `number` of the direction, on clipped `x`.
  mlir::Value call(mlir::OpBuilder &nested, mlir::Location l, unsigned number,
                   mlir::Value x);

  State runStep(mlir::Value projected, mlir::Value time, State state);

  /// Keeps the old state of sequences that have no step `time`; gives the
  /// output, which is zero for them.
  mlir::Value maskEnded(mlir::Value time, const State &old, State &next);

  llvm::SmallVector<mlir::Value> stepRnn(mlir::Value x, const State &state);

  /// (1 - z) * candidate + z * h.
  static mlir::Value blend(mlir::OpBuilder &nested, mlir::Location l,
                           mlir::Value z, mlir::Value candidate, mlir::Value h);

  llvm::SmallVector<mlir::Value> stepGru(mlir::Value x, const State &state);

  /// Gates come in the order i, o, f, c; peepholes in the order i, o, f.
  llvm::SmallVector<mlir::Value> stepLstm(mlir::Value x, const State &state);

  mlir::OpBuilder &b;
  mlir::Location loc;
  mlir::Operation *op;
  onnx::RecurrentCell cell;
  /// Operands of the op, to find constants.
  llvm::SmallVector<mlir::Value> originals;
  llvm::SmallVector<mlir::Value> inputs; ///< Converted; steps first.
  int64_t hidden;
  mlir::Type element, compute;
  mlir::OpFoldResult steps, batch;
  int64_t staticBatch = mlir::ShapedType::kDynamic;

  int64_t direction = 0;
  mlir::Value recurrence, recurrenceBias, lastRecurrence, lastRecurrenceBias;
  mlir::Value peepholes;
};

} // namespace assay

#endif // ASSAY_PASSES_LOWERING_RECURRENTBUILDER_H
