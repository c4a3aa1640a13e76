//===- GraphBuilder.cpp - Networks built by code --------------------------===//

#include "dialects/onnx/GraphBuilder.h"
#include "dialects/onnx/Creation.h"
#include "dialects/onnx/OnnxDialect.h"
#include "dialects/onnx/OnnxOp.h"
#include <cmath>
#include <unistd.h>

using namespace mlir;
using namespace assay::onnx;

GraphBuilder::GraphBuilder(MLIRContext *context, uint64_t seed, Weights weights)
    : builder(context), seed(seed), weights(weights) {
  context->loadDialect<OnnxDialect, func::FuncDialect>();
  module = ModuleOp::create(UnknownLoc::get(context));
  builder.setInsertionPointToEnd(module->getBody());
  function = func::FuncOp::create(
      builder, UnknownLoc::get(context), "main",
      FunctionType::get(context, TypeRange(), TypeRange()));
  builder.setInsertionPointToEnd(function.addEntryBlock());
}

Location GraphBuilder::nameLoc(StringRef name) {
  std::string full = scope.empty() ? name.str() : scope + "." + name.str();
  return NameLoc::get(builder.getStringAttr(full));
}

Value GraphBuilder::input(StringRef name, ArrayRef<int64_t> shape,
                          Type elementType) {
  inputNames.push_back(name.str());
  if (!elementType)
    elementType = builder.getF32Type();
  return function.getBody().front().addArgument(
      RankedTensorType::get(shape, elementType),
      NameLoc::get(builder.getStringAttr(name)));
}

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

/// Whether this machine could hold a f32 tensor at all.
static bool fitsMemory(ArrayRef<int64_t> shape) {
  int64_t available = sysconf(_SC_PHYS_PAGES);
  return *countElements(shape) / (sysconf(_SC_PAGESIZE) / 4) < available;
}

Value GraphBuilder::addWeight(StringRef name, ArrayRef<int64_t> shape,
                              double low, double high) {
  if (failed)
    return {};
  Type f32 = builder.getF32Type();
  if (!checkSize(f32, shape) ||
      (weights == Weights::Random && !fitsMemory(shape))) {
    emitError(nameLoc(name), "weight does not fit memory");
    failed = true;
    return {};
  }
  // Each weight has a stream of its own.
  uint64_t stream = (seed + 1) * 0x9e3779b97f4a7c15 + nodeCount;
  if (weights == Weights::Random) {
    Tensor tensor(f32, shape);
    fillRandom(tensor, stream, low, high);
    return constant(tensor, name);
  }
  Tensor first(f32, {1});
  fillRandom(first, stream, low, high);
  return constant(DenseElementsAttr::get(RankedTensorType::get(shape, f32),
                                         first.getAs<float>()[0]),
                  name);
}

Value GraphBuilder::uniform(StringRef name, ArrayRef<int64_t> shape, double low,
                            double high) {
  parameterCount += countElements(shape).value_or(0);
  return addWeight(name, shape, low, high);
}

Value GraphBuilder::weight(StringRef name, ArrayRef<int64_t> shape,
                           double deviation) {
  double bound = std::sqrt(3.0) * deviation;
  return uniform(name, shape, -bound, bound);
}

Value GraphBuilder::constant(const Tensor &tensor, StringRef name) {
  return constant(tensor.toAttr(name), name);
}

Value GraphBuilder::constant(ElementsAttr value, StringRef name) {
  ++nodeCount;
  return ConstantOp::create(builder, nameLoc(name), value.getType(), value);
}

Value GraphBuilder::ints(ArrayRef<int64_t> values) {
  return constant(builder.getI64TensorAttr(values),
                  "ints_" + std::to_string(nodeCount));
}

Value GraphBuilder::index(int64_t value) {
  auto type = RankedTensorType::get({}, builder.getI64Type());
  return constant(DenseElementsAttr::get(type, value),
                  "index_" + std::to_string(nodeCount));
}

