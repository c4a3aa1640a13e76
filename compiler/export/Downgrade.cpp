//===- Downgrade.cpp - The newest forms to older ones ---------------------===//

#include "compiler/export/Downgrade.h"
#include "compiler/import/OperatorVersions.h"
#include "dialects/onnx/Movement.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace assay;

namespace {

/// An attribute that came after opset 17, and the value that says nothing.
struct NewAttribute {
  StringLiteral operatorName; ///< "Reduce*" stands for all but ReduceSum.
  StringLiteral attribute;
  int64_t since;
  /// The neutral integer, or string; a list is neutral when all ones.
  int64_t number = 0;
  StringLiteral text = "";
};

} // namespace

static constexpr NewAttribute newAttributes[] = {
    {"AveragePool", "dilations", 19},
    {"Cast", "round_mode", 24, 0, "up"},
    {"Cast", "saturate", 19, 1},
    {"CastLike", "round_mode", 24, 0, "up"},
    {"CastLike", "saturate", 19, 1},
    {"DequantizeLinear", "block_size", 21, 0},
    {"DequantizeLinear", "output_dtype", 23},
    {"LpPool", "ceil_mode", 18, 0},
    {"LpPool", "dilations", 18},
    {"QuantizeLinear", "block_size", 21, 0},
    {"QuantizeLinear", "output_dtype", 21},
    {"QuantizeLinear", "precision", 23, 0},
    {"QuantizeLinear", "saturate", 19, 1},
    {"Range", "stash_type", 27, 1},
    {"Reduce*", "noop_with_empty_axes", 18, 0},
    {"Resize", "antialias", 18, 0},
    {"Resize", "axes", 18},
    {"Resize", "keep_aspect_ratio_policy", 18, 0, "stretch"},
    {"SpaceToDepth", "mode", 28, 0, "DCR"},
};

ExportForm::ExportForm(onnx::OnnxOp op) : op(op) {
  for (Value input : op.getOnnxInputs())
    inputs.push_back({input, {}});
  while (!inputs.empty() && !inputs.back())
    inputs.pop_back();
  for (StringAttr name : op->getRegisteredInfo()->getAttributeNames()) {
    if (name.getValue() == "operandSegmentSizes")
      continue;
    if (Attribute value = op->getInherentAttr(name).value_or(Attribute()))
      attributes.set(name, value);
  }
}

static bool isNeutral(const NewAttribute &known, Attribute value) {
  if (auto number = dyn_cast<IntegerAttr>(value))
    return number.getInt() == known.number;
  if (auto text = dyn_cast<StringAttr>(value))
    return text.getValue() == known.text;
  if (auto list = dyn_cast<DenseI64ArrayAttr>(value))
    return known.attribute == "dilations" &&
           llvm::all_of(list.asArrayRef(), [](int64_t d) { return d == 1; });
  return false;
}

/// Reductions whose axes became an input with opset 18.
static bool isNewReduction(StringRef name) {
  return name.starts_with("Reduce") && name != "ReduceSum";
}

/// Drops neutral attributes that `opset` does not have.
static int64_t dropNewAttributes(ExportForm &form, int64_t opset) {
  StringRef name = form.op.getOnnxName();
  int64_t needed = opset;
  for (const NewAttribute &known : newAttributes) {
    bool matches = known.operatorName == "Reduce*" ? isNewReduction(name)
                                                   : known.operatorName == name;
    Attribute value = form.attributes.get(known.attribute);
    if (!matches || !value || opset >= known.since)
      continue;
    if (isNeutral(known, value))
      form.attributes.erase(known.attribute);
    else
      needed = std::max(needed, known.since);
  }
  return needed;
}

static std::optional<SmallVector<int64_t>> getInts(const ExportForm &form,
                                                   size_t position) {
  return position < form.inputs.size()
             ? onnx::getConstantInts(form.inputs[position].value)
             : std::nullopt;
}

static ExportInput makeInts(ExportForm &form, ArrayRef<int64_t> values) {
  return {{}, Builder(form.op->getContext()).getI64TensorAttr(values)};
}

/// The axes of reductions were an attribute before opset 18.
static int64_t moveAxes(ExportForm &form, int64_t opset) {
  if (opset >= 18 || form.inputs.size() < 2)
    return opset;
  std::optional<SmallVector<int64_t>> axes = getInts(form, 1);
  if (!axes)
    return 18;
  form.inputs.resize(1);
  if (!axes->empty())
    form.attributes.set("axes",
                        DenseI64ArrayAttr::get(form.op->getContext(), *axes));
  return opset;
}

