//===- Import.h - ONNX models to the onnx dialect ---------------*- C++ -*-===//
//
// Reads an ONNX ModelProto (IR version 3 on, opset 1 to 28) and gives a module
// with one function @main in the onnx dialect, every operator at its newest
// form:
//
//   module attributes {onnx.graph_name = "g", onnx.ir_version = 8 : i64,
//                      onnx.opset = 13 : i64, onnx.producer_name = "p"} {
//     func.func @main(%arg0: tensor<?x3xf32> {onnx.name = "x",
//                         onnx.dim_params = ["N", ""]})
//         -> (tensor<?x4xf32> {onnx.name = "y"}) { ... }
//   }
//
// Large initializers become `dense_resource` blobs that own the bytes read from
// the file or map the external data file; they live as long as the context.
//
//===----------------------------------------------------------------------===//

#ifndef ASSAY_COMPILER_IMPORT_IMPORT_H
#define ASSAY_COMPILER_IMPORT_IMPORT_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/OwningOpRef.h"

namespace assay {

/// Opsets of the default domain that import accepts.
inline constexpr int64_t kMinOpset = 1;
inline constexpr int64_t kMaxOpset = 28;

struct ImportOptions {
  /// Most ops that inlining model-local functions may give; functions that call
  /// functions can grow a small file without bound.
  size_t maxNodes = 1u << 20;
  /// Weights are not read: initializers of more than kMaxStructureBytes become
  /// splats of 0. What import refuses stays the same.
  bool structureOnly = false;
  /// Whether ops have locations of their own. Without, all have that of the
  /// file, and errors name no node; making the others takes a tenth of import.
  bool nodeLocations = true;
};

/// Data that structureOnly keeps: whatever shapes and attributes come from.
inline constexpr int64_t kMaxStructureBytes = 1024;

/// Imports the model at `path`; external data is looked up beside it. Fails
/// after diagnostics that name the file and, where there is one, the node.
mlir::FailureOr<mlir::OwningOpRef<mlir::ModuleOp>>
importModel(mlir::MLIRContext *context, llvm::StringRef path,
            const ImportOptions &options = {});

/// Imports a serialized model from memory. `name` stands for the file in
/// diagnostics. External data is looked up in `folder` and refused when that is
/// empty.
mlir::FailureOr<mlir::OwningOpRef<mlir::ModuleOp>>
importModelFromBuffer(mlir::MLIRContext *context, llvm::StringRef buffer,
                      llvm::StringRef name, llvm::StringRef folder = "",
                      const ImportOptions &options = {});

/// "model.onnx: node 'conv1' (Conv): message" for a diagnostic whose location
/// came from import; other locations are printed as MLIR does.
std::string formatDiagnostic(mlir::Diagnostic &diagnostic);

} // namespace assay

#endif // ASSAY_COMPILER_IMPORT_IMPORT_H
