//===- ShapeUtils.cpp - Helpers for result type inference -----------------===//

#include "dialects/onnx/ShapeUtils.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace assay::onnx;

Type assay::onnx::getResultElementType(OnnxOp op, unsigned index) {
  Signature signature = Signature::parse(op.getSignature());
  StringRef wanted =
      signature.results[std::min<size_t>(index, signature.results.size() - 1)]
          .elementType;
  for (auto [position, input] : llvm::enumerate(op.getOnnxInputs())) {
    const Parameter &parameter =
        signature.inputs[std::min(position, signature.inputs.size() - 1)];
    if (input && parameter.elementType == wanted)
      return getElementTypeOrSelf(input.getType());
  }
  MLIRContext *context = op->getContext();
  return llvm::StringSwitch<Type>(wanted)
      .Case("i1", IntegerType::get(context, 1))
      .Case("i32", IntegerType::get(context, 32))
      .Case("i64", IntegerType::get(context, 64))
      .Case("ui8", IntegerType::get(context, 8, IntegerType::Unsigned))
      .Case("f32", Float32Type::get(context))
      .Default(Type());
}

LogicalResult assay::onnx::inferUnranked(OnnxOp op,
                                         SmallVectorImpl<Type> &types) {
  for (unsigned index = 0; index < op->getNumResults(); ++index) {
    Type element = getResultElementType(op, index);
    if (!element)
      return op->emitOpError() << "has no rule for the type of result "
                               << index;
    types.push_back(UnrankedTensorType::get(element));
  }
  return success();
}

FailureOr<SmallVector<int64_t>>
assay::onnx::broadcastShapes(ArrayRef<ArrayRef<int64_t>> shapes) {
  size_t rank = 0;
  for (ArrayRef<int64_t> shape : shapes)
    rank = std::max(rank, shape.size());
  SmallVector<int64_t> result(rank, 1);
  for (ArrayRef<int64_t> shape : shapes) {
    size_t offset = rank - shape.size();
    for (auto [position, dim] : llvm::enumerate(shape)) {
      int64_t &out = result[offset + position];
      if (dim == out || dim == 1)
        continue;
      if (ShapedType::isDynamic(dim)) {
        if (out == 1)
          out = ShapedType::kDynamic;
        continue;
      }
      if (out != 1 && !ShapedType::isDynamic(out))
        return failure();
      out = dim;
    }
  }
  return result;
}

LogicalResult assay::onnx::inferBroadcast(OnnxOp op,
                                          SmallVectorImpl<Type> &types) {
  SmallVector<ArrayRef<int64_t>> shapes;
  for (Value input : op->getOperands()) {
    auto ranked = dyn_cast<RankedTensorType>(input.getType());
    if (!ranked)
      return inferUnranked(op, types);
    shapes.push_back(ranked.getShape());
  }
  FailureOr<SmallVector<int64_t>> shape = broadcastShapes(shapes);
  if (failed(shape)) {
    InFlightDiagnostic diagnostic =
        op->emitOpError() << "inputs do not broadcast:";
    for (Value input : op->getOperands())
      diagnostic << ' ' << input.getType();
    return diagnostic;
  }
  types.push_back(RankedTensorType::get(*shape, getResultElementType(op, 0)));
  return success();
}

LogicalResult assay::onnx::inferSameShape(OnnxOp op, unsigned like,
                                          SmallVectorImpl<Type> &types) {
  auto ranked =
      dyn_cast<RankedTensorType>(op.getOnnxInputs()[like].getType());
  Type element = getResultElementType(op, 0);
  if (!ranked)
    return inferUnranked(op, types);
  types.push_back(RankedTensorType::get(ranked.getShape(), element));
  return success();
}

FailureOr<int64_t> assay::onnx::normalizeAxis(OnnxOp op, int64_t axis,
                                              int64_t rank) {
  if (axis < -rank || axis >= rank) {
    op->emitOpError() << "axis " << axis << " is outside [" << -rank << ", "
                      << rank - 1 << "]";
    return failure();
  }
  return axis < 0 ? axis + rank : axis;
}