/// Pad has pads for all dimensions before opset 18.
static int64_t dropPadAxes(ExportForm &form, int64_t opset) {
  if (opset >= 18 || form.inputs.size() < 4)
    return opset;
  auto type = dyn_cast<RankedTensorType>(form.inputs[0].value.getType());
  std::optional<SmallVector<int64_t>> axes = getInts(form, 3);
  std::optional<SmallVector<int64_t>> pads = getInts(form, 1);
  if (!type || !axes || !pads || pads->size() != 2 * axes->size())
    return 18;
  int64_t rank = type.getRank();
  SmallVector<int64_t> all(2 * rank, 0);
  for (auto [position, axis] : llvm::enumerate(*axes)) {
    int64_t at = axis < 0 ? axis + rank : axis;
    all[at] = (*pads)[position];
    all[at + rank] = (*pads)[position + axes->size()];
  }
  form.inputs[1] = makeInts(form, all);
  form.inputs.resize(form.inputs[2] ? 3 : 2);
  return opset;
}

/// Split counts its parts itself before opset 18, and only into equal ones.
static int64_t countParts(ExportForm &form, int64_t opset) {
  auto split = cast<onnx::SplitOp>(form.op.getOperation());
  bool hasSizes = form.inputs.size() > 1;
  int64_t parts = split->getNumResults();
  if (opset >= 18) {
    if (!hasSizes)
      form.attributes.set(
          "num_outputs",
          Builder(form.op->getContext()).getI64IntegerAttr(parts));
    return opset;
  }
  form.attributes.erase("num_outputs");
  if (hasSizes)
    return opset;
  auto type = dyn_cast<RankedTensorType>(split.getInput().getType());
  int64_t axis = split.getAxis();
  if (!type)
    return 18;
  int64_t size = type.getDimSize(axis < 0 ? axis + type.getRank() : axis);
  if (ShapedType::isDynamic(size))
    return 18;
  if (size % parts == 0)
    return opset;
  SmallVector<int64_t> sizes(parts, llvm::divideCeil(size, parts));
  sizes.back() = size - sizes.back() * (parts - 1);
  if (sizes.back() < 0)
    return 18;
  form.inputs.push_back(makeInts(form, sizes));
  return opset;
}

/// Attribute values that came after opset 17.
static int64_t getValueOpset(ExportForm &form) {
  auto text = [&](StringRef name) {
    auto value = dyn_cast_or_null<StringAttr>(form.attributes.get(name));
    return value ? value.getValue() : "";
  };
  StringRef name = form.op.getOnnxName();
  if (name == "Resize" &&
      text("coordinate_transformation_mode") == "half_pixel_symmetric")
    return 19;
  if (name == "ScatterElements" || name == "ScatterND")
    return text("reduction") == "max" || text("reduction") == "min" ? 18 : 0;
  if (name == "Pad")
    return text("mode") == "wrap" ? 19 : 0;
  if (name == "GroupNormalization")
    return 21;
  return 0;
}

/// The opset that brought bf16 to `op`: before 18, or one of these.
static int64_t getBFloat16Opset(onnx::OnnxOp op) {
  StringRef name = op.getOnnxName();
  if (name == "QuantizeLinear" || name == "DequantizeLinear")
    return 19;
  if (name == "TopK")
    return 24;
  return op.getSinceVersion() == 22 ? 22 : 0;
}

/// The opset that brought the element types of `op`.
static int64_t getTypeOpset(onnx::OnnxOp op) {
  int64_t needed = 0;
  auto visit = [&](Type type) {
    Type element = getElementTypeOrSelf(type);
    int64_t since = 0;
    if (element.isBF16())
      since = getBFloat16Opset(op);
    else if (isa<Float8E4M3FNType, Float8E4M3FNUZType, Float8E5M2Type,
                 Float8E5M2FNUZType>(element))
      since = 19;
    else if (isa<Float4E2M1FNType>(element))
      since = 23;
    else if (isa<Float8E8M0FNUType>(element))
      since = 24;
    else if (element.isInteger(4))
      since = 21;
    else if (element.isInteger(2))
      since = 25;
    needed = std::max(needed, since);
  };
  for (Type type : op->getOperandTypes())
    visit(type);
  for (Type type : op->getResultTypes())
    visit(type);
  Type first = op->getNumOperands()
                   ? getElementTypeOrSelf(op->getOperand(0).getType())
                   : Type();
  StringRef name = op.getOnnxName();
  if (name == "Celu" && !first.isF32())
    needed = 28;
  if (name == "BitShift" && !first.isUnsignedInteger())
    needed = 28;
  if ((name == "ReduceMax" || name == "ReduceMin") && first.isInteger(1))
    needed = std::max<int64_t>(needed, 20);
  return needed;
}

int64_t assay::downgrade(ExportForm &form, int64_t opset) {
  StringRef name = form.op.getOnnxName();
  int64_t needed = std::max(
      {opset, getFirstOpset(name), getTypeOpset(form.op), getValueOpset(form)});
  needed = std::max(needed, dropNewAttributes(form, opset));
  if (isNewReduction(name))
    return std::max(needed, moveAxes(form, opset));
  if (name == "Pad")
    return std::max(needed, dropPadAxes(form, opset));
  if (name == "Split")
    return std::max(needed, countParts(form, opset));
  return needed;
}
