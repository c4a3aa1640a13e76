//===- ShapeValues.cpp - What is known of computed shapes -----------------===//

#include "passes/graph/ShapeValues.h"
#include "dialects/onnx/Creation.h"
#include "dialects/onnx/Elementwise.h"
#include "dialects/onnx/Movement.h"
#include "dialects/onnx/Reduction.h"
#include "mlir/IR/TypeUtilities.h"
#include "passes/graph/GraphUtils.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace assay;

using Element = ShapeValues::Element;
using Elements = ShapeValues::Elements;

/// Shapes are short; longer tensors are data.
static constexpr int64_t kMaxElements = 64;

static Elements fromInts(ArrayRef<int64_t> ints) {
  Elements elements;
  for (int64_t value : ints)
    elements.push_back({value, {}, 0});
  return elements;
}

static Elements fromShape(onnx::ShapeOp op) {
  auto type = cast<RankedTensorType>(op.getData().getType());
  int64_t rank = type.getRank();
  auto clamp = [&](int64_t axis) {
    return std::clamp<int64_t>(axis < 0 ? axis + rank : axis, 0, rank);
  };
  int64_t end = clamp(op.getEnd().value_or(rank));
  Elements elements;
  for (int64_t axis = clamp(op.getStart()); axis < end; ++axis) {
    if (type.isDynamicDim(axis))
      elements.push_back({std::nullopt, op.getData(), axis});
    else
      elements.push_back({type.getDimSize(axis), {}, 0});
  }
  return elements;
}

static std::optional<Elements> gather(const Elements &data,
                                      ArrayRef<int64_t> indices) {
  Elements elements;
  int64_t size = data.size();
  for (int64_t index : indices) {
    if (index < -size || index >= size)
      return std::nullopt;
    elements.push_back(data[index < 0 ? index + size : index]);
  }
  return elements;
}

/// Slice of a vector with constant bounds (operator specification, Slice-13).
static std::optional<Elements> slice(const Elements &data, onnx::SliceOp op) {
  auto starts = onnx::getConstantInts(op.getStarts());
  auto ends = onnx::getConstantInts(op.getEnds());
  auto steps = op.getSteps() ? onnx::getConstantInts(op.getSteps())
                             : SmallVector<int64_t>{1};
  int64_t size = data.size();
  if (!starts || !ends || !steps || starts->size() != 1 || ends->size() != 1 ||
      steps->size() != 1 || steps->front() == 0)
    return std::nullopt;
  int64_t step = steps->front();
  auto bound = [&](int64_t at) {
    at = at < 0 ? at + size : at;
    return step > 0 ? std::clamp<int64_t>(at, 0, size)
                    : std::clamp<int64_t>(at, -1, size - 1);
  };
  Elements elements;
  int64_t end = bound(ends->front());
  if (step > size || step < -size)
    step = step > 0 ? size + 1 : -size - 1;
  for (int64_t at = bound(starts->front()); step > 0 ? at < end : at > end;
       at += step) {
    if (at < 0 || at >= size)
      break;
    elements.push_back(data[at]);
  }
  return elements;
}

/// Add, Sub, Mul and Div of numbers; a dimension times or over one is itself.
static Element combine(Operation *op, const Element &a, const Element &b) {
  if (isa<onnx::MulOp>(op) && b.number == 1)
    return a;
  if (isa<onnx::MulOp>(op) && a.number == 1)
    return b;
  if (isa<onnx::DivOp>(op) && b.number == 1)
    return a;
  if (!a.number || !b.number)
    return {};
  int64_t result = 0;
  bool overflow = TypeSwitch<Operation *, bool>(op)
                      .Case([&](onnx::AddOp) {
                        return llvm::AddOverflow(*a.number, *b.number, result);
                      })
                      .Case([&](onnx::SubOp) {
                        return llvm::SubOverflow(*a.number, *b.number, result);
                      })
                      .Case([&](onnx::MulOp) {
                        return llvm::MulOverflow(*a.number, *b.number, result);
                      })
                      .Case([&](onnx::DivOp) {
                        if (*b.number <= 0)
                          return true;
                        result = *a.number / *b.number;
                        return false;
                      })
                      .Default([](Operation *) { return true; });
  return overflow ? Element{} : Element{result, {}, 0};
}

static std::optional<Elements> combine(Operation *op, const Elements &a,
                                       const Elements &b) {
  size_t size = std::max(a.size(), b.size());
  if ((a.size() != size && a.size() != 1) ||
      (b.size() != size && b.size() != 1))
    return std::nullopt;
  Elements elements;
  for (size_t i = 0; i < size; ++i)
    elements.push_back(
        combine(op, a[a.size() == 1 ? 0 : i], b[b.size() == 1 ? 0 : i]));
  return elements;
}

static bool isFollowed(Value value) {
  RankedTensorType type = getStaticType(value);
  return type && type.getRank() <= 1 && type.getNumElements() <= kMaxElements &&
         (type.getElementType().isInteger(64) ||
          type.getElementType().isInteger(32));
}

std::optional<Elements> ShapeValues::get(Value value) {
  if (!isFollowed(value))
    return std::nullopt;
  auto found = known.find(value);
  if (found != known.end())
    return found->second;
  std::optional<Elements> elements = compute(value);
  if (elements && static_cast<int64_t>(elements->size()) !=
                      cast<RankedTensorType>(value.getType()).getNumElements())
    elements = std::nullopt;
  known[value] = elements;
  return elements;
}

