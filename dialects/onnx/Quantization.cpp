//===- Quantization.cpp - Quantization operators of the onnx dialect ------===//

#include "dialects/onnx/Quantization.h"
#include "dialects/onnx/ShapeUtils.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace assay::onnx;

#define GET_OP_CLASSES
#include "dialects/onnx/Quantization.cpp.inc"

void OnnxDialect::registerQuantizationOps() {
  addOperations<
#define GET_OP_LIST
#include "dialects/onnx/Quantization.cpp.inc"
      >();
}

/// The shape of `scale` decides the granularity: one scale for the tensor, for
/// each index of `axis`, or for each block of `blockSize` along `axis`. Scale
/// and zero point have the same shape.
static LogicalResult checkGranularity(OnnxOp op, Value x, Value scale,
                                      Value zeroPoint, int64_t axis,
                                      int64_t blockSize) {
  if (blockSize < 0)
    return op->emitOpError() << "block_size is " << blockSize
                             << ", but must be positive, or 0 for no blocks";
  auto scaleType = dyn_cast<RankedTensorType>(scale.getType());
  if (zeroPoint && scaleType &&
      failed(verifyCompatibleShape(scaleType, zeroPoint.getType())))
    return op->emitOpError()
           << "zero point " << zeroPoint.getType()
           << " must have the shape of the scale, " << scaleType;
  auto xType = dyn_cast<RankedTensorType>(x.getType());
  if (!xType || !scaleType)
    return success();
  bool perTensor =
      scaleType.getRank() == 0 || scaleType.getShape() == ArrayRef<int64_t>(1);
  if (perTensor && blockSize == 0)
    return success();

  FailureOr<int64_t> position = normalizeAxis(op, axis, xType.getRank());
  if (failed(position))
    return failure();
  SmallVector<int64_t> expected;
  if (blockSize == 0) {
    expected.push_back(xType.getDimSize(*position));
  } else {
    expected.assign(xType.getShape().begin(), xType.getShape().end());
    int64_t &blocked = expected[*position];
    if (!ShapedType::isDynamic(blocked))
      blocked = llvm::divideCeil(blocked, blockSize);
  }
  if (failed(verifyCompatibleShape(expected, scaleType.getShape())))
    return op->emitOpError()
           << "scale " << scaleType << " must be a scalar or "
           << RankedTensorType::get(expected, scaleType.getElementType())
           << " for axis " << axis << " and block_size " << blockSize;
  return success();
}

LogicalResult
DequantizeLinearOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  if (failed(checkGranularity(*this, getX(), getXScale(), getXZeroPoint(),
                              getAxis(), getBlockSize())))
    return failure();
  Type element = getElementTypeOrSelf(getXScale().getType());
  if (getOutputDtype())
    element = *getOutputDtype();
  if (!element.isF32() && !element.isF16() && !element.isBF16())
    return emitOpError() << "gives " << element
                         << ", but f32, f16 and bf16 are possible; "
                            "output_dtype sets the type";
  types.push_back(cast<TensorType>(getX().getType()).clone(element));
  return success();
}

LogicalResult QuantizeLinearOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  if (failed(checkFlag(*this, "saturate", getSaturate())) ||
      failed(checkGranularity(*this, getX(), getYScale(), getYZeroPoint(),
                              getAxis(), getBlockSize())))
    return failure();
  // Values of TensorProto.DataType.
  constexpr int64_t kUndefined = 0, kFloat = 1, kFloat16 = 10, kBFloat16 = 16;
  if (!llvm::is_contained({kUndefined, kFloat, kFloat16, kBFloat16},
                          static_cast<int64_t>(getPrecision())))
    return emitOpError() << "precision is " << getPrecision()
                         << ", but must be float (1), float16 (10) or "
                            "bfloat16 (16)";
  Type element = IntegerType::get(getContext(), 8, IntegerType::Unsigned);
  if (getOutputDtype())
    element = *getOutputDtype();
  if (getYZeroPoint()) {
    Type zeroPoint = getElementTypeOrSelf(getYZeroPoint().getType());
    if (getOutputDtype() && zeroPoint != element)
      return emitOpError() << "output_dtype is " << element
                           << ", but the zero point has " << zeroPoint;
    element = zeroPoint;
  }
  types.push_back(cast<TensorType>(getX().getType()).clone(element));
  return success();
}

LogicalResult
DynamicQuantizeLinearOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  Type ui8 = IntegerType::get(getContext(), 8, IntegerType::Unsigned);
  Type f32 = Float32Type::get(getContext());
  types.push_back(cast<TensorType>(getX().getType()).clone(ui8));
  types.push_back(RankedTensorType::get({}, f32));
  types.push_back(RankedTensorType::get({}, ui8));
  return success();
}
