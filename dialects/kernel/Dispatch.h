//===- Dispatch.h - Dispatches and kernel calls -----------------*- C++ -*-===//

#ifndef ASSAY_DIALECTS_KERNEL_DISPATCH_H
#define ASSAY_DIALECTS_KERNEL_DISPATCH_H

#include "dialects/kernel/KernelDialect.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#define GET_OP_CLASSES
#include "dialects/kernel/Dispatch.h.inc"

#endif // ASSAY_DIALECTS_KERNEL_DISPATCH_H
