//===- Creation.cpp - Older forms of constants ----------------------------===//

#include "compiler/import/Import.h"
#include "compiler/import/upgrade/Upgrade.h"
#include "dialects/onnx/OnnxDialect.h"

using namespace mlir;
using namespace assay;

/// The value of a Constant given as anything but a tensor, or null.
static ElementsAttr convertValue(Builder &builder, StringRef name,
                                 Attribute value) {
  auto makeType = [](ArrayRef<int64_t> shape, Type elementType) {
    return RankedTensorType::get(shape, elementType);
  };
  Type string = onnx::StringType::get(builder.getContext());
  if (auto elements = dyn_cast<ElementsAttr>(value);
      elements && (name == "value" || name == "sparse_value"))
    return elements;
  if (auto number = dyn_cast<FloatAttr>(value); number && name == "value_float")
    return DenseElementsAttr::get(makeType({}, number.getType()),
                                  Attribute(number));
  if (auto number = dyn_cast<IntegerAttr>(value); number && name == "value_int")
    return DenseElementsAttr::get(makeType({}, number.getType()),
                                  Attribute(number));
  if (auto list = dyn_cast<DenseF32ArrayAttr>(value);
      list && name == "value_floats")
    return DenseElementsAttr::get(makeType({list.size()}, builder.getF32Type()),
                                  list.asArrayRef());
  if (auto list = dyn_cast<DenseI64ArrayAttr>(value);
      list && name == "value_ints")
    return DenseElementsAttr::get(makeType({list.size()}, builder.getI64Type()),
                                  list.asArrayRef());
  if (auto text = dyn_cast<StringAttr>(value); text && name == "value_string")
    return DenseStringElementsAttr::get(makeType({}, string),
                                        {text.getValue()});
  if (auto list = dyn_cast<ArrayAttr>(value); list && name == "value_strings") {
    auto strings = llvm::to_vector(list.getAsValueRange<StringAttr>());
    return DenseStringElementsAttr::get(
        makeType({static_cast<int64_t>(list.size())}, string), strings);
  }
  return {};
}

/// Constant has its value in one of eight attributes; the dialect in `value`.
static LogicalResult normalizeConstant(NodeForm &form) {
  if (form.attributes.getAttrs().size() != 1)
    return emitError(form.loc)
           << "needs exactly one attribute, its value, but has "
           << form.attributes.getAttrs().size();
  NamedAttribute given = form.attributes.getAttrs().front();
  ElementsAttr value =
      convertValue(form.builder, given.getName(), given.getValue());
  if (!value)
    return emitError(form.loc) << "has the attribute " << given.getName()
                               << ", which is no value of the right kind";
  form.attributes.clear();
  form.attributes.set("value", value);
  return success();
}

ArrayRef<UpgradeRule> assay::getCreationUpgrades() {
  static constexpr UpgradeRule rules[] = {
      {"Constant", kMaxOpset + 1, normalizeConstant},
  };
  return rules;
}
