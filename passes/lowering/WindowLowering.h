//===- WindowLowering.h - Window geometry with run-time sizes ---*- C++ -*-===//

#ifndef ASSAY_PASSES_LOWERING_WINDOWLOWERING_H
#define ASSAY_PASSES_LOWERING_WINDOWLOWERING_H

#include "dialects/onnx/Window.h"
#include "passes/lowering/LoweringUtils.h"

namespace assay {

/// The geometry of a window along one spatial dimension; static where the input
/// size is.
struct WindowSizes {
  mlir::OpFoldResult input;
  mlir::OpFoldResult output;
  mlir::OpFoldResult padBegin;
  mlir::OpFoldResult padEnd; ///< As given or resolved from SAME_*.
  /// Positions after the input that some window touches; more than `padEnd`
  /// with ceil_mode, less where the last positions are not used.
  mlir::OpFoldResult reachEnd;
};

/// Computes the geometry for spatial sizes `inputs`.
llvm::SmallVector<WindowSizes>
computeWindowSizes(mlir::OpBuilder &builder, mlir::Location loc,
                   const onnx::Window &window,
                   llvm::ArrayRef<mlir::OpFoldResult> inputs);

/// `data` padded by `value` so that every window lies inside. The first spatial
/// dimension is `firstSpatial`. Returns `data` itself when nothing is added.
mlir::Value padForWindows(mlir::OpBuilder &builder, mlir::Location loc,
                          mlir::Value data, unsigned firstSpatial,
                          llvm::ArrayRef<WindowSizes> sizes, mlir::Value value);

} // namespace assay

#endif // ASSAY_PASSES_LOWERING_WINDOWLOWERING_H
