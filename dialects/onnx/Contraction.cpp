//===- Contraction.cpp - Contraction operators of the onnx dialect --------===//

#include "dialects/onnx/Contraction.h"
#include "dialects/onnx/Einsum.h"
#include "dialects/onnx/ShapeUtils.h"

using namespace mlir;
using namespace assay::onnx;

#define GET_OP_CLASSES
#include "dialects/onnx/Contraction.cpp.inc"

void OnnxDialect::registerContractionOps() {
  addOperations<
#define GET_OP_LIST
#include "dialects/onnx/Contraction.cpp.inc"
      >();
}

LogicalResult EinsumOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  if (getInputs().empty())
    return emitOpError() << "has no input, but at least one is expected";
  SmallVector<int64_t> ranks;
  SmallVector<ArrayRef<int64_t>> shapes;
  for (Value input : getInputs()) {
    auto type = dyn_cast<RankedTensorType>(input.getType());
    if (!type)
      return inferUnranked(*this, types);
    ranks.push_back(type.getRank());
    shapes.push_back(type.getShape());
  }
  std::string error;
  FailureOr<EinsumEquation> equation =
      EinsumEquation::parse(getEquation(), ranks, error);
  FailureOr<SmallVector<int64_t>> sizes = failure();
  if (succeeded(equation))
    sizes = equation->getLabelSizes(shapes, error);
  if (failed(sizes))
    return emitOpError() << "equation '" << getEquation()
                         << "' does not fit: " << error;
  SmallVector<int64_t> shape;
  for (unsigned label : equation->output)
    shape.push_back((*sizes)[label]);
  types.push_back(RankedTensorType::get(shape, getResultElementType(*this, 0)));
  return success();
}

LogicalResult GemmOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  constexpr int64_t kAny = ShapedType::kDynamic;
  if (failed(checkShape(*this, "A", getA(), {kAny, kAny})) ||
      failed(checkShape(*this, "B", getB(), {kAny, kAny})))
    return failure();
  int64_t m = getDimOrDynamic(getA(), getTransA() ? 1 : 0);
  int64_t k = getDimOrDynamic(getA(), getTransA() ? 0 : 1);
  int64_t n = getDimOrDynamic(getB(), getTransB() ? 0 : 1);
  SmallVector<int64_t> expectedB = {k, n};
  if (getTransB())
    std::swap(expectedB[0], expectedB[1]);
  if (failed(checkShape(*this, "B", getB(), expectedB)) ||
      failed(checkBroadcastsTo(*this, "C", getC(), {m, n})))
    return failure();
  types.push_back(
      RankedTensorType::get({m, n}, getResultElementType(*this, 0)));
  return success();
}

LogicalResult MatMulOp::inferResultTypes(SmallVectorImpl<Type> &types) {
  if (failed(checkRankAtLeast(*this, "A", getA(), 1)) ||
      failed(checkRankAtLeast(*this, "B", getB(), 1)))
    return failure();
  auto a = dyn_cast<RankedTensorType>(getA().getType());
  auto b = dyn_cast<RankedTensorType>(getB().getType());
  if (!a || !b)
    return inferUnranked(*this, types);
  ArrayRef<int64_t> aShape = a.getShape(), bShape = b.getShape();
  int64_t aInner = aShape.back();
  int64_t bInner = bShape[bShape.size() == 1 ? 0 : bShape.size() - 2];
  if (!ShapedType::isDynamic(aInner) && !ShapedType::isDynamic(bInner) &&
      aInner != bInner)
    return emitOpError() << "inner dimensions " << aInner << " and " << bInner
                         << " of " << a << " and " << b << " differ";
  FailureOr<SmallVector<int64_t>> shape =
      broadcastShapes({aShape.drop_back(std::min<size_t>(2, aShape.size())),
                       bShape.drop_back(std::min<size_t>(2, bShape.size()))});
  if (failed(shape))
    return emitOpError() << "batch dimensions of " << a << " and " << b
                         << " do not broadcast";
  if (aShape.size() > 1)
    shape->push_back(aShape[aShape.size() - 2]);
  if (bShape.size() > 1)
    shape->push_back(bShape.back());
  types.push_back(RankedTensorType::get(*shape, a.getElementType()));
  return success();
}
