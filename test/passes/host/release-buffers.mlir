// RUN: assay-opt %s --release-buffers --split-input-file | FileCheck %s

func.func private @k(memref<?xf32>, memref<?xf32>) attributes {kernel.entry}

// A buffer is made where it is first used; sizes asked of it later do not keep
// it, views do.
// CHECK-LABEL: func.func @main
func.func @main(%x: memref<?xf32>, %n: index, %m: index) -> (memref<?xf32>, index) {
  %c0 = arith.constant 0 : index
  // CHECK: %[[A:.*]] = memref.alloc
  // CHECK-NEXT: kernel.call @k ins(%{{.*}}) outs(%[[A]]
  // CHECK-NEXT: %[[B:.*]] = memref.alloc
  // CHECK-NEXT: kernel.call @k ins(%[[A]] : memref<?xf32>) outs(%[[B]]
  // CHECK-NEXT: memref.dealloc %[[A]]
  %a = memref.alloc(%n) : memref<?xf32>
  %b = memref.alloc(%n) : memref<?xf32>
  kernel.call @k ins(%x : memref<?xf32>) outs(%a : memref<?xf32>)
  kernel.call @k ins(%a : memref<?xf32>) outs(%b : memref<?xf32>)
  // CHECK: memref.expand_shape %[[B]]
  // CHECK-NEXT: %[[Y:.*]] = memref.alloc({{.*}}) {assay.output = 0 : i64}
  // CHECK: %[[FLAT:.*]] = memref.collapse_shape
  // CHECK-NEXT: kernel.call @k ins(%[[FLAT]]
  // CHECK-NEXT: memref.dealloc %[[B]]
  %v = memref.expand_shape %b [[0, 1]] output_shape [%m, 4] : memref<?xf32> into memref<?x4xf32>
  %y = memref.alloc(%n) {assay.output = 0 : i64} : memref<?xf32>
  %f = memref.collapse_shape %v [[0, 1]] : memref<?x4xf32> into memref<?xf32>
  kernel.call @k ins(%f : memref<?xf32>) outs(%y : memref<?xf32>)
  // CHECK-NOT: memref.dealloc
  // CHECK: return
  %d = memref.dim %a, %c0 : memref<?xf32>
  return %y, %d : memref<?xf32>, index
}

// -----

func.func private @k(memref<?xf32>, memref<?xf32>) attributes {kernel.entry}

// Buffers of an iteration go with it, unless they are handed on. What a loop
// reads is kept until it ends.
// CHECK-LABEL: func.func @main
func.func @main(%x: memref<?xf32>, %n: index, %y: memref<?xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  // CHECK: %[[A:.*]] = memref.alloc
  %a = memref.alloc(%n) : memref<?xf32>
  kernel.call @k ins(%x : memref<?xf32>) outs(%a : memref<?xf32>)
  // CHECK: scf.for
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%s = %x) -> memref<?xf32> {
    // CHECK: %[[U:.*]] = memref.alloc
    // CHECK-NEXT: %[[T:.*]] = memref.alloc
    // CHECK-NEXT: kernel.call @k ins(%[[A]] : memref<?xf32>) outs(%[[T]]
    // CHECK-NEXT: kernel.call @k ins(%[[T]] : memref<?xf32>) outs(%[[U]]
    // CHECK-NEXT: memref.dealloc %[[T]]
    // CHECK-NEXT: scf.yield %[[U]]
    %u = memref.alloc(%n) : memref<?xf32>
    %t = memref.alloc(%n) : memref<?xf32>
    kernel.call @k ins(%a : memref<?xf32>) outs(%t : memref<?xf32>)
    kernel.call @k ins(%t : memref<?xf32>) outs(%u : memref<?xf32>)
    scf.yield %u : memref<?xf32>
  }
  // CHECK-NEXT: }
  // CHECK-NEXT: memref.dealloc %[[A]]
  kernel.call @k ins(%r : memref<?xf32>) outs(%y : memref<?xf32>)
  // CHECK-NOT: memref.dealloc
  return
}
