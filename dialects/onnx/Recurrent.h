//===- Recurrent.h - Recurrent operators of the onnx dialect ----*- C++ -*-===//

#ifndef ASSAY_DIALECTS_ONNX_RECURRENT_H
#define ASSAY_DIALECTS_ONNX_RECURRENT_H

#include "dialects/onnx/OnnxDialect.h"

#define GET_OP_CLASSES
#include "dialects/onnx/Recurrent.h.inc"

#endif // ASSAY_DIALECTS_ONNX_RECURRENT_H
