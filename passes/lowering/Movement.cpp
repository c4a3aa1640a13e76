//===- Movement.cpp - Lowering of movement operators --------------------===//

#include "dialects/onnx/Movement.h"
#include "passes/lowering/LoweringUtils.h"
#include "passes/lowering/OnnxToLinalg.h"

using namespace mlir;
using namespace assay;

void assay::populateMovementLowering(RewritePatternSet &patterns,
                                     TypeConverter &converter) {}
