//===- Movement.h - Movement operators of the onnx dialect -------*- C++ -*-===//

#ifndef ASSAY_DIALECTS_ONNX_MOVEMENT_H
#define ASSAY_DIALECTS_ONNX_MOVEMENT_H

#include "dialects/onnx/OnnxDialect.h"

#define GET_OP_CLASSES
#include "dialects/onnx/Movement.h.inc"

#endif // ASSAY_DIALECTS_ONNX_MOVEMENT_H
