// RUN: assay-opt %s --convert-onnx-to-linalg --canonicalize --cse --split-input-file | FileCheck %s

// The result has no use for the end padding: the last window ends before it.

// CHECK-LABEL: @max_pool
func.func @max_pool(%x: tensor<1x8x16xf32>) -> tensor<1x8x8xf32> {
  // CHECK: %[[LEAST:.*]] = arith.constant 0xFF800000 : f32
  // CHECK: %[[PADDED:.*]] = tensor.pad %{{.*}} low[0, 0, 1] high[0, 0, 0]
  // CHECK: tensor.yield %[[LEAST]]
  // CHECK: %[[WINDOW:.*]] = tensor.empty() : tensor<3xf32>
  // CHECK: linalg.generic {{.*}}iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%[[PADDED]], %[[WINDOW]] :
  // CHECK: arith.maximumf
  %y, %i = onnx.MaxPool(%x) {kernel_shape = array<i64: 3>, pads = array<i64: 1, 1>, strides = array<i64: 2>} : (tensor<1x8x16xf32>) -> (tensor<1x8x8xf32>, tensor<1x8x8xi64>)
  return %y : tensor<1x8x8xf32>
}

// -----

// CHECK-LABEL: @average_pool_channels_last
func.func @average_pool_channels_last(%x: tensor<1x8x8x4xf32>) -> tensor<1x4x4x4xf32> {
  // CHECK-NOT: tensor.pad
  // CHECK: %[[COUNT:.*]] = arith.constant 4.000000e+00 : f32
  // CHECK: linalg.generic {{.*}}iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]}
  // CHECK: arith.addf
  // CHECK: arith.divf %{{.*}}, %[[COUNT]]
  %y = onnx.AveragePool(%x) {channels_last, kernel_shape = array<i64: 2, 2>, strides = array<i64: 2, 2>} : (tensor<1x8x8x4xf32>) -> tensor<1x4x4x4xf32>
  return %y : tensor<1x4x4x4xf32>
}

// -----

// CHECK-LABEL: @global_average_pool
func.func @global_average_pool(%x: tensor<?x8x7x7xf32>) -> tensor<?x8x1x1xf32> {
  // CHECK: linalg.generic {{.*}}iterator_types = ["parallel", "parallel", "reduction", "reduction"]} {{.*}} outs(%{{.*}} : tensor<?x8x1x1xf32>)
  %y = onnx.GlobalAveragePool(%x) : (tensor<?x8x7x7xf32>) -> tensor<?x8x1x1xf32>
  return %y : tensor<?x8x1x1xf32>
}
