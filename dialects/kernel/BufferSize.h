//===- BufferSize.h - How much memory buffers take --------------*- C++ -*-===//

#ifndef ASSAY_DIALECTS_KERNEL_BUFFERSIZE_H
#define ASSAY_DIALECTS_KERNEL_BUFFERSIZE_H

#include "mlir/IR/BuiltinTypes.h"

namespace assay::kernel {

/// Bytes of one element in a buffer: whole bytes, one for bool. 0 for types no
/// buffer holds.
int64_t getElementBytes(mlir::Type elementType);

/// Bytes of a buffer of static shape.
int64_t getBufferBytes(mlir::MemRefType type);

} // namespace assay::kernel

#endif // ASSAY_DIALECTS_KERNEL_BUFFERSIZE_H
