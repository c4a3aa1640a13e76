//===- FoldBatchNorm.cpp - BatchNormalization into weights ----------------===//
//
//   %0 = onnx.Conv(%x, %w, %b)
//   %y, %m, %v = onnx.BatchNormalization(%0, %scale, %bias, %mean, %var)
//
// becomes, with a = %scale / sqrt(%var + epsilon) for each output channel,
//
//   %w' = onnx.Constant() {value = %w * a}
//   %b' = onnx.Constant() {value = (%b - %mean) * a + %bias}
//   %y = onnx.Conv(%x, %w', %b')
//
// (Jacob et al., Quantization and Training of Neural Networks for Efficient
// Integer-Arithmetic-Only Inference, section 3.2).
//
//===----------------------------------------------------------------------===//

#include "dialects/onnx/Contraction.h"
#include "dialects/onnx/Convolution.h"
#include "dialects/onnx/Creation.h"
#include "dialects/onnx/Normalization.h"
#include "dialects/onnx/reference/Tensor.h"
#include "passes/graph/GraphUtils.h"
#include "passes/graph/Passes.h"
#include <cmath>

namespace assay {
#define GEN_PASS_DEF_FOLDBATCHNORM
#include "passes/graph/Passes.h.inc"
} // namespace assay

using namespace mlir;
using namespace assay;
using onnx::Tensor;

namespace {

/// y = x * scale + shift, for each channel.
struct Affine {
  std::vector<double> scale;
  std::vector<double> shift;
};

} // namespace

static std::optional<Tensor> getTensor(Value value) {
  ElementsAttr elements = onnx::getConstant(value);
  std::string reason;
  if (!elements)
    return std::nullopt;
  return Tensor::fromAttr(elements, reason);
}

/// The values of a constant of `size` elements, or one broadcast to as many.
static std::optional<std::vector<double>> getVector(Value value, int64_t size) {
  std::optional<Tensor> tensor = getTensor(value);
  if (!tensor)
    return std::nullopt;
  if (tensor->getNumElements() == 1)
    return std::vector<double>(size, tensor->getDouble(0));
  bool isRow =
      tensor->getRank() > 0 && tensor->getDim(tensor->getRank() - 1) == size;
  if (tensor->getNumElements() != size || !isRow)
    return std::nullopt;
  return tensor->toDoubles();
}

static std::optional<Affine> getAffine(onnx::BatchNormalizationOp norm,
                                       int64_t channels) {
  auto scale = getVector(norm.getScale(), channels);
  auto bias = getVector(norm.getB(), channels);
  auto mean = getVector(norm.getInputMean(), channels);
  auto variance = getVector(norm.getInputVar(), channels);
  if (!scale || !bias || !mean || !variance)
    return std::nullopt;
  double epsilon = norm.getEpsilon().convertToDouble();
  Affine affine;
  for (int64_t c = 0; c < channels; ++c) {
    double factor = (*scale)[c] / std::sqrt((*variance)[c] + epsilon);
    if (!std::isfinite(factor))
      return std::nullopt;
    affine.scale.push_back(factor);
    affine.shift.push_back((*bias)[c] - (*mean)[c] * factor);
  }
  return affine;
}

/// Multiplies element [i, j, ...] of `weights`, seen as [outer, size, inner],
/// by `scale[j]`.
static void scaleAxis(Tensor &weights, int64_t axis, int64_t group,
                      ArrayRef<double> scale) {
  int64_t size = weights.getDim(axis);
  int64_t inner = 1;
  for (int64_t dim : weights.getShape().drop_front(axis + 1))
    inner *= dim;
  int64_t outer = weights.getNumElements() / std::max<int64_t>(size * inner, 1);
  MutableArrayRef<float> floats;
  if (weights.getElementType().isF32())
    floats = weights.getMutableAs<float>();
  auto scaleElement = [&](int64_t index, double factor) {
    if (!floats.empty())
      floats[index] = static_cast<float>(floats[index] * factor);
    else
      weights.setDouble(index, weights.getDouble(index) * factor);
  };
  // With groups the channel counts on from one group of outer rows to the next.
  int64_t rows = outer / std::max<int64_t>(group, 1);
  for (int64_t o = 0, index = 0; o < outer; ++o) {
    int64_t first = rows ? o / rows * size : 0;
    for (int64_t j = 0; j < size; ++j)
      for (int64_t i = 0; i < inner; ++i, ++index)
        scaleElement(index, scale[first + j]);
  }
}

