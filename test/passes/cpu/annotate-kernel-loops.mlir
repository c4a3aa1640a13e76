// RUN: assay-opt %s --annotate-kernel-loops | FileCheck %s
// RUN: assay-opt %s --annotate-kernel-loops --convert-scf-to-cf --convert-to-llvm --attach-loop-annotations | FileCheck %s --check-prefix=LLVM

// CHECK: #[[UNROLL:.*]] = #llvm.loop_unroll<disable = true>
// CHECK: #[[A:.*]] = #llvm.loop_annotation<unroll = #[[UNROLL]]>
// CHECK-LABEL: func.func private @kernel_1
// CHECK: memref.store
// CHECK-NEXT: } {llvm.loop_annotation = #[[A]]}
// CHECK-NEXT: }
// CHECK-NOT: loop_annotation
// LLVM: llvm.br ^{{.*}} {loop_annotation = #{{.*}}}
func.func private @kernel_1(%x: memref<3x64xf32>, %s: f32) attributes {kernel.entry} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %c64 = arith.constant 64 : index
  scf.for %i = %c0 to %c3 step %c1 {
    scf.for %j = %c0 to %c64 step %c1 {
      memref.store %s, %x[%i, %j] : memref<3x64xf32>
    }
  }
  scf.for %i = %c0 to %c3 step %c1 {
    memref.store %s, %x[%i, %c0] : memref<3x64xf32>
  }
  return
}
