//===- Contraction.cpp - Lowering of contraction operators ----------------===//
//
// f32 products become kernel.matmul, with a constant right-hand side packed at
// once; other element types become linalg.generic.
//
//===----------------------------------------------------------------------===//

#include "dialects/onnx/Contraction.h"
#include "dialects/kernel/Contraction.h"
#include "dialects/onnx/Einsum.h"
#include "dialects/onnx/Movement.h"
#include "passes/lowering/ConvolutionForms.h"
#include "passes/lowering/LoweringUtils.h"
#include "passes/lowering/OnnxToLinalg.h"
#include "passes/lowering/WeightPacking.h"

using namespace mlir;
using namespace assay;

//===----------------------------------------------------------------------===//
// Products of matrices
//===----------------------------------------------------------------------===//

/// `value` with dimensions of 1 put in front up to `rank`.
static Value expandFront(OpBuilder &builder, Location loc, Value value,
                         int64_t rank) {
  auto type = cast<RankedTensorType>(value.getType());
  int64_t extra = rank - type.getRank();
  if (extra <= 0)
    return value;
  SmallVector<int64_t> shape(extra, 1);
  llvm::append_range(shape, type.getShape());
  SmallVector<ReassociationIndices> groups(type.getRank());
  for (int64_t dim = 0; dim < rank; ++dim)
    groups[std::max<int64_t>(dim - extra, 0)].push_back(dim);
  SmallVector<OpFoldResult> sizes(extra, builder.getIndexAttr(1));
  llvm::append_range(sizes, tensor::getMixedSizes(builder, loc, value));
  return tensor::ExpandShapeOp::create(
      builder, loc, RankedTensorType::get(shape, type.getElementType()), value,
      groups, sizes);
}

/// A vector [K] as the matrix [K, 1].
static Value expandToColumn(OpBuilder &builder, Location loc, Value value) {
  auto type = cast<RankedTensorType>(value.getType());
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, value);
  sizes.push_back(builder.getIndexAttr(1));
  return tensor::ExpandShapeOp::create(
      builder, loc,
      RankedTensorType::get({type.getDimSize(0), 1}, type.getElementType()),
      value, ArrayRef<ReassociationIndices>{{0, 1}}, sizes);
}

/// Dimension `dim` of the broadcast of `a` and `b`.
static OpFoldResult getBroadcastSize(OpBuilder &builder, Location loc, Value a,
                                     Value b, int64_t dim) {
  auto sizeOf = [](Value value, int64_t dim) {
    return cast<RankedTensorType>(value.getType()).getDimSize(dim);
  };
  int64_t sizeA = sizeOf(a, dim), sizeB = sizeOf(b, dim);
  if (!ShapedType::isDynamic(sizeA) && sizeA != 1)
    return builder.getIndexAttr(sizeA);
  if (sizeA == 1 || (!ShapedType::isDynamic(sizeB) && sizeB != 1))
    return tensor::getMixedSize(builder, loc, b, dim);
  if (sizeB == 1)
    return tensor::getMixedSize(builder, loc, a, dim);
  Value valueA = tensor::DimOp::create(builder, loc, a, dim);
  Value valueB = tensor::DimOp::create(builder, loc, b, dim);
  Value one = arith::ConstantIndexOp::create(builder, loc, 1);
  Value isOne = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq,
                                      valueA, one);
  return arith::SelectOp::create(builder, loc, isOne, valueB, valueA)
      .getResult();
}

namespace {
/// A product lhs [batch..., M, K] by rhs [batch..., K, N], or [batch..., N, K]
/// when `transposed`. All have one rank.
struct Product {
  Value lhs, rhs;
  bool transposed;

  int64_t getRank() const {
    return cast<RankedTensorType>(lhs.getType()).getRank();
  }
  int64_t getColumnDim() const { return getRank() - (transposed ? 2 : 1); }
  int64_t getDepthDim() const { return getRank() - (transposed ? 1 : 2); }

