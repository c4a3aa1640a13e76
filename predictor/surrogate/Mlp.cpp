//===- Mlp.cpp - A small multilayer perceptron ----------------------------===//

#include "predictor/surrogate/Mlp.h"

using namespace assay::predictor;

Eigen::VectorXf Mlp::score(const Matrix &inputs) const {
  Matrix x = inputs;
  for (size_t i = 0; i < layers.size(); ++i) {
    x = ((x * layers[i].weight).rowwise() + layers[i].bias).eval();
    if (i + 1 < layers.size())
      x = x.cwiseMax(0.0f);
  }
  return x.col(0);
}
