//===- Creation.cpp - Lowering of creation operators --------------------===//

#include "dialects/onnx/Creation.h"
#include "passes/lowering/LoweringUtils.h"
#include "passes/lowering/OnnxToLinalg.h"

using namespace mlir;
using namespace assay;

void assay::populateCreationLowering(RewritePatternSet &patterns,
                                     TypeConverter &converter) {}
