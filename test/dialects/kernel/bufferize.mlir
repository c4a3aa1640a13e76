// RUN: assay-opt %s --one-shot-bufferize="bufferize-function-boundaries function-boundary-type-conversion=identity-layout-map" | FileCheck %s

func.func private @k(tensor<4xf32>, index, tensor<4xf32>) -> tensor<4xf32>

// The init is overwritten, so the two calls may share it without a copy.
// CHECK-LABEL: func.func @main
// CHECK-SAME: (%[[X:.*]]: memref<4xf32>, %[[N:.*]]: index) -> memref<4xf32>
func.func @main(%x: tensor<4xf32>, %n: index) -> tensor<4xf32> {
  // CHECK-NOT: memref.copy
  // CHECK: %[[A:.*]] = memref.alloc
  // CHECK: kernel.call @k ins(%[[X]], %[[N]] : memref<4xf32>, index) outs(%[[A]] : memref<4xf32>)
  %e = tensor.empty() : tensor<4xf32>
  %0 = kernel.call @k ins(%x, %n : tensor<4xf32>, index) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  // CHECK: %[[B:.*]] = memref.alloc
  // CHECK: kernel.call @k ins(%[[A]], %[[N]] : memref<4xf32>, index) outs(%[[B]] : memref<4xf32>)
  %f = tensor.empty() : tensor<4xf32>
  %1 = kernel.call @k ins(%0, %n : tensor<4xf32>, index) outs(%f : tensor<4xf32>) -> tensor<4xf32>
  // CHECK: return %[[B]]
  return %1 : tensor<4xf32>
}
