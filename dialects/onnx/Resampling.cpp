//===- Resampling.cpp - Resampling operators of the onnx dialect ----------===//

#include "dialects/onnx/Resampling.h"
#include "dialects/onnx/ShapeUtils.h"
#include "mlir/IR/TypeUtilities.h"
#include <cmath>

using namespace mlir;
using namespace assay::onnx;

#define GET_OP_CLASSES
#include "dialects/onnx/Resampling.cpp.inc"

void OnnxDialect::registerResamplingOps() {
  addOperations<
#define GET_OP_LIST
#include "dialects/onnx/Resampling.cpp.inc"
      >();
}

static Value nullIfEmpty(Value value) {
  return value && getVectorLength(value) == 0 ? Value() : value;
}

Value ResizeOp::getScalesOrNull() { return nullIfEmpty(getScales()); }
Value ResizeOp::getSizesOrNull() { return nullIfEmpty(getSizes()); }
Value ResizeOp::getRoiOrNull() { return nullIfEmpty(getRoi()); }

FailureOr<SmallVector<int64_t>> ResizeOp::getResizedAxes(int64_t rank) {
  if (!getAxes())
    return llvm::to_vector(llvm::seq<int64_t>(rank));
  return normalizeAxes(*this, *getAxes(), rank);
}

int64_t assay::onnx::scaleDim(int64_t dim, float scale) {
  return static_cast<int64_t>(std::floor(static_cast<float>(dim) * scale));
}

SmallVector<double>
assay::onnx::applyAspectPolicy(StringRef policy, ArrayRef<int64_t> dims,
                               MutableArrayRef<int64_t> sizes) {
  SmallVector<double> scales;
  for (auto [dim, size] : llvm::zip_equal(dims, sizes))
    scales.push_back(static_cast<double>(size) / dim);
  if (policy == "stretch" || scales.empty())
    return scales;
  double scale = policy == "not_larger" ? *llvm::min_element(scales)
                                        : *llvm::max_element(scales);
  for (auto [dim, size] : llvm::zip_equal(dims, sizes))
    size = static_cast<int64_t>(std::floor(scale * dim + 0.5));
  return SmallVector<double>(scales.size(), scale);
}

static LogicalResult verifyChoice(ResizeOp op, StringRef name, StringRef value,
                                  ArrayRef<StringRef> choices) {
  if (llvm::is_contained(choices, value))
    return success();
  InFlightDiagnostic diagnostic = op.emitOpError()
                                  << name << " must be one of ";
  llvm::interleaveComma(choices, diagnostic);
  return diagnostic << ", but is '" << value << "'";
}

static LogicalResult verifyModes(ResizeOp op) {
  if (failed(verifyChoice(op, "mode", op.getMode(),
                          {"nearest", "linear", "cubic"})) ||
      failed(verifyChoice(
          op, "nearest_mode", op.getNearestMode(),
          {"round_prefer_floor", "round_prefer_ceil", "floor", "ceil"})) ||
      failed(verifyChoice(op, "keep_aspect_ratio_policy",
                          op.getKeepAspectRatioPolicy(),
                          {"stretch", "not_larger", "not_smaller"})) ||
      failed(verifyChoice(op, "coordinate_transformation_mode",
                          op.getCoordinateTransformationMode(),
                          {"half_pixel", "half_pixel_symmetric",
                           "pytorch_half_pixel", "align_corners", "asymmetric",
                           "tf_crop_and_resize", "tf_half_pixel_for_nn"})))
    return failure();
  if (op.getAntialias() && op.getMode() == "nearest")
    return op.emitOpError() << "antialias needs mode linear or cubic";
  if (op.getCoordinateTransformationMode() == "tf_crop_and_resize" &&
      !op.getRoiOrNull())
    return op.emitOpError() << "tf_crop_and_resize needs the input roi";
  if (!op.getScalesOrNull() == !op.getSizesOrNull())
    return op.emitOpError() << "needs exactly one of the inputs scales and "
                               "sizes";
  return success();
}

