//===- KernelConvolution.cpp - Convolutions as kernel ops -----------------===//

#include "dialects/kernel/Contraction.h"
#include "passes/lowering/ConvolutionForms.h"
#include "passes/lowering/LoweringUtils.h"
#include "passes/lowering/WeightPacking.h"

using namespace mlir;
using namespace assay;

bool assay::hasKernelForm(const Convolution &conv) {
  return conv.resultType.getElementType().isF32() && conv.dims.size() <= 2 &&
         !ShapedType::isDynamic(conv.getChannels()) &&
         !ShapedType::isDynamic(conv.getOutChannels()) &&
         !llvm::is_contained(conv.resultType.getShape(), 0);
}

namespace {

/// The parts of a 2-D convolution; a 1-D one has height 1.
class Builder2D {
public:
  Builder2D(OpBuilder &builder, Location loc, const Convolution &conv)
      : builder(builder), loc(loc), conv(conv), dims(conv.dims) {
    if (dims.size() == 1)
      dims.insert(dims.begin(),
                  {1, 1, 1, builder.getIndexAttr(0), builder.getIndexAttr(0),
                   builder.getIndexAttr(1)});
  }

  Value build();

private:
  bool isDepthwise() const {
    return conv.group > 1 && conv.group == conv.getChannels() &&
           conv.group == conv.getOutChannels();
  }
  bool isPointwise() const;
  bool hasWinogradForm(Value init) const;
  Value getInput();
  Value buildContraction(Value input, Value init);
  WeightView getView(ArrayRef<float> data) const;
  Value packAtRunTime();
  Value packDepthwiseAtRunTime();
  Value finish(Value result);

  OpBuilder &builder;
  Location loc;
  const Convolution &conv;
  SmallVector<ConvDim, 3> dims;
  /// Pads left to the kernel; zero where the input was padded before.
  SmallVector<int64_t> pads = {0, 0, 0, 0};
};

} // namespace

bool Builder2D::isPointwise() const {
  return conv.group == 1 &&
         llvm::all_of(pads, [](int64_t p) { return p == 0; }) &&
         llvm::all_of(dims, [](const ConvDim &dim) {
           return dim.kernel == 1 && dim.stride == 1;
         });
}

/// Whether fewer multiplications outweigh the transforms and a filter four
/// times as large, which is read once for each block of tiles.
bool Builder2D::hasWinogradForm(Value init) const {
  auto type = cast<RankedTensorType>(init.getType());
  if (conv.group != 1 || !type.hasStaticShape() ||
      !cast<RankedTensorType>(conv.input.getType()).hasStaticShape() ||
      llvm::any_of(dims, [](const ConvDim &dim) {
        return dim.kernel != 3 || dim.stride != 1 || dim.dilation != 1;
      }))
    return false;
  constexpr int64_t minChannels = 32, minTiles = 12;
  int64_t channels = conv.getChannels(), columns = conv.getOutChannels();
  int64_t tiles = type.getDimSize(0) *
                  llvm::divideCeilSigned(type.getDimSize(1), 4) *
                  llvm::divideCeilSigned(type.getDimSize(2), 4);
  return channels >= minChannels && channels % 16 == 0 &&
         columns % kernel::kPanelColumns == 0 && tiles >= minTiles;
}

/// N H W C, padded unless the kernel can do it.
Value Builder2D::getInput() {
  Value input = conv.input;
  int64_t rank = conv.getRank();
  if (!conv.channelsLast) {
    SmallVector<int64_t> toLast = {0};
    for (int64_t dim = 2; dim < rank; ++dim)
      toLast.push_back(dim);
    toLast.push_back(1);
    input = createTransposed(builder, loc, input, toLast);
  }
  auto type = cast<RankedTensorType>(input.getType());
  if (rank == 3) {
    SmallVector<OpFoldResult> sizes =
        tensor::getMixedSizes(builder, loc, input);
    sizes.insert(sizes.begin() + 1, builder.getIndexAttr(1));
    type = RankedTensorType::get(
        {type.getDimSize(0), 1, type.getDimSize(1), type.getDimSize(2)},
        type.getElementType());
    SmallVector<ReassociationIndices> groups = {{0}, {1, 2}, {3}};
    input =
        tensor::ExpandShapeOp::create(builder, loc, type, input, groups, sizes);
  }
  bool isStatic = !type.isDynamicDim(2);
  for (auto [i, dim] : llvm::enumerate(dims)) {
    std::optional<int64_t> begin = getConstantIntValue(dim.padBegin);
    std::optional<int64_t> end = getConstantIntValue(dim.padEnd);
    isStatic &= begin.has_value() && end.has_value() &&
                getConstantIntValue(dims[1].outputSize).has_value();
    pads[i] = begin.value_or(0);
    pads[i + 2] = end.value_or(0);
  }
  if (isStatic)
    return input;
  pads = {0, 0, 0, 0};
  OpFoldResult zero = builder.getIndexAttr(0);
  return createZeroPadded(builder, loc, input,
                          {zero, dims[0].padBegin, dims[1].padBegin, zero},
                          {zero, dims[0].padEnd, dims[1].padEnd, zero});
}

