//===- Resampling.cpp - Older forms of resampling -------------------------===//

#include "compiler/import/Import.h"
#include "compiler/import/upgrade/Upgrade.h"
#include "dialects/onnx/OnnxOp.h"

using namespace mlir;
using namespace assay;

/// Upsample-7 has its scales as an attribute.
static LogicalResult moveScales(NodeForm &form) {
  auto scales = form.take<DenseF32ArrayAttr>("scales");
  if (!scales)
    return emitError(form.loc) << "lacks its required attribute 'scales'";
  form.setInput(1, form.makeFloats(scales.asArrayRef()));
  return success();
}

/// Upsample-9 is Resize-10.
static LogicalResult renameUpsample(NodeForm &form) {
  form.name = "Resize";
  return success();
}

/// Resize-10 has no roi, and maps coordinates by x / scale, rounded down.
static LogicalResult upgradeResize(NodeForm &form) {
  if (form.inputs.size() != 2)
    return emitError(form.loc)
           << "takes 2 inputs before opset 11, but has " << form.inputs.size();
  form.inputs = {form.inputs[0], Value(), form.inputs[1]};
  form.attributes.set("coordinate_transformation_mode",
                      form.builder.getStringAttr("asymmetric"));
  form.attributes.set("nearest_mode", form.builder.getStringAttr("floor"));
  return success();
}

/// The mode tf_half_pixel_for_nn of Resize-11 maps x to (x + 0.5) / scale, half
/// above half_pixel; the rounding makes up for it.
static LogicalResult replaceTfHalfPixel(NodeForm &form) {
  auto mode = dyn_cast_or_null<StringAttr>(
      form.attributes.get("coordinate_transformation_mode"));
  if (!mode || mode.getValue() != "tf_half_pixel_for_nn")
    return success();
  auto rounding = form.take<StringAttr>("nearest_mode");
  StringRef name = rounding ? rounding.getValue() : "round_prefer_floor";
  StringRef replacement = name == "round_prefer_floor" ? "ceil"
                          : name == "floor"            ? "round_prefer_ceil"
                                                       : "";
  if (replacement.empty())
    return emitError(form.loc)
           << "has coordinate_transformation_mode tf_half_pixel_for_nn with "
              "nearest_mode "
           << name << "; only round_prefer_floor and floor are supported";
  form.attributes.set("coordinate_transformation_mode",
                      form.builder.getStringAttr("half_pixel"));
  form.attributes.set("nearest_mode", form.builder.getStringAttr(replacement));
  return success();
}

/// An empty roi or scales stands for an absent one; Resize-11 demands both.
static LogicalResult dropEmptyInputs(NodeForm &form) {
  for (size_t position : {1, 2}) {
    Value input = form.getInput(position);
    auto type = input ? dyn_cast<RankedTensorType>(input.getType())
                      : RankedTensorType();
    if (type && type.hasStaticShape() && type.getNumElements() == 0)
      form.inputs[position] = Value();
  }
  return success();
}

ArrayRef<UpgradeRule> assay::getResamplingUpgrades() {
  static constexpr UpgradeRule rules[] = {
      {"Upsample", 9, moveScales},
      {"Upsample", 10, renameUpsample},
      {"Resize", 11, upgradeResize},
      {"Resize", 13, replaceTfHalfPixel},
      {"Resize", kMaxOpset + 1, dropEmptyInputs},
  };
  return rules;
}