/// scales and sizes have an element for each axis, roi two.
static LogicalResult verifyLengths(ResizeOp op, int64_t numAxes) {
  std::tuple<StringRef, Value, int64_t> inputs[] = {
      {"scales", op.getScalesOrNull(), numAxes},
      {"sizes", op.getSizesOrNull(), numAxes},
      {"roi", op.getRoiOrNull(), 2 * numAxes}};
  for (auto [name, value, expected] : inputs) {
    if (failed(verifyRank(op, value, name, 1)))
      return failure();
    std::optional<int64_t> length = getVectorLength(value);
    // Without tf_crop_and_resize any roi is ignored.
    bool used = name != "roi" ||
                op.getCoordinateTransformationMode() == "tf_crop_and_resize";
    if (used && length && *length != expected)
      return op.emitOpError()
             << name << " must have " << expected << " elements for " << numAxes
             << " axes, but has " << *length;
  }
  return success();
}

static LogicalResult inferFromScales(ResizeOp op, ArrayRef<double> scales,
                                     ArrayRef<int64_t> axes,
                                     MutableArrayRef<int64_t> shape) {
  for (auto [axis, scale] : llvm::zip_equal(axes, scales)) {
    if (!(scale > 0) || std::isinf(scale))
      return op.emitOpError()
             << "scales must be positive, but one is " << scale;
    if (ShapedType::isDynamic(shape[axis]))
      continue;
    if (shape[axis] * scale >= 0x1p62)
      return op.emitOpError() << "dimension " << axis << " scaled by " << scale
                              << " does not fit 62 bits";
    shape[axis] = scaleDim(shape[axis], static_cast<float>(scale));
  }
  return success();
}

static LogicalResult inferFromSizes(ResizeOp op, ArrayRef<int64_t> sizes,
                                    ArrayRef<int64_t> axes,
                                    MutableArrayRef<int64_t> shape) {
  SmallVector<int64_t> dims, result(sizes);
  for (auto [axis, size] : llvm::zip_equal(axes, sizes)) {
    if (size < 0)
      return op.emitOpError()
             << "sizes must be non-negative, but one is " << size;
    if (shape[axis] == 0 && size != 0)
      return op.emitOpError()
             << "cannot resize dimension " << axis << " of size 0 to " << size;
    dims.push_back(shape[axis]);
  }
  bool stretch = op.getKeepAspectRatioPolicy() == "stretch";
  if (!stretch && ShapedType::isDynamicShape(dims)) {
    result.assign(result.size(), ShapedType::kDynamic);
  } else if (!stretch) {
    SmallVector<double> scales =
        applyAspectPolicy(op.getKeepAspectRatioPolicy(), dims, result);
    for (auto [axis, dim, scale] : llvm::zip_equal(axes, dims, scales))
      if (!(dim * scale < 0x1p62))
        return op.emitOpError() << "dimension " << axis << " scaled by "
                                << scale << " does not fit 62 bits";
  }
  for (auto [axis, size] : llvm::zip_equal(axes, result))
    shape[axis] = size;
  return success();
}

LogicalResult ResizeOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  if (failed(verifyModes(*this)))
    return failure();
  auto shape = getRankedShape(getX());
  if (!shape)
    return inferUnranked(*this, types);
  FailureOr<SmallVector<int64_t>> axes = getResizedAxes(shape->size());
  if (failed(axes) || failed(verifyLengths(*this, axes->size())))
    return failure();
  SmallVector<int64_t> result(*shape);
  Value scalesInput = getScalesOrNull(), sizesInput = getSizesOrNull();
  std::optional<SmallVector<double>> scales = getConstantDoubles(scalesInput);
  std::optional<SmallVector<int64_t>> sizes = getConstantInts(sizesInput);
  if (scales) {
    if (failed(inferFromScales(*this, *scales, *axes, result)))
      return failure();
  } else if (sizes) {
    if (failed(inferFromSizes(*this, *sizes, *axes, result)))
      return failure();
  } else {
    for (int64_t axis : *axes)
      result[axis] = ShapedType::kDynamic;
  }
  return addResult(*this, result, getElementTypeOrSelf(getX().getType()),
                   types);
}
