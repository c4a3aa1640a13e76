// RUN: assay-opt %s --channels-last | FileCheck %s

// CHECK-LABEL: func.func @conv
// CHECK-SAME: (%[[X:.*]]: tensor<1x3x8x8xf32>, %[[W:.*]]: tensor<4x3x3x3xf32>
// CHECK: %[[T:.*]] = onnx.Transpose(%[[X]]) {perm = array<i64: 0, 2, 3, 1>} : (tensor<1x3x8x8xf32>) -> tensor<1x8x8x3xf32>
// CHECK: %[[C:.*]] = onnx.Conv(%[[T]], %[[W]], %{{.*}}) {{.*}}channels_last{{.*}} -> tensor<1x3x3x4xf32>
// CHECK: onnx.Transpose(%[[C]]) {perm = array<i64: 0, 3, 1, 2>} : (tensor<1x3x3x4xf32>) -> tensor<1x4x3x3xf32>
func.func @conv(%x: tensor<1x3x8x8xf32>, %w: tensor<4x3x3x3xf32>, %b: tensor<4xf32>) -> tensor<1x4x3x3xf32> {
  %y = onnx.Conv(%x, %w, %b) {strides = array<i64: 2, 2>}
      : (tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>, tensor<4xf32>) -> tensor<1x4x3x3xf32>
  return %y : tensor<1x4x3x3xf32>
}

// The indices of MaxPool count channels-first: with them it stays.
// CHECK-LABEL: func.func @pools
// CHECK: onnx.MaxPool(%{{.*}}) {{.*}}channels_last
// CHECK: onnx.MaxPool(%arg0) 
// CHECK: onnx.AveragePool(%{{.*}}) {{.*}}channels_last
func.func @pools(%x: tensor<1x3x8x8xf32>)
    -> (tensor<1x3x4x4xf32>, tensor<1x3x4x4xi64>, tensor<1x3x7x7xf32>) {
  %a, %unused = onnx.MaxPool(%x) {kernel_shape = array<i64: 2, 2>, strides = array<i64: 2, 2>}
      : (tensor<1x3x8x8xf32>) -> (tensor<1x3x4x4xf32>, tensor<1x3x4x4xi64>)
  %b, %indices = onnx.MaxPool(%x) {kernel_shape = array<i64: 2, 2>, strides = array<i64: 2, 2>}
      : (tensor<1x3x8x8xf32>) -> (tensor<1x3x4x4xf32>, tensor<1x3x4x4xi64>)
  %c = onnx.AveragePool(%x) {kernel_shape = array<i64: 2, 2>}
      : (tensor<1x3x8x8xf32>) -> tensor<1x3x7x7xf32>
  return %a, %indices, %c : tensor<1x3x4x4xf32>, tensor<1x3x4x4xi64>, tensor<1x3x7x7xf32>
}

// Three spatial dimensions have no kernel to gain by it.
// CHECK-LABEL: func.func @volume
// CHECK-NOT: onnx.Transpose
func.func @volume(%x: tensor<1x3x8x8x8xf32>, %w: tensor<4x3x3x3x3xf32>) -> tensor<1x4x6x6x6xf32> {
  %y = onnx.Conv(%x, %w, _)
      : (tensor<1x3x8x8x8xf32>, tensor<4x3x3x3x3xf32>) -> tensor<1x4x6x6x6xf32>
  return %y : tensor<1x4x6x6x6xf32>
}
