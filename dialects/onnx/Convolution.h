//===- Convolution.h - Convolution operators --------------------*- C++ -*-===//

#ifndef ASSAY_DIALECTS_ONNX_CONVOLUTION_H
#define ASSAY_DIALECTS_ONNX_CONVOLUTION_H

#include "dialects/onnx/OnnxDialect.h"

#define GET_OP_CLASSES
#include "dialects/onnx/Convolution.h.inc"

#endif // ASSAY_DIALECTS_ONNX_CONVOLUTION_H
