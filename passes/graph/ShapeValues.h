//===- ShapeValues.h - What is known of computed shapes ---------*- C++ -*-===//

#ifndef ASSAY_PASSES_GRAPH_SHAPEVALUES_H
#define ASSAY_PASSES_GRAPH_SHAPEVALUES_H

#include "dialects/onnx/OnnxOp.h"
#include "llvm/ADT/DenseMap.h"

namespace assay {

/// Follows small integer tensors, element by element, through the ops with
/// which models compute shapes. An element is a number, a dimension of a
/// tensor, or unknown.
class ShapeValues {
public:
  struct Element {
    std::optional<int64_t> number;
    mlir::Value tensor; ///< With `axis`: this dimension of it.
    int64_t axis = 0;

    bool operator==(const Element &other) const {
      return number == other.number && tensor == other.tensor &&
             axis == other.axis;
    }
  };
  using Elements = llvm::SmallVector<Element, 4>;

  /// The elements of `value`, or nullopt when it is no integer tensor of static
  /// shape that is followed.
  std::optional<Elements> get(mlir::Value value);

  /// The numbers of the result of `op`, when all are known.
  std::optional<llvm::SmallVector<int64_t>> getKnown(onnx::OnnxOp op);

  /// Gives a Reshape or Expand a constant shape where one expresses what is
  /// known: 0 or -1 in a Reshape for the only dimension that is not.
  void simplifyOperands(onnx::OnnxOp op);

  /// Refines the result of Reshape, Expand and ConstantOfShape by the elements
  /// of the shape that are known.
  void refineResult(onnx::OnnxOp op);

  /// Call before `op` is erased.
  void forget(mlir::Operation *op) {
    for (mlir::Value result : op->getResults())
      known.erase(result);
  }

private:
  std::optional<Elements> compute(mlir::Value value);

  llvm::DenseMap<mlir::Value, std::optional<Elements>> known;
};

} // namespace assay

#endif // ASSAY_PASSES_GRAPH_SHAPEVALUES_H
