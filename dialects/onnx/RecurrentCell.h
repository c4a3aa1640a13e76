//===- RecurrentCell.h - Attributes of RNN, GRU and LSTM --------*- C++ -*-===//

#ifndef ASSAY_DIALECTS_ONNX_RECURRENTCELL_H
#define ASSAY_DIALECTS_ONNX_RECURRENTCELL_H

#include "dialects/onnx/OnnxInterfaces.h"

namespace assay::onnx {

/// One activation function of a cell, with its parameters where it has any.
struct CellActivation {
  enum Kind {
    Affine,
    Elu,
    HardSigmoid,
    LeakyRelu,
    Relu,
    ScaledTanh,
    Sigmoid,
    Softplus,
    Softsign,
    Tanh,
    ThresholdedRelu
  };
  Kind kind;
  float alpha = 0;
  float beta = 0;
};

/// What the attributes of a recurrent operator say.
struct RecurrentCell {
  unsigned numGates = 0;       ///< RNN 1, GRU 3 (zrh), LSTM 4 (iofc).
  unsigned numActivations = 0; ///< Per direction: RNN 1, GRU 2, LSTM 3.
  /// For each direction whether it runs backwards in time.
  llvm::SmallVector<bool, 2> reversed;
  /// numActivations for each direction, one direction after the other.
  llvm::SmallVector<CellActivation, 6> activations;
  std::optional<float> clip;
  bool batchFirst = false; ///< layout = 1.

  unsigned numDirections() const { return reversed.size(); }
  llvm::ArrayRef<CellActivation> getActivations(unsigned direction) const {
    return llvm::ArrayRef(activations)
        .slice(direction * numActivations, numActivations);
  }

  /// Reads RNN, GRU or LSTM `op`; emits an error on it for a bad attribute.
  static llvm::FailureOr<RecurrentCell> get(OnnxOp op);
};

} // namespace assay::onnx

#endif // ASSAY_DIALECTS_ONNX_RECURRENTCELL_H
