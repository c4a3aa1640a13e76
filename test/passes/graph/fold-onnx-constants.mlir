// RUN: assay-opt %s --fold-onnx-constants --canonicalize --split-input-file | FileCheck %s
// RUN: assay-opt %s --fold-onnx-constants=max-bytes=16 --canonicalize --split-input-file | FileCheck %s --check-prefix=SMALL

// CHECK-LABEL: func.func @product
// CHECK: onnx.Constant() {value = dense<1.100000e+01> : tensor<1x1xf32>}
// CHECK-NOT: onnx.MatMul
func.func @product() -> tensor<1x1xf32> {
  %a = onnx.Constant() {value = dense<[[1.0, 2.0]]> : tensor<1x2xf32>} : () -> tensor<1x2xf32>
  %b = onnx.Constant() {value = dense<[[3.0], [4.0]]> : tensor<2x1xf32>} : () -> tensor<2x1xf32>
  %0 = onnx.MatMul(%a, %b) : (tensor<1x2xf32>, tensor<2x1xf32>) -> tensor<1x1xf32>
  return %0 : tensor<1x1xf32>
}

// -----

// A result that is larger than its inputs and than the limit stays.
// SMALL-LABEL: func.func @limit
// SMALL: onnx.MatMul
// CHECK-LABEL: func.func @limit
// CHECK-NOT: onnx.MatMul
func.func @limit() -> tensor<3x3xf32> {
  %a = onnx.Constant() {value = dense<[[1.0], [2.0], [3.0]]> : tensor<3x1xf32>} : () -> tensor<3x1xf32>
  %b = onnx.Constant() {value = dense<[[1.0, 2.0, 3.0]]> : tensor<1x3xf32>} : () -> tensor<1x3xf32>
  %0 = onnx.MatMul(%a, %b) : (tensor<3x1xf32>, tensor<1x3xf32>) -> tensor<3x3xf32>
  return %0 : tensor<3x3xf32>
}

// -----

// The unknown dimension is copied, the known one folds, and the type follows.
// CHECK-LABEL: func.func @shape
// CHECK: %[[S:.*]] = onnx.Constant() {value = dense<[0, 8, -1]> : tensor<3xi64>}
// CHECK: onnx.Reshape(%arg0, %[[S]]) {{.*}} -> tensor<?x8x12xf32>
func.func @shape(%x: tensor<?x8x3x4xf32>) -> tensor<*xf32> {
  %zero = onnx.Constant() {value = dense<0> : tensor<1xi64>} : () -> tensor<1xi64>
  %one = onnx.Constant() {value = dense<1> : tensor<i64>} : () -> tensor<i64>
  %two = onnx.Constant() {value = dense<2> : tensor<1xi64>} : () -> tensor<1xi64>
  %rest = onnx.Constant() {value = dense<-1> : tensor<1xi64>} : () -> tensor<1xi64>
  %axes = onnx.Constant() {value = dense<0> : tensor<1xi64>} : () -> tensor<1xi64>
  %s = onnx.Shape(%x) : (tensor<?x8x3x4xf32>) -> tensor<4xi64>
  %n = onnx.Slice(%s, %zero, %two, _, _) : (tensor<4xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2xi64>
  %first = onnx.Slice(%n, %zero, %rest, _, _) : (tensor<2xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<1xi64>
  %c = onnx.Gather(%s, %one) {axis = 0 : i64} : (tensor<4xi64>, tensor<i64>) -> tensor<i64>
  %u = onnx.Unsqueeze(%c, %axes) : (tensor<i64>, tensor<1xi64>) -> tensor<1xi64>
  %t = onnx.Concat(%first, %u, %rest) {axis = 0 : i64} : (tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<3xi64>
  %y = onnx.Reshape(%x, %t) {allowzero = 0 : i64} : (tensor<?x8x3x4xf32>, tensor<3xi64>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

// With two unknown dimensions that are not the input's, the shape is computed,
// but the known ones are in the type.
// CHECK-LABEL: func.func @partial
// CHECK: onnx.Reshape(%arg0, %{{.*}}) {{.*}} -> tensor<?x?x5xf32>
func.func @partial(%x: tensor<?xf32>, %y: tensor<?x?xf32>) -> tensor<*xf32> {
  %five = onnx.Constant() {value = dense<5> : tensor<1xi64>} : () -> tensor<1xi64>
  %s = onnx.Shape(%y) : (tensor<?x?xf32>) -> tensor<2xi64>
  %t = onnx.Concat(%s, %five) {axis = 0 : i64} : (tensor<2xi64>, tensor<1xi64>) -> tensor<3xi64>
  %z = onnx.Reshape(%x, %t) {allowzero = 0 : i64} : (tensor<?xf32>, tensor<3xi64>) -> tensor<*xf32>
  return %z : tensor<*xf32>
}

// -----

// An unknown dimension cannot become the -1 that the shape holds already.
// CHECK-LABEL: func.func @inferred_after_unknown
// CHECK: onnx.Concat
// CHECK: onnx.Reshape(%arg0, %{{.*}}) {{.*}} -> tensor<?x?xf32>
func.func @inferred_after_unknown(%x: tensor<?xf32>, %y: tensor<?xf32>) -> tensor<*xf32> {
  %rest = onnx.Constant() {value = dense<-1> : tensor<1xi64>} : () -> tensor<1xi64>
  %s = onnx.Shape(%y) : (tensor<?xf32>) -> tensor<1xi64>
  %t = onnx.Concat(%s, %rest) {axis = 0 : i64} : (tensor<1xi64>, tensor<1xi64>) -> tensor<2xi64>
  %z = onnx.Reshape(%x, %t) {allowzero = 0 : i64} : (tensor<?xf32>, tensor<2xi64>) -> tensor<*xf32>
  return %z : tensor<*xf32>
}
