//===- WeightsBlob.cpp - The constants of a model -------------------------===//

#include "compiler/codegen/WeightsBlob.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "passes/host/Passes.h"
#include "passes/host/Weights.h"
#include "llvm/Support/MathExtras.h"
#include <cstring>

using namespace assay;

mlir::FailureOr<WeightsBlob> WeightsBlob::collect(mlir::ModuleOp module,
                                                  bool releases) {
  WeightsBlob blob;
  for (auto global : module.getOps<mlir::memref::GlobalOp>()) {
    auto offset =
        global->getAttrOfType<mlir::IntegerAttr>(host::offsetAttrName);
    if (!offset)
      continue;
    llvm::SmallVector<char> storage;
    auto data = host::readConstant(global, storage);
    if (failed(data))
      return mlir::failure();
    Piece piece{static_cast<uint64_t>(offset.getInt()), *data, {}, {}};
    if (releases)
      piece.source = llvm::dyn_cast_or_null<mlir::DenseResourceElementsAttr>(
          global.getInitialValueAttr());
    if (data->data() == storage.data()) {
      piece.owned.assign(data->begin(), data->end());
      piece.data = piece.owned;
    }
    // An empty constant takes its place too: code refers to it.
    uint64_t taken = std::max<uint64_t>(piece.data.size(), 1);
    blob.bytes = std::max(blob.bytes, piece.offset + taken);
    blob.pieces.push_back(std::move(piece));
  }
  blob.bytes = llvm::alignTo(blob.bytes, host::bufferAlignment);
  llvm::sort(blob.pieces, [](const Piece &lhs, const Piece &rhs) {
    return std::make_pair(lhs.offset, lhs.data.size()) <
           std::make_pair(rhs.offset, rhs.data.size());
  });
  return blob;
}

void WeightsBlob::write(llvm::raw_ostream &os) const {
  uint64_t position = 0;
  for (const Piece &piece : pieces) {
    if (piece.offset < position)
      continue; // Equal contents share an offset.
    os.write_zeros(piece.offset - position);
    os.write(piece.data.data(), piece.data.size());
    position = piece.offset + piece.data.size();
  }
  os.write_zeros(bytes - position);
}

void WeightsBlob::copyTo(char *target) const {
  uint64_t position = 0;
  for (const Piece &piece : pieces) {
    // What shares an offset may share an attribute.
    if (piece.offset >= position) {
      std::memcpy(target + piece.offset, piece.data.data(), piece.data.size());
      position = piece.offset + piece.data.size();
    }
    if (piece.source)
      piece.source.getRawHandle().getResource()->setBlob(
          mlir::AsmResourceBlob());
  }
}
