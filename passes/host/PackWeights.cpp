//===- PackWeights.cpp - Constants to one blob ----------------------------===//
//
//   memref.global "private" constant @c : memref<4xf32> = dense<...>
//   func.func @main(...) {
//     %w = memref.get_global @c : memref<4xf32>
// becomes
//   memref.global "private" constant @c : memref<4xf32> = dense<...>
//       {assay.offset = 64}
//   func.func @main(..., %weights: memref<80xi8> {assay.weights}) {
//     %o = arith.constant 64 : index
//     %w = memref.view %weights[%o][] : memref<80xi8> to memref<4xf32>
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "passes/host/Passes.h"
#include "passes/host/Weights.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/xxhash.h"

using namespace mlir;

namespace assay::host {
#define GEN_PASS_DEF_PACKWEIGHTS
#include "passes/host/Passes.h.inc"
} // namespace assay::host

using namespace assay::host;

namespace {

/// Hands out offsets; equal contents get one.
class WeightLayout {
public:
  FailureOr<int64_t> place(memref::GlobalOp global);
  int64_t getBytes() const { return bytes; }

private:
  std::optional<int64_t> findEqual(uint64_t hash, ArrayRef<char> data);

  int64_t bytes = 0;
  llvm::DenseMap<uint64_t, SmallVector<std::pair<memref::GlobalOp, int64_t>, 1>>
      placed;
};

struct PackWeightsPass : assay::host::impl::PackWeightsBase<PackWeightsPass> {
  void runOnOperation() override;
};

} // namespace

std::optional<int64_t> WeightLayout::findEqual(uint64_t hash,
                                               ArrayRef<char> data) {
  SmallVector<char> storage;
  for (auto [other, offset] : placed[hash]) {
    FailureOr<ArrayRef<char>> otherData = readConstant(other, storage);
    if (succeeded(otherData) && *otherData == data)
      return offset;
  }
  return std::nullopt;
}

FailureOr<int64_t> WeightLayout::place(memref::GlobalOp global) {
  SmallVector<char> storage;
  FailureOr<ArrayRef<char>> data = readConstant(global, storage);
  if (failed(data))
    return failure();
  uint64_t hash = llvm::xxh3_64bits(ArrayRef<uint8_t>(
      reinterpret_cast<const uint8_t *>(data->data()), data->size()));
  if (std::optional<int64_t> equal = findEqual(hash, *data))
    return *equal;
  int64_t offset = llvm::alignTo(bytes, bufferAlignment);
  bytes = offset + data->size();
  placed[hash].emplace_back(global, offset);
  return offset;
}

void PackWeightsPass::runOnOperation() {
  ModuleOp module = getOperation();
  auto main = module.lookupSymbol<func::FuncOp>(mainName);
  if (!main || main.isDeclaration())
    return;
  Builder builder(&getContext());
  WeightLayout layout;
  llvm::StringMap<int64_t> offsets;
  for (auto global : module.getOps<memref::GlobalOp>()) {
    FailureOr<int64_t> offset = layout.place(global);
    if (failed(offset))
      return signalPassFailure();
    global->setAttr(offsetAttrName, builder.getI64IntegerAttr(*offset));
    offsets[global.getSymName()] = *offset;
  }
  if (offsets.empty())
    return;

  auto type = MemRefType::get({layout.getBytes()}, builder.getI8Type());
  unsigned position = main.getNumArguments();
  auto marked = builder.getDictionaryAttr(
      builder.getNamedAttr(weightsAttrName, builder.getUnitAttr()));
  if (failed(main.insertArgument(position, type, marked, main.getLoc())))
    return signalPassFailure();
  Value weights = main.getArgument(position);
  main.walk([&](memref::GetGlobalOp use) {
    OpBuilder at(use);
    Value offset = arith::ConstantIndexOp::create(at, use.getLoc(),
                                                  offsets[use.getName()]);
    auto view = memref::ViewOp::create(at, use.getLoc(), use.getType(), weights,
                                       offset, ValueRange());
    use.replaceAllUsesWith(view.getResult());
    use.erase();
  });
}