  RankedTensorType getType(Type element) const;
  SmallVector<OpFoldResult> getSizes(OpBuilder &builder, Location loc) const;
};
} // namespace

SmallVector<OpFoldResult> Product::getSizes(OpBuilder &builder,
                                            Location loc) const {
  SmallVector<OpFoldResult> sizes;
  for (int64_t dim = 0; dim + 2 < getRank(); ++dim)
    sizes.push_back(getBroadcastSize(builder, loc, lhs, rhs, dim));
  sizes.push_back(tensor::getMixedSize(builder, loc, lhs, getRank() - 2));
  sizes.push_back(tensor::getMixedSize(builder, loc, rhs, getColumnDim()));
  return sizes;
}

RankedTensorType Product::getType(Type element) const {
  auto a = cast<RankedTensorType>(lhs.getType());
  auto b = cast<RankedTensorType>(rhs.getType());
  SmallVector<int64_t> shape;
  for (int64_t dim = 0; dim + 2 < getRank(); ++dim) {
    int64_t sizeA = a.getDimSize(dim), sizeB = b.getDimSize(dim);
    bool takesB = sizeA == 1 || (ShapedType::isDynamic(sizeA) &&
                                 !ShapedType::isDynamic(sizeB) && sizeB != 1);
    shape.push_back(takesB ? sizeB : sizeA);
  }
  shape.push_back(a.getDimSize(getRank() - 2));
  shape.push_back(b.getDimSize(getColumnDim()));
  return RankedTensorType::get(shape, element);
}

/// The packed form of `rhs`, a constant of one matrix, times `scale`; null for
/// others.
static Value packRhs(OpBuilder &builder, Location loc, Value constant,
                     bool transposed, float scale) {
  auto type = dyn_cast<RankedTensorType>(constant.getType());
  if (!type || type.getRank() < 2 || !type.hasStaticShape() ||
      type.getNumElements() == 0)
    return {};
  int64_t rows = type.getDimSize(type.getRank() - 2);
  int64_t columns = type.getShape().back();
  if (type.getNumElements() != rows * columns)
    return {};
  std::optional<FloatElements> elements = FloatElements::get(constant);
  if (!elements)
    return {};
  WeightView view;
  view.data = elements->getData();
  view.scale = scale;
  view.columns = transposed ? rows : columns;
  view.columnStride = transposed ? columns : 1;
  for (int64_t k = 0, depth = transposed ? columns : rows; k < depth; ++k)
    view.depthOffsets.push_back(transposed ? k : k * columns);
  Value packed = createPackedColumns(builder, loc, view);
  releaseConstant(constant);
  return packed;
}

/// Multiply-adds in the compute type of the elements, which the result gets.
static Value createGenericProduct(OpBuilder &builder, Location loc,
                                  const Product &product) {
  int64_t rank = product.getRank();
  MLIRContext *context = builder.getContext();
  Type element = cast<RankedTensorType>(product.lhs.getType()).getElementType();
  Type compute = getComputeType(element);
  auto dim = [&](int64_t i) { return getAffineDimExpr(i, context); };
  // Loops: batch..., m, n, k.
  auto mapOf = [&](Value value, AffineExpr row, AffineExpr column) {
    auto type = cast<RankedTensorType>(value.getType());
    SmallVector<AffineExpr> exprs;
    for (int64_t i = 0; i + 2 < rank; ++i)
      exprs.push_back(
          type.getDimSize(i) == 1 ? getAffineConstantExpr(0, context) : dim(i));
    exprs.append({row, column});
    return AffineMap::get(rank + 1, 0, exprs, context);
  };
  AffineExpr m = dim(rank - 2), n = dim(rank - 1), k = dim(rank);
  SmallVector<AffineExpr> out;
  for (int64_t i = 0; i < rank; ++i)
    out.push_back(dim(i));
  SmallVector<AffineMap> maps = {mapOf(product.lhs, m, k),
                                 product.transposed ? mapOf(product.rhs, n, k)
                                                    : mapOf(product.rhs, k, n),
                                 AffineMap::get(rank + 1, 0, out, context)};
  SmallVector<utils::IteratorType> iterators(rank,
                                             utils::IteratorType::parallel);
  iterators.push_back(utils::IteratorType::reduction);
  Value zero = createScalar(builder, loc, compute, 0);
  Value init = createFilled(builder, loc, product.getType(compute),
                            product.getSizes(builder, loc), zero);
  auto generic = linalg::GenericOp::create(
      builder, loc, init.getType(), ValueRange{product.lhs, product.rhs}, init,
      maps, iterators, [&](OpBuilder &b, Location loc, ValueRange args) {
        Value lhs = createCast(b, loc, args[0], compute, false, false);
        Value rhs = createCast(b, loc, args[1], compute, false, false);
        Value sum;
        if (isa<FloatType>(compute))
          sum = arith::AddFOp::create(b, loc, args[2],
                                      arith::MulFOp::create(b, loc, lhs, rhs));
        else
          sum = arith::AddIOp::create(b, loc, args[2],
                                      arith::MulIOp::create(b, loc, lhs, rhs));
        linalg::YieldOp::create(b, loc, sum);
      });
  if (compute == element)
    return generic.getResult(0);
  return createElementwise(
      builder, loc, product.getType(element), generic.getResult(0),
      [&](OpBuilder &b, Location loc, ValueRange args) {
        return createCast(b, loc, args[0], element, false, false);
      });
}

