//===- GraphUtils.cpp - Helpers for rewriting onnx graphs -----------------===//

#include "passes/graph/GraphUtils.h"
#include "dialects/onnx/Creation.h"
#include "dialects/onnx/reference/Tensor.h"

using namespace mlir;
using namespace assay;

Type assay::mergeTypes(Type known, Type inferred) {
  auto knownTensor = cast<TensorType>(known);
  auto inferredRanked = dyn_cast<RankedTensorType>(inferred);
  if (!inferredRanked ||
      inferredRanked.getElementType() != knownTensor.getElementType())
    return known;
  if (!knownTensor.hasRank())
    return inferred;
  if (knownTensor.getRank() != inferredRanked.getRank())
    return known;
  SmallVector<int64_t> shape(knownTensor.getShape());
  for (auto [dim, other] : llvm::zip_equal(shape, inferredRanked.getShape()))
    if (ShapedType::isDynamic(dim))
      dim = other;
  return RankedTensorType::get(shape, knownTensor.getElementType());
}

FailureOr<bool> assay::refineResultTypes(onnx::OnnxOp op) {
  SmallVector<Type> inferred;
  if (failed(op.inferResultTypes(inferred)))
    return failure();
  bool changed = false;
  for (auto [result, type] : llvm::zip_equal(op->getResults(), inferred)) {
    Type merged = mergeTypes(result.getType(), type);
    changed |= merged != result.getType();
    result.setType(merged);
  }
  return changed;
}

void assay::updateResultTypes(func::FuncOp function) {
  if (function.isExternal())
    return;
  auto ret = dyn_cast<func::ReturnOp>(function.getBody().back().back());
  if (ret)
    function.setFunctionType(FunctionType::get(function.getContext(),
                                               function.getArgumentTypes(),
                                               ret.getOperandTypes()));
}

bool assay::canReplaceType(Type from, Type to) {
  return from == to || (isa<TensorType>(from) && isa<TensorType>(to) &&
                        cast<TensorType>(from).getElementType() ==
                            cast<TensorType>(to).getElementType() &&
                        mergeTypes(to, from) == to &&
                        (!cast<TensorType>(from).hasRank() ||
                         succeeded(verifyCompatibleShape(from, to))));
}

LogicalResult assay::replaceIfCompatible(PatternRewriter &rewriter,
                                         Operation *op, Value value) {
  if (!value || !canReplaceType(op->getResult(0).getType(), value.getType()))
    return failure();
  for (Value result : op->getResults().drop_front())
    if (!result.use_empty())
      return failure();
  rewriter.replaceAllUsesWith(op->getResult(0), value);
  rewriter.eraseOp(op);
  return success();
}

LogicalResult assay::replaceByOp(PatternRewriter &rewriter, Operation *op,
                                 StringRef name, ArrayRef<Value> inputs,
                                 ArrayRef<NamedAttribute> attributes) {
  Operation *built =
      onnx::buildOnnxOp(rewriter, op->getLoc(), name, inputs, attributes);
  if (!built)
    return failure();
  Value result = built->getResult(0);
  result.setType(mergeTypes(result.getType(), op->getResult(0).getType()));
  rewriter.replaceOp(op, result);
  return success();
}

std::optional<double> assay::getSplat(Value value) {
  ElementsAttr elements = onnx::getConstant(value);
  if (!elements || !elements.isSplat() ||
      !isa<FloatType, IntegerType>(elements.getElementType()))
    return std::nullopt;
  if (auto type = dyn_cast<FloatType>(elements.getElementType())) {
    bool lossy;
    APFloat splat = elements.getSplatValue<APFloat>();
    splat.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven, &lossy);
    return splat.convertToDouble();
  }
  APInt splat = elements.getSplatValue<APInt>();
  return elements.getElementType().isUnsignedInteger() ||
                 elements.getElementType().isInteger(1)
             ? splat.roundToDouble(/*isSigned=*/false)
             : splat.roundToDouble(/*isSigned=*/true);
}

Value assay::makeInts(OpBuilder &builder, Location loc,
                      ArrayRef<int64_t> values) {
  ElementsAttr elements = builder.getI64TensorAttr(values);
  return onnx::ConstantOp::create(builder, loc, elements.getType(), elements);
}

RankedTensorType assay::getStaticType(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && type.hasStaticShape() ? type : RankedTensorType();
}
