//===- TransposeSink.h - Computes an op before a transpose ------*- C++ -*-===//

#ifndef ASSAY_PASSES_LAYOUT_TRANSPOSESINK_H
#define ASSAY_PASSES_LAYOUT_TRANSPOSESINK_H

#include "passes/layout/TransposeUtils.h"

namespace assay {

/// The source of `value` if it is transposed by `perm`.
mlir::Value getTransposeSource(mlir::Value value, llvm::ArrayRef<int64_t> perm);

/// One rewrite: the op, the permutation and the attributes of the new op.
class TransposeSink {
public:
  TransposeSink(mlir::PatternRewriter &rewriter, onnx::OnnxOp op,
                unsigned transposed, llvm::ArrayRef<int64_t> perm)
      : rewriter(rewriter), op(op), transposed(transposed), perm(perm),
        inputs(op.getOnnxInputs()) {
    for (mlir::NamedAttribute attribute : op->getAttrs())
      if (attribute.getName() != "operandSegmentSizes")
        attributes.push_back(attribute);
  }

  mlir::LogicalResult run();

private:
  int64_t getRank() const { return perm.size(); }
  mlir::Location getLoc() { return op->getLoc(); }
  int64_t getInt(llvm::StringRef name, int64_t otherwise) {
    auto attribute = op->getAttrOfType<mlir::IntegerAttr>(name);
    return attribute ? attribute.getInt() : otherwise;
  }
  void setInt(llvm::StringRef name, int64_t value) {
    set(name, rewriter.getI64IntegerAttr(value));
  }
  void set(llvm::StringRef name, mlir::Attribute value) {
    llvm::erase_if(attributes,
                   [&](mlir::NamedAttribute a) { return a.getName() == name; });
    attributes.push_back(rewriter.getNamedAttr(name, value));
  }
  /// The source's dimension for `axis` of the transposed tensor.
  std::optional<int64_t> mapAxis(int64_t axis) {
    if (axis < 0)
      axis += getRank();
    if (axis < 0 || axis >= getRank())
      return std::nullopt;
    return perm[axis];
  }
  std::optional<llvm::SmallVector<int64_t>>
  mapAxes(llvm::ArrayRef<int64_t> axes) {
    llvm::SmallVector<int64_t> mapped;
    for (int64_t axis : axes) {
      std::optional<int64_t> dim = mapAxis(axis);
      if (!dim)
        return std::nullopt;
      mapped.push_back(*dim);
    }
    return mapped;
  }
  /// Makes `axis` that of the source.
  mlir::LogicalResult remapAxisAttribute(int64_t otherwise) {
    std::optional<int64_t> axis = mapAxis(getInt("axis", otherwise));
    if (!axis)
      return mlir::failure();
    setInt("axis", *axis);
    return mlir::success();
  }

  /// Whether adaptInput can give `input` in the source's layout.
  bool isAdaptable(mlir::Value input);
  /// Replaces `input` by what it is in the source's layout.
  void adaptInput(mlir::Value &input);
  /// The permutation that is left after `removed` dimensions of the source go.
  Permutation withoutDims(llvm::ArrayRef<int64_t> removed);
  mlir::LogicalResult build(llvm::ArrayRef<int64_t> resultPerm);

  mlir::LogicalResult sinkElementwise();
  mlir::LogicalResult sinkConcat();
  mlir::LogicalResult sinkPad();
  mlir::LogicalResult sinkReduction();
  mlir::LogicalResult sinkAlongAxis();
  mlir::LogicalResult sinkSlice();
  mlir::LogicalResult sinkSqueeze();
  mlir::LogicalResult sinkReshape();
  mlir::LogicalResult sinkResize();
  mlir::LogicalResult sinkBatchNormalization();

  mlir::PatternRewriter &rewriter;
  onnx::OnnxOp op;
  unsigned transposed;
  llvm::ArrayRef<int64_t> perm;
  llvm::SmallVector<mlir::Value> inputs;
  llvm::SmallVector<mlir::NamedAttribute> attributes;
};

} // namespace assay

#endif // ASSAY_PASSES_LAYOUT_TRANSPOSESINK_H
