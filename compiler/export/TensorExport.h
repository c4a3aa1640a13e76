//===- TensorExport.h - Elements attributes to TensorProto ------*- C++ -*-===//

#ifndef ASSAY_COMPILER_EXPORT_TENSOREXPORT_H
#define ASSAY_COMPILER_EXPORT_TENSOREXPORT_H

#include "compiler/import/ModelReader.h"
#include "mlir/IR/BuiltinAttributeInterfaces.h"

namespace assay {

/// Fills in dims, data type and raw data (string_data for strings). Fails with
/// an error on `loc` when the attribute has no data or ONNX no such type.
llvm::LogicalResult exportTensor(mlir::ElementsAttr elements,
                                 mlir::Location loc,
                                 proto::TensorProto &tensor);

/// Bytes of raw data that exportTensor would give, 0 for strings.
int64_t getRawBytes(mlir::ElementsAttr elements);

} // namespace assay

#endif // ASSAY_COMPILER_EXPORT_TENSOREXPORT_H
