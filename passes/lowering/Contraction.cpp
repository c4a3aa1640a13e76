//===- Contraction.cpp - Lowering of contraction operators --------------===//

#include "dialects/onnx/Contraction.h"
#include "passes/lowering/LoweringUtils.h"
#include "passes/lowering/OnnxToLinalg.h"

using namespace mlir;
using namespace assay;

void assay::populateContractionLowering(RewritePatternSet &patterns,
                                        TypeConverter &converter) {}
