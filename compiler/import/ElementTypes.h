//===- ElementTypes.h - ONNX data types and MLIR types ----------*- C++ -*-===//

#ifndef ASSAY_COMPILER_IMPORT_ELEMENTTYPES_H
#define ASSAY_COMPILER_IMPORT_ELEMENTTYPES_H

#include "mlir/IR/BuiltinTypes.h"

namespace assay {

/// Values of TensorProto.DataType up to ONNX 1.23 (IR version 13); Debian's
/// protobuf classes know those up to BFLOAT16 only.
enum class DataType : int32_t {
  Undefined = 0,
  Float = 1,
  UInt8 = 2,
  Int8 = 3,
  UInt16 = 4,
  Int16 = 5,
  Int32 = 6,
  Int64 = 7,
  String = 8,
  Bool = 9,
  Float16 = 10,
  Double = 11,
  UInt32 = 12,
  UInt64 = 13,
  Complex64 = 14,
  Complex128 = 15,
  BFloat16 = 16,
  Float8E4M3FN = 17,
  Float8E4M3FNUZ = 18,
  Float8E5M2 = 19,
  Float8E5M2FNUZ = 20,
  UInt4 = 21,
  Int4 = 22,
  Float4E2M1 = 23,
  Float8E8M0 = 24,
  UInt2 = 25,
  Int2 = 26,
};

/// The element type of the onnx dialect, or null when `dataType` is none.
mlir::Type getElementType(mlir::MLIRContext *context, int64_t dataType);

/// The inverse of getElementType; Undefined for other types.
DataType getDataType(mlir::Type elementType);

} // namespace assay

#endif // ASSAY_COMPILER_IMPORT_ELEMENTTYPES_H
