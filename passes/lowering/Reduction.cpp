//===- Reduction.cpp - Lowering of reduction operators ------------------===//

#include "dialects/onnx/Reduction.h"
#include "passes/lowering/LoweringUtils.h"
#include "passes/lowering/OnnxToLinalg.h"

using namespace mlir;
using namespace assay;

void assay::populateReductionLowering(RewritePatternSet &patterns,
                                      TypeConverter &converter) {}
