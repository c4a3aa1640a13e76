//===- BrickEmitter.h - Register tiles of contractions ----------*- C++ -*-===//
//
// A brick is a tile of rows x vectors accumulators that stays in registers
// while a contraction runs over its reduction dimension. The emitter builds
// bricks with scf loops, vector.load, vector.fma and scalar loads on buffers
// that are seen as one-dimensional.
//
//===----------------------------------------------------------------------===//

#ifndef ASSAY_PASSES_CPU_BRICKEMITTER_H
#define ASSAY_PASSES_CPU_BRICKEMITTER_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace assay::cpu {

/// A contiguous buffer: its elements in row-major order and its sizes.
struct FlatBuffer {
  mlir::Value elements; ///< memref of rank 1.
  llvm::SmallVector<mlir::Value> sizes;
};

/// Builds index arithmetic, loops and vector accesses at one insertion point.
class Emitter {
public:
  Emitter(mlir::OpBuilder &builder, mlir::Location loc, int64_t lanes)
      : builder(builder), loc(loc), lanes(lanes) {}

  mlir::OpBuilder &builder;
  mlir::Location loc;
  /// f32 lanes of a vector register.
  int64_t lanes;
  /// Vector registers of the target: AVX-512 has 32, AVX2 16.
  int64_t registers() const { return lanes >= 16 ? 32 : 16; }

  mlir::Value index(int64_t value);
  mlir::Value add(mlir::Value a, mlir::Value b);
  mlir::Value add(mlir::Value a, int64_t b) { return add(a, index(b)); }
  mlir::Value sub(mlir::Value a, mlir::Value b);
  mlir::Value mul(mlir::Value a, mlir::Value b);
  mlir::Value mul(mlir::Value a, int64_t b) { return mul(a, index(b)); }
  /// Quotient and remainder of non-negative values.
  mlir::Value div(mlir::Value a, mlir::Value b);
  mlir::Value rem(mlir::Value a, mlir::Value b);
  mlir::Value ceilDiv(mlir::Value a, int64_t b);
  mlir::Value min(mlir::Value a, mlir::Value b);
  mlir::Value max(mlir::Value a, mlir::Value b);
  mlir::Value compare(mlir::arith::CmpIPredicate predicate, mlir::Value a,
                      mlir::Value b);

  /// The static value of `value`, or nullopt.
  static std::optional<int64_t> getStatic(mlir::Value value) {
    return mlir::getConstantIntValue(value);
  }

  /// `body(iv)` for iv in [from, to) by `step`; without a loop when it runs
  /// exactly once.
  void forEach(mlir::Value from, mlir::Value to, int64_t step,
               llvm::function_ref<void(mlir::Value)> body);
  /// Either branch when the condition is static.
  void ifElse(mlir::Value condition, llvm::function_ref<void()> then,
              llvm::function_ref<void()> otherwise);

  mlir::VectorType vectorType(mlir::Type element);
  mlir::Value zeroVector();
  /// Lanes below `count` (an index); null, meaning all, when statically enough.
  mlir::Value mask(mlir::Value count);
  mlir::Value loadScalar(mlir::Value elements, mlir::Value at);
  /// `lanes` elements from `at` on; masked-off lanes are zero and not read.
  mlir::Value loadVector(mlir::Value elements, mlir::Value at,
                         mlir::Value mask = {});
  void storeVector(mlir::Value vector, mlir::Value elements, mlir::Value at,
                   mlir::Value mask = {});
  /// Lane by lane: elements `stride` apart, and i1, whose vectors are bits but
  /// whose buffers are bytes.
  mlir::Value loadLanes(mlir::Value elements, mlir::Value at,
                        mlir::Value stride, mlir::Value mask = {});
  void storeLanes(mlir::Value vector, mlir::Value elements, mlir::Value at,
                  mlir::Value mask = {});
  mlir::Value broadcast(mlir::Value scalar);
  /// A buffer of `count` f32 on the stack, allocated on entry of the function.
  mlir::Value scratch(mlir::Value count);

  /// The one-dimensional view of `buffer` (a contiguous memref).
  FlatBuffer flatten(mlir::Value buffer);
};

/// Where the operands of a reduction lie. Element k of row r is
/// lhs[lhsOffset + rowOffsets[r] + k]; vector v of k begins at
/// rhs[rhsOffset + k * rhsStride + v * lanes * rhsLaneStride].
struct BrickOperands {
  mlir::Value lhs, lhsOffset;
  llvm::SmallVector<mlir::Value> rowOffsets;
  mlir::Value rhs, rhsOffset, rhsStride;
  /// Valid lanes of the last rhs vector; null: all. A packed rhs needs none.
  mlir::Value rhsMask;
  /// Elements from one column of the rhs to the next; null: 1.
  mlir::Value rhsLaneStride;
};

/// A tile of accumulators, row-major, of which several independent sets may
/// exist to hide the latency of the multiply-add when rows are few.
class Brick {
public:
  Brick(Emitter &emitter, int64_t rows, int64_t vectors);

  const int64_t rows, vectors;

  /// Accumulates over k in [0, depth), for rows [firstRow, endRow) only.
  void reduce(Emitter &e, const BrickOperands &operands, mlir::Value depth,
              int64_t firstRow, int64_t endRow);
  void reduce(Emitter &e, const BrickOperands &operands, mlir::Value depth) {
    reduce(e, operands, depth, 0, rows);
  }

  /// Runs `body` for iv in [from, to) with the accumulators carried around.
  void loop(Emitter &e, mlir::Value from, mlir::Value to,
            llvm::function_ref<void(mlir::Value)> body);

  /// The sum of the accumulator sets, rows x vectors.
  llvm::SmallVector<mlir::Value> result(Emitter &e);

private:
  void step(Emitter &e, const BrickOperands &operands, mlir::Value k,
            int64_t set, int64_t firstRow, int64_t endRow);
  mlir::Value &at(int64_t set, int64_t row, int64_t vector) {
    return accumulators[(set * rows + row) * vectors + vector];
  }

  int64_t sets;
  llvm::SmallVector<mlir::Value> accumulators;
};

} // namespace assay::cpu

#endif // ASSAY_PASSES_CPU_BRICKEMITTER_H