Value GraphBuilder::scalar(double value) {
  auto type = RankedTensorType::get({}, builder.getF32Type());
  return constant(DenseElementsAttr::get(type, static_cast<float>(value)),
                  "scalar_" + std::to_string(nodeCount));
}

//===----------------------------------------------------------------------===//
// Ops
//===----------------------------------------------------------------------===//

SmallVector<Value> GraphBuilder::opResults(StringRef name,
                                           ArrayRef<Value> inputs,
                                           ArrayRef<NamedAttribute> attributes,
                                           unsigned numResults) {
  if (failed)
    return {};
  Location loc = nameLoc((name + "_" + llvm::Twine(nodeCount++)).str());
  Operation *op =
      buildOnnxOp(builder, loc, name, inputs, attributes, numResults);
  failed = !op;
  return op ? SmallVector<Value>(op->getResults()) : SmallVector<Value>();
}

Value GraphBuilder::op(StringRef name, ArrayRef<Value> inputs,
                       ArrayRef<NamedAttribute> attributes) {
  SmallVector<Value> results = opResults(name, inputs, attributes);
  return results.empty() ? Value() : results.front();
}

NamedAttribute GraphBuilder::attr(StringRef name, int64_t value) {
  return builder.getNamedAttr(name, builder.getI64IntegerAttr(value));
}

NamedAttribute GraphBuilder::attr(StringRef name, double value) {
  return builder.getNamedAttr(name, builder.getF32FloatAttr(value));
}

NamedAttribute GraphBuilder::attr(StringRef name, StringRef value) {
  return builder.getNamedAttr(name, builder.getStringAttr(value));
}

NamedAttribute GraphBuilder::attr(StringRef name, ArrayRef<int64_t> value) {
  return builder.getNamedAttr(name, builder.getDenseI64ArrayAttr(value));
}

int64_t GraphBuilder::dim(Value value, int64_t axis) {
  auto type =
      value ? dyn_cast<RankedTensorType>(value.getType()) : RankedTensorType();
  if (!type)
    return 0;
  if (axis < 0)
    axis += type.getRank();
  return axis >= 0 && axis < type.getRank() ? type.getDimSize(axis) : 0;
}

//===----------------------------------------------------------------------===//
// Layers
//===----------------------------------------------------------------------===//

Value GraphBuilder::conv(Value x, int64_t outChannels, int64_t kernel,
                         int64_t stride, int64_t groups, bool bias) {
  if (failed)
    return {};
  int64_t pad = kernel % 2 ? kernel / 2 : 0;
  int64_t perGroup = dim(x, 1) / groups;
  // He et al. 2015: variance 2 / fan-in.
  double deviation =
      std::sqrt(2.0 / std::max<int64_t>(1, perGroup * kernel * kernel));
  std::string name = "conv_" + std::to_string(nodeCount);
  SmallVector<Value> inputs = {
      x, weight(name + ".weight", {outChannels, perGroup, kernel, kernel},
                deviation)};
  if (bias)
    inputs.push_back(weight(name + ".bias", {outChannels}, 0.1));
  return op("Conv", inputs,
            {attr("kernel_shape", {kernel, kernel}),
             attr("pads", {pad, pad, pad, pad}),
             attr("strides", {stride, stride}), attr("group", groups)});
}

Value GraphBuilder::batchNorm(Value x, double epsilon) {
  if (failed)
    return {};
  int64_t channels = dim(x, 1);
  std::string name = "bn_" + std::to_string(nodeCount);
  Value scale = uniform(name + ".scale", {channels}, 0.5, 1.2);
  Value shift = uniform(name + ".shift", {channels}, -0.2, 0.2);
  Value mean = addWeight(name + ".mean", {channels}, -0.2, 0.2);
  Value variance = addWeight(name + ".variance", {channels}, 0.5, 1.5);
  return op("BatchNormalization", {x, scale, shift, mean, variance},
            {attr("epsilon", epsilon)});
}

