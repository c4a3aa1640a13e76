//===- Normalization.h - Normalization operators ----------------*- C++ -*-===//

#ifndef ASSAY_DIALECTS_ONNX_NORMALIZATION_H
#define ASSAY_DIALECTS_ONNX_NORMALIZATION_H

#include "dialects/onnx/OnnxDialect.h"

#define GET_OP_CLASSES
#include "dialects/onnx/Normalization.h.inc"

#endif // ASSAY_DIALECTS_ONNX_NORMALIZATION_H
