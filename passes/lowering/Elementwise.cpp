//===- Elementwise.cpp - Lowering of elementwise operators --------------===//

#include "dialects/onnx/Elementwise.h"
#include "passes/lowering/LoweringUtils.h"
#include "passes/lowering/OnnxToLinalg.h"

using namespace mlir;
using namespace assay;

void assay::populateElementwiseLowering(RewritePatternSet &patterns,
                                        TypeConverter &converter) {}
