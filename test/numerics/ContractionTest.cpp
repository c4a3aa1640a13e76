//===- ContractionTest.cpp - Compiled MatMul and Gemm ---------------------===//

#include "test/numerics/CompiledModel.h"
#include <gtest/gtest.h>

using namespace assay::test;
using mlir::Value;

namespace {

constexpr int64_t kSizes[] = {1, 2, 3, 7, 8, 17, 31, 32, 33, 50, 64, 100};

/// Products by constants, with every kind of consumer that fuses: per column,
/// per row, of the whole result, and long functions.
void addConstantProducts(ModelBuilder &model, int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    int64_t m = model.pickOf(kSizes), n = model.pickOf(kSizes);
    int64_t k = model.pickOf(kSizes);
    Value y = model.op("MatMul", {model.input({m, k}), model.constant({k, n})});
    if (model.pick(0, 1))
      y = model.op("Add", {y, model.constant({n})});
    if (model.pick(0, 1))
      y = model.op("Mul", {y, model.input({m, 1})});
    if (model.pick(0, 1))
      y = model.op("Add", {y, model.input({m, n})});
    if (model.pick(0, 1))
      y = model.op(model.pick(0, 1) ? "Relu" : "Tanh", {y});
    model.output(y);
  }
}

TEST(Contraction, ConstantRhs) {
  for (unsigned seed = 0; seed < 3; ++seed) {
    ModelBuilder model(seed);
    addConstantProducts(model, 8);
    model.check();
  }
}

TEST(Contraction, NarrowVectors) {
  ModelBuilder model(10);
  addConstantProducts(model, 8);
  model.check("x86-64-v3");
}

TEST(Contraction, Gemm) {
  ModelBuilder model(20);
  for (int64_t i = 0; i < 8; ++i) {
    int64_t m = model.pickOf(kSizes), n = model.pickOf(kSizes);
    int64_t k = model.pickOf(kSizes);
    int64_t transA = model.pick(0, 1), transB = model.pick(0, 1);
    Shape a = {m, k}, b = {k, n};
    if (transA)
      std::swap(a[0], a[1]);
    if (transB)
      std::swap(b[0], b[1]);
    Value rhs = model.pick(0, 1) ? model.constant(b) : model.input(b);
    model.output(model.op(
        "Gemm", {model.input(a), rhs, model.constant({n})},
        {model.integer("transA", transA), model.integer("transB", transB)}));
  }
  model.check();
}

TEST(Contraction, ScalarConsumers) {
  ModelBuilder model(25);
  Value y = model.op("MatMul", {model.input({9, 7}), model.constant({7, 35})});
  y = model.op("Mul", {y, model.input({})});
  y = model.op("Max", {y, model.input({1})});
  model.output(model.op("Add", {y, model.input({1, 1})}));
  model.check();
}

/// Attention: both sides come at run time, one of them transposed.
TEST(Contraction, BatchesAtRunTime) {
  for (unsigned seed = 30; seed < 32; ++seed) {
    ModelBuilder model(seed);
    for (int64_t i = 0; i < 5; ++i) {
      int64_t m = model.pickOf(kSizes), n = model.pickOf(kSizes);
      int64_t k = model.pickOf(kSizes), batch = model.pick(1, 3);
      Value q = model.input({batch, 2, m, k});
      Value keys = model.op("Transpose", {model.input({batch, n, 2, k})},
                            {model.ints("perm", {0, 2, 3, 1})});
      Value scores = model.op("MatMul", {q, keys});
      model.output(scores);
      model.output(model.op("MatMul", {scores, model.input({2, n, m})}));
    }
    model.check();
  }
}

/// Rows of a multiple of 4 KB: the unit copies its part of the rhs.
TEST(Contraction, CopiedRhs) {
  ModelBuilder model(40);
  model.output(
      model.op("MatMul", {model.input({37, 45}), model.input({45, 1024})}));
  model.check();
}

TEST(Contraction, DynamicSizes) {
  ModelBuilder model(50);
  Value x = model.input({-1, 20});
  model.output(
      model.op("Relu", {model.op("MatMul", {x, model.constant({20, 40})})}));
  model.output(
      model.op("MatMul", {model.input({2, -1, 24}), model.input({2, 24, -1})}));
  std::vector<Shape> runs;
  for (int64_t m : {1, 2, 3, 5, 8, 13, 16, 23})
    runs.push_back({m, m + 1, 2 * m});
  model.check("native", runs);
}

TEST(Contraction, Vectors) {
  ModelBuilder model(60);
  Value v = model.input({17});
  model.output(model.op("MatMul", {v, model.constant({17, 40})}));
  model.output(model.op("MatMul", {model.input({3, 5, 17}), v}));
  model.output(model.op("MatMul", {v, v}));
  model.check();
}

} // namespace
