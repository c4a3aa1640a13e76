// RUN: assay-opt %s --attach-loop-annotations | FileCheck %s
// RUN: assay-opt %s --attach-loop-annotations | mlir-translate --mlir-to-llvmir | FileCheck %s --check-prefix=LLVM

#unroll = #llvm.loop_unroll<disable = true>
#annotation = #llvm.loop_annotation<unroll = #unroll>

// CHECK: #[[A:.*]] = #llvm.loop_annotation<unroll =
// CHECK-LABEL: llvm.func @loop(
// CHECK: llvm.br ^bb1{{.*}} : i64){{$}}
// CHECK: llvm.br ^bb1{{.*}} {loop_annotation = #[[A]]}
// LLVM: br label %{{.*}}, !llvm.loop
// LLVM: !"llvm.loop.unroll.disable"
llvm.func @loop(%n: i64) {
  %zero = llvm.mlir.constant(0 : i64) : i64
  %one = llvm.mlir.constant(1 : i64) : i64
  llvm.br ^header(%zero : i64)
^header(%i: i64):
  %more = llvm.icmp "slt" %i, %n : i64
  llvm.cond_br %more, ^body, ^exit
^body:
  %next = llvm.add %i, %one : i64
  llvm.br ^header(%next : i64) {llvm.loop_annotation = #annotation}
^exit:
  llvm.return
}