Value GraphBuilder::layerNorm(Value x, double epsilon) {
  if (failed)
    return {};
  int64_t features = dim(x, -1);
  std::string name = "ln_" + std::to_string(nodeCount);
  Value scale = uniform(name + ".scale", {features}, 0.8, 1.2);
  Value shift = uniform(name + ".shift", {features}, -0.1, 0.1);
  return op("LayerNormalization", {x, scale, shift},
            {attr("axis", int64_t(-1)), attr("epsilon", epsilon)});
}

Value GraphBuilder::linear(Value x, int64_t outFeatures) {
  if (failed)
    return {};
  int64_t inFeatures = dim(x, -1);
  std::string name = "linear_" + std::to_string(nodeCount);
  Value w = weight(name + ".weight", {inFeatures, outFeatures},
                   std::sqrt(1.0 / std::max<int64_t>(1, inFeatures)));
  Value bias = weight(name + ".bias", {outFeatures}, 0.05);
  return add(op("MatMul", {x, w}), bias);
}

Value GraphBuilder::gemm(Value x, int64_t outFeatures) {
  if (failed)
    return {};
  int64_t inFeatures = dim(x, 1);
  std::string name = "gemm_" + std::to_string(nodeCount);
  Value w = weight(name + ".weight", {outFeatures, inFeatures},
                   std::sqrt(1.0 / std::max<int64_t>(1, inFeatures)));
  Value bias = weight(name + ".bias", {outFeatures}, 0.05);
  return op("Gemm", {x, w, bias}, {attr("transB", int64_t(1))});
}

Value GraphBuilder::maxPool(Value x, int64_t kernel, int64_t stride,
                            int64_t pad) {
  return op("MaxPool", {x},
            {attr("kernel_shape", {kernel, kernel}),
             attr("pads", {pad, pad, pad, pad}),
             attr("strides", {stride, stride})});
}

Value GraphBuilder::averagePool(Value x, int64_t kernel, int64_t stride,
                                int64_t pad) {
  return op("AveragePool", {x},
            {attr("kernel_shape", {kernel, kernel}),
             attr("pads", {pad, pad, pad, pad}),
             attr("strides", {stride, stride})});
}

Value GraphBuilder::halve(StringRef pool, Value x) {
  int64_t height = dim(x, 2), width = dim(x, 3);
  // ONNX has no output for a window that is larger than the image.
  SmallVector<NamedAttribute> attributes = {
      attr("kernel_shape", {height == 1 ? 1 : 2, width == 1 ? 1 : 2}),
      attr("strides", {2, 2})};
  // Left out where it means nothing: the same network has the same text.
  if (height % 2 || width % 2)
    attributes.push_back(attr("ceil_mode", int64_t(1)));
  return op(pool, {x}, attributes);
}

Value GraphBuilder::globalPool(Value x) {
  return op("Flatten", {op("GlobalAveragePool", {x})},
            {attr("axis", int64_t(1))});
}

Value GraphBuilder::transpose(Value x, ArrayRef<int64_t> permutation) {
  return op("Transpose", {x}, {attr("perm", permutation)});
}

Value GraphBuilder::reshape(Value x, ArrayRef<int64_t> shape) {
  return op("Reshape", {x, ints(shape)});
}

OwningOpRef<ModuleOp>
GraphBuilder::finish(ArrayRef<std::pair<StringRef, Value>> outputs,
                     StringRef graphName) {
  if (failed)
    return nullptr;
  SmallVector<Value> values;
  for (const auto &[name, value] : outputs)
    values.push_back(value);
  func::ReturnOp::create(builder, UnknownLoc::get(builder.getContext()),
                         values);
  function.setType(builder.getFunctionType(
      function.getBody().front().getArgumentTypes(), TypeRange(values)));
  for (auto [index, name] : llvm::enumerate(inputNames))
    function.setArgAttr(index, "onnx.name", builder.getStringAttr(name));
  for (auto [index, output] : llvm::enumerate(outputs))
    function.setResultAttr(index, "onnx.name",
                           builder.getStringAttr(output.first));
  (*module)->setAttr("onnx.graph_name", builder.getStringAttr(graphName));
  (*module)->setAttr("onnx.producer_name", builder.getStringAttr("assay"));
  return std::move(module);
}
