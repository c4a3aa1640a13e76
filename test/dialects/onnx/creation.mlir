// RUN: assay-opt %s --split-input-file --verify-diagnostics | FileCheck %s

// Results of rank 7 are wrong on purpose: the error tells the inferred type.

// CHECK-LABEL: @round_trip
func.func @round_trip(%x: tensor<2x?xf32>, %s: tensor<2xi64>) -> (tensor<1xi64>, tensor<i64>, tensor<?x?xf32>) {
  // CHECK: onnx.Shape(%{{.*}}) {end = -1 : i64{{.*}}} : (tensor<2x?xf32>) -> tensor<1xi64>
  %0 = onnx.Shape(%x) {end = -1 : i64} : (tensor<2x?xf32>) -> tensor<1xi64>
  // CHECK: onnx.Size(%{{.*}}) : (tensor<2x?xf32>) -> tensor<i64>
  %1 = onnx.Size(%x) : (tensor<2x?xf32>) -> tensor<i64>
  // CHECK: onnx.ConstantOfShape(%{{.*}}) : (tensor<2xi64>) -> tensor<?x?xf32>
  %2 = onnx.ConstantOfShape(%s) : (tensor<2xi64>) -> tensor<?x?xf32>
  return %0, %1, %2 : tensor<1xi64>, tensor<i64>, tensor<?x?xf32>
}

// -----

func.func @constant_of_shape() {
  %s = onnx.Constant() {value = dense<[2, 0]> : tensor<2xi64>} : () -> tensor<2xi64>
  // expected-error @+1 {{the operator gives 'tensor<2x0xi32>'}}
  %0 = onnx.ConstantOfShape(%s) {value = dense<1> : tensor<1xi32>} : (tensor<2xi64>) -> tensor<1x1x1x1x1x1x1xi32>
  return
}

// -----

func.func @constant_of_shape_value(%s: tensor<2xi64>) {
  // expected-error @+1 {{value must hold one element, but is 'tensor<2xi32>'}}
  %0 = onnx.ConstantOfShape(%s) {value = dense<1> : tensor<2xi32>} : (tensor<2xi64>) -> tensor<?x?xi32>
  return
}

// -----

func.func @constant_of_shape_negative() {
  %s = onnx.Constant() {value = dense<[2, -1]> : tensor<2xi64>} : () -> tensor<2xi64>
  // expected-error @+1 {{the shape must be non-negative, but is [2, -1]}}
  %0 = onnx.ConstantOfShape(%s) : (tensor<2xi64>) -> tensor<?x?xf32>
  return
}

// -----

func.func @eye_like(%x: tensor<3x?xf32>) {
  // expected-error @+1 {{the operator gives 'tensor<3x?xi64>'}}
  %0 = onnx.EyeLike(%x) {dtype = i64} : (tensor<3x?xf32>) -> tensor<1x1x1x1x1x1x1xi64>
  return
}

// -----

func.func @one_hot(%i: tensor<2x3xi64>, %v: tensor<2xf32>) {
  %d = onnx.Constant() {value = dense<7.0> : tensor<f32>} : () -> tensor<f32>
  // expected-error @+1 {{the operator gives 'tensor<2x7x3xf32>'}}
  %0 = onnx.OneHot(%i, %d, %v) {axis = -2 : i64} : (tensor<2x3xi64>, tensor<f32>, tensor<2xf32>) -> tensor<1x1x1x1x1x1x1xf32>
  return
}

// -----

func.func @one_hot_depth(%i: tensor<2x3xi64>, %v: tensor<2xf32>) {
  %d = onnx.Constant() {value = dense<-1> : tensor<i64>} : () -> tensor<i64>
  // expected-error @+1 {{depth must be 0 to 2^62}}
  %0 = onnx.OneHot(%i, %d, %v) : (tensor<2x3xi64>, tensor<i64>, tensor<2xf32>) -> tensor<2x3x?xf32>
  return
}

// -----

func.func @one_hot_values(%i: tensor<2x3xi64>, %d: tensor<i64>, %v: tensor<3xf32>) {
  // expected-error @+1 {{values must hold the off and the on value, but has 3 elements}}
  %0 = onnx.OneHot(%i, %d, %v) : (tensor<2x3xi64>, tensor<i64>, tensor<3xf32>) -> tensor<2x3x?xf32>
  return
}

// -----

func.func @range_int() {
  %start = onnx.Constant() {value = dense<10> : tensor<i64>} : () -> tensor<i64>
  %limit = onnx.Constant() {value = dense<-1> : tensor<i64>} : () -> tensor<i64>
  %delta = onnx.Constant() {value = dense<-3> : tensor<i64>} : () -> tensor<i64>
  // expected-error @+1 {{the operator gives 'tensor<4xi64>'}}
  %0 = onnx.Range(%start, %limit, %delta) : (tensor<i64>, tensor<i64>, tensor<i64>) -> tensor<1x1x1x1x1x1x1xi64>
  return
}

// -----

func.func @range_float() {
  %start = onnx.Constant() {value = dense<0.0> : tensor<f32>} : () -> tensor<f32>
  %limit = onnx.Constant() {value = dense<1.0> : tensor<f32>} : () -> tensor<f32>
  %delta = onnx.Constant() {value = dense<0.3> : tensor<f32>} : () -> tensor<f32>
  // expected-error @+1 {{the operator gives 'tensor<4xf32>'}}
  %0 = onnx.Range(%start, %limit, %delta) : (tensor<f32>, tensor<f32>, tensor<f32>) -> tensor<1x1x1x1x1x1x1xf32>
  return
}

// -----

func.func @range_huge() {
  %start = onnx.Constant() {value = dense<-9223372036854775808> : tensor<i64>} : () -> tensor<i64>
  %limit = onnx.Constant() {value = dense<9223372036854775807> : tensor<i64>} : () -> tensor<i64>
  %delta = onnx.Constant() {value = dense<1> : tensor<i64>} : () -> tensor<i64>
  // expected-error @+1 {{(limit - start) / delta must be a number below 2^62}}
  %0 = onnx.Range(%start, %limit, %delta) : (tensor<i64>, tensor<i64>, tensor<i64>) -> tensor<?xi64>
  return
}

// -----

func.func @range_delta(%x: tensor<i64>) {
  %delta = onnx.Constant() {value = dense<0> : tensor<i64>} : () -> tensor<i64>
  // expected-error @+1 {{delta must not be zero}}
  %0 = onnx.Range(%x, %x, %delta) : (tensor<i64>, tensor<i64>, tensor<i64>) -> tensor<?xi64>
  return
}
