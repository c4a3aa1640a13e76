//===- Elementwise.h - Elementwise operators --------------------*- C++ -*-===//

#ifndef ASSAY_DIALECTS_ONNX_ELEMENTWISE_H
#define ASSAY_DIALECTS_ONNX_ELEMENTWISE_H

#include "dialects/onnx/OnnxDialect.h"

#define GET_OP_CLASSES
#include "dialects/onnx/Elementwise.h.inc"

#endif // ASSAY_DIALECTS_ONNX_ELEMENTWISE_H
