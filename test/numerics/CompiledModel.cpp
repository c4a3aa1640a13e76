//===- CompiledModel.cpp - A model judged by the interpreter --------------===//

#include "test/numerics/CompiledModel.h"
#include "dialects/onnx/Creation.h"
#include "dialects/onnx/reference/Interpreter.h"
#include <cmath>
#include <gtest/gtest.h>

using namespace mlir;
using namespace assay;
using namespace assay::test;
using assay::onnx::Tensor;

ModelBuilder::ModelBuilder(unsigned seed) : builder(&context), random(seed) {
  prepareContext(context);
  context.disableMultithreading();
  module = ModuleOp::create(builder.getUnknownLoc());
  builder.setInsertionPointToEnd(module->getBody());
  main = func::FuncOp::create(builder, builder.getUnknownLoc(), "main",
                              builder.getFunctionType({}, {}));
  builder.setInsertionPointToStart(main.addEntryBlock());
}

Tensor ModelBuilder::makeRandom(ArrayRef<int64_t> shape) {
  Tensor tensor(builder.getF32Type(), shape);
  std::uniform_real_distribution<float> distribution(-1, 1);
  for (float &element : tensor.getMutableAs<float>())
    element = distribution(random);
  return tensor;
}

Value ModelBuilder::input(const Shape &shape) {
  SmallVector<int64_t> sizes;
  for (int64_t size : shape)
    sizes.push_back(size < 0 ? ShapedType::kDynamic : size);
  auto type = RankedTensorType::get(sizes, builder.getF32Type());
  return main.getBody().front().addArgument(type, builder.getUnknownLoc());
}

Value ModelBuilder::constant(const Shape &shape) {
  ElementsAttr value = makeRandom(shape).toAttr();
  return onnx::ConstantOp::create(builder, builder.getUnknownLoc(),
                                  value.getType(), value);
}

Value ModelBuilder::op(StringRef name, ArrayRef<Value> inputs,
                       ArrayRef<NamedAttribute> attributes) {
  Operation *op = onnx::buildOnnxOp(builder, builder.getUnknownLoc(), name,
                                    inputs, attributes);
  EXPECT_TRUE(op) << name.str();
  return op->getResult(0);
}

/// The largest difference, relative to the largest value.
static double getError(const Tensor &actual, const Tensor &expected) {
  double difference = 0, largest = 1e-30;
  for (auto [a, b] :
       llvm::zip_equal(actual.getAs<float>(), expected.getAs<float>())) {
    if (std::isnan(a) != std::isnan(b))
      return INFINITY;
    difference = std::max<double>(difference, std::fabs(a - b));
    largest = std::max<double>(largest, std::fabs(b));
  }
  return difference / largest;
}

void ModelBuilder::check(StringRef target, ArrayRef<Shape> runs,
                         double tolerance) {
  func::ReturnOp::create(builder, builder.getUnknownLoc(), outputs);
  Block &body = main.getBody().front();
  main.setFunctionType(builder.getFunctionType(body.getArgumentTypes(),
                                               ValueRange(outputs).getTypes()));
  std::vector<std::vector<Tensor>> inputs;
  std::vector<onnx::Tensors> expected;
  for (const Shape &run : runs) {
    size_t next = 0;
    std::vector<Tensor> tensors;
    for (Type type : body.getArgumentTypes()) {
      SmallVector<int64_t> sizes(cast<RankedTensorType>(type).getShape());
      for (int64_t &size : sizes)
        if (ShapedType::isDynamic(size))
          size = run[next++];
      tensors.push_back(makeRandom(sizes));
    }
    auto results = onnx::interpret(main, tensors);
    ASSERT_TRUE(succeeded(results));
    expected.push_back(std::move(*results));
    inputs.push_back(std::move(tensors));
  }

  ExecutableOptions options;
  auto resolved = resolveTarget(target);
  ASSERT_TRUE(static_cast<bool>(resolved))
      << llvm::toString(resolved.takeError());
  options.compile.target = std::move(*resolved);
  options.compile.level = 1;
  options.compile.releaseConstants = true; // the interpreter is done with them
  options.threads = 2;
  auto executable = Executable::compile(*module, options);
  ASSERT_TRUE(succeeded(executable));
  for (auto [run, tensors] : llvm::enumerate(inputs)) {
    auto actual = (*executable)->run(tensors);
    ASSERT_TRUE(static_cast<bool>(actual))
        << llvm::toString(actual.takeError());
    ASSERT_EQ(actual->size(), expected[run].size());
    for (auto [position, tensor] : llvm::enumerate(*actual)) {
      ASSERT_EQ(tensor.getShape(), expected[run][position].getShape());
      EXPECT_LT(getError(tensor, expected[run][position]), tolerance)
          << "output " << position << " of run " << run;
    }
  }
}
