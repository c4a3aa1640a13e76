// RUN: assay-opt %s --bufferize-host --split-input-file | FileCheck %s

func.func private @k(tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>

// CHECK-LABEL: func.func @main
// CHECK-SAME: (%[[X:.*]]: memref<4xf32>) -> memref<4xf32>
func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: %[[A:.*]] = memref.alloc
  // CHECK-NEXT: kernel.call @k ins(%[[X]] : memref<4xf32>) outs(%[[A]] : memref<4xf32>)
  // CHECK-NEXT: return %[[A]]
  %e = tensor.empty() : tensor<4xf32>
  %y = kernel.call @k ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func private @k(tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>

// Arguments are read-only: the loop works on a copy, and on that alone.
// CHECK-LABEL: func.func @main
// CHECK-SAME: (%[[X:.*]]: memref<4xf32>, %{{.*}}: memref<i64>)
func.func @main(%x: tensor<4xf32>, %n: tensor<i64>) -> tensor<4xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %count = tensor.extract %n[] : tensor<i64>
  %end = arith.index_cast %count : i64 to index
  // CHECK: %[[A:.*]] = memref.alloc
  // CHECK: memref.copy %[[X]], %[[A]]
  // CHECK: scf.for {{.*}} iter_args(%[[H:.*]] = %[[A]])
  // CHECK:   %[[E:.*]] = memref.alloc
  // CHECK:   kernel.call @k ins(%[[H]] : memref<4xf32>) outs(%[[E]] : memref<4xf32>)
  // CHECK:   memref.copy %[[E]], %[[H]]
  // CHECK:   scf.yield %[[H]]
  %y = scf.for %i = %c0 to %end step %c1 iter_args(%h = %x) -> tensor<4xf32> {
    %e = tensor.empty() : tensor<4xf32>
    %z = kernel.call @k ins(%h : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
    scf.yield %z : tensor<4xf32>
  }
  return %y : tensor<4xf32>
}
