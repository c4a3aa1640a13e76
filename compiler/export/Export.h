//===- Export.h - The onnx dialect to ONNX models ---------------*- C++ -*-===//
//
// Writes a module with one function @main of onnx ops (as importModel gives) as
// an ONNX ModelProto. Constants become initializers. Names of inputs, outputs
// and nodes are those of the attributes and locations that import made.
//
//===----------------------------------------------------------------------===//

#ifndef ASSAY_COMPILER_EXPORT_EXPORT_H
#define ASSAY_COMPILER_EXPORT_EXPORT_H

#include "mlir/IR/BuiltinOps.h"

namespace assay {

/// The lowest opset that export writes; ops are brought down to it where they
/// can be.
inline constexpr int64_t kMinExportOpset = 17;

struct ExportOptions {
  /// 0: the lowest opset from 17 on that holds every op.
  int64_t opset = 0;
  /// Weights go to `<path>.data`; always so from `externalThreshold` bytes on,
  /// since a protobuf message ends at 2 GiB.
  bool externalData = false;
  int64_t externalThreshold = 1900000000;
};

/// Writes `module` to `path`, through a temporary file beside it that is
/// renamed at the end. Fails, leaving `path` as it was, after errors that name
/// the op: ops of other dialects, attributes that ONNX does not have
/// (channels_last), element types that it does not have, or ops that
/// `options.opset` cannot hold.
llvm::LogicalResult exportModel(mlir::ModuleOp module, llvm::StringRef path,
                                const ExportOptions &options = {});

} // namespace assay

#endif // ASSAY_COMPILER_EXPORT_EXPORT_H
