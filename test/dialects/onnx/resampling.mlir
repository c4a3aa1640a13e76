// RUN: assay-opt %s --split-input-file --verify-diagnostics | FileCheck %s

// Results of rank 7 are wrong on purpose: the error tells the inferred type.

// CHECK-LABEL: @round_trip
func.func @round_trip(%x: tensor<1x3x4x4xf32>, %s: tensor<4xf32>) -> tensor<?x?x?x?xf32> {
  // CHECK: onnx.Resize(%{{.*}}, _, %{{.*}}, _) {{.*}}mode = "linear"
  %0 = onnx.Resize(%x, _, %s, _) {mode = "linear"} : (tensor<1x3x4x4xf32>, tensor<4xf32>) -> tensor<?x?x?x?xf32>
  return %0 : tensor<?x?x?x?xf32>
}

// -----

func.func @scales(%x: tensor<1x3x4x?xf32>) {
  %s = onnx.Constant() {value = dense<[1.0, 1.0, 0.6, 2.0]> : tensor<4xf32>} : () -> tensor<4xf32>
  // expected-error @+1 {{the operator gives 'tensor<1x3x2x?xf32>'}}
  %0 = onnx.Resize(%x, _, %s, _) : (tensor<1x3x4x?xf32>, tensor<4xf32>) -> tensor<1x1x1x1x1x1x1xf32>
  return
}

// -----

func.func @sizes(%x: tensor<?x3x4x4xf32>) {
  %s = onnx.Constant() {value = dense<[8, 9]> : tensor<2xi64>} : () -> tensor<2xi64>
  // expected-error @+1 {{the operator gives 'tensor<?x3x9x8xf32>'}}
  %0 = onnx.Resize(%x, _, _, %s) {axes = array<i64: -1, 2>} : (tensor<?x3x4x4xf32>, tensor<2xi64>) -> tensor<1x1x1x1x1x1x1xf32>
  return
}

// -----

func.func @not_larger(%x: tensor<1x3x2x4xf32>) {
  %s = onnx.Constant() {value = dense<[7, 8]> : tensor<2xi64>} : () -> tensor<2xi64>
  // expected-error @+1 {{the operator gives 'tensor<1x3x4x8xf32>'}}
  %0 = onnx.Resize(%x, _, _, %s) {axes = array<i64: 2, 3>, keep_aspect_ratio_policy = "not_larger"} : (tensor<1x3x2x4xf32>, tensor<2xi64>) -> tensor<1x1x1x1x1x1x1xf32>
  return
}

// -----

// Up to opset 12 an absent input is an empty tensor.
func.func @empty_scales(%x: tensor<2x4xf32>, %none: tensor<0xf32>) {
  %s = onnx.Constant() {value = dense<[7, 8]> : tensor<2xi64>} : () -> tensor<2xi64>
  // expected-error @+1 {{the operator gives 'tensor<7x8xf32>'}}
  %0 = onnx.Resize(%x, %none, %none, %s) : (tensor<2x4xf32>, tensor<0xf32>, tensor<0xf32>, tensor<2xi64>) -> tensor<1x1x1x1x1x1x1xf32>
  return
}

// -----

func.func @neither(%x: tensor<2x4xf32>) {
  // expected-error @+1 {{needs exactly one of the inputs scales and sizes}}
  %0 = onnx.Resize(%x, _, _, _) : (tensor<2x4xf32>) -> tensor<2x4xf32>
  return
}

// -----

func.func @length(%x: tensor<2x4xf32>, %s: tensor<3xf32>) {
  // expected-error @+1 {{scales must have 2 elements for 2 axes, but has 3}}
  %0 = onnx.Resize(%x, _, %s, _) : (tensor<2x4xf32>, tensor<3xf32>) -> tensor<?x?xf32>
  return
}

// -----

func.func @no_roi(%x: tensor<2x4xf32>, %s: tensor<2xf32>) {
  // expected-error @+1 {{tf_crop_and_resize needs the input roi}}
  %0 = onnx.Resize(%x, _, %s, _) {coordinate_transformation_mode = "tf_crop_and_resize"} : (tensor<2x4xf32>, tensor<2xf32>) -> tensor<?x?xf32>
  return
}

// -----

func.func @mode(%x: tensor<2x4xf32>, %s: tensor<2xf32>) {
  // expected-error @+1 {{mode must be one of nearest, linear, cubic, but is 'lanczos'}}
  %0 = onnx.Resize(%x, _, %s, _) {mode = "lanczos"} : (tensor<2x4xf32>, tensor<2xf32>) -> tensor<?x?xf32>
  return
}

// -----

func.func @negative_scale(%x: tensor<2x4xf32>) {
  %s = onnx.Constant() {value = dense<-1.0> : tensor<2xf32>} : () -> tensor<2xf32>
  // expected-error @+1 {{scales must be positive}}
  %0 = onnx.Resize(%x, _, %s, _) : (tensor<2x4xf32>, tensor<2xf32>) -> tensor<?x?xf32>
  return
}
