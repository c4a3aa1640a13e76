// RUN: assay-opt %s --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: @ceil_mode
func.func @ceil_mode(%x: tensor<1x1x4x4xf32>) -> tensor<1x1x2x2xf32> {
  // CHECK: onnx.MaxPool
  %y, %i = onnx.MaxPool(%x) {ceil_mode = 1 : i64, kernel_shape = array<i64: 3, 3>, strides = array<i64: 2, 2>} : (tensor<1x1x4x4xf32>) -> (tensor<1x1x2x2xf32>, tensor<1x1x2x2xi64>)
  return %y : tensor<1x1x2x2xf32>
}

// A third window would start in the end padding.
// CHECK-LABEL: @ceil_mode_ignores_padding
func.func @ceil_mode_ignores_padding(%x: tensor<1x1x2x2xf32>) -> tensor<1x1x1x1xf32> {
  %y, %i = onnx.MaxPool(%x) {ceil_mode = 1 : i64, kernel_shape = array<i64: 1, 1>, strides = array<i64: 2, 2>} : (tensor<1x1x2x2xf32>) -> (tensor<1x1x1x1xf32>, tensor<1x1x1x1xi64>)
  return %y : tensor<1x1x1x1xf32>
}

// CHECK-LABEL: @same_lower_dynamic
func.func @same_lower_dynamic(%x: tensor<?x3x7x?xf32>) -> tensor<?x3x4x?xf32> {
  %y = onnx.AveragePool(%x) {auto_pad = "SAME_LOWER", kernel_shape = array<i64: 3, 3>, strides = array<i64: 2, 2>} : (tensor<?x3x7x?xf32>) -> tensor<?x3x4x?xf32>
  return %y : tensor<?x3x4x?xf32>
}

// CHECK-LABEL: @channels_last
func.func @channels_last(%x: tensor<1x8x9x4xf32>) -> tensor<1x4x4x4xf32> {
  %y = onnx.AveragePool(%x) {channels_last, kernel_shape = array<i64: 2, 2>, strides = array<i64: 2, 2>} : (tensor<1x8x9x4xf32>) -> tensor<1x4x4x4xf32>
  return %y : tensor<1x4x4x4xf32>
}

// CHECK-LABEL: @global
func.func @global(%x: tensor<2x3x?x5x6xf32>) -> tensor<2x3x1x1x1xf32> {
  %y = onnx.GlobalAveragePool(%x) : (tensor<2x3x?x5x6xf32>) -> tensor<2x3x1x1x1xf32>
  return %y : tensor<2x3x1x1x1xf32>
}

// CHECK-LABEL: @unranked
func.func @unranked(%x: tensor<*xf32>) -> tensor<*xf32> {
  %y = onnx.LpPool(%x) {kernel_shape = array<i64: 2>} : (tensor<*xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

func.func @kernel_rank(%x: tensor<1x3x8x8xf32>) {
  // expected-error @+1 {{kernel_shape has 1 values, but X has 2 spatial dimensions}}
  %y = onnx.AveragePool(%x) {kernel_shape = array<i64: 2>} : (tensor<1x3x8x8xf32>) -> tensor<1x3x7x7xf32>
  return
}

// -----

func.func @pads_count(%x: tensor<1x3x8x8xf32>) {
  // expected-error @+1 {{pads has 2 values, but 4 are expected}}
  %y = onnx.AveragePool(%x) {kernel_shape = array<i64: 2, 2>, pads = array<i64: 1, 1>} : (tensor<1x3x8x8xf32>) -> tensor<1x3x7x7xf32>
  return
}

// -----

func.func @p(%x: tensor<1x3x8x8xf32>) {
  // expected-error @+1 {{p is 0, but 1 or more is expected}}
  %y = onnx.LpPool(%x) {kernel_shape = array<i64: 2, 2>, p = 0 : i64} : (tensor<1x3x8x8xf32>) -> tensor<1x3x7x7xf32>
  return
}

// -----

func.func @indices_type(%x: tensor<1x3x8x8xf32>) {
  // expected-error @+1 {{result #1 must be tensor of 64-bit signless integer values}}
  %y, %i = onnx.MaxPool(%x) {kernel_shape = array<i64: 2, 2>} : (tensor<1x3x8x8xf32>) -> (tensor<1x3x7x7xf32>, tensor<1x3x7x7xi32>)
  return
}
