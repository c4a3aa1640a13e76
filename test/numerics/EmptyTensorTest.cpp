//===- EmptyTensorTest.cpp - Compiled ops on tensors without elements -----===//

#include "test/numerics/CompiledModel.h"
#include <gtest/gtest.h>

using namespace assay::test;
using mlir::Value;

namespace {

/// Sums of nothing are 0, whatever else is known of their shape.
TEST(EmptyTensor, Products) {
  ModelBuilder model(1);
  model.output(model.op("MatMul", {model.input({-1, 0}), model.input({0, 5})}));
  model.output(
      model.op("MatMul", {model.input({-1, 0}), model.constant({0, 5})}));
  model.output(
      model.op("MatMul", {model.input({2, -1, 0}), model.input({2, 0, 3})}));
  model.output(model.op("Gemm", {model.input({-1, 0}), model.input({0, 5}),
                                 model.constant({5})}));
  model.check("native", {{2, 3, 4, 5}, {0, 1, 0, 1}});
}

TEST(EmptyTensor, Convolutions) {
  ModelBuilder model(2);
  Value x = model.input({-1, 0, 4, 4});
  model.output(model.op("Conv", {x, model.constant({5, 0, 3, 3})}));
  model.output(model.op("Conv",
                        {x, model.constant({5, 0, 3, 3}), model.constant({5})},
                        {model.ints("pads", {1, 1, 1, 1})}));
  model.output(model.op("ConvTranspose", {x, model.constant({0, 5, 2, 2})}));
  model.check("native", {{2}, {0}});
}

TEST(EmptyTensor, Recurrence) {
  ModelBuilder model(3);
  model.output(model.op("LSTM",
                        {model.input({-1, 0, 3}), model.constant({1, 16, 3}),
                         model.constant({1, 16, 4})},
                        {model.integer("hidden_size", 4)}));
  model.check("native", {{2}, {0}});
}

TEST(EmptyTensor, Reshapes) {
  ModelBuilder model(4);
  Value x = model.input({-1, 0, 4});
  model.output(model.op("Flatten", {x}));
  model.output(model.op("Flatten", {x}, {model.integer("axis", 2)}));
  model.check("native", {{2}, {0}});
}

} // namespace
