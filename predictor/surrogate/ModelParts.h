//===- ModelParts.h - Pieces of surrogates as ONNX ops ----------*- C++ -*-===//

#ifndef ASSAY_PREDICTOR_SURROGATE_MODELPARTS_H
#define ASSAY_PREDICTOR_SURROGATE_MODELPARTS_H

#include "dialects/onnx/GraphBuilder.h"
#include "predictor/surrogate/Surrogate.h"

namespace assay::predictor {

/// A rows x columns f32 constant; one row gives rank 1.
mlir::Value buildConstant(onnx::GraphBuilder &b, const Matrix &matrix,
                          llvm::StringRef name);

/// clip((x - mean) * scale) of [N, features].
mlir::Value buildStandardizer(onnx::GraphBuilder &b,
                              const Standardizer &standardizer, mlir::Value x,
                              float clip, const std::string &name);

/// [N] of [N, features]: the squared distance to the nearest prototype.
mlir::Value buildDistance(onnx::GraphBuilder &b, const Familiarity &familiarity,
                          mlir::Value features);

/// The module of what was built: "features" to "scores" and "distance", with
/// version and calibration as metadata.
mlir::OwningOpRef<mlir::ModuleOp>
finishSurrogate(onnx::GraphBuilder &b, mlir::Value scores, mlir::Value distance,
                llvm::StringRef version, const Calibration &calibration);

} // namespace assay::predictor

#endif // ASSAY_PREDICTOR_SURROGATE_MODELPARTS_H
