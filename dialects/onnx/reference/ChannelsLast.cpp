//===- ChannelsLast.cpp - N x C x spatial from and to N x spatial x C -----===//

#include "dialects/onnx/reference/ChannelsLast.h"
#include <cstring>

using namespace mlir;
using namespace assay::onnx;

/// N x rows x columns as N x columns x rows, under the dimensions `shape`.
static Tensor swapInner(const Tensor &tensor, int64_t rows, int64_t columns,
                        ArrayRef<int64_t> shape) {
  Tensor result(tensor.getElementType(), shape);
  int64_t bytes = tensor.getElementBytes();
  const char *from = tensor.getData().data();
  char *to = result.getMutableData().data();
  for (int64_t n = 0; n < tensor.getDim(0); ++n)
    for (int64_t row = 0; row < rows; ++row)
      for (int64_t column = 0; column < columns; ++column)
        std::memcpy(to + ((n * columns + column) * rows + row) * bytes,
                    from + ((n * rows + row) * columns + column) * bytes,
                    bytes);
  return result;
}

static int64_t product(ArrayRef<int64_t> sizes) {
  int64_t result = 1;
  for (int64_t size : sizes)
    result *= size;
  return result;
}

Tensor assay::onnx::toChannelsFirst(const Tensor &tensor) {
  ArrayRef<int64_t> shape = tensor.getShape();
  ArrayRef<int64_t> spatial = shape.drop_front().drop_back();
  SmallVector<int64_t> swapped = {shape.front(), shape.back()};
  swapped.append(spatial.begin(), spatial.end());
  return swapInner(tensor, product(spatial), shape.back(), swapped);
}

Tensor assay::onnx::toChannelsLast(const Tensor &tensor) {
  ArrayRef<int64_t> shape = tensor.getShape();
  ArrayRef<int64_t> spatial = shape.drop_front(2);
  SmallVector<int64_t> swapped = {shape.front()};
  swapped.append(spatial.begin(), spatial.end());
  swapped.push_back(shape[1]);
  return swapInner(tensor, shape[1], product(spatial), swapped);
}
