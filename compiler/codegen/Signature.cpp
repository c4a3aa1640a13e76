//===- Signature.cpp - Inputs and outputs of a model ----------------------===//

#include "compiler/codegen/Signature.h"
#include "mlir/IR/BuiltinTypes.h"

using namespace mlir;

static assay_type toIntegerType(IntegerType type) {
  bool isUnsigned = type.isUnsigned();
  switch (type.getWidth()) {
  case 1:
    return ASSAY_BOOL;
  case 8:
    return isUnsigned ? ASSAY_UINT8 : ASSAY_INT8;
  case 16:
    return isUnsigned ? ASSAY_UINT16 : ASSAY_INT16;
  case 32:
    return isUnsigned ? ASSAY_UINT32 : ASSAY_INT32;
  case 64:
    return isUnsigned ? ASSAY_UINT64 : ASSAY_INT64;
  default:
    return ASSAY_UNDEFINED;
  }
}

assay_type assay::toRuntimeType(Type elementType) {
  if (auto integer = dyn_cast<IntegerType>(elementType))
    return toIntegerType(integer);
  if (elementType.isF32())
    return ASSAY_FLOAT;
  if (elementType.isF64())
    return ASSAY_DOUBLE;
  if (elementType.isF16())
    return ASSAY_FLOAT16;
  if (elementType.isBF16())
    return ASSAY_BFLOAT16;
  if (auto complex = dyn_cast<ComplexType>(elementType))
    return complex.getElementType().isF32() ? ASSAY_COMPLEX64
                                            : ASSAY_COMPLEX128;
  return ASSAY_UNDEFINED;
}

static IntegerType makeInteger(MLIRContext *context, unsigned width,
                               bool isUnsigned = false) {
  return IntegerType::get(context, width,
                          isUnsigned ? IntegerType::Unsigned
                                     : IntegerType::Signless);
}

Type assay::fromRuntimeType(MLIRContext *context, int32_t type) {
  switch (type) {
  case ASSAY_FLOAT:
    return Float32Type::get(context);
  case ASSAY_DOUBLE:
    return Float64Type::get(context);
  case ASSAY_FLOAT16:
    return Float16Type::get(context);
  case ASSAY_BFLOAT16:
    return BFloat16Type::get(context);
  case ASSAY_BOOL:
    return makeInteger(context, 1);
  case ASSAY_INT8:
    return makeInteger(context, 8);
  case ASSAY_UINT8:
    return makeInteger(context, 8, true);
  case ASSAY_INT16:
    return makeInteger(context, 16);
  case ASSAY_UINT16:
    return makeInteger(context, 16, true);
  case ASSAY_INT32:
    return makeInteger(context, 32);
  case ASSAY_UINT32:
    return makeInteger(context, 32, true);
  case ASSAY_INT64:
    return makeInteger(context, 64);
  case ASSAY_UINT64:
    return makeInteger(context, 64, true);
  case ASSAY_COMPLEX64:
    return ComplexType::get(Float32Type::get(context));
  case ASSAY_COMPLEX128:
    return ComplexType::get(Float64Type::get(context));
  default:
    return {};
  }
}
