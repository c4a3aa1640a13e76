//===- Window.cpp - Geometry of convolution and pooling windows -----------===//

#include "dialects/onnx/Window.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace assay::onnx;

/// Bounds on attribute values and input sizes under which no expression below
/// overflows.
static constexpr int64_t kMaxAttribute = (int64_t(1) << 30) - 1;
static constexpr int64_t kMaxInput = int64_t(1) << 61;

int64_t Window::outputSize(unsigned i, int64_t input) const {
  const WindowDim &dim = dims[i];
  if (isSame())
    return input == 0 ? 0 : (input - 1) / dim.stride + 1;
  int64_t begin = autoPad == AutoPad::Valid ? 0 : dim.padBegin;
  int64_t end = autoPad == AutoPad::Valid ? 0 : dim.padEnd;
  int64_t slack = input + begin + end - dim.extent();
  // The specification's ceil form for VALID equals its floor form.
  bool ceil = ceilMode && autoPad != AutoPad::Valid;
  if (slack < 0)
    return 0;
  int64_t size = slack / dim.stride + 1;
  if (ceil && slack % dim.stride != 0 && size * dim.stride < input + begin)
    ++size;
  return size;
}

std::pair<int64_t, int64_t> Window::padding(unsigned i, int64_t input) const {
  const WindowDim &dim = dims[i];
  if (autoPad == AutoPad::Valid)
    return {0, 0};
  if (autoPad == AutoPad::NotSet)
    return {dim.padBegin, dim.padEnd};
  int64_t last = (outputSize(i, input) - 1) * dim.stride;
  int64_t total = std::max<int64_t>(last + dim.extent() - input, 0);
  int64_t less = total / 2;
  return autoPad == AutoPad::SameUpper ? std::pair(less, total - less)
                                       : std::pair(total - less, less);
}

/// Size of ConvTranspose's output before cropping.
static int64_t getFullSize(const WindowDim &dim, int64_t input) {
  return dim.stride * (input - 1) + dim.outputPadding + dim.extent();
}

int64_t Window::transposedOutputSize(unsigned i, int64_t input) const {
  const WindowDim &dim = dims[i];
  if (dim.outputSize >= 0)
    return dim.outputSize;
  if (isSame())
    return input * dim.stride;
  if (input == 0)
    return 0;
  int64_t crop = autoPad == AutoPad::Valid ? 0 : dim.padBegin + dim.padEnd;
  return std::max<int64_t>(getFullSize(dim, input) - crop, 0);
}

std::pair<int64_t, int64_t> Window::transposedPadding(unsigned i,
                                                      int64_t input) const {
  const WindowDim &dim = dims[i];
  if (dim.outputSize < 0 && !isSame())
    return autoPad == AutoPad::Valid ? std::pair<int64_t, int64_t>(0, 0)
                                     : std::pair(dim.padBegin, dim.padEnd);
  int64_t total = getFullSize(dim, input) - transposedOutputSize(i, input);
  if (total < 0)
    return {0, total};
  int64_t less = total / 2;
  return autoPad == AutoPad::SameUpper ? std::pair(less, total - less)
                                       : std::pair(total - less, less);
}

/// Stores one value for each dimension from attribute `name` through `store`.
static LogicalResult readPerDim(OnnxOp op, StringRef name, size_t count,
                                int64_t least,
                                function_ref<void(size_t, int64_t)> store) {
  auto values = op->getAttrOfType<DenseI64ArrayAttr>(name);
  if (!values)
    return success();
  if (static_cast<size_t>(values.size()) != count)
    return op->emitOpError() << name << " has " << values.size()
                             << " values, but " << count << " are expected";
  for (auto [position, value] : llvm::enumerate(values.asArrayRef())) {
    if (value < least || value > kMaxAttribute)
      return op->emitOpError()
             << name << " has the value " << value << ", but values from "
             << least << " to " << kMaxAttribute << " are accepted";
    store(position, value);
  }
  return success();
}

