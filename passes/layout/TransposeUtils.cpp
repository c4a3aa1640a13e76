//===- TransposeUtils.cpp - Permutations of onnx tensors ------------------===//

#include "passes/layout/TransposeUtils.h"
#include "dialects/onnx/Creation.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace assay;

std::optional<Permutation> assay::getPermutation(onnx::TransposeOp op) {
  if (std::optional<ArrayRef<int64_t>> perm = op.getPerm())
    return Permutation(*perm);
  auto type = dyn_cast<RankedTensorType>(op.getData().getType());
  if (!type)
    return std::nullopt;
  // The default reverses the dimensions.
  Permutation perm = llvm::to_vector<4>(llvm::seq<int64_t>(0, type.getRank()));
  std::reverse(perm.begin(), perm.end());
  return perm;
}

Permutation assay::invert(ArrayRef<int64_t> perm) {
  Permutation inverse(perm.size());
  for (auto [position, dim] : llvm::enumerate(perm))
    inverse[dim] = position;
  return inverse;
}

Value assay::createTranspose(OpBuilder &builder, Location loc, Value source,
                             ArrayRef<int64_t> perm, Type type) {
  NamedAttribute attribute =
      builder.getNamedAttr("perm", builder.getDenseI64ArrayAttr(perm));
  Operation *op =
      onnx::buildOnnxOp(builder, loc, "Transpose", source, attribute);
  assert(op && "a permutation of the source's dimensions");
  if (type &&
      succeeded(verifyCompatibleShape(op->getResult(0).getType(), type)))
    op->getResult(0).setType(type);
  return op->getResult(0);
}

Value assay::createInts(OpBuilder &builder, Location loc,
                        ArrayRef<int64_t> values) {
  auto type = RankedTensorType::get({static_cast<int64_t>(values.size())},
                                    builder.getI64Type());
  return onnx::ConstantOp::create(builder, loc, type,
                                  DenseElementsAttr::get(type, values));
}

/// `elements` with another shape of as many elements, or null.
static ElementsAttr reshape(ElementsAttr elements, ArrayRef<int64_t> shape) {
  auto type = RankedTensorType::get(shape, elements.getElementType());
  if (auto dense = dyn_cast<DenseElementsAttr>(elements))
    return dense.reshape(type);
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(elements))
    return DenseResourceElementsAttr::get(type, resource.getRawHandle());
  return {};
}

Value assay::transposeConstant(OpBuilder &builder, Location loc, Value constant,
                               ArrayRef<int64_t> perm) {
  ElementsAttr elements = onnx::getConstant(constant);
  auto type = cast<RankedTensorType>(constant.getType());
  SmallVector<int64_t> shape(perm.size() - type.getRank(), 1);
  llvm::append_range(shape, type.getShape());
  // The constant stands for a result dimension; the source has it elsewhere.
  Permutation inverse = invert(perm);
  SmallVector<int64_t> permuted;
  for (int64_t dim : inverse)
    permuted.push_back(shape[dim]);
  int64_t wide = llvm::count_if(shape, [](int64_t size) { return size != 1; });
  if (wide <= 1)
    if (ElementsAttr reshaped = reshape(elements, permuted))
      return onnx::ConstantOp::create(builder, loc, reshaped.getType(),
                                      reshaped);
  ElementsAttr full = reshape(elements, shape);
  if (!full)
    return {};
  Value expanded = onnx::ConstantOp::create(builder, loc, full.getType(), full);
  return createTranspose(builder, loc, expanded, inverse);
}