std::optional<Elements> ShapeValues::compute(Value value) {
  if (auto ints = onnx::getConstantInts(value))
    return fromInts(*ints);
  Operation *op = value.getDefiningOp();
  if (!op)
    return std::nullopt;
  using Result = std::optional<Elements>;
  return TypeSwitch<Operation *, Result>(op)
      .Case([&](onnx::ShapeOp shape) -> Result {
        if (!isa<RankedTensorType>(shape.getData().getType()))
          return std::nullopt;
        return fromShape(shape);
      })
      .Case<onnx::CastOp, onnx::IdentityOp, onnx::ReshapeOp, onnx::SqueezeOp,
            onnx::UnsqueezeOp>(
          [&](Operation *same) { return get(same->getOperand(0)); })
      .Case([&](onnx::GatherOp op) -> Result {
        Result data = get(op.getData());
        auto indices = onnx::getConstantInts(op.getIndices());
        if (!data || !indices)
          return std::nullopt;
        return gather(*data, *indices);
      })
      .Case([&](onnx::SliceOp op) -> Result {
        Result data = get(op.getData());
        return data ? slice(*data, op) : std::nullopt;
      })
      .Case([&](onnx::ConcatOp op) -> Result {
        Elements elements;
        for (Value operand : op->getOperands()) {
          Result part = get(operand);
          if (!part)
            return std::nullopt;
          llvm::append_range(elements, *part);
        }
        return elements;
      })
      .Case<onnx::AddOp, onnx::SubOp, onnx::MulOp, onnx::DivOp>(
          [&](Operation *op) -> Result {
            Result a = get(op->getOperand(0));
            Result b = get(op->getOperand(1));
            if (!a || !b)
              return std::nullopt;
            return combine(op, *a, *b);
          })
      .Default([](Operation *) { return std::nullopt; });
}

std::optional<SmallVector<int64_t>> ShapeValues::getKnown(onnx::OnnxOp op) {
  if (op->getNumResults() != 1)
    return std::nullopt;
  std::optional<Elements> elements = get(op->getResult(0));
  if (!elements)
    return std::nullopt;
  SmallVector<int64_t> numbers;
  for (const Element &element : *elements) {
    if (!element.number)
      return std::nullopt;
    numbers.push_back(*element.number);
  }
  return numbers;
}

/// The constant shape of a Reshape that says the same as `elements`, if there
/// is one.
static std::optional<SmallVector<int64_t>>
expressReshape(const Elements &elements, Value data) {
  auto dataType = dyn_cast<RankedTensorType>(data.getType());
  SmallVector<int64_t> shape;
  bool inferred = false;
  for (auto [axis, element] : llvm::enumerate(elements)) {
    if (element.number) {
      // A computed 0 would copy a dimension, -1 infer one: both stay as given.
      if (*element.number == -1 && std::exchange(inferred, true))
        return std::nullopt;
      shape.push_back(*element.number);
      continue;
    }
    bool copies = element.tensor == data && dataType &&
                  element.axis == static_cast<int64_t>(axis) &&
                  static_cast<int64_t>(axis) < dataType.getRank();
    shape.push_back(copies ? 0 : -1);
    if (!copies && std::exchange(inferred, true))
      return std::nullopt;
  }
  return shape;
}

void ShapeValues::simplifyOperands(onnx::OnnxOp op) {
  auto reshape = dyn_cast<onnx::ReshapeOp>(op.getOperation());
  if (!reshape || reshape.getAllowzero() ||
      onnx::getConstantInts(reshape.getShape()))
    return;
  std::optional<Elements> elements = get(reshape.getShape());
  if (!elements)
    return;
  std::optional<SmallVector<int64_t>> shape =
      expressReshape(*elements, reshape.getData());
  if (!shape)
    return;
  OpBuilder builder(op);
  reshape.getShapeMutable().assign(makeInts(builder, op.getLoc(), *shape));
}

void ShapeValues::refineResult(onnx::OnnxOp op) {
  Value shape;
  if (auto expand = dyn_cast<onnx::ExpandOp>(op.getOperation()))
    shape = expand.getShape();
  else if (auto fill = dyn_cast<onnx::ConstantOfShapeOp>(op.getOperation()))
    shape = fill.getInput();
  else if (auto reshape = dyn_cast<onnx::ReshapeOp>(op.getOperation()))
    shape = reshape.getShape();
  if (!shape || onnx::getConstantInts(shape))
    return;
  std::optional<Elements> elements = get(shape);
  if (!elements)
    return;
  bool isExpand = isa<onnx::ExpandOp>(op.getOperation());
  auto result = cast<TensorType>(op->getResult(0).getType());
  auto input = dyn_cast<RankedTensorType>(op->getOperand(0).getType());
  if (isExpand &&
      (!input || input.getRank() > static_cast<int64_t>(elements->size())))
    return;
  SmallVector<int64_t> dims;
  for (const Element &element : *elements) {
    // An Expand by 1 keeps the input's dimension; 0 and -1 in a Reshape are no
    // sizes.
    bool isSize = element.number && *element.number > (isExpand ? 1 : 0);
    dims.push_back(isSize ? *element.number : ShapedType::kDynamic);
  }
  op->getResult(0).setType(
      mergeTypes(result, RankedTensorType::get(dims, result.getElementType())));
}
