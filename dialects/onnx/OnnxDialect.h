//===- OnnxDialect.h - The onnx dialect and its types -----------*- C++ -*-===//

#ifndef ASSAY_DIALECTS_ONNX_ONNXDIALECT_H
#define ASSAY_DIALECTS_ONNX_ONNXDIALECT_H

#include "dialects/onnx/OnnxInterfaces.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Dialect.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dialects/onnx/OnnxDialect.h.inc"

#define GET_TYPEDEF_CLASSES
#include "dialects/onnx/OnnxTypes.h.inc"

#endif // ASSAY_DIALECTS_ONNX_ONNXDIALECT_H
