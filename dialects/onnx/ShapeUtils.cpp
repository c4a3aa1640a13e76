//===- ShapeUtils.cpp - Helpers for result type inference -----------------===//

#include "dialects/onnx/ShapeUtils.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace assay::onnx;

Type assay::onnx::getResultElementType(OnnxOp op, unsigned index) {
  const Signature &signature = Signature::get(op.getSignature());
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
      return op->emitOpError()
             << "has no rule for the type of result " << index;
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
    InFlightDiagnostic diagnostic = op->emitOpError()
                                    << "inputs do not broadcast:";
    for (Value input : op->getOperands())
      diagnostic << ' ' << input.getType();
    return diagnostic;
  }
  types.push_back(RankedTensorType::get(*shape, getResultElementType(op, 0)));
  return success();
}

LogicalResult assay::onnx::inferSameShape(OnnxOp op, unsigned like,
                                          SmallVectorImpl<Type> &types) {
  auto ranked = dyn_cast<RankedTensorType>(op.getOnnxInputs()[like].getType());
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

/// Prints `shape` as 2x?x3; a scalar as "scalar".
static std::string formatShape(ArrayRef<int64_t> shape) {
  if (shape.empty())
    return "a scalar";
  std::string text = "shape ";
  llvm::raw_string_ostream stream(text);
  llvm::interleave(
      shape, stream,
      [&](int64_t dim) {
        if (ShapedType::isDynamic(dim))
          stream << '?';
        else
          stream << dim;
      },
      "x");
  return text;
}

LogicalResult assay::onnx::checkShape(OnnxOp op, StringRef name, Value value,
                                      ArrayRef<int64_t> expected) {
  if (!value)
    return success();
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type || succeeded(verifyCompatibleShape(type.getShape(), expected)))
    return success();
  return op->emitOpError() << name << " is " << type << ", but "
                           << formatShape(expected) << " is expected";
}

LogicalResult assay::onnx::checkRankAtLeast(OnnxOp op, StringRef name,
                                            Value value, int64_t least) {
  if (!value)
    return success();
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type || type.getRank() >= least)
    return success();
  return op->emitOpError() << name << " is " << type << ", but rank " << least
                           << " or more is expected";
}

LogicalResult assay::onnx::checkBroadcastsTo(OnnxOp op, StringRef name,
                                             Value value,
                                             ArrayRef<int64_t> shape) {
  if (!value)
    return success();
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type)
    return success();
  size_t rank = type.getRank();
  bool fits = rank <= shape.size();
  if (fits)
    for (auto [dim, target] :
         llvm::zip_equal(type.getShape(), shape.take_back(rank)))
      fits &= dim == 1 || dim == target || ShapedType::isDynamic(dim) ||
              ShapedType::isDynamic(target);
  if (fits)
    return success();
  return op->emitOpError() << name << " is " << type
                           << ", which does not broadcast to "
                           << formatShape(shape);
}

int64_t assay::onnx::getDimOrDynamic(Value value, unsigned dim) {
  auto type = value ? dyn_cast<RankedTensorType>(value.getType()) : nullptr;
  return type && dim < type.getRank() ? type.getDimSize(dim)
                                      : ShapedType::kDynamic;
}

int64_t assay::onnx::mergeDims(int64_t a, int64_t b) {
  return ShapedType::isDynamic(a) ? b : a;
}

LogicalResult assay::onnx::checkFlag(OnnxOp op, StringRef name, int64_t value) {
  if (value == 0 || value == 1)
    return success();
  return op->emitOpError() << name << " is " << value << ", but must be 0 or 1";
}

LogicalResult assay::onnx::checkChoice(OnnxOp op, StringRef name,
                                       StringRef value,
                                       ArrayRef<StringRef> choices) {
  if (llvm::is_contained(choices, value))
    return success();
  InFlightDiagnostic error = op->emitOpError()
                             << name << " is '" << value << "', but must be ";
  llvm::interleave(
      choices, [&](StringRef choice) { error << '\'' << choice << '\''; },
      [&] { error << " or "; });
  return error;
}

