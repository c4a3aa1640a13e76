//===- Passes.td - The host program: buffers and LLVM ----*- tablegen -*-===//

#ifndef ASSAY_PASSES_HOST_PASSES_TD
#define ASSAY_PASSES_HOST_PASSES_TD

include "mlir/Pass/PassBase.td"

def BufferizeHost : Pass<"bufferize-host", "::mlir::ModuleOp"> {
  let summary = "Turn the host program from tensors to contiguous buffers";
  let description = [{
    One-shot bufferization of every function, boundaries included. Arguments are
    read-only. Static tensors that an scf.for carries stay in one buffer each,
    written at the end of an iteration.
  }];
  let dependentDialects = ["::mlir::bufferization::BufferizationDialect",
                           "::mlir::memref::MemRefDialect"];
}

def AllocateOutputs : Pass<"allocate-outputs", "::mlir::func::FuncOp"> {
  let summary = "Give every result of @main a buffer of its own";
  let description = [{
    An allocation that is returned gets the attribute `assay.output`, so that its
    producer writes the output itself. Arguments, constants, buffers returned
    twice and buffers of inner regions are copied to such an allocation.
  }];
  let dependentDialects = ["::mlir::memref::MemRefDialect"];
}

def PackWeights : Pass<"pack-weights", "::mlir::ModuleOp"> {
  let summary = "Give constants offsets into one blob of weights";
  let description = [{
    Each memref.global gets the attribute `assay.offset`, a multiple of 64; equal
    contents share one offset. memref.get_global becomes a memref.view of the new
    argument `assay.weights` of @main.
  }];
  let dependentDialects = ["::mlir::memref::MemRefDialect",
                           "::mlir::arith::ArithDialect"];
}

def PlanArena : Pass<"plan-arena", "::mlir::func::FuncOp"> {
  let summary = "Place static buffers of @main in one arena";
  let description = [{
    Each static memref.alloc becomes a memref.view of the new argument
    `assay.arena`; buffers that are not live at once share bytes. Outputs, dynamic
    buffers and buffers that outlive an iteration of a loop stay as they are.
  }];
  let dependentDialects = ["::mlir::memref::MemRefDialect",
                           "::mlir::arith::ArithDialect"];
  let statistics = [
    Statistic<"arenaBytes", "arena-bytes", "Bytes of the arena">,
    Statistic<"bufferBytes", "buffer-bytes", "Bytes of all buffers in it">
  ];
}

def ReleaseBuffers : Pass<"release-buffers", "::mlir::func::FuncOp"> {
  let summary = "Keep the other buffers of @main from first to last use only";
  let description = [{
    memref.alloc moves to the first use of its buffer and memref.dealloc comes
    after the last one. Outputs and buffers that leave their block, as those a
    loop carries do, stay as they are and live to the end of the run.
  }];
  let dependentDialects = ["::mlir::memref::MemRefDialect"];
}

def ConvertHostToLLVM : Pass<"convert-host-to-llvm", "::mlir::ModuleOp"> {
  let summary = "Lower the bufferized @main to calls of the runtime";
  let description = [{
    @main becomes `llvm.func @assay_run(%runtime, %session, %inputs) -> i32` as
    declared in compiler/runtime/assay_model.h. A buffer is an address and one
    i64 for each dynamic dimension. Kernels are numbered in the order of their
    declarations.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

#endif // ASSAY_PASSES_HOST_PASSES_TD
