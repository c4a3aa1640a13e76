//===- Activation.h - Activation operators of the onnx dialect --*- C++ -*-===//

#ifndef ASSAY_DIALECTS_ONNX_ACTIVATION_H
#define ASSAY_DIALECTS_ONNX_ACTIVATION_H

#include "dialects/onnx/OnnxDialect.h"

#define GET_OP_CLASSES
#include "dialects/onnx/Activation.h.inc"

#endif // ASSAY_DIALECTS_ONNX_ACTIVATION_H
