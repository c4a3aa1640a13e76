//===- Mlp.h - A small multilayer perceptron --------------------*- C++ -*-===//

#ifndef ASSAY_PREDICTOR_SURROGATE_MLP_H
#define ASSAY_PREDICTOR_SURROGATE_MLP_H

#include "predictor/surrogate/Standardizer.h"
#include <vector>

namespace assay::predictor {

/// Linear layers with ReLU between them; the last one has a single output, the
/// score. Higher is better; only differences of scores mean something.
struct Mlp {
  struct Layer {
    Matrix weight; ///< inputs x outputs
    RowVector bias;
  };
  std::vector<Layer> layers;

  /// One score a row.
  Eigen::VectorXf score(const Matrix &inputs) const;
};

} // namespace assay::predictor

#endif // ASSAY_PREDICTOR_SURROGATE_MLP_H
