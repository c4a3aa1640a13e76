// RUN: assay-opt %s --allocate-outputs --split-input-file | FileCheck %s

func.func private @k(memref<4xf32>, memref<4xf32>)

// The producer writes the output, seen through a reshape.
// CHECK-LABEL: func.func @main
func.func @main(%x: memref<4xf32>) -> memref<2x2xf32> {
  // CHECK: memref.alloc() {assay.output = 0 : i64}
  %a = memref.alloc() : memref<4xf32>
  kernel.call @k ins(%x : memref<4xf32>) outs(%a : memref<4xf32>)
  %y = memref.expand_shape %a [[0, 1]] output_shape [2, 2] : memref<4xf32> into memref<2x2xf32>
  // CHECK-NOT: memref.copy
  return %y : memref<2x2xf32>
}

// -----

// An argument and a buffer returned twice are copied.
// CHECK-LABEL: func.func @main
// CHECK-SAME: %[[X:.*]]: memref<?xf32>
func.func @main(%x: memref<?xf32>) -> (memref<?xf32>, memref<4xf32>, memref<4xf32>) {
  // CHECK: %[[A:.*]] = memref.alloc() {assay.output = 1 : i64}
  %a = memref.alloc() : memref<4xf32>
  // CHECK: %[[N:.*]] = memref.dim %[[X]]
  // CHECK: %[[B:.*]] = memref.alloc(%[[N]]) {{{.*}}assay.output = 0 : i64}
  // CHECK: memref.copy %[[X]], %[[B]]
  // CHECK: %[[C:.*]] = memref.alloc() {{{.*}}assay.output = 2 : i64}
  // CHECK: memref.copy %[[A]], %[[C]]
  // CHECK: return %[[B]], %[[A]], %[[C]]
  return %x, %a, %a : memref<?xf32>, memref<4xf32>, memref<4xf32>
}

// -----

// A buffer of one branch is no buffer of @main.
// CHECK-LABEL: func.func @main
func.func @main(%x: memref<4xf32>, %p: memref<i1>) -> memref<4xf32> {
  %c = memref.load %p[] : memref<i1>
  // CHECK: %[[R:.*]] = scf.if
  %r = scf.if %c -> memref<4xf32> {
    // CHECK: memref.alloc() : memref<4xf32>
    %a = memref.alloc() : memref<4xf32>
    scf.yield %a : memref<4xf32>
  } else {
    scf.yield %x : memref<4xf32>
  }
  // CHECK: %[[B:.*]] = memref.alloc() {{{.*}}assay.output = 0 : i64}
  // CHECK: memref.copy %[[R]], %[[B]]
  return %r : memref<4xf32>
}