/// The filter as matrices [taps * channels of a group, outputs of a group].
WeightView Builder2D::getView(ArrayRef<float> data) const {
  int64_t channels = conv.getChannels() / conv.group;
  int64_t outputs = conv.getOutChannels() / conv.group;
  int64_t taps = dims[0].kernel * dims[1].kernel;
  WeightView view;
  view.data = data;
  view.groups = conv.group;
  view.columns = outputs;
  // [O, C / group, taps], or [C, O / group, taps] with the taps backwards.
  bool transposed = conv.transposedFilter;
  view.columnStride = transposed ? taps : channels * taps;
  view.groupStride =
      transposed ? channels * outputs * taps : outputs * channels * taps;
  int64_t channelStride = transposed ? outputs * taps : taps;
  for (int64_t tap = 0; tap < taps; ++tap)
    for (int64_t channel = 0; channel < channels; ++channel)
      view.depthOffsets.push_back(channel * channelStride +
                                  (transposed ? taps - 1 - tap : tap));
  return view;
}

/// Panels of the filter by element: [panels, KH * KW * C / group, 32].
Value Builder2D::packAtRunTime() {
  constexpr int64_t width = kernel::kPanelColumns;
  int64_t channels = conv.getChannels() / conv.group;
  int64_t outputs = conv.getOutChannels() / conv.group;
  int64_t panels = llvm::divideCeilSigned(outputs, width);
  int64_t taps = dims[0].kernel * dims[1].kernel;
  auto type = RankedTensorType::get(
      {conv.group * panels, taps * channels, width}, builder.getF32Type());
  Value init = tensor::EmptyOp::create(builder, loc, type.getShape(),
                                       type.getElementType());
  SmallVector<utils::IteratorType> iterators(3, utils::IteratorType::parallel);
  auto body = [&](OpBuilder &b, Location loc, ValueRange) {
    auto constant = [&](int64_t value) -> Value {
      return arith::ConstantIndexOp::create(b, loc, value);
    };
    auto quotient = [&](Value value, int64_t by) -> Value {
      return arith::DivUIOp::create(b, loc, value, constant(by));
    };
    auto remainder = [&](Value value, int64_t by) -> Value {
      return arith::RemUIOp::create(b, loc, value, constant(by));
    };
    auto combine = [&](Value value, int64_t by, Value rest) -> Value {
      Value scaled = arith::MulIOp::create(b, loc, value, constant(by));
      return arith::AddIOp::create(b, loc, scaled, rest);
    };
    auto backwards = [&](Value tap, int64_t size) -> Value {
      return conv.transposedFilter
                 ? arith::SubIOp::create(b, loc, constant(size - 1), tap)
                       .getResult()
                 : tap;
    };
    Value panel = linalg::IndexOp::create(b, loc, 0);
    Value depth = linalg::IndexOp::create(b, loc, 1);
    Value lane = linalg::IndexOp::create(b, loc, 2);
    Value group = quotient(panel, panels);
    Value column = combine(remainder(panel, panels), width, lane);
    Value isColumn = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ult,
                                           column, constant(outputs));
    column = arith::SelectOp::create(b, loc, isColumn, column, constant(0));
    Value tap = quotient(depth, channels), channel = remainder(depth, channels);
    Value kh = backwards(quotient(tap, dims[1].kernel), dims[0].kernel);
    Value kw = backwards(remainder(tap, dims[1].kernel), dims[1].kernel);
    SmallVector<Value> at =
        conv.transposedFilter
            ? SmallVector<Value>{combine(group, channels, channel), column}
            : SmallVector<Value>{combine(group, outputs, column), channel};
    if (conv.dims.size() == 2)
      at.push_back(kh);
    at.push_back(kw);
    Value element = tensor::ExtractOp::create(b, loc, conv.filter, at);
    Value zero = createScalar(b, loc, b.getF32Type(), 0);
    Value result = arith::SelectOp::create(b, loc, isColumn, element, zero);
    linalg::YieldOp::create(b, loc, result);
  };
  return linalg::GenericOp::create(builder, loc, type, ValueRange(), init,
                                   builder.getMultiDimIdentityMap(3), iterators,
                                   body)
      .getResult(0);
}

