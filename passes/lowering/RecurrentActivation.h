//===- RecurrentActivation.h - Activations of recurrent cells ---*- C++ -*-===//

#ifndef ASSAY_PASSES_LOWERING_RECURRENTACTIVATION_H
#define ASSAY_PASSES_LOWERING_RECURRENTACTIVATION_H

#include "dialects/onnx/RecurrentCell.h"
#include "passes/lowering/LoweringUtils.h"

namespace assay {

/// `function` of the float scalar `x`, in its type.
mlir::Value createCellActivation(mlir::OpBuilder &builder, mlir::Location loc,
                                 const onnx::CellActivation &function,
                                 mlir::Value x);

} // namespace assay

#endif // ASSAY_PASSES_LOWERING_RECURRENTACTIVATION_H
