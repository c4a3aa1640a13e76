//===- Weights.cpp - Constants as they lie in memory ----------------------===//

#include "passes/host/Weights.h"
#include "dialects/kernel/BufferSize.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/DialectResourceBlobManager.h"

using namespace mlir;
using namespace assay;

static void repeat(ArrayRef<char> element, int64_t count,
                   SmallVectorImpl<char> &storage) {
  storage.clear();
  storage.reserve(element.size() * count);
  for (int64_t i = 0; i < count; ++i)
    storage.append(element.begin(), element.end());
}

/// Booleans, which the attribute packs in its own way.
static void expandBools(DenseElementsAttr value,
                        SmallVectorImpl<char> &storage) {
  storage.clear();
  for (bool bit : value.getValues<bool>())
    storage.push_back(bit);
}

FailureOr<ArrayRef<char>>
assay::host::readConstant(memref::GlobalOp global,
                          SmallVectorImpl<char> &storage) {
  MemRefType type = global.getType();
  size_t bytes = kernel::getBufferBytes(type);
  Attribute initial = global.getInitialValueAttr();
  ArrayRef<char> data;
  if (auto resource = dyn_cast_or_null<DenseResourceElementsAttr>(initial)) {
    if (AsmResourceBlob *blob = resource.getRawHandle().getBlob())
      data = blob->getData();
  } else if (auto dense = dyn_cast_or_null<DenseElementsAttr>(initial)) {
    if (type.getElementType().isInteger(1)) {
      expandBools(dense, storage);
      data = storage;
    } else if (dense.isSplat() && type.getNumElements() != 1) {
      repeat(dense.getRawData(), type.getNumElements(), storage);
      data = storage;
    } else {
      data = dense.getRawData();
    }
  }
  if (data.size() != bytes)
    return global.emitError("constant holds ")
           << data.size() << " bytes, its type " << type << " takes " << bytes;
  return data;
}
