//===- AttributeExport.cpp - Attributes to AttributeProto -----------------===//

#include "compiler/export/AttributeExport.h"
#include "compiler/export/TensorExport.h"
#include "compiler/import/ElementTypes.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace assay;

using Kind = proto::AttributeProto;

LogicalResult assay::exportAttribute(NamedAttribute attribute, Location loc,
                                     proto::AttributeProto &result) {
  result.set_name(attribute.getName().str());
  return TypeSwitch<Attribute, LogicalResult>(attribute.getValue())
      .Case([&](IntegerAttr value) {
        result.set_type(Kind::INT);
        result.set_i(value.getInt());
        return success();
      })
      .Case([&](FloatAttr value) {
        result.set_type(Kind::FLOAT);
        result.set_f(static_cast<float>(value.getValueAsDouble()));
        return success();
      })
      .Case([&](StringAttr value) {
        result.set_type(Kind::STRING);
        result.set_s(value.str());
        return success();
      })
      .Case([&](DenseI64ArrayAttr values) {
        result.set_type(Kind::INTS);
        for (int64_t value : values.asArrayRef())
          result.add_ints(value);
        return success();
      })
      .Case([&](DenseF32ArrayAttr values) {
        result.set_type(Kind::FLOATS);
        for (float value : values.asArrayRef())
          result.add_floats(value);
        return success();
      })
      .Case([&](ArrayAttr values) -> LogicalResult {
        result.set_type(Kind::STRINGS);
        for (Attribute value : values) {
          auto text = dyn_cast<StringAttr>(value);
          if (!text)
            return emitError(loc) << "attribute " << attribute.getName()
                                  << " is a list of other than strings";
          result.add_strings(text.str());
        }
        return success();
      })
      .Case([&](TypeAttr type) -> LogicalResult {
        DataType dataType = getDataType(type.getValue());
        if (dataType == DataType::Undefined)
          return emitError(loc)
                 << "attribute " << attribute.getName() << " is the type "
                 << type.getValue() << ", which ONNX does not have";
        result.set_type(Kind::INT);
        result.set_i(static_cast<int64_t>(dataType));
        return success();
      })
      .Case([&](ElementsAttr elements) {
        result.set_type(Kind::TENSOR);
        return exportTensor(elements, loc, *result.mutable_t());
      })
      .Default([&](Attribute) -> LogicalResult {
        return emitError(loc)
               << "attribute " << attribute.getName()
               << " is not of ONNX; export a graph before layout planning";
      });
}