/// [C, 1, taps...] as [taps, C].
Value Builder2D::packDepthwiseAtRunTime() {
  auto type = cast<RankedTensorType>(conv.filter.getType());
  int64_t channels = conv.getChannels();
  int64_t taps = dims[0].kernel * dims[1].kernel;
  ReassociationIndices rest;
  for (int64_t dim = 1; dim < type.getRank(); ++dim)
    rest.push_back(dim);
  auto flat = RankedTensorType::get({channels, taps}, type.getElementType());
  Value filter = conv.filter;
  auto expected = SmallVector<int64_t>{channels, 1};
  for (const ConvDim &dim : conv.dims)
    expected.push_back(dim.kernel);
  auto staticType = RankedTensorType::get(expected, type.getElementType());
  if (type != staticType)
    filter = tensor::CastOp::create(builder, loc, staticType, filter);
  filter = tensor::CollapseShapeOp::create(
      builder, loc, flat, filter, ArrayRef<ReassociationIndices>{{0}, rest});
  return createTransposed(builder, loc, filter, {1, 0});
}

Value Builder2D::buildContraction(Value input, Value init) {
  std::optional<FloatElements> elements =
      FloatElements::get(conv.constantFilter);
  SmallVector<int64_t> kernelShape, strides, dilations;
  for (const ConvDim &dim : dims) {
    kernelShape.push_back(dim.kernel);
    strides.push_back(dim.stride);
    dilations.push_back(dim.dilation);
  }
  if (isDepthwise() && (elements || !conv.transposedFilter)) {
    Value filter;
    if (elements) {
      WeightView view = getView(elements->getData());
      view.columns = view.groups;
      view.columnStride = view.groupStride;
      view.groups = 1;
      filter = createMatrix(builder, loc, view);
    } else {
      filter = packDepthwiseAtRunTime();
    }
    return kernel::DepthwiseConv2DOp::create(builder, loc, init.getType(),
                                             input, filter, init, kernelShape,
                                             strides, pads, dilations);
  }
  if (elements && hasWinogradForm(init)) {
    Value filter =
        createWinogradFilter(builder, loc, getView(elements->getData()));
    return kernel::WinogradConv2DOp::create(builder, loc, init.getType(), input,
                                            filter, init, pads);
  }
  Value filter =
      elements ? createPackedColumns(builder, loc, getView(elements->getData()))
               : packAtRunTime();
  if (isPointwise())
    return kernel::MatMulOp::create(builder, loc, init.getType(), input, filter,
                                    init, /*packed=*/true,
                                    /*transposed=*/false);
  return kernel::Conv2DOp::create(builder, loc, init.getType(), input, filter,
                                  init, kernelShape, strides, pads, dilations,
                                  conv.group);
}

/// From N H W C to the layout and rank of the result.
Value Builder2D::finish(Value result) {
  auto type = cast<RankedTensorType>(result.getType());
  int64_t rank = conv.getRank();
  if (rank == 3) {
    auto flat = RankedTensorType::get(
        {type.getDimSize(0), type.getDimSize(2), type.getDimSize(3)},
        type.getElementType());
    result = tensor::CollapseShapeOp::create(
        builder, loc, flat, result,
        ArrayRef<ReassociationIndices>{{0}, {1, 2}, {3}});
  }
  if (!conv.channelsLast) {
    SmallVector<int64_t> toFirst = {0, rank - 1};
    for (int64_t dim = 1; dim + 1 < rank; ++dim)
      toFirst.push_back(dim);
    result = createTransposed(builder, loc, result, toFirst);
  }
  if (result.getType() != conv.resultType)
    result = tensor::CastOp::create(builder, loc, conv.resultType, result);
  return result;
}

Value Builder2D::build() {
  Value input = getInput();
  SmallVector<OpFoldResult> sizes = {
      tensor::getMixedSize(builder, loc, conv.input, 0), dims[0].outputSize,
      dims[1].outputSize, builder.getIndexAttr(conv.getOutChannels())};
  auto [shape, dynamic] = decomposeMixedValues(sizes);
  auto type = RankedTensorType::get(shape, builder.getF32Type());
  Value init = createEmpty(builder, loc, type, sizes);
  Value result = buildContraction(input, init);
  if (conv.bias)
    result = createElementwise(
        builder, loc, ArrayRef(type), ValueRange{result, conv.bias}, sizes,
        [&](OpBuilder &b, Location loc, ValueRange args) {
          return SmallVector<Value>{
              arith::AddFOp::create(b, loc, args[0], args[1])};
        })[0];
  return finish(result);
}

Value assay::createKernelConvolution(OpBuilder &builder, Location loc,
                                     const Convolution &conv) {
  Value result = Builder2D(builder, loc, conv).build();
  if (FloatElements::get(conv.constantFilter))
    releaseConstant(conv.constantFilter);
  return result;
}
