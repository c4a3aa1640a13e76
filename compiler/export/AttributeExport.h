//===- AttributeExport.h - Attributes to AttributeProto ---------*- C++ -*-===//

#ifndef ASSAY_COMPILER_EXPORT_ATTRIBUTEEXPORT_H
#define ASSAY_COMPILER_EXPORT_ATTRIBUTEEXPORT_H

#include "compiler/import/ModelReader.h"
#include "mlir/IR/Attributes.h"

namespace assay {

/// The inverse of importAttribute; types become their data type. Fails with an
/// error on `loc` for attributes that ONNX cannot hold.
llvm::LogicalResult exportAttribute(mlir::NamedAttribute attribute,
                                    mlir::Location loc,
                                    proto::AttributeProto &result);

} // namespace assay

#endif // ASSAY_COMPILER_EXPORT_ATTRIBUTEEXPORT_H
