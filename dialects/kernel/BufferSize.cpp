//===- BufferSize.cpp - How much memory buffers take ----------------------===//

#include "dialects/kernel/BufferSize.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

int64_t assay::kernel::getElementBytes(Type elementType) {
  if (isa<IndexType>(elementType))
    return 8;
  if (auto complex = dyn_cast<ComplexType>(elementType))
    return 2 * getElementBytes(complex.getElementType());
  if (elementType.isIntOrFloat())
    return llvm::divideCeil(elementType.getIntOrFloatBitWidth(), 8);
  return 0;
}

int64_t assay::kernel::getBufferBytes(MemRefType type) {
  return type.getNumElements() * getElementBytes(type.getElementType());
}
