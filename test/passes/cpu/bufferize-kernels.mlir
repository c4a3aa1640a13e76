// RUN: assay-opt %s --bufferize-kernels --split-input-file | FileCheck %s

// The result is computed in its destination: no buffer, no copy.
// CHECK-LABEL: func.func private @in_place(
// CHECK-SAME: %[[X:.*]]: memref<4xf32>, %[[O:.*]]: memref<4xf32>)
// CHECK-NOT: memref.alloc
// CHECK: linalg.map { arith.mulf } ins(%[[X]], %[[X]] : {{.*}}) outs(%[[O]] : memref<4xf32>)
// CHECK-NEXT: return
func.func private @in_place(%x: memref<4xf32>, %o: memref<4xf32>) attributes {kernel.entry} {
  %0 = bufferization.to_tensor %x restrict : memref<4xf32> to tensor<4xf32>
  %1 = tensor.empty() : tensor<4xf32>
  %2 = linalg.map { arith.mulf } ins(%0, %0 : tensor<4xf32>, tensor<4xf32>) outs(%1 : tensor<4xf32>)
  bufferization.materialize_in_destination %2 in restrict writable %o : (tensor<4xf32>, memref<4xf32>) -> ()
  return
}

// -----

// Copies are linalg ops, so that they become loops like any other.
// CHECK-LABEL: func.func private @copy(
// CHECK-SAME: %[[X:.*]]: memref<4xf32>, %[[O:.*]]: memref<4xf32>)
// CHECK-NEXT: linalg.copy ins(%[[X]] : memref<4xf32>) outs(%[[O]] : memref<4xf32>)
// CHECK-NEXT: return
func.func private @copy(%x: memref<4xf32>, %o: memref<4xf32>) attributes {kernel.entry} {
  %0 = bufferization.to_tensor %x restrict : memref<4xf32> to tensor<4xf32>
  bufferization.materialize_in_destination %0 in restrict writable %o : (tensor<4xf32>, memref<4xf32>) -> ()
  return
}

// -----

// Intermediates that have no destination get an aligned buffer.
// CHECK-LABEL: func.func private @intermediate(
// CHECK: memref.alloc() {alignment = 64 : i64} : memref<4xf32>
func.func private @intermediate(%x: memref<4xf32>, %o: memref<f32>) attributes {kernel.entry} {
  %0 = bufferization.to_tensor %x restrict : memref<4xf32> to tensor<4xf32>
  %1 = tensor.empty() : tensor<4xf32>
  %2 = linalg.map { arith.mulf } ins(%0, %0 : tensor<4xf32>, tensor<4xf32>) outs(%1 : tensor<4xf32>)
  %3 = bufferization.to_tensor %o restrict writable : memref<f32> to tensor<f32>
  %4 = linalg.dot ins(%2, %2 : tensor<4xf32>, tensor<4xf32>) outs(%3 : tensor<f32>) -> tensor<f32>
  bufferization.materialize_in_destination %4 in restrict writable %o : (tensor<f32>, memref<f32>) -> ()
  return
}
