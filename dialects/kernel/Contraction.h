//===- Contraction.h - Packed contractions ----------------------*- C++ -*-===//

#ifndef ASSAY_DIALECTS_KERNEL_CONTRACTION_H
#define ASSAY_DIALECTS_KERNEL_CONTRACTION_H

#include "dialects/kernel/KernelDialect.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace assay::kernel {

/// Columns of a panel of a packed operand, whatever the target: two vectors of
/// 512 bits or four of 256 bits.
inline constexpr int64_t kPanelColumns = 32;

} // namespace assay::kernel

#define GET_OP_CLASSES
#include "dialects/kernel/Contraction.h.inc"

#endif // ASSAY_DIALECTS_KERNEL_CONTRACTION_H
