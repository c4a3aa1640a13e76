//===- BufferizableOpInterfaceImpl.h - Kernel calls to memrefs --*- C++ -*-===//

#ifndef ASSAY_DIALECTS_KERNEL_BUFFERIZABLEOPINTERFACEIMPL_H
#define ASSAY_DIALECTS_KERNEL_BUFFERIZABLEOPINTERFACEIMPL_H

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace assay::kernel {

/// `kernel.call` on tensors becomes `kernel.call` on memrefs: inputs are read,
/// inits are overwritten, results are the inits.
void registerBufferizableOpInterfaceExternalModels(
    mlir::DialectRegistry &registry);

} // namespace assay::kernel

#endif // ASSAY_DIALECTS_KERNEL_BUFFERIZABLEOPINTERFACEIMPL_H
