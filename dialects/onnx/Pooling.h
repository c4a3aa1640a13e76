//===- Pooling.h - Pooling operators of the onnx dialect --------*- C++ -*-===//

#ifndef ASSAY_DIALECTS_ONNX_POOLING_H
#define ASSAY_DIALECTS_ONNX_POOLING_H

#include "dialects/onnx/OnnxDialect.h"

#define GET_OP_CLASSES
#include "dialects/onnx/Pooling.h.inc"

#endif // ASSAY_DIALECTS_ONNX_POOLING_H