/// `constant` is the rhs as the model gives it.
static Value createProduct(OpBuilder &builder, Location loc,
                           const Product &product, Value constant,
                           float scale = 1) {
  Type element = cast<RankedTensorType>(product.lhs.getType()).getElementType();
  if (!element.isF32())
    return createGenericProduct(builder, loc, product);
  Value init = createEmpty(builder, loc, product.getType(element),
                           product.getSizes(builder, loc));
  if (Value packed = packRhs(builder, loc, constant, product.transposed, scale))
    return kernel::MatMulOp::create(builder, loc, init.getType(), product.lhs,
                                    packed, init, /*packed=*/true,
                                    /*transposed=*/false);
  return kernel::MatMulOp::create(builder, loc, init.getType(), product.lhs,
                                  product.rhs, init, /*packed=*/false,
                                  product.transposed);
}

namespace {

//===----------------------------------------------------------------------===//
// MatMul
//===----------------------------------------------------------------------===//

struct MatMulLowering : OnnxLowering<onnx::MatMulOp> {
  using OnnxLowering::OnnxLowering;

  /// The permutation that gives the transposed form of B when B is the result
  /// of a transpose that moves its source's last dimension to the rows: reading
  /// along the source's rows is cheaper.
  static std::optional<SmallVector<int64_t>> getTransposedForm(Value b) {
    auto transpose = b.getDefiningOp<onnx::TransposeOp>();
    if (!transpose || !transpose->hasOneUse() || !transpose.getPerm())
      return std::nullopt;
    SmallVector<int64_t> perm(*transpose.getPerm());
    int64_t rank = perm.size();
    if (rank < 2 || perm[rank - 2] != rank - 1)
      return std::nullopt;
    std::swap(perm[rank - 2], perm[rank - 1]);
    return perm;
  }

