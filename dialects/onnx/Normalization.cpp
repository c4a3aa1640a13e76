//===- Normalization.cpp - Normalization operators of the onnx dialect ----===//

#include "dialects/onnx/Normalization.h"
#include "dialects/onnx/ShapeUtils.h"

using namespace mlir;
using namespace assay::onnx;

#define GET_OP_CLASSES
#include "dialects/onnx/Normalization.cpp.inc"

void OnnxDialect::registerNormalizationOps() {
  addOperations<
#define GET_OP_LIST
#include "dialects/onnx/Normalization.cpp.inc"
      >();
}

/// The channel count of N x C x ... data; 1 for data of rank 1.
static int64_t getNumChannels(Value data) {
  auto type = dyn_cast<RankedTensorType>(data.getType());
  if (type && type.getRank() == 1)
    return 1;
  return getDimOrDynamic(data, 1);
}

LogicalResult
BatchNormalizationOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  if (failed(checkRankAtLeast(*this, "X", getX(), 1)))
    return failure();
  int64_t channels = getNumChannels(getX());
  for (Value value : {getScale(), getB(), getInputMean(), getInputVar()})
    channels = mergeDims(channels, getDimOrDynamic(value, 0));
  if (failed(checkShape(*this, "scale", getScale(), {channels})) ||
      failed(checkShape(*this, "B", getB(), {channels})) ||
      failed(checkShape(*this, "input_mean", getInputMean(), {channels})) ||
      failed(checkShape(*this, "input_var", getInputVar(), {channels})))
    return failure();
  types.push_back(getX().getType());
  types.append(
      2, RankedTensorType::get({channels}, getResultElementType(*this, 1)));
  return success();
}

LogicalResult
GroupNormalizationOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  int64_t groups = getNumGroups();
  int64_t channels = getDimOrDynamic(getX(), 1);
  if (failed(checkRankAtLeast(*this, "X", getX(), 2)) ||
      failed(checkShape(*this, "scale", getScale(), {channels})) ||
      failed(checkShape(*this, "bias", getBias(), {channels})))
    return failure();
  if (groups < 1 ||
      (!ShapedType::isDynamic(channels) && channels % groups != 0))
    return emitOpError() << "num_groups is " << groups
                         << ", but a positive divisor of the number of "
                            "channels is expected";
  types.push_back(getX().getType());
  return success();
}

LogicalResult
InstanceNormalizationOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  int64_t channels = getDimOrDynamic(getInput(), 1);
  if (failed(checkRankAtLeast(*this, "input", getInput(), 3)) ||
      failed(checkShape(*this, "scale", getScale(), {channels})) ||
      failed(checkShape(*this, "B", getB(), {channels})))
    return failure();
  types.push_back(getInput().getType());
  return success();
}

/// The statistics' element type: float (1) or bfloat16 (16).
static FailureOr<Type> convertStashType(OnnxOp op, int64_t stashType) {
  if (stashType == 1)
    return Type(Float32Type::get(op->getContext()));
  if (stashType == 16)
    return Type(BFloat16Type::get(op->getContext()));
  return op->emitOpError() << "stash_type is " << stashType
                           << ", but 1 (float) or 16 (bfloat16) is expected";
}

LogicalResult
LayerNormalizationOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  FailureOr<Type> stash = convertStashType(*this, getStashType());
  if (failed(stash))
    return failure();
  types.push_back(getX().getType());
  auto x = dyn_cast<RankedTensorType>(getX().getType());
  if (!x) {
    types.append(2, UnrankedTensorType::get(*stash));
    return success();
  }
  FailureOr<int64_t> axis = normalizeAxis(*this, getAxis(), x.getRank());
  if (failed(axis) ||
      failed(checkBroadcastsTo(*this, "Scale", getScale(), x.getShape())) ||
      failed(checkBroadcastsTo(*this, "B", getB(), x.getShape())))
    return failure();
  SmallVector<int64_t> shape(x.getShape());
  std::fill(shape.begin() + *axis, shape.end(), 1);
  types.append(2, RankedTensorType::get(shape, *stash));
  return success();
}

LogicalResult
LpNormalizationOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  if (getP() != 1 && getP() != 2)
    return emitOpError() << "p is " << static_cast<int64_t>(getP())
                         << ", but 1 or 2 is expected";
  if (auto type = dyn_cast<RankedTensorType>(getInput().getType()))
    if (failed(normalizeAxis(*this, getAxis(), type.getRank())))
      return failure();
  types.push_back(getInput().getType());
  return success();
}

LogicalResult LRNOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  if (static_cast<int64_t>(getSize()) < 1)
    return emitOpError() << "size is " << static_cast<int64_t>(getSize())
                         << ", but 1 or more is expected";
  if (failed(checkRankAtLeast(*this, "X", getX(), 2)))
    return failure();
  types.push_back(getX().getType());
  return success();
}

LogicalResult
MeanVarianceNormalizationOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  SmallVector<int64_t> axes = {0, 2, 3};
  if (getAxes())
    axes.assign(getAxes()->begin(), getAxes()->end());
  if (auto type = dyn_cast<RankedTensorType>(getX().getType()))
    for (int64_t axis : axes)
      if (failed(normalizeAxis(*this, axis, type.getRank())))
        return failure();
  types.push_back(getX().getType());
  return success();
}

LogicalResult
RMSNormalizationOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  if (failed(convertStashType(*this, getStashType())))
    return failure();
  Type element = getResultElementType(*this, 0);
  auto x = dyn_cast<RankedTensorType>(getX().getType());
  if (!x)
    return inferUnranked(*this, types);
  if (failed(normalizeAxis(*this, getAxis(), x.getRank())) ||
      failed(checkBroadcastsTo(*this, "scale", getScale(), x.getShape())))
    return failure();
  types.push_back(RankedTensorType::get(x.getShape(), element));
  return success();
}
