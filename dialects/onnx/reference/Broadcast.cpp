//===- Broadcast.cpp - Functions mapped over broadcast tensors ------------===//

#include "dialects/onnx/reference/Broadcast.h"
#include <cmath>

using namespace mlir;
using namespace assay::onnx;

void assay::onnx::forEachBroadcast(
    ArrayRef<int64_t> shape, Inputs inputs,
    function_ref<void(int64_t, ArrayRef<int64_t>)> body) {
  // A dimension of size 1 has stride 0, as have the missing leading ones.
  SmallVector<SmallVector<int64_t>> strides;
  for (const Tensor *input : inputs) {
    SmallVector<int64_t> own = computeStrides(input->getShape());
    SmallVector<int64_t> padded(shape.size() - own.size(), 0);
    for (auto [dim, stride] : llvm::zip_equal(input->getShape(), own))
      padded.push_back(dim == 1 ? 0 : stride);
    strides.push_back(padded);
  }
  int64_t position = 0;
  SmallVector<int64_t> offsets(inputs.size());
  forEachIndex(shape, [&](ArrayRef<int64_t> index) {
    for (auto [offset, stride] : llvm::zip_equal(offsets, strides)) {
      offset = 0;
      for (auto [i, s] : llvm::zip_equal(index, stride))
        offset += i * s;
    }
    body(position++, offsets);
  });
}

void assay::onnx::mapFloats(Inputs inputs, const FloatFunction &function,
                            Tensor &result) {
  SmallVector<double> values(inputs.size());
  forEachBroadcast(result.getShape(), inputs,
                   [&](int64_t position, ArrayRef<int64_t> offsets) {
                     for (auto [value, input, offset] :
                          llvm::zip_equal(values, inputs, offsets))
                       value = input->getDouble(offset);
                     result.setDouble(position, function(values));
                   });
}

void assay::onnx::mapInts(Inputs inputs, const IntFunction &function,
                          Tensor &result) {
  SmallVector<int64_t> values(inputs.size());
  forEachBroadcast(result.getShape(), inputs,
                   [&](int64_t position, ArrayRef<int64_t> offsets) {
                     for (auto [value, input, offset] :
                          llvm::zip_equal(values, inputs, offsets))
                       value = input->getInt(offset);
                     result.setInt(position, function(values));
                   });
}

double assay::onnx::roundTo(Type type, double value) {
  Tensor scalar(type, {});
  scalar.setDouble(0, value);
  return scalar.getDouble(0);
}

int64_t assay::onnx::saturateToInt(Type type, double value) {
  if (std::isnan(value))
    return 0;
  unsigned width = type.getIntOrFloatBitWidth();
  bool isUnsigned = type.isUnsignedInteger();
  double above = std::ldexp(1.0, isUnsigned ? width : width - 1);
  if (value >= above)
    return isUnsigned ? llvm::maskTrailingOnes<uint64_t>(width)
                      : llvm::maxIntN(width);
  if (isUnsigned)
    return value <= 0 ? 0 : static_cast<int64_t>(static_cast<uint64_t>(value));
  return value <= -above ? llvm::minIntN(width) : static_cast<int64_t>(value);
}
