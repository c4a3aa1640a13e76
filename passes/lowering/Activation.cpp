//===- Activation.cpp - Lowering of activation operators ----------------===//

#include "dialects/onnx/Activation.h"
#include "passes/lowering/LoweringUtils.h"
#include "passes/lowering/OnnxToLinalg.h"

using namespace mlir;
using namespace assay;

void assay::populateActivationLowering(RewritePatternSet &patterns,
                                       TypeConverter &converter) {}
