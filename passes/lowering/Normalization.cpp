//===- Normalization.cpp - Lowering of normalization operators ----------===//

#include "dialects/onnx/Normalization.h"
#include "passes/lowering/LoweringUtils.h"
#include "passes/lowering/OnnxToLinalg.h"

using namespace mlir;
using namespace assay;

void assay::populateNormalizationLowering(RewritePatternSet &patterns,
                                          TypeConverter &converter) {}
