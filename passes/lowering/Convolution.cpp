//===- Convolution.cpp - Lowering of convolution operators --------------===//

#include "dialects/onnx/Convolution.h"
#include "passes/lowering/LoweringUtils.h"
#include "passes/lowering/OnnxToLinalg.h"

using namespace mlir;
using namespace assay;

void assay::populateConvolutionLowering(RewritePatternSet &patterns,
                                        TypeConverter &converter) {}
