//===- Pooling.cpp - Lowering of pooling operators ----------------------===//

#include "dialects/onnx/Pooling.h"
#include "passes/lowering/LoweringUtils.h"
#include "passes/lowering/OnnxToLinalg.h"

using namespace mlir;
using namespace assay;

void assay::populatePoolingLowering(RewritePatternSet &patterns,
                                    TypeConverter &converter) {}