static Value makeConstant(OpBuilder &builder, Value like, const Tensor &tensor,
                          StringRef name) {
  ElementsAttr elements = tensor.toAttr(name);
  return onnx::ConstantOp::create(builder, like.getLoc(), elements.getType(),
                                  elements);
}

/// Rewrites the weights W (scaled along `axis`) and bias of `op`.
static bool foldInto(Operation *op, Value weights, Value bias, int64_t axis,
                     int64_t group, int64_t channels, double betaOfBias,
                     onnx::BatchNormalizationOp norm) {
  std::optional<Affine> affine = getAffine(norm, channels);
  std::optional<Tensor> scaled = getTensor(weights);
  if (!affine || !scaled)
    return false;
  std::vector<double> shift = affine->shift;
  if (bias) {
    std::optional<std::vector<double>> old = getVector(bias, channels);
    if (!old)
      return false;
    for (int64_t c = 0; c < channels; ++c)
      shift[c] += (*old)[c] * betaOfBias * affine->scale[c];
  }
  scaleAxis(*scaled, axis, group, affine->scale);
  Tensor newBias =
      Tensor::fromDoubles(scaled->getElementType(), {channels}, shift);
  OpBuilder builder(op);
  Value inputs[] = {op->getOperand(0),
                    makeConstant(builder, weights, *scaled, "folded"),
                    makeConstant(builder, norm.getB(), newBias, "folded")};
  op->setOperands(inputs);
  return true;
}

static int64_t getStaticDim(Value value, int64_t axis) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && type.getRank() > axis ? type.getDimSize(axis)
                                       : ShapedType::kDynamic;
}

/// Folds `norm` into `op`, whose first result it normalises.
static bool fold(Operation *op, onnx::BatchNormalizationOp norm) {
  if (auto conv = dyn_cast<onnx::ConvOp>(op)) {
    int64_t channels = getStaticDim(conv.getW(), 0);
    return !conv.getChannelsLast() && !ShapedType::isDynamic(channels) &&
           foldInto(op, conv.getW(), conv.getB(), /*axis=*/0, /*group=*/1,
                    channels, /*betaOfBias=*/1.0, norm);
  }
  if (auto conv = dyn_cast<onnx::ConvTransposeOp>(op)) {
    int64_t perGroup = getStaticDim(conv.getW(), 1);
    int64_t group = conv.getGroup();
    return !ShapedType::isDynamic(perGroup) &&
           foldInto(op, conv.getW(), conv.getB(), /*axis=*/1, group,
                    perGroup * group, /*betaOfBias=*/1.0, norm);
  }
  auto gemm = dyn_cast<onnx::GemmOp>(op);
  if (!gemm)
    return false;
  int64_t axis = gemm.getTransB() ? 0 : 1;
  int64_t channels = getStaticDim(gemm.getB(), axis);
  double beta = gemm.getBeta().convertToDouble();
  if (ShapedType::isDynamic(channels) ||
      !foldInto(op, gemm.getB(), gemm.getC(), axis, /*group=*/1, channels, beta,
                norm))
    return false;
  gemm.setBeta(APFloat(1.0f));
  return true;
}

namespace {
struct FoldBatchNorm : assay::impl::FoldBatchNormBase<FoldBatchNorm> {
  void runOnOperation() override {
    SmallVector<onnx::BatchNormalizationOp> norms;
    getOperation().walk(
        [&](onnx::BatchNormalizationOp norm) { norms.push_back(norm); });
    for (onnx::BatchNormalizationOp norm : norms) {
      Operation *producer = norm.getX().getDefiningOp();
      bool training =
          norm.getTrainingMode() ||
          llvm::any_of(norm->getResults().drop_front(),
                       [](Value value) { return !value.use_empty(); });
      if (!producer || training || !norm.getX().hasOneUse() ||
          !canReplaceType(norm.getResult(0).getType(), norm.getX().getType()) ||
          !fold(producer, norm))
        continue;
      norm.getResult(0).replaceAllUsesWith(norm.getX());
      norm.erase();
      ++numFolded;
    }
    updateResultTypes(getOperation());
  }
};
} // namespace
