//===- OnnxInterfaces.h - What every onnx op answers ------------*- C++ -*-===//

#ifndef ASSAY_DIALECTS_ONNX_ONNXINTERFACES_H
#define ASSAY_DIALECTS_ONNX_ONNXINTERFACES_H

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

namespace assay::onnx::detail {

/// Implementation of OnnxOp::getOnnxInputs; see OnnxInterfaces.td.
llvm::SmallVector<mlir::Value> getOnnxInputs(mlir::Operation *op);

/// Checks element types against the signature and the result types against
/// inferResultTypes.
llvm::LogicalResult verifyOnnxOp(mlir::Operation *op);

/// Shared assembly format; see Onnx_Op in OnnxBase.td.
mlir::ParseResult parseOnnxOp(mlir::OpAsmParser &parser,
                              mlir::OperationState &state,
                              llvm::StringRef signature);
void printOnnxOp(mlir::OpAsmPrinter &printer, mlir::Operation *op);

} // namespace assay::onnx::detail

#include "dialects/onnx/OnnxInterfaces.h.inc"

#endif // ASSAY_DIALECTS_ONNX_ONNXINTERFACES_H
