//===- Creation.h - Creation operators of the onnx dialect ------*- C++ -*-===//

#ifndef ASSAY_DIALECTS_ONNX_CREATION_H
#define ASSAY_DIALECTS_ONNX_CREATION_H

#include "dialects/onnx/OnnxDialect.h"

#define GET_OP_CLASSES
#include "dialects/onnx/Creation.h.inc"

#endif // ASSAY_DIALECTS_ONNX_CREATION_H
