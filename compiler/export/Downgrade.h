//===- Downgrade.h - The newest forms to older ones -------------*- C++ -*-===//

#ifndef ASSAY_COMPILER_EXPORT_DOWNGRADE_H
#define ASSAY_COMPILER_EXPORT_DOWNGRADE_H

#include "dialects/onnx/OnnxOp.h"

namespace assay {

/// An input of a node: a value of the graph, a new constant, or absent.
struct ExportInput {
  mlir::Value value;
  mlir::ElementsAttr constant;

  explicit operator bool() const { return value || constant; }
};

/// A node before it is written: what a downgrade may change.
struct ExportForm {
  onnx::OnnxOp op;
  llvm::SmallVector<ExportInput> inputs;
  mlir::NamedAttrList attributes;

  explicit ExportForm(onnx::OnnxOp op);
};

/// Brings `form` to the way that `opset` spells it. Gives the lowest opset that
/// can hold the result: `opset`, or a larger one when the form has no spelling
/// there; then call again with that.
int64_t downgrade(ExportForm &form, int64_t opset);

} // namespace assay

#endif // ASSAY_COMPILER_EXPORT_DOWNGRADE_H
