//===- TensorImport.h - TensorProto to elements attributes ------*- C++ -*-===//

#ifndef ASSAY_COMPILER_IMPORT_TENSORIMPORT_H
#define ASSAY_COMPILER_IMPORT_TENSORIMPORT_H

#include "compiler/import/ExternalData.h"
#include "compiler/import/ModelReader.h"
#include "dialects/onnx/reference/Tensor.h"

namespace assay {

/// Takes the data out of `tensor`: small tensors become `dense`, larger ones
/// `dense_resource` blobs named `name`. Fails with an error on `loc` when the
/// dims are negative, the data is not what they ask for, or the element type is
/// unknown.
mlir::FailureOr<mlir::ElementsAttr> importTensor(proto::TensorProto &tensor,
                                                 mlir::Location loc,
                                                 llvm::StringRef name,
                                                 ExternalData &external);

/// As importTensor, but data of more than kMaxStructureBytes is only checked
/// for its size and becomes a splat of 0. `skipped` tells of raw_data that was
/// not read.
mlir::FailureOr<mlir::ElementsAttr>
importTensorStructure(proto::TensorProto &tensor, mlir::Location loc,
                      llvm::StringRef name, ExternalData &external,
                      const SkippedData &skipped);

/// As importTensor for a sparse tensor in coordinate form, which becomes dense.
/// Fails when fewer than one element in a thousand of a large tensor is given.
mlir::FailureOr<mlir::ElementsAttr>
importSparseTensor(proto::SparseTensorProto &sparse, mlir::Location loc,
                   llvm::StringRef name, ExternalData &external);

/// As importTensor, for use beside the importer (test data, tensor files).
/// String tensors are refused.
mlir::FailureOr<onnx::Tensor> readTensor(proto::TensorProto &tensor,
                                         mlir::Location loc,
                                         ExternalData &external);

} // namespace assay

#endif // ASSAY_COMPILER_IMPORT_TENSORIMPORT_H
