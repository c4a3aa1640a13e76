//===- ImportLocation.h - Locations of files and nodes ----------*- C++ -*-===//

#ifndef ASSAY_COMPILER_IMPORT_IMPORTLOCATION_H
#define ASSAY_COMPILER_IMPORT_IMPORTLOCATION_H

#include "mlir/IR/Location.h"

namespace assay {

/// The model file as a whole.
mlir::Location getFileLoc(mlir::MLIRContext *context, llvm::StringRef file);

/// Parent of the nodes of `operatorName` in the file `fileLoc`:
/// loc(fused<"Conv">["model.onnx":0:0]).
mlir::Location getOperatorLoc(mlir::Location fileLoc,
                              llvm::StringRef operatorName);

/// Node `node` of the operator that getOperatorLoc gave:
/// loc("conv1"(fused<"Conv">["model.onnx":0:0])).
mlir::Location getNodeLoc(mlir::Location operatorLoc, llvm::StringRef node);

/// A named thing of the file that is no node, such as an initializer.
mlir::Location getValueLoc(mlir::Location fileLoc, llvm::StringRef name);

} // namespace assay

#endif // ASSAY_COMPILER_IMPORT_IMPORTLOCATION_H
