//===- KernelDialect.h - The kernel dialect ---------------------*- C++ -*-===//

#ifndef ASSAY_DIALECTS_KERNEL_KERNELDIALECT_H
#define ASSAY_DIALECTS_KERNEL_KERNELDIALECT_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Dialect.h"

#include "dialects/kernel/KernelDialect.h.inc"

#endif // ASSAY_DIALECTS_KERNEL_KERNELDIALECT_H
