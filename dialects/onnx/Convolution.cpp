//===- Convolution.cpp - Convolution operators of the onnx dialect --------===//

#include "dialects/onnx/Convolution.h"
#include "dialects/onnx/ShapeUtils.h"
#include "dialects/onnx/Window.h"

using namespace mlir;
using namespace assay::onnx;

#define GET_OP_CLASSES
#include "dialects/onnx/Convolution.cpp.inc"

void OnnxDialect::registerConvolutionOps() {
  addOperations<
#define GET_OP_LIST
#include "dialects/onnx/Convolution.cpp.inc"
      >();
}

/// Kernel sizes: the attribute where it is given, else those of W. Emits an
/// error when they contradict each other or X has another number of spatial
/// dimensions. `spatialRank` is that of X, or -1 if unknown.
static FailureOr<SmallVector<int64_t>> inferKernelShape(OnnxOp op, Value w,
                                                        int64_t spatialRank) {
  std::optional<ArrayRef<int64_t>> attribute;
  if (auto values = op->getAttrOfType<DenseI64ArrayAttr>("kernel_shape"))
    attribute = values.asArrayRef();
  SmallVector<int64_t> expected(2, ShapedType::kDynamic);
  auto type = dyn_cast<RankedTensorType>(w.getType());
  if (attribute)
    llvm::append_range(expected, *attribute);
  else if (spatialRank >= 0)
    expected.append(spatialRank, ShapedType::kDynamic);
  else if (type && type.getRank() > 2)
    return SmallVector<int64_t>(type.getShape().drop_front(2));
  if (failed(checkShape(op, "W", w, expected)))
    return failure();
  if (attribute && spatialRank >= 0 &&
      static_cast<int64_t>(attribute->size()) != spatialRank)
    return op->emitOpError()
           << "kernel_shape has " << attribute->size() << " values, but X has "
           << spatialRank << " spatial dimensions";
  if (!attribute && type)
    return SmallVector<int64_t>(type.getShape().drop_front(2));
  return SmallVector<int64_t>(ArrayRef(expected).drop_front(2));
}

/// Checks that `size` static channels of `name` split into `group` groups.
static LogicalResult checkGroups(OnnxOp op, StringRef name, int64_t size,
                                 int64_t group) {
  if (group < 1)
    return op->emitOpError()
           << "group is " << group << ", but 1 or more is expected";
  if (ShapedType::isDynamic(size) || size % group == 0)
    return success();
  return op->emitOpError() << size << ' ' << name
                           << " channels do not divide into " << group
                           << " groups";
}

LogicalResult ConvOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  if (failed(checkRankAtLeast(*this, "X", getX(), 3)) ||
      failed(checkRankAtLeast(*this, "W", getW(), 3)))
    return failure();
  auto x = dyn_cast<RankedTensorType>(getX().getType());
  int64_t spatialRank = x ? x.getRank() - 2 : -1;
  FailureOr<SmallVector<int64_t>> kernel =
      inferKernelShape(*this, getW(), spatialRank);
  if (failed(kernel))
    return failure();
  FailureOr<Window> window = getWindow(*this, *kernel);
  int64_t group = getGroup();
  int64_t outChannels =
      mergeDims(getDimOrDynamic(getW(), 0), getDimOrDynamic(getB(), 0));
  if (failed(window) ||
      failed(checkGroups(*this, "output", outChannels, group)) ||
      failed(checkShape(*this, "B", getB(), {outChannels})))
    return failure();
  if (!x)
    return inferUnranked(*this, types);

  bool last = getChannelsLast();
  int64_t channels = last ? x.getShape().back() : x.getDimSize(1);
  int64_t perGroup = getDimOrDynamic(getW(), 1);
  if (failed(checkGroups(*this, "input", channels, group)))
    return failure();
  if (!ShapedType::isDynamic(channels) && !ShapedType::isDynamic(perGroup) &&
      channels / group != perGroup)
    return emitOpError() << "W is " << getW().getType() << ", but " << channels
                         << " input channels in " << group << " groups need "
                         << channels / group << " in its dimension 1";
  FailureOr<SmallVector<int64_t>> sizes = inferWindowSizes(
      *this, *window, x.getShape().slice(last ? 1 : 2, spatialRank));
  if (failed(sizes))
    return failure();
  SmallVector<int64_t> shape = {x.getDimSize(0)};
  if (!last)
    shape.push_back(outChannels);
  shape.append(*sizes);
  if (last)
    shape.push_back(outChannels);
  types.push_back(RankedTensorType::get(shape, x.getElementType()));
  return success();
}

LogicalResult ConvTransposeOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  if (failed(checkRankAtLeast(*this, "X", getX(), 3)) ||
      failed(checkRankAtLeast(*this, "W", getW(), 3)))
    return failure();
  auto x = dyn_cast<RankedTensorType>(getX().getType());
  int64_t spatialRank = x ? x.getRank() - 2 : -1;
  FailureOr<SmallVector<int64_t>> kernel =
      inferKernelShape(*this, getW(), spatialRank);
  if (failed(kernel))
    return failure();
  FailureOr<Window> window = getWindow(*this, *kernel);
  int64_t group = getGroup();
  int64_t channels =
      mergeDims(getDimOrDynamic(getX(), 1), getDimOrDynamic(getW(), 0));
  if (failed(window) || failed(checkGroups(*this, "input", channels, group)))
    return failure();
  SmallVector<int64_t> expectedW(kernel->size() + 2, ShapedType::kDynamic);
  expectedW[0] = channels;
  if (failed(checkShape(*this, "W", getW(), expectedW)))
    return failure();
  int64_t perGroup = getDimOrDynamic(getW(), 1);
  int64_t outChannels = ShapedType::isDynamic(perGroup)
                            ? getDimOrDynamic(getB(), 0)
                            : perGroup * group;
  if (failed(checkShape(*this, "B", getB(), {outChannels})))
    return failure();
  if (!x)
    return inferUnranked(*this, types);
  FailureOr<SmallVector<int64_t>> sizes = inferWindowSizes(
      *this, *window, x.getShape().drop_front(2), /*transposed=*/true);
  if (failed(sizes))
    return failure();
  SmallVector<int64_t> shape = {x.getDimSize(0), outChannels};
  shape.append(*sizes);
  types.push_back(RankedTensorType::get(shape, x.getElementType()));
  return success();
}
