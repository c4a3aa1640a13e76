//===- Contraction.h - Contraction operators --------------------*- C++ -*-===//

#ifndef ASSAY_DIALECTS_ONNX_CONTRACTION_H
#define ASSAY_DIALECTS_ONNX_CONTRACTION_H

#include "dialects/onnx/OnnxDialect.h"

#define GET_OP_CLASSES
#include "dialects/onnx/Contraction.h.inc"

#endif // ASSAY_DIALECTS_ONNX_CONTRACTION_H
