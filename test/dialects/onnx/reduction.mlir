// RUN: assay-opt %s --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: @all
func.func @all(%x: tensor<2x?x4xf32>) -> tensor<1x1x1xf32> {
  // CHECK: onnx.ReduceSum(%{{.*}}, _)
  %y = onnx.ReduceSum(%x, _) : (tensor<2x?x4xf32>) -> tensor<1x1x1xf32>
  return %y : tensor<1x1x1xf32>
}

// CHECK-LABEL: @noop
func.func @noop(%x: tensor<2x?x4xf32>) -> tensor<2x?x4xf32> {
  %y = onnx.ReduceMean(%x, _) {noop_with_empty_axes = 1 : i64} : (tensor<2x?x4xf32>) -> tensor<2x?x4xf32>
  return %y : tensor<2x?x4xf32>
}

// CHECK-LABEL: @constant_axes
func.func @constant_axes(%x: tensor<2x3x4xi32>) -> tensor<2x4xi32> {
  %axes = onnx.Constant() {value = dense<-2> : tensor<1xi64>} : () -> tensor<1xi64>
  %y = onnx.ReduceMax(%x, %axes) {keepdims = 0 : i64} : (tensor<2x3x4xi32>, tensor<1xi64>) -> tensor<2x4xi32>
  return %y : tensor<2x4xi32>
}

// CHECK-LABEL: @unknown_axes
func.func @unknown_axes(%x: tensor<2x3x1xf32>, %axes: tensor<2xi64>, %any: tensor<?xi64>) -> (tensor<?x?x1xf32>, tensor<?xf32>, tensor<*xf32>) {
  %a = onnx.ReduceL1(%x, %axes) : (tensor<2x3x1xf32>, tensor<2xi64>) -> tensor<?x?x1xf32>
  %b = onnx.ReduceL2(%x, %axes) {keepdims = 0 : i64} : (tensor<2x3x1xf32>, tensor<2xi64>) -> tensor<?xf32>
  %c = onnx.ReduceProd(%x, %any) {keepdims = 0 : i64} : (tensor<2x3x1xf32>, tensor<?xi64>) -> tensor<*xf32>
  return %a, %b, %c : tensor<?x?x1xf32>, tensor<?xf32>, tensor<*xf32>
}

// CHECK-LABEL: @arg
func.func @arg(%x: tensor<2x3x4xf32>) -> (tensor<2x1x4xi64>, tensor<2x3xi64>) {
  %a = onnx.ArgMax(%x) {axis = 1 : i64} : (tensor<2x3x4xf32>) -> tensor<2x1x4xi64>
  %b = onnx.ArgMin(%x) {axis = -1 : i64, keepdims = 0 : i64} : (tensor<2x3x4xf32>) -> tensor<2x3xi64>
  return %a, %b : tensor<2x1x4xi64>, tensor<2x3xi64>
}

// CHECK-LABEL: @top_k
func.func @top_k(%x: tensor<2x?xf32>, %n: tensor<1xi64>) -> (tensor<2x3xf32>, tensor<2x?xf32>) {
  %k = onnx.Constant() {value = dense<3> : tensor<1xi64>} : () -> tensor<1xi64>
  %v, %i = onnx.TopK(%x, %k) : (tensor<2x?xf32>, tensor<1xi64>) -> (tensor<2x3xf32>, tensor<2x3xi64>)
  %w, %j = onnx.TopK(%x, %n) : (tensor<2x?xf32>, tensor<1xi64>) -> (tensor<2x?xf32>, tensor<2x?xi64>)
  return %v, %w : tensor<2x3xf32>, tensor<2x?xf32>
}

// -----

func.func @axis_range(%x: tensor<2x3x4xi32>) {
  %axes = onnx.Constant() {value = dense<3> : tensor<1xi64>} : () -> tensor<1xi64>
  // expected-error @+1 {{axis 3 is outside [-3, 2]}}
  %y = onnx.ReduceMax(%x, %axes) : (tensor<2x3x4xi32>, tensor<1xi64>) -> tensor<2x3x1xi32>
  return
}

// -----

func.func @axis_twice(%x: tensor<2x3x4xi32>) {
  %axes = onnx.Constant() {value = dense<[1, -2]> : tensor<2xi64>} : () -> tensor<2xi64>
  // expected-error @+1 {{axis -2 is given twice}}
  %y = onnx.ReduceMin(%x, %axes) : (tensor<2x3x4xi32>, tensor<2xi64>) -> tensor<2x1x4xi32>
  return
}

// -----

func.func @arg_empty(%x: tensor<2x0xf32>) {
  // expected-error @+1 {{dimension 1 is 0, but 1 or more is expected}}
  %y = onnx.ArgMax(%x) {axis = 1 : i64} : (tensor<2x0xf32>) -> tensor<2x1xi64>
  return
}

// -----

func.func @top_k_size(%x: tensor<2x3xf32>) {
  %k = onnx.Constant() {value = dense<4> : tensor<1xi64>} : () -> tensor<1xi64>
  // expected-error @+1 {{K is 4, but dimension 1 of X has 3 elements}}
  %v, %i = onnx.TopK(%x, %k) : (tensor<2x3xf32>, tensor<1xi64>) -> (tensor<2x4xf32>, tensor<2x4xi64>)
  return
}

// -----

func.func @cumsum_axis(%x: tensor<2x3xf32>, %axis: tensor<2xi32>) {
  // expected-error @+1 {{axis is 'tensor<2xi32>', but a single element is expected}}
  %y = onnx.CumSum(%x, %axis) : (tensor<2x3xf32>, tensor<2xi32>) -> tensor<2x3xf32>
  return
}
