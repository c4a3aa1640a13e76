//===- TensorExport.cpp - Elements attributes to TensorProto --------------===//

#include "compiler/export/TensorExport.h"
#include "compiler/import/ElementTypes.h"
#include "dialects/onnx/OnnxDialect.h"
#include "dialects/onnx/reference/Tensor.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Diagnostics.h"

using namespace mlir;
using namespace assay;
using assay::onnx::Tensor;

/// Elements below a byte, packed with the first in the low bits.
static std::string pack(ArrayRef<char> bytes, int64_t bits) {
  int64_t perByte = 8 / bits;
  std::string packed(llvm::divideCeil(bytes.size(), perByte), '\0');
  unsigned mask = (1u << bits) - 1;
  for (auto [index, byte] : llvm::enumerate(bytes))
    packed[index / perByte] |=
        static_cast<char>((byte & mask) << (index % perByte * bits));
  return packed;
}

/// The width of elements that are packed in raw data, or 0.
static int64_t getPackedBits(Type elementType) {
  if (!elementType.isIntOrFloat() || elementType.isInteger(1))
    return 0;
  int64_t bits = elementType.getIntOrFloatBitWidth();
  return bits < 8 ? bits : 0;
}

int64_t assay::getRawBytes(ElementsAttr elements) {
  int64_t count = elements.getNumElements();
  if (int64_t bits = getPackedBits(elements.getElementType()))
    return llvm::divideCeil(count * bits, 8);
  return count * assay::onnx::getElementBytes(elements.getElementType());
}

LogicalResult assay::exportTensor(ElementsAttr elements, Location loc,
                                  proto::TensorProto &tensor) {
  Type elementType = elements.getElementType();
  DataType dataType = getDataType(elementType);
  if (dataType == DataType::Undefined)
    return emitError(loc) << "has elements of type " << elementType
                          << ", which ONNX does not have";
  tensor.set_data_type(static_cast<int32_t>(dataType));
  for (int64_t dim : elements.getShapedType().getShape())
    tensor.add_dims(dim);
  if (auto strings = dyn_cast<DenseStringElementsAttr>(elements)) {
    for (StringRef text : strings.getValues<StringRef>())
      tensor.add_string_data(text.str());
    return success();
  }
  std::string reason;
  FailureOr<Tensor> values = Tensor::fromAttr(elements, reason);
  if (failed(values))
    return emitError(loc) << "has no data to export: " << reason;
  ArrayRef<char> bytes = values->getData();
  if (int64_t bits = getPackedBits(elementType))
    tensor.set_raw_data(pack(bytes, bits));
  else
    tensor.set_raw_data(bytes.data(), bytes.size());
  return success();
}
