//===- OnnxDialect.cpp - The onnx dialect and its types -------------------===//

#include "dialects/onnx/OnnxDialect.h"
#include "dialects/onnx/Creation.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace assay::onnx;

#include "dialects/onnx/OnnxDialect.cpp.inc"
#include "dialects/onnx/OnnxInterfaces.cpp.inc"

#define GET_TYPEDEF_CLASSES
#include "dialects/onnx/OnnxTypes.cpp.inc"

void OnnxDialect::initialize() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "dialects/onnx/OnnxTypes.cpp.inc"
      >();
  registerActivationOps();
  registerContractionOps();
  registerConvolutionOps();
  registerCreationOps();
  registerElementwiseOps();
  registerMovementOps();
  registerNormalizationOps();
  registerPoolingOps();
  registerQuantizationOps();
  registerRecurrentOps();
  registerReductionOps();
  registerResamplingOps();
}

Operation *OnnxDialect::materializeConstant(OpBuilder &builder, Attribute value,
                                            Type type, Location loc) {
  auto elements = dyn_cast<ElementsAttr>(value);
  if (!elements || elements.getType() != type)
    return nullptr;
  return ConstantOp::create(builder, loc, type, elements);
}
