//===- Passes.td - CPU code generation passes -------------*- tablegen -*-===//

#ifndef ASSAY_PASSES_CPU_PASSES_TD
#define ASSAY_PASSES_CPU_PASSES_TD

include "mlir/Pass/PassBase.td"

//===----------------------------------------------------------------------===//
// Brick kernels: contractions
//===----------------------------------------------------------------------===//

def DecomposeContractions
    : Pass<"decompose-contractions", "::mlir::func::FuncOp"> {
  let summary = "Rewrite kernel contractions as linalg.generic";
  let description = [{
    For kernels that lower-brick-kernels leaves: the same sums of products, for
    the code generation of loops.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect"];
}

def LowerBrickKernels : Pass<"lower-brick-kernels", "::mlir::ModuleOp"> {
  let summary = "Lower contraction kernels to loops of register tiles";
  let description = [{
    Rewrites outlined kernels that hold one kernel contraction and elementwise
    consumers of it to functions on buffers over a range of units, with a
    companion that counts the units. Others are left as they are.
  }];
  let options = [
    Option<"lanes", "lanes", "int64_t", "16",
           "f32 lanes of a vector register: 16 (AVX-512) or 8 (AVX2)">
  ];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect",
    "::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect"
  ];
}

//===----------------------------------------------------------------------===//
// Loop kernels: linalg and movement, in the order of the pipeline
//===----------------------------------------------------------------------===//

def ExposeKernelBuffers : Pass<"expose-kernel-buffers", "::mlir::func::FuncOp"> {
  let summary = "Turn tensor arguments and results of kernels into memrefs";
  let description = [{
    The body stays on tensors, between `bufferization.to_tensor` of each argument
    and `bufferization.materialize_in_destination` for each result.
  }];
  let dependentDialects = ["::mlir::bufferization::BufferizationDialect",
                           "::mlir::memref::MemRefDialect"];
}

def SimplifyLoopKernels : Pass<"simplify-loop-kernels", "::mlir::func::FuncOp"> {
  let summary = "Drop unit loops, collapse and order the loops of linalg ops";
  let dependentDialects = ["::mlir::linalg::LinalgDialect",
                           "::mlir::memref::MemRefDialect"];
}

def TileLoopKernels : Pass<"tile-loop-kernels", "::mlir::func::FuncOp"> {
  let summary = "Run the linalg ops of a kernel inside their shared loops";
  let description = [{
    The shared outer parallel loops become one `scf.forall`; intermediates
    shrink to a tile. Tiles are large enough to be worth handing to a thread.
  }];
  let dependentDialects = ["::mlir::affine::AffineDialect",
                           "::mlir::linalg::LinalgDialect",
                           "::mlir::scf::SCFDialect",
                           "::mlir::tensor::TensorDialect"];
  let options = [
    Option<"tileElements", "tile-elements", "int64_t", "16384",
           "Elements of a tile of an elementwise kernel">,
    Option<"rowElements", "row-elements", "int64_t", "2048",
           "Elements of a tile of a kernel with intermediates or reductions">
  ];
}

def TileInsertions : Pass<"tile-insertions", "::mlir::func::FuncOp"> {
  let summary = "Cut kernels that insert slices into one tensor into blocks";
  let description = [{
    A chain of `tensor.insert_slice` (padding, concatenation) becomes one
    `scf.forall` over blocks of the outermost dimension of the result; each block
    receives the part of every source that falls into it.
  }];
  let dependentDialects = ["::mlir::affine::AffineDialect",
                           "::mlir::linalg::LinalgDialect",
                           "::mlir::scf::SCFDialect",
                           "::mlir::tensor::TensorDialect"];
  let options = [
    Option<"tileElements", "tile-elements", "int64_t", "16384",
           "Elements of a block">
  ];
}

def BufferizeKernels : Pass<"bufferize-kernels", "::mlir::func::FuncOp"> {
  let summary = "Bufferize the body of kernels";
  let dependentDialects = ["::mlir::bufferization::BufferizationDialect",
                           "::mlir::linalg::LinalgDialect",
                           "::mlir::memref::MemRefDialect"];
}

def PlaceKernelBuffers : Pass<"place-kernel-buffers", "::mlir::func::FuncOp"> {
  let summary = "Put local buffers of kernels on the stack or free them";
  let description = [{
    Small static buffers become allocas in the entry block. Others stay on the
    heap and are freed at the end of their block.
  }];
  let dependentDialects = ["::mlir::memref::MemRefDialect"];
  let options = [
    Option<"maxStackBytes", "max-stack-bytes", "int64_t", "65536",
           "Largest buffer that goes on the stack">
  ];
}

def AnnotateKernelLoops : Pass<"annotate-kernel-loops", "::mlir::func::FuncOp"> {
  let summary = "Keep LLVM from unrolling loops it is to vectorize";
  let description = [{
    LLVM unrolls short innermost loops before it vectorizes; then it vectorizes
    the loop around them, with gathers and scatters.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

def DistributeKernels : Pass<"distribute-kernels", "::mlir::ModuleOp"> {
  let summary = "Make kernels run a range of their parallel iterations";
  let description = [{
    The `scf.forall` of a kernel becomes a loop from argument `%lo` to `%hi` over
    its linearized iterations, and `@kernel.count` computes how many there are.
    A kernel without one is a single unit of work.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::affine::AffineDialect",
                           "::mlir::memref::MemRefDialect",
                           "::mlir::scf::SCFDialect"];
}

//===----------------------------------------------------------------------===//
// All kernels
//===----------------------------------------------------------------------===//

def StoreBoolsAsBytes : Pass<"store-bools-as-bytes", "::mlir::func::FuncOp"> {
  let summary = "Replace memrefs of i1 by memrefs of i8 holding 0 or 1";
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::memref::MemRefDialect"];
}

def LowerKernelMath : Pass<"lower-kernel-math", "::mlir::ModuleOp"> {
  let summary = "Approximate math functions and emulate narrow floats";
  let description = [{
    f32 exp, log, tanh, erf and their kin become polynomials, which the
    vectorizer can widen; other functions become calls of libm. Arithmetic on
    f16 and bf16 is done in f32.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::math::MathDialect",
                           "::mlir::vector::VectorDialect"];
}

def WrapKernelAbi : Pass<"wrap-kernel-abi", "::mlir::ModuleOp"> {
  let summary = "Give kernels the binary interface of the runtime";
  let description = [{
    `@k(memrefs and scalars, lo, hi)` becomes a private `@k.body` on bare,
    non-aliasing pointers and a public `@k(words, lo, hi)` that loads pointers,
    dynamic dimensions and scalars from `words`. `@k.count` likewise. Both return
    the status of the kernel: 0.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
  let options = [
    Option<"vectorBits", "vector-bits", "unsigned", "0",
           "Preferred vector width of the vectorizer, 0 for its own choice">
  ];
}

def CheckKernelAllocations
    : Pass<"check-kernel-allocations", "::mlir::ModuleOp"> {
  let summary = "Make kernels return 1 where there is no memory for a buffer";
  let description = [{
    Every call of malloc is checked. On failure the function, which returns i32,
    frees the buffers it holds.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

def AttachLoopAnnotations : Pass<"attach-loop-annotations", "::mlir::ModuleOp"> {
  let summary = "Turn loop annotations left on LLVM branches into metadata";
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

#endif // ASSAY_PASSES_CPU_PASSES_TD
