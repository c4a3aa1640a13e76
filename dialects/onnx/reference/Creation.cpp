//===- Creation.cpp - Reference evaluation of creation ops ----------------===//

#include "dialects/onnx/Creation.h"
#include "dialects/onnx/reference/Interpreter.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/TypeSwitch.h"
#include <cmath>
#include <cstring>

using namespace mlir;
using namespace assay::onnx;

static FailureOr<Tensors> evaluateOp(ConstantOp op, Inputs) {
  std::string error;
  FailureOr<Tensor> tensor = Tensor::fromAttr(op.getValue(), error);
  if (failed(tensor))
    return op.emitError() << error;
  return Tensors{*tensor};
}

static FailureOr<Tensors> evaluateOp(ConstantOfShapeOp op, Inputs inputs) {
  SmallVector<int64_t> shape = llvm::to_vector(inputs[0]->toInts());
  FailureOr<Tensor> result =
      makeTensor(op, getElementTypeOrSelf(op.getType()), shape);
  if (failed(result))
    return failure();
  if (!op.getValue())
    return Tensors{*result};
  std::string error;
  FailureOr<Tensor> value = Tensor::fromAttr(*op.getValue(), error);
  if (failed(value))
    return op.emitError() << error;
  int64_t bytes = result->getElementBytes();
  char *to = result->getMutableData().data();
  for (int64_t i = 0; i < result->getNumElements(); ++i)
    std::memcpy(to + i * bytes, value->getData().data(), bytes);
  return Tensors{*result};
}

static FailureOr<Tensors> evaluateOp(EyeLikeOp op, Inputs inputs) {
  Tensor result(getElementTypeOrSelf(op.getType()), inputs[0]->getShape());
  int64_t k = op.getK(), rows = result.getDim(0), columns = result.getDim(1);
  for (int64_t row = 0; row < rows; ++row)
    if (int64_t column = row + k; column >= 0 && column < columns)
      result.setInt(row * columns + column, 1);
  return Tensors{result};
}

static FailureOr<Tensors> evaluateOp(OneHotOp op, Inputs inputs) {
  const Tensor &indices = *inputs[0], &values = *inputs[2];
  int64_t depth = inputs[1]->getInt(0);
  int64_t axis = static_cast<int64_t>(op.getAxis());
  if (axis < 0)
    axis += indices.getRank() + 1;
  SmallVector<int64_t> shape(indices.getShape());
  shape.insert(shape.begin() + axis, depth);
  FailureOr<Tensor> result = makeTensor(op, values.getElementType(), shape);
  if (failed(result))
    return failure();
  SmallVector<int64_t> strides = computeStrides(indices.getShape());
  int64_t bytes = values.getElementBytes();
  char *to = result->getMutableData().data();
  forEachIndex(shape, [&](ArrayRef<int64_t> index) {
    int64_t position = 0;
    for (int64_t d = 0; d < indices.getRank(); ++d)
      position += index[d < axis ? d : d + 1] * strides[d];
    int64_t wanted = indices.getInt(position);
    wanted += wanted < 0 ? depth : 0;
    bool on = wanted == index[axis];
    std::memcpy(to, values.getData().data() + (on ? bytes : 0), bytes);
    to += bytes;
  });
  return Tensors{*result};
}

static FailureOr<Tensors> evaluateOp(RangeOp op, Inputs inputs) {
  Type element = inputs[0]->getElementType();
  double first = inputs[0]->getDouble(0), limit = inputs[1]->getDouble(0),
         delta = inputs[2]->getDouble(0);
  double count = std::ceil((limit - first) / delta);
  if (delta == 0 || !(count < 0x1p62))
    return op.emitError() << "delta must not be zero and the result finite";
  FailureOr<Tensor> result =
      makeTensor(op, element, std::max<int64_t>(count, 0));
  if (failed(result))
    return failure();
  for (int64_t i = 0; i < result->getNumElements(); ++i) {
    if (!isa<FloatType>(element))
      result->setInt(i, inputs[0]->getInt(0) + i * inputs[2]->getInt(0));
    else if (element.isF64())
      result->setDouble(i, first + i * delta);
    else
      result->setDouble(i,
                        static_cast<float>(first) +
                            static_cast<float>(i) * static_cast<float>(delta));
  }
  return Tensors{*result};
}

static FailureOr<Tensors> evaluateOp(ShapeOp op, Inputs inputs) {
  auto [start, end] = op.getBounds(inputs[0]->getRank());
  ArrayRef<int64_t> dims = inputs[0]->getShape().slice(start, end - start);
  return Tensors{Tensor::fromInts(IntegerType::get(op.getContext(), 64),
                                  end - start, dims)};
}

static FailureOr<Tensors> evaluateOp(SizeOp op, Inputs inputs) {
  return Tensors{Tensor::fromInts(IntegerType::get(op.getContext(), 64), {},
                                  inputs[0]->getNumElements())};
}

FailureOr<Tensors> assay::onnx::evaluateCreation(Operation *op, Inputs inputs) {
  return llvm::TypeSwitch<Operation *, FailureOr<Tensors>>(op)
      .Case<ConstantOfShapeOp, ConstantOp, EyeLikeOp, OneHotOp, RangeOp,
            ShapeOp, SizeOp>(
          [&](auto typed) { return evaluateOp(typed, inputs); })
      .Default([](Operation *other) { return noEvaluation(other); });
}
