// RUN: assay-opt %s --distribute-kernels --canonicalize | FileCheck %s

// CHECK-LABEL: func.func private @kernel_1(
// CHECK-SAME: %[[X:.*]]: memref<?x4xf32>, %[[S:.*]]: f32, %[[LO:.*]]: index, %[[HI:.*]]: index)
// CHECK: scf.for %[[U:.*]] = %[[LO]] to %[[HI]] step %{{.*}} {
// CHECK-DAG: %[[J:.*]] = arith.remui %[[U]], %c4
// CHECK-DAG: %[[D:.*]] = arith.divui %[[U]], %c4
// CHECK: %[[I:.*]] = affine.apply #{{.*}}(%[[D]])
// CHECK: memref.store %[[S]], %[[X]][%[[I]], %[[J]]]
// CHECK-LABEL: func.func private @kernel_1.count(
// CHECK-SAME: %[[CX:.*]]: memref<?x4xf32>, %{{.*}}: f32) -> index
// CHECK: %[[N:.*]] = memref.dim %[[CX]], %c0
// CHECK: %[[A:.*]] = affine.apply #{{.*}}()[%[[N]]]
// CHECK: %[[B:.*]] = arith.muli %[[A]], %c4
// CHECK: return %[[B]]
func.func private @kernel_1(%x: memref<?x4xf32>, %s: f32) attributes {kernel.entry} {
  %c0 = arith.constant 0 : index
  %n = memref.dim %x, %c0 : memref<?x4xf32>
  scf.forall (%i, %j) = (0, 0) to (%n, 4) step (64, 1) {
    memref.store %s, %x[%i, %j] : memref<?x4xf32>
  }
  return
}

// Without a parallel loop a kernel is one unit.
// CHECK-LABEL: func.func private @kernel_2(
// CHECK-SAME: memref<4xf32>, %{{.*}}: f32, %{{.*}}: index, %{{.*}}: index)
// CHECK-LABEL: func.func private @kernel_2.count(
// CHECK: return %c1
func.func private @kernel_2(%x: memref<4xf32>, %s: f32) attributes {kernel.entry} {
  linalg.fill ins(%s : f32) outs(%x : memref<4xf32>)
  return
}

// So is one whose second loop needs all of the first.
// CHECK-LABEL: func.func private @kernel_3(
// CHECK-NOT: scf.forall
// CHECK: scf.for %{{.*}} = %c0{{.*}} to %c8
// CHECK: scf.for %{{.*}} = %c0{{.*}} to %c8
// CHECK-LABEL: func.func private @kernel_3.count(
// CHECK: return %c1
func.func private @kernel_3(%x: memref<8xf32>, %y: memref<8xf32>, %s: f32) attributes {kernel.entry} {
  scf.forall (%i) in (8) {
    memref.store %s, %x[%i] : memref<8xf32>
  }
  scf.forall (%i) in (8) {
    %c0 = arith.constant 0 : index
    %0 = memref.load %x[%c0] : memref<8xf32>
    memref.store %0, %y[%i] : memref<8xf32>
  }
  return
}
