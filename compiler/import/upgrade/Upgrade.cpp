//===- Upgrade.cpp - Older operator forms to the newest -------------------===//

#include "compiler/import/upgrade/Upgrade.h"
#include "dialects/onnx/Creation.h"
#include "dialects/onnx/OnnxOp.h"

using namespace mlir;
using namespace assay;

void NodeForm::setInput(size_t position, Value value) {
  inputs.resize(std::max(inputs.size(), position + 1));
  inputs[position] = value;
}

int64_t NodeForm::takeInt(StringRef attribute, int64_t otherwise) {
  auto value = take<IntegerAttr>(attribute);
  return value ? value.getInt() : otherwise;
}

static Value makeConstant(NodeForm &form, ElementsAttr value) {
  return onnx::ConstantOp::create(form.builder, form.loc, value.getType(),
                                  value);
}

Value NodeForm::makeInts(ArrayRef<int64_t> values) {
  return makeConstant(*this, builder.getI64TensorAttr(values));
}

Value NodeForm::makeInt(int64_t value) {
  auto type = RankedTensorType::get({}, builder.getI64Type());
  return makeConstant(*this, DenseElementsAttr::get(type, value));
}

Value NodeForm::makeScalar(Type elementType, double value) {
  Attribute scalar;
  if (isa<FloatType>(elementType))
    scalar = builder.getFloatAttr(elementType, value);
  else
    scalar = builder.getIntegerAttr(elementType, static_cast<int64_t>(value));
  return makeConstant(
      *this,
      DenseElementsAttr::get(RankedTensorType::get({}, elementType), scalar));
}

Value NodeForm::makeFloats(ArrayRef<float> values) {
  auto type = RankedTensorType::get({static_cast<int64_t>(values.size())},
                                    builder.getF32Type());
  return makeConstant(*this, DenseElementsAttr::get(type, values));
}

void NodeForm::moveIntsToInput(StringRef attribute, size_t position) {
  if (auto values = take<DenseI64ArrayAttr>(attribute))
    setInput(position, makeInts(values.asArrayRef()));
}

SmallVector<Value> NodeForm::buildAll(StringRef operatorName,
                                      ArrayRef<Value> operands,
                                      ArrayRef<NamedAttribute> attributes) {
  Operation *op =
      onnx::buildOnnxOp(builder, loc, operatorName, operands, attributes);
  return op ? SmallVector<Value>(op->getResults()) : SmallVector<Value>();
}

Value NodeForm::build(StringRef operatorName, ArrayRef<Value> operands,
                      ArrayRef<NamedAttribute> attributes) {
  SmallVector<Value> results = buildAll(operatorName, operands, attributes);
  return results.empty() ? Value() : results.front();
}

NamedAttribute NodeForm::intAttribute(StringRef attribute, int64_t value) {
  return builder.getNamedAttr(attribute, builder.getI64IntegerAttr(value));
}

static SmallVector<ArrayRef<UpgradeRule>> getFamilies() {
  return {getActivationUpgrades(), getContractionUpgrades(),
          getCreationUpgrades(),   getElementwiseUpgrades(),
          getMovementUpgrades(),   getNormalizationUpgrades(),
          getReductionUpgrades(),  getResamplingUpgrades()};
}

LogicalResult assay::upgradeNode(NodeForm &form) {
  for (ArrayRef<UpgradeRule> family : getFamilies())
    for (const UpgradeRule &rule : family) {
      if (form.opset >= rule.before || rule.operatorName != form.name)
        continue;
      if (failed(rule.rewrite(form)))
        return failure();
      if (!form.results.empty())
        return success();
    }
  return success();
}

bool assay::isUpgradedOperator(StringRef operatorName, int64_t opset) {
  for (ArrayRef<UpgradeRule> family : getFamilies())
    for (const UpgradeRule &rule : family)
      if (opset < rule.before && rule.operatorName == operatorName)
        return true;
  return false;
}
