// RUN: assay-opt %s --convert-onnx-to-linalg --canonicalize | FileCheck %s

// CHECK-LABEL: func.func @conv
// CHECK: %[[W:.*]] = arith.constant dense_resource<packed> : tensor<1x27x32xf32>
// CHECK: %[[X:.*]] = linalg.transpose {{.*}} permutation = [0, 2, 3, 1]
// CHECK: %[[Y:.*]] = kernel.conv2d ins(%[[X]], %[[W]] : tensor<1x8x8x3xf32>, tensor<1x27x32xf32>) outs(%{{.*}} : tensor<1x4x4x4xf32>)
// CHECK-SAME: pads = array<i64: 1, 1, 1, 1>
// CHECK-SAME: strides = array<i64: 2, 2>
// CHECK: %[[Z:.*]] = linalg.generic
// CHECK-SAME: ins(%[[Y]], %{{.*}} : tensor<1x4x4x4xf32>, tensor<4xf32>)
// CHECK: linalg.transpose ins(%[[Z]] : {{.*}} permutation = [0, 3, 1, 2]
func.func @conv(%x: tensor<1x3x8x8xf32>, %b: tensor<4xf32>) -> tensor<1x4x4x4xf32> {
  %w = arith.constant dense<1.0> : tensor<4x3x3x3xf32>
  %y = onnx.Conv(%x, %w, %b) {strides = array<i64: 2, 2>, pads = array<i64: 1, 1, 1, 1>}
      : (tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>, tensor<4xf32>) -> tensor<1x4x4x4xf32>
  return %y : tensor<1x4x4x4xf32>
}

// CHECK-LABEL: func.func @pointwise
// CHECK-NOT: transpose
// CHECK: kernel.matmul packed ins(%{{.*}} : tensor<1x8x8x3xf32>, tensor<1x3x32xf32>) outs(%{{.*}} : tensor<1x8x8x4xf32>)
func.func @pointwise(%x: tensor<1x8x8x3xf32>) -> tensor<1x8x8x4xf32> {
  %w = arith.constant dense<1.0> : tensor<4x3x1x1xf32>
  %y = onnx.Conv(%x, %w, _) {channels_last}
      : (tensor<1x8x8x3xf32>, tensor<4x3x1x1xf32>) -> tensor<1x8x8x4xf32>
  return %y : tensor<1x8x8x4xf32>
}

// CHECK-LABEL: func.func @depthwise
// CHECK: kernel.depthwise_conv2d ins(%{{.*}} : tensor<1x8x8x3xf32>, tensor<9x3xf32>) outs(%{{.*}} : tensor<1x8x8x3xf32>)
func.func @depthwise(%x: tensor<1x8x8x3xf32>) -> tensor<1x8x8x3xf32> {
  %w = arith.constant dense<1.0> : tensor<3x1x3x3xf32>
  %y = onnx.Conv(%x, %w, _) {group = 3 : i64, pads = array<i64: 1, 1, 1, 1>, channels_last}
      : (tensor<1x8x8x3xf32>, tensor<3x1x3x3xf32>) -> tensor<1x8x8x3xf32>
  return %y : tensor<1x8x8x3xf32>
}

// Of dynamic width: padded before, with pads that depend on it. The filter is
// packed at run time.
// CHECK-LABEL: func.func @dynamic
// CHECK: tensor.expand_shape
// CHECK: tensor.pad
// CHECK: linalg.generic
// CHECK: tensor.extract
// CHECK: kernel.conv2d ins(%{{.*}} : tensor<1x1x?x3xf32>, tensor<1x9x32xf32>) outs(%{{.*}} : tensor<1x1x?x4xf32>)
// CHECK-SAME: pads = array<i64: 0, 0, 0, 0>
func.func @dynamic(%x: tensor<1x3x?xf32>, %w: tensor<4x3x3xf32>) -> tensor<1x4x?xf32> {
  %y = onnx.Conv(%x, %w, _) {auto_pad = "SAME_UPPER", strides = array<i64: 2>}
      : (tensor<1x3x?xf32>, tensor<4x3x3xf32>) -> tensor<1x4x?xf32>
  return %y : tensor<1x4x?xf32>
}

// CHECK-LABEL: func.func @volume
// CHECK: linalg.generic
// CHECK-SAME: ["parallel", "parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction", "reduction"]
func.func @volume(%x: tensor<1x4x5x6x7xf64>, %w: tensor<6x2x2x2x2xf64>, %b: tensor<6xf64>) -> tensor<1x6x4x5x6xf64> {
  %y = onnx.Conv(%x, %w, %b) {group = 2 : i64}
      : (tensor<1x4x5x6x7xf64>, tensor<6x2x2x2x2xf64>, tensor<6xf64>) -> tensor<1x6x4x5x6xf64>
  return %y : tensor<1x6x4x5x6xf64>
}

// The input's positions two apart among zeros, then an ordinary convolution.
// CHECK-LABEL: func.func @transposed
// CHECK: linalg.fill
// CHECK: tensor.insert_slice %{{.*}}[0, 0, 1, 1] [1, 4, 5, 6] [1, 1, 2, 2] : tensor<1x4x5x6xf32> into tensor<1x4x12x14xf32>
// CHECK: kernel.conv2d
// CHECK-SAME: group = 2
func.func @transposed(%x: tensor<1x4x5x6xf32>) -> tensor<1x6x10x12xf32> {
  %w = arith.constant dense<1.0> : tensor<4x3x3x3xf32>
  %y = onnx.ConvTranspose(%x, %w, _) {group = 2 : i64, strides = array<i64: 2, 2>,
      pads = array<i64: 1, 1, 1, 1>, output_padding = array<i64: 1, 1>}
      : (tensor<1x4x5x6xf32>, tensor<4x3x3x3xf32>) -> tensor<1x6x10x12xf32>
  return %y : tensor<1x6x10x12xf32>
}

// 3 x 3 of stride 1 over many pixels and channels.
// CHECK-LABEL: func.func @winograd
// CHECK: kernel.winograd_conv2d ins(%{{.*}} : tensor<1x16x16x32xf32>, tensor<36x32x32xf32>) outs(%{{.*}} : tensor<1x16x16x32xf32>) {pads = array<i64: 1, 1, 1, 1>}
func.func @winograd(%x: tensor<1x16x16x32xf32>) -> tensor<1x16x16x32xf32> {
  %w = arith.constant dense<1.0> : tensor<32x32x3x3xf32>
  %y = onnx.Conv(%x, %w, _) {pads = array<i64: 1, 1, 1, 1>, channels_last}
      : (tensor<1x16x16x32xf32>, tensor<32x32x3x3xf32>) -> tensor<1x16x16x32xf32>
  return %y : tensor<1x16x16x32xf32>
}
