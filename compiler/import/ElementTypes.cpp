//===- ElementTypes.cpp - ONNX data types and MLIR types ------------------===//

#include "compiler/import/ElementTypes.h"
#include "dialects/onnx/OnnxDialect.h"

using namespace mlir;
using namespace assay;

Type assay::getElementType(MLIRContext *context, int64_t dataType) {
  auto signless = [&](unsigned width) {
    return IntegerType::get(context, width);
  };
  auto isUnsigned = [&](unsigned width) {
    return IntegerType::get(context, width, IntegerType::Unsigned);
  };
  switch (static_cast<DataType>(dataType)) {
  case DataType::Undefined:
    return {};
  case DataType::Float:
    return Float32Type::get(context);
  case DataType::UInt8:
    return isUnsigned(8);
  case DataType::Int8:
    return signless(8);
  case DataType::UInt16:
    return isUnsigned(16);
  case DataType::Int16:
    return signless(16);
  case DataType::Int32:
    return signless(32);
  case DataType::Int64:
    return signless(64);
  case DataType::String:
    return onnx::StringType::get(context);
  case DataType::Bool:
    return signless(1);
  case DataType::Float16:
    return Float16Type::get(context);
  case DataType::Double:
    return Float64Type::get(context);
  case DataType::UInt32:
    return isUnsigned(32);
  case DataType::UInt64:
    return isUnsigned(64);
  case DataType::Complex64:
    return ComplexType::get(Float32Type::get(context));
  case DataType::Complex128:
    return ComplexType::get(Float64Type::get(context));
  case DataType::BFloat16:
    return BFloat16Type::get(context);
  case DataType::Float8E4M3FN:
    return Float8E4M3FNType::get(context);
  case DataType::Float8E4M3FNUZ:
    return Float8E4M3FNUZType::get(context);
  case DataType::Float8E5M2:
    return Float8E5M2Type::get(context);
  case DataType::Float8E5M2FNUZ:
    return Float8E5M2FNUZType::get(context);
  case DataType::UInt4:
    return isUnsigned(4);
  case DataType::Int4:
    return signless(4);
  case DataType::Float4E2M1:
    return Float4E2M1FNType::get(context);
  case DataType::Float8E8M0:
    return Float8E8M0FNUType::get(context);
  case DataType::UInt2:
    return isUnsigned(2);
  case DataType::Int2:
    return signless(2);
  }
  return {};
}

DataType assay::getDataType(Type elementType) {
  for (int32_t value = 1; value <= static_cast<int32_t>(DataType::Int2);
       ++value)
    if (getElementType(elementType.getContext(), value) == elementType)
      return static_cast<DataType>(value);
  return DataType::Undefined;
}
