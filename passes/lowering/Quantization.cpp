//===- Quantization.cpp - Lowering of quantization operators ------------===//

#include "dialects/onnx/Quantization.h"
#include "passes/lowering/LoweringUtils.h"
#include "passes/lowering/OnnxToLinalg.h"

using namespace mlir;
using namespace assay;

void assay::populateQuantizationLowering(RewritePatternSet &patterns,
                                         TypeConverter &converter) {}
