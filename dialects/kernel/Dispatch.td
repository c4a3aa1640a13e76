//===- Dispatch.td - Dispatches and kernel calls ---------*- tablegen -*-===//

#ifndef ASSAY_DIALECTS_KERNEL_DISPATCH_TD
#define ASSAY_DIALECTS_KERNEL_DISPATCH_TD

include "dialects/kernel/KernelBase.td"
include "mlir/IR/CommonTypeConstraints.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"

def Kernel_InputType : AnyTypeOf<[AnyRankedTensor, AnyMemRef, AnySignlessInteger,
                                  Index, AnyFloat],
                                 "tensor, memref or scalar">;

class Kernel_CallLike<string mnemonic, list<Trait> traits>
    : Kernel_Op<mnemonic, traits # [AttrSizedOperandSegments,
          DestinationStyleOpInterface,
          DeclareOpInterfaceMethods<ReifyRankedShapedTypeOpInterface,
                                    ["reifyResultShapes"]>]> {
  code dpsInits = [{
    ::mlir::MutableOperandRange getDpsInitsMutable() { return getInitsMutable(); }
  }];
}

def Kernel_DispatchOp : Kernel_CallLike<"dispatch", [IsolatedFromAbove,
    SingleBlock, RecursiveMemoryEffects]> {
  let summary = "a group of tensor ops that becomes one kernel";
  let description = [{
    The body sees one block argument for each operand, inputs first. What it
    yields is the new content of the inits, in their order. An init is
    overwritten: its old content is not read, unless `kernel.updates` is set.

    ```mlir
    %y = kernel.dispatch ins(%a = %x : tensor<4xf32>)
                         outs(%o = %e : tensor<4xf32>) {
      %0 = linalg.exp ins(%a : tensor<4xf32>) outs(%o : tensor<4xf32>)
          -> tensor<4xf32>
      kernel.yield %0 : tensor<4xf32>
    }
    ```
  }];
  let arguments = (ins Variadic<Kernel_InputType>:$inputs,
                       Variadic<AnyRankedTensor>:$inits);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let regions = (region SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let builders = [OpBuilder<(ins "::mlir::ValueRange":$inputs,
                                 "::mlir::ValueRange":$inits)>];
  let skipDefaultBuilders = 1;
  let extraClassDeclaration = dpsInits # [{
    ::mlir::Block *getBlock() { return &getBody().front(); }
    /// Block arguments that stand for the inits.
    ::mlir::Block::BlockArgListType getInitArguments() {
      return getBlock()->getArguments().drop_front(getInputs().size());
    }
  }];
}

def Kernel_YieldOp : Kernel_Op<"yield", [Pure, ReturnLike, Terminator,
    HasParent<"DispatchOp">]> {
  let summary = "results of a dispatch";
  let arguments = (ins Variadic<AnyRankedTensor>:$values);
  let assemblyFormat = "attr-dict ($values^ `:` type($values))?";
}

def Kernel_CallOp : Kernel_CallLike<"call", [
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "a call of an outlined kernel";
  let description = [{
    The callee takes the inputs and then the inits, and returns the results, one
    for each init. After bufferization inits are memrefs and there are no
    results.

    ```mlir
    %y = kernel.call @kernel_1f ins(%x : tensor<4xf32>)
                                outs(%e : tensor<4xf32>) -> tensor<4xf32>
    kernel.call @kernel_1f ins(%x : memref<4xf32>) outs(%y : memref<4xf32>)
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$callee,
                       Variadic<Kernel_InputType>:$inputs,
                       Variadic<AnyTypeOf<[AnyRankedTensor, AnyMemRef]>>:$inits);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let assemblyFormat = [{
    $callee (`ins` `(` $inputs^ `:` type($inputs) `)`)?
    (`outs` `(` $inits^ `:` type($inits) `)`)? attr-dict
    (`->` type($results)^)?
  }];
  let hasVerifier = 1;
  let builders = [OpBuilder<(ins "::llvm::StringRef":$callee,
                                 "::mlir::ValueRange":$inputs,
                                 "::mlir::ValueRange":$inits)>];
  let extraClassDeclaration = dpsInits;
}

#endif // ASSAY_DIALECTS_KERNEL_DISPATCH_TD
