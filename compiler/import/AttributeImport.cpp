//===- AttributeImport.cpp - AttributeProto to attributes -----------------===//

#include "compiler/import/AttributeImport.h"
#include "compiler/import/TensorImport.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Diagnostics.h"

using namespace mlir;
using namespace assay;

using Kind = proto::AttributeProto;

/// The kind, which files of IR version 1 leave out.
static Kind::AttributeType getKind(const proto::AttributeProto &attribute) {
  if (attribute.has_type() && attribute.type() != Kind::UNDEFINED)
    return attribute.type();
  if (attribute.has_f())
    return Kind::FLOAT;
  if (attribute.has_i())
    return Kind::INT;
  if (attribute.has_s())
    return Kind::STRING;
  if (attribute.has_t())
    return Kind::TENSOR;
  if (attribute.has_g())
    return Kind::GRAPH;
  if (attribute.floats_size())
    return Kind::FLOATS;
  if (attribute.ints_size())
    return Kind::INTS;
  if (attribute.strings_size())
    return Kind::STRINGS;
  return Kind::UNDEFINED;
}

FailureOr<Attribute> assay::importAttribute(proto::AttributeProto &attribute,
                                            Location loc,
                                            ExternalData &external) {
  Builder builder(loc.getContext());
  switch (getKind(attribute)) {
  case Kind::INT:
    return Attribute(builder.getI64IntegerAttr(attribute.i()));
  case Kind::FLOAT:
    return Attribute(builder.getF32FloatAttr(attribute.f()));
  case Kind::STRING:
    return Attribute(builder.getStringAttr(attribute.s()));
  case Kind::INTS:
    return Attribute(builder.getDenseI64ArrayAttr(SmallVector<int64_t>(
        attribute.ints().begin(), attribute.ints().end())));
  case Kind::FLOATS:
    return Attribute(builder.getDenseF32ArrayAttr(SmallVector<float>(
        attribute.floats().begin(), attribute.floats().end())));
  case Kind::STRINGS:
    return Attribute(builder.getStrArrayAttr(SmallVector<StringRef>(
        attribute.strings().begin(), attribute.strings().end())));
  case Kind::TENSOR: {
    FailureOr<ElementsAttr> elements = importTensor(
        *attribute.mutable_t(), loc, attribute.t().name(), external);
    if (failed(elements))
      return failure();
    return Attribute(*elements);
  }
  case Kind::SPARSE_TENSOR: {
    FailureOr<ElementsAttr> elements =
        importSparseTensor(*attribute.mutable_sparse_tensor(), loc,
                           attribute.sparse_tensor().values().name(), external);
    if (failed(elements))
      return failure();
    return Attribute(*elements);
  }
  default:
    return emitError(loc) << "attribute '" << attribute.name()
                          << "' is of a kind that is not supported; numbers, "
                             "strings, lists of these and tensors are";
  }
}
