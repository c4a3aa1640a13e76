//===- Resampling.cpp - Lowering of resampling operators ----------------===//

#include "dialects/onnx/Resampling.h"
#include "passes/lowering/LoweringUtils.h"
#include "passes/lowering/OnnxToLinalg.h"

using namespace mlir;
using namespace assay;

void assay::populateResamplingLowering(RewritePatternSet &patterns,
                                       TypeConverter &converter) {}
