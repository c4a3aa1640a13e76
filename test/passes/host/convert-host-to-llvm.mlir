// RUN: assay-opt %s --convert-host-to-llvm --canonicalize --split-input-file | FileCheck %s

func.func private @other(memref<4xf32>) attributes {kernel.entry}
func.func private @k(memref<?x4xf32>, f32, memref<?x4xf32>) attributes {kernel.entry}

// CHECK-LABEL: llvm.func @assay_run
// CHECK-SAME: (%[[RT:.*]]: !llvm.ptr, %[[S:.*]]: !llvm.ptr, %[[IN:.*]]: !llvm.ptr) -> i32
// CHECK: llvm.load %[[IN]] : !llvm.ptr -> !llvm.ptr
// CHECK: %[[NP:.*]] = llvm.getelementptr %[[IN]][1]
// CHECK: llvm.load %[[NP]] : !llvm.ptr -> i64
// CHECK: ^{{.*}}(%[[X:.*]]: !llvm.ptr, %[[N:.*]]: i64):
func.func @main(%x: memref<?x4xf32>) -> memref<?x2x2xf32> {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %n = memref.dim %x, %c0 : memref<?x4xf32>
  // CHECK: %[[SLOT:.*]] = llvm.getelementptr %[[RT]][3]
  // CHECK: %[[ALLOCATE:.*]] = llvm.load %[[SLOT]]
  // CHECK: %[[Y:.*]] = llvm.call %[[ALLOCATE]](%[[S]], %{{.*}}, %{{.*}}) : !llvm.ptr, (!llvm.ptr, i32, i64) -> !llvm.ptr
  // CHECK: llvm.icmp "eq" %[[Y]]
  // CHECK: llvm.cond_br %{{.*}}, ^[[ERROR:.*]], ^
  %y = memref.alloc(%n) {assay.output = 0 : i64} : memref<?x4xf32>
  // The float travels as bits; only dynamic dimensions do.
  // CHECK-DAG: llvm.store %[[X]], %[[W:.*]] : !llvm.ptr, !llvm.ptr
  // CHECK-DAG: llvm.store %[[N]]
  // CHECK-DAG: llvm.store %[[Y]]
  // CHECK: llvm.getelementptr %[[RT]][1]
  // CHECK: %[[STATUS:.*]] = llvm.call {{.*}} : !llvm.ptr, (!llvm.ptr, i32, !llvm.ptr) -> i32
  // CHECK: %[[FAILED:.*]] = llvm.icmp "ne" %[[STATUS]]
  // CHECK: llvm.cond_br %[[FAILED]], ^{{.*}}, ^
  %f = arith.constant 1.0 : f32
  kernel.call @k ins(%x, %f : memref<?x4xf32>, f32) outs(%y : memref<?x4xf32>)
  %r = memref.expand_shape %y [[0], [1, 2]] output_shape [%n, 2, 2] : memref<?x4xf32> into memref<?x2x2xf32>
  // CHECK: llvm.getelementptr %[[RT]][4]
  // CHECK: llvm.return
  return %r : memref<?x2x2xf32>
}

// -----

// A buffer that meets in a block carries its dimension; a failed assertion
// ends the run with its message.
// CHECK: llvm.mlir.global internal constant @assay_message_0("node slice_1: too short\00")
// CHECK-LABEL: llvm.func @assay_run
func.func @main(%x: memref<?xi64>, %p: memref<i1>) -> memref<?xi64> {
  %c0 = arith.constant 0 : index
  %c3 = arith.constant 3 : index
  %n = memref.dim %x, %c0 : memref<?xi64>
  %ok = arith.cmpi sge, %n, %c3 : index
  // CHECK: llvm.cond_br %{{.*}}, ^{{.*}}, ^[[FAIL:bb[0-9]+]]
  cf.assert %ok, "too short" loc("slice_1")
  // CHECK: llvm.load {{.*}} -> i8
  %c = memref.load %p[] : memref<i1>
  cf.cond_br %c, ^a, ^b
^a:
  // CHECK: llvm.getelementptr %{{.*}}[2]
  %t = memref.alloc(%c3) : memref<?xi64>
  cf.br ^c(%t : memref<?xi64>)
^b:
  cf.br ^c(%x : memref<?xi64>)
// CHECK: ^{{.*}}(%{{.*}}: !llvm.ptr, %{{.*}}: i64):
^c(%m: memref<?xi64>):
  %k = memref.dim %m, %c0 : memref<?xi64>
  %y = memref.alloc(%k) {assay.output = 0 : i64} : memref<?xi64>
  // CHECK: llvm.intr.memcpy
  memref.copy %m, %y : memref<?xi64> to memref<?xi64>
  return %y : memref<?xi64>
  // CHECK: ^[[FAIL]]:
  // CHECK: llvm.getelementptr %{{.*}}[5]
}

// -----

memref.global "private" constant @w : memref<4xf32> = dense<1.0> {assay.offset = 0 : i64}

// CHECK: llvm.mlir.global external constant @assay_weights()
// CHECK-LABEL: llvm.func @assay_run
// CHECK: %[[W:.*]] = llvm.mlir.addressof @assay_weights
// CHECK: %[[ARENA:.*]] = llvm.call {{.*}} : !llvm.ptr, (!llvm.ptr) -> !llvm.ptr
// CHECK: llvm.br ^{{.*}}(%[[W]], %[[ARENA]] :
func.func @main(%w: memref<16xi8> {assay.weights}, %a: memref<64xi8> {assay.arena}) -> memref<4xf32> {
  %c0 = arith.constant 0 : index
  %v = memref.view %w[%c0][] : memref<16xi8> to memref<4xf32>
  %t = memref.view %a[%c0][] : memref<64xi8> to memref<4xf32>
  memref.copy %v, %t : memref<4xf32> to memref<4xf32>
  %y = memref.alloc() {assay.output = 0 : i64} : memref<4xf32>
  memref.copy %t, %y : memref<4xf32> to memref<4xf32>
  return %y : memref<4xf32>
}
