//===- WeightPacking.h - Packed forms of constant weights -------*- C++ -*-===//

#ifndef ASSAY_PASSES_LOWERING_WEIGHTPACKING_H
#define ASSAY_PASSES_LOWERING_WEIGHTPACKING_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinOps.h"

namespace assay {

/// The elements of an f32 constant in row-major order. Splats are expanded.
class FloatElements {
public:
  /// Nullopt when `value` is no f32 constant whose data is at hand.
  static std::optional<FloatElements> get(mlir::Value value);

  llvm::ArrayRef<float> getData() const { return data; }

private:
  std::vector<float> expanded;
  llvm::ArrayRef<float> data;
};

/// A matrix (or one for each of several groups) inside a weight: element
/// (k, n) of group g is scale * data[g * groupStride + n * columnStride +
/// depthOffsets[k]].
struct WeightView {
  llvm::ArrayRef<float> data;
  llvm::SmallVector<int64_t> depthOffsets;
  int64_t columns = 0;
  int64_t columnStride = 0;
  int64_t groups = 1;
  int64_t groupStride = 0;
  float scale = 1;
};

/// An arith.constant of the packed form of `view`: panels of
/// kernel::kPanelColumns columns, [groups * panels, depth, kPanelColumns]. Its
/// data lies on a boundary of 64 bytes.
mlir::Value createPackedColumns(mlir::OpBuilder &builder, mlir::Location loc,
                                const WeightView &view);

/// An arith.constant of the transformed filters of kernel.winograd_conv2d:
/// `view` is a 3 x 3 filter [9 * channels, columns], taps outermost, of one
/// group whose columns are a multiple of kernel::kPanelColumns.
mlir::Value createWinogradFilter(mlir::OpBuilder &builder, mlir::Location loc,
                                 const WeightView &view);

/// An arith.constant [depth, columns] of `view`, which has one group.
mlir::Value createMatrix(mlir::OpBuilder &builder, mlir::Location loc,
                         const WeightView &view);

/// Marks the constants of `module` whose data one operand alone reads.
void markReleasableConstants(mlir::ModuleOp module);

/// Frees the data of the constant `value` if it is marked: its packed form has
/// taken its place.
void releaseConstant(mlir::Value value);

} // namespace assay

#endif // ASSAY_PASSES_LOWERING_WEIGHTPACKING_H
