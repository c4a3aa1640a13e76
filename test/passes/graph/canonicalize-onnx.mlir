// RUN: assay-opt %s --canonicalize-onnx --split-input-file | FileCheck %s

// CHECK-LABEL: func.func @nothing
// CHECK-NEXT: return %arg0
func.func @nothing(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %none = onnx.Constant() {value = dense<0> : tensor<4xi64>} : () -> tensor<4xi64>
  %shape = onnx.Constant() {value = dense<[2, -1]> : tensor<2xi64>} : () -> tensor<2xi64>
  %0 = onnx.Identity(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1, %mask = onnx.Dropout(%0, _, _) : (tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<2x3xi1>)
  %2 = onnx.Pad(%1, %none, _, _) {mode = "constant"} : (tensor<2x3xf32>, tensor<4xi64>) -> tensor<2x3xf32>
  %3 = onnx.Reshape(%2, %shape) {allowzero = 0 : i64} : (tensor<2x3xf32>, tensor<2xi64>) -> tensor<2x3xf32>
  %4 = onnx.Cast(%3) {to = f32} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %5 = onnx.Sum(%4) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %6 = onnx.Concat(%5) {axis = 0 : i64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %6 : tensor<2x3xf32>
}

// -----

// Training, and a slice that reverses, stay.
// CHECK-LABEL: func.func @something
// CHECK: onnx.Dropout
// CHECK: onnx.Slice
func.func @something(%x: tensor<3xf32>, %train: tensor<i1>) -> tensor<3xf32> {
  %start = onnx.Constant() {value = dense<-1> : tensor<1xi64>} : () -> tensor<1xi64>
  %end = onnx.Constant() {value = dense<-9> : tensor<1xi64>} : () -> tensor<1xi64>
  %axis = onnx.Constant() {value = dense<0> : tensor<1xi64>} : () -> tensor<1xi64>
  %step = onnx.Constant() {value = dense<-1> : tensor<1xi64>} : () -> tensor<1xi64>
  %0, %mask = onnx.Dropout(%x, _, %train) : (tensor<3xf32>, tensor<i1>) -> (tensor<3xf32>, tensor<3xi1>)
  %1 = onnx.Slice(%0, %start, %end, %axis, %step) : (tensor<3xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<3xf32>
  return %1 : tensor<3xf32>
}

// -----

// CHECK-LABEL: func.func @transposes
// CHECK: %[[T:.*]] = onnx.Transpose(%arg0) {perm = array<i64: 2, 1, 0>}
// CHECK-NEXT: return %[[T]], %arg0
func.func @transposes(%x: tensor<2x3x4xf32>) -> (tensor<4x3x2xf32>, tensor<2x3x4xf32>) {
  %0 = onnx.Transpose(%x) {perm = array<i64: 1, 2, 0>} : (tensor<2x3x4xf32>) -> tensor<3x4x2xf32>
  %1 = onnx.Transpose(%0) {perm = array<i64: 1, 0, 2>} : (tensor<3x4x2xf32>) -> tensor<4x3x2xf32>
  %2 = onnx.Transpose(%0) {perm = array<i64: 2, 0, 1>} : (tensor<3x4x2xf32>) -> tensor<2x3x4xf32>
  return %1, %2 : tensor<4x3x2xf32>, tensor<2x3x4xf32>
}

// -----

// CHECK-LABEL: func.func @reshapes
// CHECK: %[[S:.*]] = onnx.Constant() {value = dense<[3, 8]> : tensor<2xi64>}
// CHECK: onnx.Reshape(%arg0, %[[S]]) {allowzero = 1 : i64} : (tensor<2x3x4xf32>, tensor<2xi64>) -> tensor<3x8xf32>
// CHECK-NOT: onnx.Flatten
func.func @reshapes(%x: tensor<2x3x4xf32>) -> tensor<3x8xf32> {
  %shape = onnx.Constant() {value = dense<[3, 8]> : tensor<2xi64>} : () -> tensor<2xi64>
  %0 = onnx.Flatten(%x) {axis = 1 : i64} : (tensor<2x3x4xf32>) -> tensor<2x12xf32>
  %1 = onnx.Reshape(%0, %shape) {allowzero = 0 : i64} : (tensor<2x12xf32>, tensor<2xi64>) -> tensor<3x8xf32>
  return %1 : tensor<3x8xf32>
}

// -----

// CHECK-LABEL: func.func @pools
// CHECK: %[[A:.*]] = onnx.Constant() {value = dense<[2, 3]> : tensor<2xi64>}
// CHECK: onnx.ReduceMean(%arg0, %[[A]]) {keepdims = 1 : i64
// CHECK: onnx.ReduceMax(%arg0, %{{.*}}) {keepdims = 1 : i64
func.func @pools(%x: tensor<1x3x4x4xf32>) -> (tensor<1x3x1x1xf32>, tensor<1x3x1x1xf32>) {
  %0 = onnx.GlobalAveragePool(%x) : (tensor<1x3x4x4xf32>) -> tensor<1x3x1x1xf32>
  %1 = onnx.GlobalMaxPool(%x) : (tensor<1x3x4x4xf32>) -> tensor<1x3x1x1xf32>
  return %0, %1 : tensor<1x3x1x1xf32>, tensor<1x3x1x1xf32>
}

// -----

// CHECK-LABEL: func.func @pads
// CHECK-NOT: onnx.Pad
// CHECK: onnx.Conv(%arg0, %arg1, _) {{.*}}pads = array<i64: 1, 2, 2, 3>
// CHECK: onnx.AveragePool(%arg0) {{.*}}count_include_pad = 1 : i64{{.*}}pads = array<i64: 0, 1, 1, 2>
func.func @pads(%x: tensor<1x1x8x8xf32>, %w: tensor<1x1x3x3xf32>) -> (tensor<1x1x9x11xf32>, tensor<1x1x6x8xf32>) {
  %pads = onnx.Constant() {value = dense<[0, 0, 0, 1, 0, 0, 1, 2]> : tensor<8xi64>} : () -> tensor<8xi64>
  %0 = onnx.Pad(%x, %pads, _, _) {mode = "constant"} : (tensor<1x1x8x8xf32>, tensor<8xi64>) -> tensor<1x1x9x11xf32>
  %1 = onnx.Conv(%0, %w, _) {auto_pad = "NOTSET", pads = array<i64: 1, 1, 1, 1>} : (tensor<1x1x9x11xf32>, tensor<1x1x3x3xf32>) -> tensor<1x1x9x11xf32>
  %2 = onnx.AveragePool(%0) {kernel_shape = array<i64: 4, 4>} : (tensor<1x1x9x11xf32>) -> tensor<1x1x6x8xf32>
  return %1, %2 : tensor<1x1x9x11xf32>, tensor<1x1x6x8xf32>
}

// -----

// Padding by another value, of the channels, or of a pool that does not count
// its own padding, stays.
// CHECK-LABEL: func.func @other_pads
// CHECK-COUNT-3: onnx.Pad
func.func @other_pads(%x: tensor<1x1x8xf32>, %w: tensor<1x1x3xf32>, %w3: tensor<1x3x3xf32>) -> (tensor<1x1x8xf32>, tensor<1x1x6xf32>, tensor<1x1x10xf32>) {
  %one = onnx.Constant() {value = dense<1.0> : tensor<f32>} : () -> tensor<f32>
  %space = onnx.Constant() {value = dense<[0, 0, 1, 0, 0, 1]> : tensor<6xi64>} : () -> tensor<6xi64>
  %channels = onnx.Constant() {value = dense<[0, 1, 0, 0, 1, 0]> : tensor<6xi64>} : () -> tensor<6xi64>
  %0 = onnx.Pad(%x, %space, %one, _) {mode = "constant"} : (tensor<1x1x8xf32>, tensor<6xi64>, tensor<f32>) -> tensor<1x1x10xf32>
  %1 = onnx.Conv(%0, %w, _) {auto_pad = "NOTSET"} : (tensor<1x1x10xf32>, tensor<1x1x3xf32>) -> tensor<1x1x8xf32>
  %2 = onnx.Pad(%x, %channels, _, _) {mode = "constant"} : (tensor<1x1x8xf32>, tensor<6xi64>) -> tensor<1x3x8xf32>
  %3 = onnx.Conv(%2, %w3, _) {auto_pad = "NOTSET"} : (tensor<1x3x8xf32>, tensor<1x3x3xf32>) -> tensor<1x1x6xf32>
  %4 = onnx.Pad(%x, %space, _, _) {mode = "constant"} : (tensor<1x1x8xf32>, tensor<6xi64>) -> tensor<1x1x10xf32>
  %5 = onnx.AveragePool(%4) {kernel_shape = array<i64: 3>, pads = array<i64: 1, 1>} : (tensor<1x1x10xf32>) -> tensor<1x1x10xf32>
  return %1, %3, %5 : tensor<1x1x8xf32>, tensor<1x1x6xf32>, tensor<1x1x10xf32>
}

// -----

// CHECK-LABEL: func.func @gelu
// CHECK: onnx.Gelu(%arg0) {approximate = "none"}
// CHECK: onnx.Gelu(%arg0) {approximate = "none"}
// CHECK-NOT: onnx.Erf
func.func @gelu(%x: tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<2x3xf32>) {
  %sqrt2 = onnx.Constant() {value = dense<1.41421354> : tensor<f32>} : () -> tensor<f32>
  %one = onnx.Constant() {value = dense<1.0> : tensor<f32>} : () -> tensor<f32>
  %half = onnx.Constant() {value = dense<0.5> : tensor<f32>} : () -> tensor<f32>
  %0 = onnx.Div(%x, %sqrt2) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %1 = onnx.Erf(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = onnx.Add(%1, %one) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %3 = onnx.Mul(%x, %2) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %4 = onnx.Mul(%3, %half) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %5 = onnx.Mul(%x, %half) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %6 = onnx.Mul(%5, %2) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %4, %6 : tensor<2x3xf32>, tensor<2x3xf32>
}
