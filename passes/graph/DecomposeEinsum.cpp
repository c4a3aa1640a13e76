//===- DecomposeEinsum.cpp - Einsum of two inputs as a matrix product -----===//
//
//   %y = onnx.Einsum(%a, %b) {equation = "bqhd,bkhd->bhqk"}
//
// becomes
//
//   %l = onnx.Transpose(%a) {perm = [0, 2, 1, 3]}     // b h q d
//   %r = onnx.Transpose(%b) {perm = [0, 2, 3, 1]}     // b h d k
//   %p = onnx.MatMul(reshaped %l, reshaped %r)        // bh q k
//   %y = onnx.Reshape(%p)                             // b h q k
//
// for floats of static shape, where each label is in both inputs, or in one and
// the output, and none is repeated or stretched.
//
//===----------------------------------------------------------------------===//

#include "dialects/onnx/Contraction.h"
#include "dialects/onnx/Einsum.h"
#include "passes/graph/CanonicalizePatterns.h"
#include "passes/graph/GraphUtils.h"

using namespace mlir;
using namespace assay;

namespace {
/// The labels of a product by their role.
struct ProductLabels {
  SmallVector<unsigned> batch, rows, columns, depth;
};
} // namespace

static std::optional<ProductLabels>
classifyLabels(const onnx::EinsumEquation &equation) {
  ProductLabels labels;
  for (unsigned label = 0; label < equation.numLabels; ++label) {
    bool inOutput = llvm::is_contained(equation.output, label);
    int64_t inLhs = llvm::count(equation.inputs[0], label);
    int64_t inRhs = llvm::count(equation.inputs[1], label);
    if (inLhs > 1 || inRhs > 1 || (inLhs + inRhs == 1 && !inOutput))
      return std::nullopt;
    if (inLhs && inRhs)
      (inOutput ? labels.batch : labels.depth).push_back(label);
    else
      (inLhs ? labels.rows : labels.columns).push_back(label);
  }
  if (labels.depth.empty())
    return std::nullopt;
  return labels;
}

namespace {
/// Builds the ops of the product at one location.
class ProductBuilder {
public:
  ProductBuilder(PatternRewriter &rewriter, Location loc,
                 ArrayRef<int64_t> sizes)
      : rewriter(rewriter), loc(loc), sizes(sizes) {}

  /// `value` with dimensions `labels` in the order of `groups`, each group as
  /// one dimension.
  Value arrange(Value value, ArrayRef<unsigned> labels,
                ArrayRef<SmallVector<unsigned>> groups) {
    SmallVector<unsigned> order;
    SmallVector<int64_t> shape;
    for (ArrayRef<unsigned> group : groups) {
      order.append(group.begin(), group.end());
      shape.push_back(1);
      for (unsigned label : group)
        shape.back() *= sizes[label];
    }
    return reshape(transpose(value, labels, order), shape);
  }

  Value transpose(Value value, ArrayRef<unsigned> from, ArrayRef<unsigned> to) {
    if (from == to)
      return value;
    SmallVector<int64_t> permutation;
    for (unsigned label : to)
      permutation.push_back(llvm::find(from, label) - from.begin());
    return build("Transpose", {value},
                 {rewriter.getNamedAttr(
                     "perm", rewriter.getDenseI64ArrayAttr(permutation))});
  }

  Value reshape(Value value, ArrayRef<int64_t> shape) {
    if (cast<RankedTensorType>(value.getType()).getShape() == shape)
      return value;
    return build("Reshape", {value, makeInts(rewriter, loc, shape)}, {});
  }

  Value build(StringRef name, ArrayRef<Value> inputs,
              ArrayRef<NamedAttribute> attributes) {
    return onnx::buildOnnxOp(rewriter, loc, name, inputs, attributes)
        ->getResult(0);
  }

private:
  PatternRewriter &rewriter;
  Location loc;
  ArrayRef<int64_t> sizes;
};
} // namespace

static LogicalResult decomposeEinsum(onnx::EinsumOp op,
                                     PatternRewriter &rewriter) {
  if (op.getInputs().size() != 2 || !getStaticType(op.getOutput()) ||
      !isa<FloatType>(getStaticType(op.getOutput()).getElementType()))
    return failure();
  SmallVector<int64_t> ranks;
  SmallVector<ArrayRef<int64_t>> shapes;
  for (Value input : op.getInputs()) {
    RankedTensorType type = getStaticType(input);
    if (!type || type.getNumElements() == 0)
      return failure();
    ranks.push_back(type.getRank());
    shapes.push_back(type.getShape());
  }
  std::string error;
  FailureOr<onnx::EinsumEquation> equation =
      onnx::EinsumEquation::parse(op.getEquation(), ranks, error);
  if (failed(equation))
    return failure();
  FailureOr<SmallVector<int64_t>> sizes =
      equation->getLabelSizes(shapes, error);
  std::optional<ProductLabels> labels = classifyLabels(*equation);
  if (failed(sizes) || !labels)
    return failure();
  for (auto [input, shape] : llvm::zip_equal(equation->inputs, shapes))
    for (auto [label, size] : llvm::zip_equal(input, shape))
      if ((*sizes)[label] != size)
        return failure();

  ProductBuilder builder(rewriter, op.getLoc(), *sizes);
  Value lhs = builder.arrange(op.getInputs()[0], equation->inputs[0],
                              {labels->batch, labels->rows, labels->depth});
  Value rhs = builder.arrange(op.getInputs()[1], equation->inputs[1],
                              {labels->batch, labels->depth, labels->columns});
  Value product = builder.build("MatMul", {lhs, rhs}, {});
  SmallVector<unsigned> order(labels->batch);
  order.append(labels->rows);
  order.append(labels->columns);
  SmallVector<int64_t> shape;
  for (unsigned label : order)
    shape.push_back((*sizes)[label]);
  Value result = builder.transpose(builder.reshape(product, shape), order,
                                   equation->output);
  return replaceIfCompatible(rewriter, op, result);
}

void assay::populateEinsumDecomposition(RewritePatternSet &patterns) {
  patterns.add(decomposeEinsum);
}
