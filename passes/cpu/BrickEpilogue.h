//===- BrickEpilogue.h - Elementwise ops on accumulators --------*- C++ -*-===//
//
// What happens to the result of a contraction before it is stored: the
// elementwise linalg.generic ops that consume it, on whole vectors.
//
//===----------------------------------------------------------------------===//

#ifndef ASSAY_PASSES_CPU_BRICKEPILOGUE_H
#define ASSAY_PASSES_CPU_BRICKEPILOGUE_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "passes/cpu/BrickEmitter.h"
#include "llvm/ADT/DenseMap.h"

namespace assay::cpu {

/// A vector of the contraction's result: where its first lane lies.
struct VectorPosition {
  /// The index in dimension `dim` of the result.
  std::function<mlir::Value(unsigned dim)> coordinate;
  /// The row-major index in the whole result.
  mlir::Value linear;
  /// Valid lanes; null: all.
  mlir::Value mask;
};

class BrickEpilogue {
public:
  /// Collects the generics between `root` and the return of `kernel`, a
  /// function on tensors whose results are the new contents of its last
  /// arguments. Fails, leaving the reason in `whyNot`, when some op is none
  /// that works on vectors of the result's last dimension.
  static llvm::FailureOr<BrickEpilogue>
  create(mlir::func::FuncOp kernel, mlir::Operation *root, std::string &whyNot);

  /// Runs the ops on `vector` and stores what the kernel returns. `buffers`
  /// holds a buffer for each tensor argument of the kernel.
  void store(Emitter &e, const llvm::DenseMap<mlir::Value, FlatBuffer> &buffers,
             const VectorPosition &position, mlir::Value vector) const;

  /// Whether its code is so long that one copy for each accumulator of a brick
  /// would not be worth it.
  bool isLong() const;

private:
  struct Stage {
    mlir::linalg::GenericOp op;
    /// Result dimension of the root for each loop of the op, or -1.
    llvm::SmallVector<int64_t> rootDims;
  };

  llvm::LogicalResult addStage(mlir::linalg::GenericOp op, std::string &whyNot);
  mlir::Value load(Emitter &e, const FlatBuffer &buffer, mlir::AffineMap map,
                   const Stage &stage, const VectorPosition &position) const;

  mlir::Value root;
  llvm::SmallVector<Stage> stages;
  /// Returned values and the arguments whose contents they become.
  llvm::SmallVector<std::pair<mlir::Value, mlir::Value>> outputs;
};

} // namespace assay::cpu

#endif // ASSAY_PASSES_CPU_BRICKEPILOGUE_H
