//===- Convolution.cpp - Lowering of convolution operators ----------------===//

#include "dialects/onnx/Convolution.h"
#include "dialects/onnx/Window.h"
#include "passes/lowering/ConvolutionForms.h"
#include "passes/lowering/LoweringUtils.h"
#include "passes/lowering/OnnxToLinalg.h"

using namespace mlir;
using namespace assay;

namespace {

/// Arithmetic on sizes, folded where they are static.
struct SizeBuilder {
  OpBuilder &builder;
  Location loc;

  OpFoldResult constant(int64_t value) { return builder.getIndexAttr(value); }
  template <typename OpTy> OpFoldResult apply(OpFoldResult a, OpFoldResult b) {
    Value folded = builder.createOrFold<OpTy>(loc, getValue(builder, loc, a),
                                              getValue(builder, loc, b));
    return getAsOpFoldResult(folded);
  }
  OpFoldResult add(OpFoldResult a, OpFoldResult b) {
    return apply<arith::AddIOp>(a, b);
  }
  OpFoldResult sub(OpFoldResult a, OpFoldResult b) {
    return apply<arith::SubIOp>(a, b);
  }
  OpFoldResult mul(OpFoldResult a, int64_t b) {
    return apply<arith::MulIOp>(a, constant(b));
  }
  OpFoldResult div(OpFoldResult a, int64_t b) {
    return apply<arith::DivSIOp>(a, constant(b));
  }
  OpFoldResult max(OpFoldResult a, int64_t b) {
    return apply<arith::MaxSIOp>(a, constant(b));
  }
};

} // namespace

/// The window of Conv or ConvTranspose; its size is that of W, or the
/// attribute.
template <typename OpTy>
static FailureOr<onnx::Window> getFilterWindow(OpTy op,
                                               PatternRewriter &rewriter) {
  auto filter = cast<RankedTensorType>(op.getW().getType());
  SmallVector<int64_t> sizes(filter.getShape().drop_front(2));
  if (auto attribute = op.getKernelShape())
    sizes.assign(attribute->begin(), attribute->end());
  if (llvm::any_of(sizes, ShapedType::isDynamic))
    return rewriter.notifyMatchFailure(
        op, "has a filter of unknown size; give W static spatial dimensions");
  return onnx::getWindow(op, sizes);
}

/// Padding and output size of a window over `input` positions.
static void setPadding(SizeBuilder sizes, ConvDim &dim,
                       const onnx::Window &window, unsigned i,
                       OpFoldResult input) {
  const onnx::WindowDim &windowDim = window.dims[i];
  int64_t extent = windowDim.extent();
  if (std::optional<int64_t> known = getConstantIntValue(input)) {
    auto [begin, end] = window.padding(i, *known);
    dim.padBegin = sizes.constant(begin);
    dim.padEnd = sizes.constant(end);
    dim.outputSize = sizes.constant(window.outputSize(i, *known));
    return;
  }
  if (!window.isSame()) {
    auto [begin, end] = window.padding(i, /*input=*/0);
    dim.padBegin = sizes.constant(begin);
    dim.padEnd = sizes.constant(end);
    OpFoldResult slack = sizes.add(input, sizes.constant(begin + end - extent));
    dim.outputSize =
        sizes.add(sizes.div(slack, windowDim.stride), sizes.constant(1));
    return;
  }
  // SAME_*: as many outputs as strides begin inside the input.
  dim.outputSize = sizes.div(
      sizes.add(input, sizes.constant(windowDim.stride - 1)), windowDim.stride);
  OpFoldResult last =
      sizes.mul(sizes.sub(dim.outputSize, sizes.constant(1)), windowDim.stride);
  OpFoldResult total =
      sizes.max(sizes.sub(sizes.add(last, sizes.constant(extent)), input), 0);
  OpFoldResult less = sizes.div(total, 2);
  OpFoldResult more = sizes.sub(total, less);
  bool upper = window.autoPad == onnx::AutoPad::SameUpper;
  dim.padBegin = upper ? less : more;
  dim.padEnd = upper ? more : less;
}

static Value createConvolution(OpBuilder &builder, Location loc,
                               const Convolution &conv) {
  return hasKernelForm(conv) ? createKernelConvolution(builder, loc, conv)
                             : createGenericConvolution(builder, loc, conv);
}

