//===- Recurrent.cpp - Lowering of recurrent operators ------------------===//

#include "dialects/onnx/Recurrent.h"
#include "passes/lowering/LoweringUtils.h"
#include "passes/lowering/OnnxToLinalg.h"

using namespace mlir;
using namespace assay;

void assay::populateRecurrentLowering(RewritePatternSet &patterns,
                                      TypeConverter &converter) {}
