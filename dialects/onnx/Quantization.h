//===- Quantization.h - Quantization operators ------------------*- C++ -*-===//

#ifndef ASSAY_DIALECTS_ONNX_QUANTIZATION_H
#define ASSAY_DIALECTS_ONNX_QUANTIZATION_H

#include "dialects/onnx/OnnxDialect.h"

#define GET_OP_CLASSES
#include "dialects/onnx/Quantization.h.inc"

#endif // ASSAY_DIALECTS_ONNX_QUANTIZATION_H
