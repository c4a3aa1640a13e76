//===- AttributeImport.h - AttributeProto to attributes ---------*- C++ -*-===//

#ifndef ASSAY_COMPILER_IMPORT_ATTRIBUTEIMPORT_H
#define ASSAY_COMPILER_IMPORT_ATTRIBUTEIMPORT_H

#include "compiler/import/ExternalData.h"
#include "compiler/import/ModelReader.h"
#include "mlir/IR/Attributes.h"

namespace assay {

/// INT as i64, FLOAT as f32, STRING, and arrays of these, as the onnx dialect
/// spells them; TENSOR and SPARSE_TENSOR as elements. Empty INTS and FLOATS are
/// empty arrays. Takes tensor data out of `attribute`. Fails with an error on
/// `loc` for graphs, types, sequences of tensors and unknown kinds.
mlir::FailureOr<mlir::Attribute>
importAttribute(proto::AttributeProto &attribute, mlir::Location loc,
                ExternalData &external);

} // namespace assay

#endif // ASSAY_COMPILER_IMPORT_ATTRIBUTEIMPORT_H