FailureOr<Window> assay::onnx::getWindow(OnnxOp op, ArrayRef<int64_t> kernel) {
  Window window;
  size_t rank = kernel.size();
  for (int64_t size : kernel) {
    if (!ShapedType::isDynamic(size) && (size < 1 || size > kMaxAttribute))
      return op->emitOpError() << "kernel size " << size << " is outside [1, "
                               << kMaxAttribute << "]";
    window.dims.emplace_back().kernel = size;
  }
  if (auto mode = op->getAttrOfType<StringAttr>("auto_pad")) {
    auto autoPad = llvm::StringSwitch<std::optional<AutoPad>>(mode.getValue())
                       .Case("NOTSET", AutoPad::NotSet)
                       .Case("SAME_UPPER", AutoPad::SameUpper)
                       .Case("SAME_LOWER", AutoPad::SameLower)
                       .Case("VALID", AutoPad::Valid)
                       .Default(std::nullopt);
    if (!autoPad)
      return op->emitOpError()
             << "auto_pad is '" << mode.getValue()
             << "', but NOTSET, SAME_UPPER, SAME_LOWER or VALID is expected";
    window.autoPad = *autoPad;
  }
  if (auto ceil = op->getAttrOfType<IntegerAttr>("ceil_mode"))
    window.ceilMode = ceil.getInt() != 0;

  auto &dims = window.dims;
  if (failed(readPerDim(op, "strides", rank, 1,
                        [&](size_t i, int64_t v) { dims[i].stride = v; })) ||
      failed(readPerDim(op, "dilations", rank, 1,
                        [&](size_t i, int64_t v) { dims[i].dilation = v; })) ||
      failed(readPerDim(op, "pads", 2 * rank, 0,
                        [&](size_t i, int64_t v) {
                          (i < rank ? dims[i].padBegin
                                    : dims[i - rank].padEnd) = v;
                        })) ||
      failed(readPerDim(
          op, "output_padding", rank, 0,
          [&](size_t i, int64_t v) { dims[i].outputPadding = v; })) ||
      failed(readPerDim(op, "output_shape", rank, 0,
                        [&](size_t i, int64_t v) { dims[i].outputSize = v; })))
    return failure();
  for (const WindowDim &dim : dims)
    if (dim.outputPadding &&
        dim.outputPadding >= std::max(dim.stride, dim.dilation))
      return op->emitOpError()
             << "output_padding has the value " << dim.outputPadding
             << ", but less than the stride " << dim.stride
             << " or the dilation " << dim.dilation << " is expected";
  return window;
}

FailureOr<SmallVector<int64_t>>
assay::onnx::inferWindowSizes(OnnxOp op, const Window &window,
                              ArrayRef<int64_t> input, bool transposed) {
  SmallVector<int64_t> sizes;
  for (auto [position, size] : llvm::enumerate(input)) {
    const WindowDim &dim = window.dims[position];
    if (transposed && dim.outputSize >= 0) {
      sizes.push_back(dim.outputSize);
      continue;
    }
    bool needsKernel = !window.isSame();
    if (ShapedType::isDynamic(size) ||
        (needsKernel && ShapedType::isDynamic(dim.kernel))) {
      sizes.push_back(ShapedType::kDynamic);
      continue;
    }
    int64_t scaled;
    if (size > kMaxInput ||
        (transposed &&
         (llvm::MulOverflow(size, dim.stride, scaled) || scaled > kMaxInput)))
      return op->emitOpError() << "spatial dimension " << position
                               << " of size " << size << " is too large";
    int64_t out = transposed ? window.transposedOutputSize(position, size)
                             : window.outputSize(position, size);
    if (out == 0 && size != 0)
      return op->emitOpError()
             << "no output along spatial dimension " << position
             << ": the window spans " << dim.extent() << " of " << size
             << " positions padded by " << dim.padBegin << " and "
             << dim.padEnd;
    sizes.push_back(out);
  }
  return sizes;
}
