// RUN: assay-opt %s --fold-batch-norm --canonicalize --split-input-file | FileCheck %s

// scale / sqrt(var) is [2, 3] and the shift bias - mean * [2, 3] is [-2, -5].
// CHECK-LABEL: func.func @conv
// CHECK-DAG: %[[W:.*]] = onnx.Constant() {value = dense<{{.}}{{.}}{{.}}[2.000000e+00]], {{.}}[4.000000e+00]]], {{.}}{{.}}[9.000000e+00]], {{.}}[1.200000e+01]]]]> : tensor<2x2x1x1xf32>}
// CHECK-DAG: %[[B:.*]] = onnx.Constant() {value = dense<[1.800000e+01, 5.500000e+01]> : tensor<2xf32>}
// CHECK: %[[Y:.*]] = onnx.Conv(%arg0, %[[W]], %[[B]])
// CHECK-NEXT: return %[[Y]]
func.func @conv(%x: tensor<1x2x4x4xf32>) -> tensor<1x2x4x4xf32> {
  %w = onnx.Constant() {value = dense<[[[[1.0]], [[2.0]]], [[[3.0]], [[4.0]]]]> : tensor<2x2x1x1xf32>} : () -> tensor<2x2x1x1xf32>
  %b = onnx.Constant() {value = dense<[10.0, 20.0]> : tensor<2xf32>} : () -> tensor<2xf32>
  %scale = onnx.Constant() {value = dense<[4.0, 3.0]> : tensor<2xf32>} : () -> tensor<2xf32>
  %bias = onnx.Constant() {value = dense<[0.0, 1.0]> : tensor<2xf32>} : () -> tensor<2xf32>
  %mean = onnx.Constant() {value = dense<[1.0, 2.0]> : tensor<2xf32>} : () -> tensor<2xf32>
  %var = onnx.Constant() {value = dense<[4.0, 1.0]> : tensor<2xf32>} : () -> tensor<2xf32>
  %0 = onnx.Conv(%x, %w, %b) {auto_pad = "NOTSET", group = 1 : i64} : (tensor<1x2x4x4xf32>, tensor<2x2x1x1xf32>, tensor<2xf32>) -> tensor<1x2x4x4xf32>
  %y, %m, %v = onnx.BatchNormalization(%0, %scale, %bias, %mean, %var) {epsilon = 0.0 : f32} : (tensor<1x2x4x4xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> (tensor<1x2x4x4xf32>, tensor<2xf32>, tensor<2xf32>)
  return %y : tensor<1x2x4x4xf32>
}

// -----

// Two groups of one input and one output channel: W is [input, output / group].
// CHECK-LABEL: func.func @transposed
// CHECK-DAG: onnx.Constant() {value = dense<{{.}}{{.}}[2.000000e+00]], {{.}}[6.000000e+00]]]> : tensor<2x1x1xf32>}
// CHECK-NOT: onnx.BatchNormalization
func.func @transposed(%x: tensor<1x2x4xf32>) -> tensor<1x2x4xf32> {
  %w = onnx.Constant() {value = dense<[[[1.0]], [[2.0]]]> : tensor<2x1x1xf32>} : () -> tensor<2x1x1xf32>
  %scale = onnx.Constant() {value = dense<[2.0, 3.0]> : tensor<2xf32>} : () -> tensor<2xf32>
  %zero = onnx.Constant() {value = dense<0.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %one = onnx.Constant() {value = dense<1.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %0 = onnx.ConvTranspose(%x, %w, _) {auto_pad = "NOTSET", group = 2 : i64} : (tensor<1x2x4xf32>, tensor<2x1x1xf32>) -> tensor<1x2x4xf32>
  %y, %m, %v = onnx.BatchNormalization(%0, %scale, %zero, %zero, %one) {epsilon = 0.0 : f32} : (tensor<1x2x4xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> (tensor<1x2x4xf32>, tensor<2xf32>, tensor<2xf32>)
  return %y : tensor<1x2x4xf32>
}

// -----

// beta goes into the new bias.
// CHECK-LABEL: func.func @gemm
// CHECK-DAG: onnx.Constant() {value = dense<{{.}}[2.000000e+00, 6.000000e+00]]> : tensor<1x2xf32>}
// CHECK-DAG: onnx.Constant() {value = dense<[1.000000e+01, 1.500000e+01]> : tensor<2xf32>}
// CHECK: onnx.Gemm({{.*}}beta = 1.000000e+00
func.func @gemm(%x: tensor<4x1xf32>) -> tensor<4x2xf32> {
  %w = onnx.Constant() {value = dense<[[1.0, 2.0]]> : tensor<1x2xf32>} : () -> tensor<1x2xf32>
  %c = onnx.Constant() {value = dense<10.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %scale = onnx.Constant() {value = dense<[2.0, 3.0]> : tensor<2xf32>} : () -> tensor<2xf32>
  %zero = onnx.Constant() {value = dense<0.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %one = onnx.Constant() {value = dense<1.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %0 = onnx.Gemm(%x, %w, %c) {beta = 0.5 : f32} : (tensor<4x1xf32>, tensor<1x2xf32>, tensor<1xf32>) -> tensor<4x2xf32>
  %y, %m, %v = onnx.BatchNormalization(%0, %scale, %zero, %zero, %one) {epsilon = 0.0 : f32} : (tensor<4x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> (tensor<4x2xf32>, tensor<2xf32>, tensor<2xf32>)
  return %y : tensor<4x2xf32>
}

// -----

// The convolution has another user.
// CHECK-LABEL: func.func @shared
// CHECK: onnx.BatchNormalization
func.func @shared(%x: tensor<1x1x4xf32>) -> (tensor<1x1x4xf32>, tensor<1x1x4xf32>) {
  %w = onnx.Constant() {value = dense<1.0> : tensor<1x1x1xf32>} : () -> tensor<1x1x1xf32>
  %one = onnx.Constant() {value = dense<1.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %0 = onnx.Conv(%x, %w, _) {auto_pad = "NOTSET", group = 1 : i64} : (tensor<1x1x4xf32>, tensor<1x1x1xf32>) -> tensor<1x1x4xf32>
  %y, %m, %v = onnx.BatchNormalization(%0, %one, %one, %one, %one) : (tensor<1x1x4xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> (tensor<1x1x4xf32>, tensor<1xf32>, tensor<1xf32>)
  return %0, %y : tensor<1x1x4xf32>, tensor<1x1x4xf32>
}
