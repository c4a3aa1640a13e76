//===- Reduction.h - Reduction operators of the onnx dialect -------*- C++ -*-===//

#ifndef ASSAY_DIALECTS_ONNX_REDUCTION_H
#define ASSAY_DIALECTS_ONNX_REDUCTION_H

#include "dialects/onnx/OnnxDialect.h"

#define GET_OP_CLASSES
#include "dialects/onnx/Reduction.h.inc"

#endif // ASSAY_DIALECTS_ONNX_REDUCTION_H
