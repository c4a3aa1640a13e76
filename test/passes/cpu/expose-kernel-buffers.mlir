// RUN: assay-opt %s --expose-kernel-buffers --split-input-file | FileCheck %s

// CHECK-LABEL: func.func private @kernel_1(
// CHECK-SAME: %[[X:.*]]: memref<?x4xf32>, %[[S:.*]]: f32, %[[O:.*]]: memref<?x4xf32>)
// CHECK-DAG: %[[XT:.*]] = bufferization.to_tensor %[[X]] restrict : memref<?x4xf32> to tensor<?x4xf32>
// CHECK-DAG: %[[OT:.*]] = bufferization.to_tensor %[[O]] restrict writable
// CHECK: %[[Y:.*]] = linalg.map { arith.mulf } ins(%[[XT]], %[[XT]] : {{.*}}) outs(%[[OT]]
// CHECK: bufferization.materialize_in_destination %[[Y]] in restrict writable %[[O]]
// CHECK-NEXT: return{{$}}
func.func private @kernel_1(%x: tensor<?x4xf32>, %s: f32, %o: tensor<?x4xf32>) -> tensor<?x4xf32>
    attributes {kernel.entry} {
  %0 = linalg.map { arith.mulf } ins(%x, %x : tensor<?x4xf32>, tensor<?x4xf32>) outs(%o : tensor<?x4xf32>)
  return %0 : tensor<?x4xf32>
}

// -----

// An argument that is returned as it came still has to be copied.
// CHECK-LABEL: func.func private @copy(
// CHECK-SAME: %[[X:.*]]: memref<4xf32>, %[[O:.*]]: memref<4xf32>)
// CHECK: %[[T:.*]] = bufferization.to_tensor %[[X]] restrict :
// CHECK: bufferization.materialize_in_destination %[[T]] in restrict writable %[[O]]
func.func private @copy(%x: tensor<4xf32>, %o: tensor<4xf32>) -> tensor<4xf32>
    attributes {kernel.entry} {
  return %x : tensor<4xf32>
}

// -----

// What is no kernel keeps its tensors.
// CHECK-LABEL: func.func @main(
// CHECK-SAME: tensor<4xf32>) -> tensor<4xf32>
func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}
