//===- WeightPacking.cpp - Packed forms of constant weights ---------------===//

#include "passes/lowering/WeightPacking.h"
#include "dialects/kernel/Contraction.h"
#include "dialects/onnx/Creation.h"
#include "dialects/onnx/OnnxOp.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/Support/Memory.h"

using namespace mlir;
using namespace assay;

static constexpr size_t kAlignment = 64;

std::optional<FloatElements> FloatElements::get(Value value) {
  ElementsAttr attribute = onnx::getConstant(value);
  if (!attribute || !attribute.getElementType().isF32())
    return std::nullopt;
  FloatElements elements;
  size_t count = attribute.getNumElements();
  if (auto dense = dyn_cast<DenseElementsAttr>(attribute)) {
    if (dense.isSplat()) {
      elements.expanded.assign(count, dense.getSplatValue<float>());
    } else {
      auto values = dense.getValues<float>();
      elements.expanded.assign(values.begin(), values.end());
    }
    elements.data = elements.expanded;
    return elements;
  }
  auto resource = dyn_cast<DenseResourceElementsAttr>(attribute);
  AsmResourceBlob *blob =
      resource ? resource.getRawHandle().getBlob() : nullptr;
  if (!blob || blob->getData().size() != count * sizeof(float))
    return std::nullopt;
  elements.data =
      ArrayRef(reinterpret_cast<const float *>(blob->getData().data()), count);
  return elements;
}

static constexpr llvm::StringLiteral kReleasable = "assay.releasable";

void assay::markReleasableConstants(ModuleOp module) {
  llvm::DenseMap<const void *, int64_t> uses;
  auto getEntry = [](onnx::ConstantOp op) -> const void * {
    auto value = dyn_cast_or_null<DenseResourceElementsAttr>(op.getValueAttr());
    return value ? value.getRawHandle().getResource() : nullptr;
  };
  module.walk([&](onnx::ConstantOp op) {
    uses[getEntry(op)] += llvm::range_size(op->getUses());
  });
  module.walk([&](onnx::ConstantOp op) {
    const void *entry = getEntry(op);
    if (entry && uses[entry] == 1)
      op->setAttr(kReleasable, UnitAttr::get(op.getContext()));
  });
}

void assay::releaseConstant(Value value) {
  auto op = value.getDefiningOp<onnx::ConstantOp>();
  if (!op || !op->hasAttr(kReleasable))
    return;
  auto attribute = cast<DenseResourceElementsAttr>(op.getValueAttr());
  attribute.getRawHandle().getResource()->setBlob(AsmResourceBlob());
}

/// Zeros. Large blobs are mappings of their own: the heap would keep most of
/// their memory when they are released.
static AsmResourceBlob allocateZeros(size_t bytes) {
  using llvm::sys::Memory;
  constexpr size_t kSmallestMapping = size_t(1) << 20;
  std::error_code error;
  llvm::sys::MemoryBlock block;
  if (bytes >= kSmallestMapping)
    block = Memory::allocateMappedMemory(
        bytes, nullptr, Memory::MF_READ | Memory::MF_WRITE, error);
  if (!block.base()) {
    AsmResourceBlob blob = HeapAsmResourceBlob::allocate(bytes, kAlignment);
    llvm::fill(blob.getMutableData(), 0);
    return blob;
  }
  return AsmResourceBlob(
      ArrayRef(static_cast<const char *>(block.base()), bytes), kAlignment,
      [block](void *, size_t, size_t) mutable {
        (void)Memory::releaseMappedMemory(block);
      },
      /*dataIsMutable=*/true);
}

/// An arith.constant whose zeroed data `fill` completes.
static Value
createConstant(OpBuilder &builder, Location loc, ArrayRef<int64_t> shape,
               llvm::function_ref<void(MutableArrayRef<float>)> fill) {
  auto type = RankedTensorType::get(shape, builder.getF32Type());
  size_t bytes = type.getNumElements() * sizeof(float);
  AsmResourceBlob blob = allocateZeros(bytes);
  MutableArrayRef<char> data = blob.getMutableData();
  fill(MutableArrayRef(reinterpret_cast<float *>(data.data()),
                       data.size() / sizeof(float)));
  auto attribute =
      DenseResourceElementsAttr::get(type, "packed", std::move(blob));
  return arith::ConstantOp::create(builder, loc, cast<TypedAttr>(attribute));
}

Value assay::createPackedColumns(OpBuilder &builder, Location loc,
                                 const WeightView &view) {
  constexpr int64_t width = kernel::kPanelColumns;
  int64_t depth = view.depthOffsets.size();
  int64_t panels = llvm::divideCeilSigned(view.columns, width);
  return createConstant(
      builder, loc, {view.groups * panels, depth, width},
      [&](MutableArrayRef<float> packed) {
        float *to = packed.data();
        for (int64_t group = 0; group < view.groups; ++group)
          for (int64_t first = 0; first < view.columns; first += width) {
            const float *from = view.data.data() + group * view.groupStride +
                                first * view.columnStride;
            int64_t count = std::min(width, view.columns - first);
            for (int64_t offset : view.depthOffsets) {
              for (int64_t n = 0; n < count; ++n)
                to[n] = view.scale * from[offset + n * view.columnStride];
              to += width;
            }
          }
      });
}

Value assay::createWinogradFilter(OpBuilder &builder, Location loc,
                                  const WeightView &view) {
  constexpr int64_t width = kernel::kPanelColumns, size = 6;
  static const double matrix[size][3] = {{1.0 / 4, 0, 0},
                                         {-1.0 / 6, -1.0 / 6, -1.0 / 6},
                                         {-1.0 / 6, 1.0 / 6, -1.0 / 6},
                                         {1.0 / 24, 1.0 / 12, 1.0 / 6},
                                         {1.0 / 24, -1.0 / 12, 1.0 / 6},
                                         {0, 0, 1}};
  int64_t channels = view.depthOffsets.size() / 9;
  int64_t panels = view.columns / width;
  return createConstant(
      builder, loc, {panels * size * size, channels, width},
      [&](MutableArrayRef<float> packed) {
        for (int64_t n = 0; n < view.columns; ++n)
          for (int64_t c = 0; c < channels; ++c) {
            double half[size][3] = {};
            for (int64_t i = 0; i < size; ++i)
              for (int64_t kw = 0; kw < 3; ++kw)
                for (int64_t kh = 0; kh < 3; ++kh)
                  half[i][kw] +=
                      matrix[i][kh] *
                      view.data[view.depthOffsets[(kh * 3 + kw) * channels +
                                                  c] +
                                n * view.columnStride];
            float *to = packed.data() +
                        ((n / width) * size * size * channels + c) * width +
                        n % width;
            for (int64_t i = 0; i < size; ++i)
              for (int64_t j = 0; j < size; ++j) {
                double sum = 0;
                for (int64_t kw = 0; kw < 3; ++kw)
                  sum += half[i][kw] * matrix[j][kw];
                to[(i * size + j) * channels * width] = view.scale * sum;
              }
          }
      });
}

Value assay::createMatrix(OpBuilder &builder, Location loc,
                          const WeightView &view) {
  int64_t depth = view.depthOffsets.size();
  return createConstant(
      builder, loc, {depth, view.columns}, [&](MutableArrayRef<float> matrix) {
        float *to = matrix.data();
        for (int64_t offset : view.depthOffsets)
          for (int64_t n = 0; n < view.columns; ++n)
            *to++ = view.scale * view.data[offset + n * view.columnStride];
      });
}
