//===- Bricks.h - Bodies of contraction kernels -----------------*- C++ -*-===//
//
// Each function here builds the loops over the units [lo, hi) of a contraction
// and returns, by its twin, how many units there are.
//
//===----------------------------------------------------------------------===//

#ifndef ASSAY_PASSES_CPU_BRICKS_H
#define ASSAY_PASSES_CPU_BRICKS_H

#include "dialects/kernel/Contraction.h"
#include "passes/cpu/BrickEpilogue.h"

namespace assay::cpu {

/// The operands of a contraction as buffers, and what follows it.
struct BrickKernel {
  FlatBuffer lhs, rhs, init;
  const BrickEpilogue &epilogue;
  const llvm::DenseMap<mlir::Value, FlatBuffer> &buffers;
};

/// Stores a finished brick. `position(row, column)` says where the vector from
/// `column` on of row `row` of the brick goes; the last vector of each row is
/// masked by `lastMask`.
void storeBrick(
    Emitter &e, const BrickKernel &kernel, Brick &brick,
    llvm::function_ref<VectorPosition(mlir::Value row, int64_t column)>
        position,
    mlir::Value lastMask);

/// Tiles of the columns of a contraction: two vectors wide, and in the last
/// tile possibly fewer or a part of one.
struct ColumnTiles {
  ColumnTiles(Emitter &e, mlir::Value columns);

  mlir::Value columns;
  int64_t width;     ///< Columns of a full tile.
  mlir::Value count; ///< Tiles.

  /// `body(vectors, mask of the last vector)` for tile `tile`.
  void dispatch(Emitter &e, mlir::Value tile,
                llvm::function_ref<void(int64_t, mlir::Value)> body) const;
};

/// Offset of the first column of `tile` in a packed operand of depth `depth`.
mlir::Value packedOffset(Emitter &e, const ColumnTiles &tiles, mlir::Value tile,
                         mlir::Value depth);

/// The number of rows of a full brick, at most `most`, for `rows` rows in a
/// line: those for which full and remaining bricks together take least time,
/// `preferred` when there is little between them or `rows` is dynamic.
int64_t chooseRows(Emitter &e, std::optional<int64_t> rows, int64_t preferred,
                   int64_t most);

void emitMatMul(Emitter &e, kernel::MatMulOp op, const BrickKernel &kernel,
                mlir::Value lo, mlir::Value hi);
mlir::Value countMatMulUnits(Emitter &e, kernel::MatMulOp op,
                             const BrickKernel &kernel);

void emitConv2D(Emitter &e, kernel::Conv2DOp op, const BrickKernel &kernel,
                mlir::Value lo, mlir::Value hi);
mlir::Value countConv2DUnits(Emitter &e, kernel::Conv2DOp op,
                             const BrickKernel &kernel);

void emitDepthwiseConv2D(Emitter &e, kernel::DepthwiseConv2DOp op,
                         const BrickKernel &kernel, mlir::Value lo,
                         mlir::Value hi);
mlir::Value countDepthwiseConv2DUnits(Emitter &e, kernel::DepthwiseConv2DOp op,
                                      const BrickKernel &kernel);

void emitWinogradConv2D(Emitter &e, kernel::WinogradConv2DOp op,
                        const BrickKernel &kernel, mlir::Value lo,
                        mlir::Value hi);
mlir::Value countWinogradConv2DUnits(Emitter &e, kernel::WinogradConv2DOp op,
                                     const BrickKernel &kernel);

} // namespace assay::cpu

#endif // ASSAY_PASSES_CPU_BRICKS_H
