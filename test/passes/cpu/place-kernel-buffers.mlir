// RUN: assay-opt %s --place-kernel-buffers=max-stack-bytes=512 | FileCheck %s

// What fits goes on the stack, once for all iterations.
// CHECK-LABEL: func.func private @stack(
// CHECK-NEXT: %[[T:.*]] = memref.alloca() {alignment = 64 : i64} : memref<128xf32>
// CHECK-NOT: memref.dealloc
// CHECK: scf.forall
// CHECK: linalg.fill ins(%{{.*}} : f32) outs(%[[T]] : memref<128xf32>)
func.func private @stack(%s: f32) attributes {kernel.entry} {
  scf.forall (%i) in (8) {
    %t = memref.alloc() : memref<128xf32>
    linalg.fill ins(%s : f32) outs(%t : memref<128xf32>)
  }
  return
}

// A larger one is made and freed outside of the loop.
// CHECK-LABEL: func.func private @heap(
// CHECK-NEXT: %[[T:.*]] = memref.alloc() : memref<129xf32>
// CHECK: scf.forall
// CHECK: }
// CHECK-NEXT: memref.dealloc %[[T]]
// CHECK-NEXT: return
func.func private @heap(%s: f32) attributes {kernel.entry} {
  scf.forall (%i) in (8) {
    %t = memref.alloc() : memref<129xf32>
    linalg.fill ins(%s : f32) outs(%t : memref<129xf32>)
  }
  return
}

// One whose size is known in the loop alone stays there.
// CHECK-LABEL: func.func private @dynamic(
// CHECK: scf.forall
// CHECK-NEXT: %[[T:.*]] = memref.alloc(%{{.*}}) : memref<?xf32>
// CHECK: linalg.fill
// CHECK-NEXT: memref.dealloc %[[T]]
// CHECK-NEXT: }
func.func private @dynamic(%s: f32) attributes {kernel.entry} {
  scf.forall (%i) in (8) {
    %t = memref.alloc(%i) : memref<?xf32>
    linalg.fill ins(%s : f32) outs(%t : memref<?xf32>)
  }
  return
}

// The limit is that of all buffers together.
// CHECK-LABEL: func.func private @both(
// CHECK-DAG: memref.alloca() {{.*}} : memref<100xf32>
// CHECK-DAG: memref.alloc() : memref<30xf32>
func.func private @both(%s: f32) attributes {kernel.entry} {
  %t = memref.alloc() : memref<100xf32>
  %u = memref.alloc() : memref<30xf32>
  linalg.fill ins(%s : f32) outs(%t : memref<100xf32>)
  linalg.fill ins(%s : f32) outs(%u : memref<30xf32>)
  return
}
