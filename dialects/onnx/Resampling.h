//===- Resampling.h - Resampling operators of the onnx dialect -------*- C++ -*-===//

#ifndef ASSAY_DIALECTS_ONNX_RESAMPLING_H
#define ASSAY_DIALECTS_ONNX_RESAMPLING_H

#include "dialects/onnx/OnnxDialect.h"

#define GET_OP_CLASSES
#include "dialects/onnx/Resampling.h.inc"

#endif // ASSAY_DIALECTS_ONNX_RESAMPLING_H