namespace {

//===----------------------------------------------------------------------===//
// Conv
//===----------------------------------------------------------------------===//

struct ConvLowering : OnnxLowering<onnx::ConvOp> {
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(onnx::ConvOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    FailureOr<onnx::Window> window = getFilterWindow(op, rewriter);
    if (failed(window))
      return failure();
    Convolution conv;
    conv.input = adaptor.getX();
    conv.filter = adaptor.getW();
    conv.constantFilter = op.getW();
    conv.bias = adaptor.getB();
    conv.resultType = getResultType(op);
    conv.group = op.getGroup();
    conv.channelsLast = op.getChannelsLast();
    conv.transposedFilter = false;
    if (conv.group > 1 && (ShapedType::isDynamic(conv.getChannels()) ||
                           ShapedType::isDynamic(conv.getOutChannels())))
      return rewriter.notifyMatchFailure(
          op, "has groups of unknown size; give X static channels");
    SizeBuilder sizes = {rewriter, loc};
    for (auto [i, windowDim] : llvm::enumerate(window->dims)) {
      ConvDim &dim = conv.dims.emplace_back();
      dim.kernel = windowDim.kernel;
      dim.stride = windowDim.stride;
      dim.dilation = windowDim.dilation;
      setPadding(sizes, dim, *window, i,
                 tensor::getMixedSize(rewriter, loc, conv.input,
                                      conv.getSpatialDim(i)));
    }
    rewriter.replaceOp(op, createConvolution(rewriter, loc, conv));
    return success();
  }
};

//===----------------------------------------------------------------------===//
// ConvTranspose
//===----------------------------------------------------------------------===//

/// A convolution of stride 1 with the taps backwards, over an input whose
/// positions are `stride` apart and padded by what the outermost taps reach
/// less what ConvTranspose crops.
struct ConvTransposeLowering : OnnxLowering<onnx::ConvTransposeOp> {
  using OnnxLowering::OnnxLowering;

  LogicalResult lower(onnx::ConvTransposeOp op, Adaptor adaptor,
                      ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    FailureOr<onnx::Window> window = getFilterWindow(op, rewriter);
    if (failed(window))
      return failure();
    auto inputType = cast<RankedTensorType>(adaptor.getX().getType());
    if (llvm::any_of(inputType.getShape().drop_front(1), ShapedType::isDynamic))
      return rewriter.notifyMatchFailure(
          op, "has dynamic channels or spatial dimensions; give X static ones");
    Convolution conv;
    conv.filter = adaptor.getW();
    conv.constantFilter = op.getW();
    conv.bias = adaptor.getB();
    conv.resultType = getResultType(op);
    conv.group = op.getGroup();
    conv.channelsLast = false;
    conv.transposedFilter = true;
    SmallVector<std::pair<int64_t, int64_t>> pads;
    for (auto [i, windowDim] : llvm::enumerate(window->dims)) {
      int64_t reach = windowDim.extent() - 1;
      int64_t size = inputType.getDimSize(i + 2);
      auto [begin, end] = window->transposedPadding(i, size);
      pads.emplace_back(reach - begin, reach - end + windowDim.outputPadding);
      OpFoldResult zero = rewriter.getIndexAttr(0);
      conv.dims.push_back(
          {windowDim.kernel, 1, windowDim.dilation, zero, zero,
           rewriter.getIndexAttr(window->transposedOutputSize(i, size))});
    }
    conv.input = spread(rewriter, loc, adaptor.getX(), *window, pads);
    rewriter.replaceOp(op, createConvolution(rewriter, loc, conv));
    return success();
  }

  /// `input` with zeros between its positions and around them; a negative pad
  /// crops.
  static Value spread(OpBuilder &builder, Location loc, Value input,
                      const onnx::Window &window,
                      ArrayRef<std::pair<int64_t, int64_t>> pads) {
    auto type = cast<RankedTensorType>(input.getType());
    SmallVector<OpFoldResult> sizes =
        tensor::getMixedSizes(builder, loc, input);
    SmallVector<OpFoldResult> spreadSizes = sizes, keptSizes = sizes;
    SmallVector<OpFoldResult> ones(type.getRank(), builder.getIndexAttr(1));
    SmallVector<OpFoldResult> strides = ones;
    SmallVector<OpFoldResult> offsets(type.getRank(), builder.getIndexAttr(0));
    SmallVector<OpFoldResult> cropped = offsets;
    bool crops = false;
    for (auto [i, pad] : llvm::enumerate(pads)) {
      auto [begin, end] = pad;
      int64_t stride = window.dims[i].stride;
      int64_t size = type.getDimSize(i + 2);
      int64_t inner = size == 0 ? 0 : (size - 1) * stride + 1;
      int64_t before = std::max<int64_t>(begin, 0);
      int64_t after = std::max<int64_t>(end, 0);
      spreadSizes[i + 2] = builder.getIndexAttr(before + inner + after);
      strides[i + 2] = builder.getIndexAttr(stride);
      offsets[i + 2] = builder.getIndexAttr(before);
      cropped[i + 2] = builder.getIndexAttr(before - begin);
      keptSizes[i + 2] = builder.getIndexAttr(begin + inner + end);
      crops |= begin < 0 || end < 0;
    }
    auto spreadType = RankedTensorType::get(
        decomposeMixedValues(spreadSizes).first, type.getElementType());
    Value zero = createScalar(builder, loc, type.getElementType(), 0);
    Value filled = createFilled(builder, loc, spreadType, spreadSizes, zero);
    // No offset is valid in a dimension of 0.
    Value result = filled;
    if (!llvm::is_contained(type.getShape(), 0))
      result = tensor::InsertSliceOp::create(builder, loc, input, filled,
                                             offsets, sizes, strides);
    if (crops)
      result = tensor::ExtractSliceOp::create(builder, loc, result, cropped,
                                              keptSizes, ones);
    return result;
  }
};

} // namespace

void assay::populateConvolutionLowering(RewritePatternSet &patterns,
                                        TypeConverter &converter) {
  patterns.add<ConvLowering, ConvTransposeLowering>(converter,
                                                    patterns.getContext());
}
