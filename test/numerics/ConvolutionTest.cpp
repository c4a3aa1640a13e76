//===- ConvolutionTest.cpp - Compiled Conv and ConvTranspose --------------===//

#include "test/numerics/CompiledModel.h"
#include <gtest/gtest.h>

using namespace assay::test;
using mlir::Value;

namespace {

struct Geometry {
  Shape kernel, strides, dilations, pads, sizes;
};

/// Random windows that fit `rank` random spatial sizes.
Geometry pickGeometry(ModelBuilder &model, int64_t rank) {
  Geometry g;
  for (int64_t i = 0; i < rank; ++i) {
    g.kernel.push_back(model.pick(1, 4));
    g.strides.push_back(model.pick(1, 2));
    g.dilations.push_back(model.pickOf({1, 1, 1, 2}));
    int64_t extent = (g.kernel[i] - 1) * g.dilations[i] + 1;
    g.sizes.push_back(extent + model.pick(0, 20));
  }
  for (int64_t i = 0; i < 2 * rank; ++i)
    g.pads.push_back(model.pick(0, 2));
  return g;
}

Value addConv(ModelBuilder &model, Value x, Value w, const Geometry &g,
              int64_t group, Value bias = {}) {
  return model.op("Conv", {x, w, bias},
                  {model.integer("group", group), model.ints("pads", g.pads),
                   model.ints("strides", g.strides),
                   model.ints("dilations", g.dilations)});
}

Shape concat(Shape shape, const Shape &rest) {
  shape.append(rest.begin(), rest.end());
  return shape;
}

void addConvolutions(ModelBuilder &model, int64_t count, int64_t rank) {
  for (int64_t i = 0; i < count; ++i) {
    Geometry g = pickGeometry(model, rank);
    int64_t group = model.pickOf({1, 1, 1, 2, 3});
    int64_t channels = group * model.pick(1, 9);
    int64_t outputs = group * model.pickOf({1, 5, 16, 33});
    Value x = model.input(concat({model.pick(1, 2), channels}, g.sizes));
    Value w = model.constant(concat({outputs, channels / group}, g.kernel));
    Value bias = model.pick(0, 1) ? model.constant({outputs}) : Value();
    Value y = addConv(model, x, w, g, group, bias);
    if (model.pick(0, 1))
      y = model.op("Sigmoid", {y});
    model.output(y);
  }
}

TEST(Convolution, Images) {
  for (unsigned seed = 0; seed < 4; ++seed) {
    ModelBuilder model(seed);
    addConvolutions(model, 6, /*rank=*/2);
    model.check();
  }
}

TEST(Convolution, NarrowVectors) {
  ModelBuilder model(10);
  addConvolutions(model, 6, /*rank=*/2);
  model.check("x86-64-v3");
}

TEST(Convolution, Signals) {
  ModelBuilder model(20);
  addConvolutions(model, 5, /*rank=*/1);
  model.check();
}

TEST(Convolution, Volumes) {
  ModelBuilder model(30);
  addConvolutions(model, 2, /*rank=*/3);
  model.check();
}

TEST(Convolution, Depthwise) {
  for (llvm::StringRef target : {"native", "x86-64-v3"}) {
    ModelBuilder model(40);
    for (int64_t i = 0; i < 6; ++i) {
      Geometry g = pickGeometry(model, 2);
      int64_t channels = model.pickOf({3, 16, 24, 40});
      Value x = model.input(concat({model.pick(1, 2), channels}, g.sizes));
      Value w = model.constant(concat({channels, 1}, g.kernel));
      Value y = addConv(model, x, w, g, channels, model.constant({channels}));
      model.output(model.op("Relu", {y}));
    }
    model.check(target);
  }
}

/// 3 x 3, stride 1, many channels and pixels: by Winograd's tiles.
TEST(Convolution, Winograd) {
  for (llvm::StringRef target : {"native", "x86-64-v3"}) {
    ModelBuilder model(45);
    for (int64_t i = 0; i < 3; ++i) {
      Geometry g = {{3, 3}, {1, 1}, {1, 1}, {}, {}};
      for (int64_t dim = 0; dim < 4; ++dim)
        g.pads.push_back(model.pick(0, 2));
      g.sizes = {model.pick(14, 25), model.pick(14, 25)};
      int64_t channels = model.pickOf({32, 48});
      int64_t outputs = model.pickOf({32, 64});
      Value x = model.input(concat({model.pick(1, 2), channels}, g.sizes));
      Value w = model.constant({outputs, channels, 3, 3});
      Value y = addConv(model, x, w, g, 1, model.constant({outputs}));
      model.output(model.op(i % 2 ? "Relu" : "Sigmoid", {y}));
    }
    model.check(target, {Shape()}, 1e-4);
  }
}

/// A residual block, with a gate, and the filter of one convolution at run
/// time: layouts propagate through it.
TEST(Convolution, Block) {
  ModelBuilder model(50);
  Geometry g = {{3, 3}, {1, 1}, {1, 1}, {1, 1, 1, 1}, {14, 15}};
  Geometry point = {{1, 1}, {1, 1}, {1, 1}, {0, 0, 0, 0}, {14, 15}};
  Value x = model.input({1, 20, 14, 15});
  Value y = model.op("Relu", {addConv(model, x, model.constant({36, 20, 3, 3}),
                                      g, 1, model.constant({36}))});
  Value gate = model.op("GlobalAveragePool", {y});
  gate = addConv(model, gate, model.constant({36, 36, 1, 1}), point, 1);
  y = model.op("Mul", {y, model.op("Sigmoid", {gate})});
  y = addConv(model, y, model.input({20, 36, 1, 1}), point, 1);
  y = model.op("Add", {y, x});
  model.output(model.op(
      "MaxPool", {y},
      {model.ints("kernel_shape", {2, 2}), model.ints("strides", {2, 2})}));
  model.check();
}

TEST(Convolution, DynamicImages) {
  ModelBuilder model(60);
  Geometry g = {{3, 3}, {2, 1}, {1, 1}, {1, 1, 1, 0}, {}};
  Value x = model.input({-1, 6, -1, -1});
  model.output(addConv(model, x, model.constant({40, 6, 3, 3}), g, 1));
  model.output(addConv(model, x, model.constant({6, 1, 3, 3}), g, 6));
  model.check("native", {{1, 9, 9}, {2, 5, 23}, {1, 3, 2}});
}

TEST(Convolution, Transposed) {
  for (unsigned seed = 70; seed < 72; ++seed) {
    ModelBuilder model(seed);
    for (int64_t i = 0; i < 4; ++i) {
      int64_t rank = model.pick(1, 2), group = model.pick(1, 2);
      Geometry g = pickGeometry(model, rank);
      Shape outputPadding;
      for (int64_t dim = 0; dim < rank; ++dim) {
        outputPadding.push_back(
            g.strides[dim] > 1 ? model.pick(0, g.strides[dim] - 1) : 0);
        g.sizes[dim] += 4;
      }
      int64_t channels = group * model.pick(1, 9);
      int64_t outputs = group * model.pickOf({1, 5, 33});
      Value x = model.input(concat({1, channels}, g.sizes));
      Shape shape = concat({channels, outputs / group}, g.kernel);
      Value w = i % 2 ? model.input(shape) : model.constant(shape);
      model.output(
          model.op("ConvTranspose", {x, w},
                   {model.integer("group", group), model.ints("pads", g.pads),
                    model.ints("strides", g.strides),
                    model.ints("dilations", g.dilations),
                    model.ints("output_padding", outputPadding)}));
    }
    model.check();
  }
}

} // namespace