  LogicalResult lower(onnx::MatMulOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    RankedTensorType resultType = getResultType(op);
    Product product = {adaptor.getA(), adaptor.getB(), false};
    auto rankOf = [](Value value) {
      return cast<RankedTensorType>(value.getType()).getRank();
    };
    bool isVectorA = rankOf(product.lhs) == 1;
    bool isVectorB = rankOf(product.rhs) == 1;
    if (auto perm = getTransposedForm(op.getB());
        perm && resultType.getElementType().isF32()) {
      auto transpose = op.getB().getDefiningOp<onnx::TransposeOp>();
      product.rhs = transpose.getData();
      if (!llvm::equal(*perm, llvm::seq<int64_t>(0, perm->size())))
        product.rhs = createTransposed(rewriter, loc, product.rhs, *perm);
      product.transposed = true;
    }
    if (isVectorB)
      product.rhs = expandToColumn(rewriter, loc, product.rhs);
    int64_t rank =
        std::max<int64_t>({rankOf(product.lhs), rankOf(product.rhs), 2});
    product.lhs = expandFront(rewriter, loc, product.lhs, rank);
    product.rhs = expandFront(rewriter, loc, product.rhs, rank);
    Value result = createProduct(rewriter, loc, product, op.getB());

    // The dimensions that stand for vectors go.
    if (isVectorA || isVectorB) {
      SmallVector<ReassociationIndices> groups;
      for (int64_t dim = 0; dim < rank; ++dim) {
        bool goes =
            (dim == rank - 2 && isVectorA) || (dim == rank - 1 && isVectorB);
        if (goes && !groups.empty())
          groups.back().push_back(dim);
        else if (goes && dim + 1 < rank && !isVectorB)
          groups.push_back({dim, ++dim});
        else if (!goes)
          groups.push_back({dim});
      }
      auto type = cast<RankedTensorType>(result.getType());
      SmallVector<int64_t> shape(type.getShape());
      if (isVectorB)
        shape.erase(shape.end() - 1);
      if (isVectorA)
        shape.erase(shape.end() - (isVectorB ? 1 : 2));
      result = tensor::CollapseShapeOp::create(
          rewriter, loc, RankedTensorType::get(shape, type.getElementType()),
          result, groups);
    }
    if (result.getType() != resultType)
      result = tensor::CastOp::create(rewriter, loc, resultType, result);
    rewriter.replaceOp(op, result);
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Gemm
//===----------------------------------------------------------------------===//

struct GemmLowering : OnnxLowering<onnx::GemmOp> {
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(onnx::GemmOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    RankedTensorType resultType = getResultType(op);
    Type element = resultType.getElementType();
    Product product = {adaptor.getA(), adaptor.getB(), op.getTransB() != 0};
    if (op.getTransA())
      product.lhs = createTransposed(rewriter, loc, product.lhs, {1, 0});
    double alpha = op.getAlpha().convertToDouble();
    double beta = op.getBeta().convertToDouble();
    // A constant rhs takes alpha in.
    bool packs = element.isF32() && FloatElements::get(op.getB());
    Value result = createProduct(rewriter, loc, product, op.getB(), alpha);
    if (result.getType() != resultType)
      result = tensor::CastOp::create(rewriter, loc, resultType, result);
    bool scales = alpha != 1 && !packs;
    bool adds = adaptor.getC() && beta != 0;
    if (!scales && !adds) {
      rewriter.replaceOp(op, result);
      return success();
    }
    SmallVector<Value> inputs = {result};
    if (adds)
      inputs.push_back(adaptor.getC());
    auto combine = [&](OpBuilder &b, Location loc, ValueRange args) -> Value {
      auto times = [&](Value value, double factor) -> Value {
        if (factor == 1)
          return value;
        Value constant = createScalar(b, loc, value.getType(), factor);
        return arith::MulFOp::create(b, loc, value, constant);
      };
      Value sum = scales ? times(args[0], alpha) : args[0];
      return adds ? arith::AddFOp::create(b, loc, sum, times(args[1], beta))
                  : sum;
    };
    result = createElementwise(
        rewriter, loc, resultType, inputs,
        [&](OpBuilder &b, Location loc, ValueRange args) -> Value {
          if (isa<FloatType>(element))
            return computeInFloat(b, loc, element, args, combine);
          if (!scales && beta == 1)
            return arith::AddIOp::create(b, loc, args[0], args[1]);
          SmallVector<Value> wide;
          for (Value arg : args)
            wide.push_back(
                createCast(b, loc, arg, b.getF64Type(), false, false));
          return createCast(b, loc, combine(b, loc, wide), element, false,
                            false);
        });
    rewriter.replaceOp(op, result);
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Einsum
//===----------------------------------------------------------------------===//

/// One multiply-add over all labels.
struct EinsumLowering : OnnxLowering<onnx::EinsumOp> {
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(onnx::EinsumOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    MLIRContext *context = getContext();
    RankedTensorType resultType = getResultType(op);
    Type element = resultType.getElementType();
    Type compute = getComputeType(element);
    SmallVector<int64_t> ranks;
    for (Value input : adaptor.getInputs())
      ranks.push_back(cast<RankedTensorType>(input.getType()).getRank());
    std::string error;
    FailureOr<onnx::EinsumEquation> equation =
        onnx::EinsumEquation::parse(op.getEquation(), ranks, error);
    if (failed(equation))
      return rewriter.notifyMatchFailure(op, error);

    auto sizeOf = [](Value input, int64_t dim) {
      return cast<RankedTensorType>(input.getType()).getDimSize(dim);
    };
    // A dimension of 1 stretches to the sizes that its label has elsewhere.
    SmallVector<OpFoldResult> sizes(equation->numLabels);
    SmallVector<bool> isOne(equation->numLabels, true);
    for (auto [input, labels] :
         llvm::zip_equal(adaptor.getInputs(), equation->inputs))
      for (auto [dim, label] : llvm::enumerate(labels)) {
        if (sizeOf(input, dim) == 1 && sizes[label])
          continue;
        sizes[label] = tensor::getMixedSize(rewriter, loc, input, dim);
        isOne[label] &= sizeOf(input, dim) == 1;
      }
    SmallVector<AffineMap> maps;
    for (auto [input, labels] :
         llvm::zip_equal(adaptor.getInputs(), equation->inputs)) {
      SmallVector<AffineExpr> exprs;
      for (auto [dim, label] : llvm::enumerate(labels))
        exprs.push_back(sizeOf(input, dim) == 1 && !isOne[label]
                            ? getAffineConstantExpr(0, context)
                            : getAffineDimExpr(label, context));
      maps.push_back(AffineMap::get(equation->numLabels, 0, exprs, context));
    }
    SmallVector<utils::IteratorType> iterators(equation->numLabels,
                                               utils::IteratorType::reduction);
    SmallVector<AffineExpr> out;
    SmallVector<OpFoldResult> outSizes;
    for (unsigned label : equation->output) {
      iterators[label] = utils::IteratorType::parallel;
      out.push_back(getAffineDimExpr(label, context));
      outSizes.push_back(sizes[label]);
    }
    maps.push_back(AffineMap::get(equation->numLabels, 0, out, context));
    auto sumType = RankedTensorType::get(resultType.getShape(), compute);
    Value init = createFilled(rewriter, loc, sumType, outSizes,
                              createScalar(rewriter, loc, compute, 0));
    Value sum =
        linalg::GenericOp::create(
            rewriter, loc, sumType, adaptor.getInputs(), init, maps, iterators,
            [&](OpBuilder &b, Location loc, ValueRange args) {
              Value product;
              for (Value arg : args.drop_back()) {
                Value factor = createCast(b, loc, arg, compute, false, false);
                if (!product)
                  product = factor;
                else if (isa<FloatType>(compute))
                  product = arith::MulFOp::create(b, loc, product, factor);
                else
                  product = arith::MulIOp::create(b, loc, product, factor);
              }
              Value total;
              if (isa<FloatType>(compute))
                total = arith::AddFOp::create(b, loc, args.back(), product);
              else
                total = arith::AddIOp::create(b, loc, args.back(), product);
              linalg::YieldOp::create(b, loc, total);
            })
            .getResult(0);
    if (compute != element)
      sum = createElementwise(rewriter, loc, resultType, sum,
                              [&](OpBuilder &b, Location loc, ValueRange args) {
                                return createCast(b, loc, args[0], element,
                                                  false, false);
                              });
    rewriter.replaceOp(op, sum);
    return success();
  }
};

} // namespace

void assay::populateContractionLowering(RewritePatternSet &patterns,
                                        TypeConverter &converter) {
  patterns.add<EinsumLowering, GemmLowering, MatMulLowering>(
      converter, patterns.getContext());
}