LogicalResult assay::onnx::checkScalar(OnnxOp op, StringRef name, Value value) {
  auto type = value ? dyn_cast<RankedTensorType>(value.getType()) : nullptr;
  if (!type || type.getRank() == 0)
    return success();
  if (type.getRank() == 1 && (type.isDynamicDim(0) || type.getDimSize(0) == 1))
    return success();
  return op->emitOpError() << name << " is " << type
                           << ", but must be a scalar";
}

FailureOr<SmallVector<int64_t>>
assay::onnx::normalizeAxes(OnnxOp op, ArrayRef<int64_t> axes, int64_t rank) {
  SmallVector<int64_t> normalized;
  for (int64_t axis : axes) {
    FailureOr<int64_t> positive = normalizeAxis(op, axis, rank);
    if (failed(positive))
      return failure();
    if (llvm::is_contained(normalized, *positive))
      return op->emitOpError()
             << "axis " << axis << " is given twice; axes must be distinct";
    normalized.push_back(*positive);
  }
  return normalized;
}

/// Product of the static dimensions and the element size, without overflow.
static bool fitsAddressSpace(ArrayRef<int64_t> shape, Type element) {
  int64_t bytes = 1;
  if (element.isIntOrFloat())
    bytes = llvm::divideCeil(element.getIntOrFloatBitWidth(), 8);
  else if (auto complex = dyn_cast<ComplexType>(element))
    bytes = complex.getElementType().getIntOrFloatBitWidth() / 4;
  for (int64_t dim : shape)
    if (dim != 0 && !ShapedType::isDynamic(dim) &&
        llvm::MulOverflow(bytes, dim, bytes))
      return false;
  return true;
}

LogicalResult assay::onnx::addResult(OnnxOp op, ArrayRef<int64_t> shape,
                                     Type element,
                                     SmallVectorImpl<Type> &types) {
  if (!fitsAddressSpace(shape, element))
    return op->emitOpError()
           << "result of shape " << shapeToString(shape) << " and element type "
           << element << " is too large; at most 2^63-1 bytes are addressable";
  types.push_back(RankedTensorType::get(shape, element));
  return success();
}

std::string assay::onnx::shapeToString(ArrayRef<int64_t> shape) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << '[';
  llvm::interleaveComma(shape, os, [&](int64_t dim) {
    ShapedType::isDynamic(dim) ? os << '?' : os << dim;
  });
  os << ']';
  return text;
}

std::optional<ArrayRef<int64_t>> assay::onnx::getRankedShape(Value value) {
  if (!value)
    return std::nullopt;
  auto ranked = dyn_cast<RankedTensorType>(value.getType());
  if (!ranked)
    return std::nullopt;
  return ranked.getShape();
}

LogicalResult assay::onnx::verifyRank(OnnxOp op, Value value, StringRef name,
                                      int64_t rank) {
  auto shape = getRankedShape(value);
  if (!shape || static_cast<int64_t>(shape->size()) == rank)
    return success();
  return op->emitOpError() << name << " must be of rank " << rank << ", but is "
                           << value.getType();
}

std::optional<int64_t> assay::onnx::getVectorLength(Value value) {
  auto shape = getRankedShape(value);
  if (!shape || shape->size() != 1 || ShapedType::isDynamic(shape->front()))
    return std::nullopt;
  return shape->front();
}

std::optional<int64_t> assay::onnx::getRankFromLength(Value value) {
  constexpr int64_t kMaxRank = 64;
  std::optional<int64_t> length = getVectorLength(value);
  return length && *length <= kMaxRank ? length : std::nullopt;
}

FailureOr<int64_t> assay::onnx::unifyDims(int64_t left, int64_t right) {
  if (ShapedType::isDynamic(left))
    return right;
  if (ShapedType::isDynamic(right) || left == right)
    return left;
  return failure();
}
