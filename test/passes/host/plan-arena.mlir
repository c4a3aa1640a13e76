// RUN: assay-opt %s --plan-arena --split-input-file | FileCheck %s

func.func private @k(memref<16xf32>, memref<16xf32>)

// Of four buffers in a chain, the third takes the place of the first, the
// fourth that of the second.
// CHECK-LABEL: func.func @main
// CHECK-SAME: %[[ARENA:[a-z0-9]+]]: memref<128xi8> {assay.arena}
func.func @main(%x: memref<16xf32>, %y: memref<16xf32>) {
  // CHECK-DAG: %[[O0:.*]] = arith.constant 0 : index
  // CHECK-DAG: %[[A:.*]] = memref.view %[[ARENA]][%[[O0]]][] : memref<128xi8> to memref<16xf32>
  %a = memref.alloc() : memref<16xf32>
  // CHECK: %[[O1:.*]] = arith.constant 64 : index
  // CHECK: %[[B:.*]] = memref.view %[[ARENA]][%[[O1]]][]
  %b = memref.alloc() : memref<16xf32>
  // CHECK: %[[O2:.*]] = arith.constant 0 : index
  // CHECK: %[[C:.*]] = memref.view %[[ARENA]][%[[O2]]][]
  %c = memref.alloc() : memref<16xf32>
  // CHECK: %[[O3:.*]] = arith.constant 64 : index
  // CHECK: %[[D:.*]] = memref.view %[[ARENA]][%[[O3]]][]
  %d = memref.alloc() : memref<16xf32>
  kernel.call @k ins(%x : memref<16xf32>) outs(%a : memref<16xf32>)
  kernel.call @k ins(%a : memref<16xf32>) outs(%b : memref<16xf32>)
  kernel.call @k ins(%b : memref<16xf32>) outs(%c : memref<16xf32>)
  kernel.call @k ins(%c : memref<16xf32>) outs(%d : memref<16xf32>)
  kernel.call @k ins(%d : memref<16xf32>) outs(%y : memref<16xf32>)
  return
}

// -----

func.func private @k(memref<16xf32>, memref<16xf32>)

// A view keeps its buffer; outputs and dynamic buffers stay.
// CHECK-LABEL: func.func @main
// CHECK-SAME: %[[ARENA:[a-z0-9]+]]: memref<128xi8> {assay.arena}
func.func @main(%x: memref<16xf32>, %n: index) -> (memref<16xf32>, memref<4x4xf32>) {
  // CHECK: arith.constant 0 : index
  %a = memref.alloc() : memref<16xf32>
  %v = memref.expand_shape %a [[0, 1]] output_shape [4, 4] : memref<16xf32> into memref<4x4xf32>
  // CHECK: arith.constant 64 : index
  %b = memref.alloc() : memref<16xf32>
  // CHECK: memref.alloc(%{{.*}}) : memref<?xf32>
  %dynamic = memref.alloc(%n) : memref<?xf32>
  // CHECK: memref.alloc() {assay.output = 0 : i64} : memref<16xf32>
  %o = memref.alloc() {assay.output = 0 : i64} : memref<16xf32>
  // CHECK: memref.alloc() {assay.output = 1 : i64} : memref<4x4xf32>
  %p = memref.alloc() {assay.output = 1 : i64} : memref<4x4xf32>
  kernel.call @k ins(%x : memref<16xf32>) outs(%a : memref<16xf32>)
  kernel.call @k ins(%x : memref<16xf32>) outs(%b : memref<16xf32>)
  kernel.call @k ins(%b : memref<16xf32>) outs(%o : memref<16xf32>)
  memref.copy %v, %p : memref<4x4xf32> to memref<4x4xf32>
  return %o, %p : memref<16xf32>, memref<4x4xf32>
}

// -----

func.func private @k(memref<16xf32>, memref<16xf32>)

// What a loop reads is needed until its last iteration; what lives inside one
// iteration shares bytes with its neighbours there.
// CHECK-LABEL: func.func @main
// CHECK-SAME: %[[ARENA:[a-z0-9]+]]: memref<192xi8> {assay.arena}
func.func @main(%x: memref<16xf32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %a = memref.alloc() : memref<16xf32>
  kernel.call @k ins(%x : memref<16xf32>) outs(%a : memref<16xf32>)
  // CHECK: scf.for
  scf.for %i = %c0 to %n step %c1 {
    // CHECK: arith.constant 64 : index
    %b = memref.alloc() : memref<16xf32>
    kernel.call @k ins(%a : memref<16xf32>) outs(%b : memref<16xf32>)
    // CHECK: arith.constant 128 : index
    %c = memref.alloc() : memref<16xf32>
    kernel.call @k ins(%b : memref<16xf32>) outs(%c : memref<16xf32>)
    // CHECK: arith.constant 64 : index
    %d = memref.alloc() : memref<16xf32>
    kernel.call @k ins(%c : memref<16xf32>) outs(%d : memref<16xf32>)
  }
  return
}

// -----

func.func private @k(memref<16xf32>, memref<16xf32>)

// The next iteration reads %b of this one: no static place will do.
// CHECK-LABEL: func.func @main
// CHECK-NOT: assay.arena
func.func @main(%x: memref<16xf32>, %n: index) -> memref<16xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  // CHECK: scf.for
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%h = %x) -> memref<16xf32> {
    // CHECK: memref.alloc() : memref<16xf32>
    %b = memref.alloc() : memref<16xf32>
    kernel.call @k ins(%h : memref<16xf32>) outs(%b : memref<16xf32>)
    scf.yield %b : memref<16xf32>
  }
  return %r : memref<16xf32>
}
