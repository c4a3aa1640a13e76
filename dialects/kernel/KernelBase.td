//===- KernelBase.td - Dialect and op base class ---------*- tablegen -*-===//
//
// The kernel dialect marks out the units of compilation: dispatches on tensors,
// the calls they are outlined to, and packed contractions. All its ops are in
// destination-passing style: `ins` are read, `outs` are overwritten.
//
//===----------------------------------------------------------------------===//

#ifndef ASSAY_DIALECTS_KERNEL_KERNELBASE_TD
#define ASSAY_DIALECTS_KERNEL_KERNELBASE_TD

include "mlir/IR/OpBase.td"
include "mlir/Interfaces/DestinationStyleOpInterface.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Kernel_Dialect : Dialect {
  let name = "kernel";
  let cppNamespace = "::assay::kernel";
  let summary = "Dispatches, kernel calls and packed contractions";
  let extraClassDeclaration = [{
    // One function per op file; each adds its ops to the dialect.
    void registerContractionOps();
    void registerDispatchOps();

    /// Unit attribute of a `func.func` that is an outlined kernel.
    static ::llvm::StringLiteral getEntryAttrName() { return "kernel.entry"; }

    /// Unit attribute of a dispatch or call whose inits keep what it does not
    /// write: they are read as well.
    static ::llvm::StringLiteral getUpdatesAttrName() { return "kernel.updates"; }
  }];
}

class Kernel_Op<string mnemonic, list<Trait> traits = []>
    : Op<Kernel_Dialect, mnemonic, traits>;

#endif // ASSAY_DIALECTS_KERNEL_KERNELBASE_TD
