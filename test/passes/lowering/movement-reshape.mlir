// RUN: assay-opt %s --convert-onnx-to-linalg --canonicalize --cse --split-input-file | FileCheck %s

// Groups of dimensions that match are views.

// CHECK-LABEL: @expand
func.func @expand(%x: tensor<2x12xf32>) -> tensor<2x3x4xf32> {
  // CHECK: tensor.expand_shape %arg0 {{\[\[}}0], [1, 2]] output_shape [2, 3, 4]
  %s = onnx.Constant() {value = dense<[2, 3, -1]> : tensor<3xi64>} : () -> tensor<3xi64>
  %y = onnx.Reshape(%x, %s) : (tensor<2x12xf32>, tensor<3xi64>) -> tensor<2x3x4xf32>
  return %y : tensor<2x3x4xf32>
}

// -----

// Others go through one dimension.

// CHECK-LABEL: @regroup
func.func @regroup(%x: tensor<4x6xf32>) -> tensor<3x8xf32> {
  // CHECK: %[[FLAT:.*]] = tensor.collapse_shape %arg0 {{\[\[}}0, 1]]
  // CHECK: tensor.expand_shape %[[FLAT]] {{\[\[}}0, 1]] output_shape [3, 8]
  %s = onnx.Constant() {value = dense<[3, 8]> : tensor<2xi64>} : () -> tensor<2xi64>
  %y = onnx.Reshape(%x, %s) : (tensor<4x6xf32>, tensor<2xi64>) -> tensor<3x8xf32>
  return %y : tensor<3x8xf32>
}

// -----

// Copied dimensions keep their groups, as splitting heads needs.

// CHECK-LABEL: @copied
func.func @copied(%x: tensor<?x?x768xf32>) -> tensor<?x?x12x64xf32> {
  // CHECK: tensor.expand_shape %arg0 {{\[\[}}0], [1], [2, 3]]
  // CHECK-NOT: tensor.reshape
  %s = onnx.Constant() {value = dense<[0, 0, 12, 64]> : tensor<4xi64>} : () -> tensor<4xi64>
  %y = onnx.Reshape(%x, %s) : (tensor<?x?x768xf32>, tensor<4xi64>) -> tensor<?x?x12x64xf32>
  return %y : tensor<?x?x12x64xf32>
}

// -----

// CHECK-LABEL: @run_time
func.func @run_time(%x: tensor<4x6xf32>, %s: tensor<2xi64>) -> tensor<?x?xf32> {
  // CHECK: cf.assert {{.*}}"Reshape: the element counts differ"
  // CHECK: %[[SHAPE:.*]] = tensor.from_elements %{{.*}}, %{{.*}} : tensor<2xindex>
  // CHECK: tensor.reshape %arg0(%[[SHAPE]])
  %y = onnx.Reshape(%x, %s) : (tensor<4x6xf32>, tensor<2xi64>) -> tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}

// -----

// CHECK-LABEL: @flatten
func.func @flatten(%x: tensor<?x3x4xf32>) -> tensor<?x12xf32> {
  // CHECK: tensor.collapse_shape %arg0 {{\[\[}}0], [1, 2]]
  %y = onnx.Flatten(%x) : (tensor<?x3x4xf32>) -> tensor<?x12xf32>
  return %y : tensor<?x12xf32>
}

// -----

// CHECK-LABEL: @squeeze_dynamic
func.func @squeeze_dynamic(%x: tensor<?x3xf32>) -> tensor<3xf32> {
  // CHECK: cf.assert {{.*}}"Squeeze: a removed dimension is not 1"
  // CHECK: %[[CAST:.*]] = tensor.cast %arg0 : tensor<?x3xf32> to tensor<1x3xf32>
  // CHECK: tensor.collapse_shape %[[CAST]] {{\[\[}}0, 1]]
  %a = onnx.Constant() {value = dense<0> : tensor<1xi64>} : () -> tensor<1xi64>
  %y = onnx.Squeeze(%x, %a) : (tensor<?x3xf32>, tensor<1xi64>) -> tensor<3xf32>
  return %y : tensor<3xf32>
}

// -----

// CHECK-LABEL: @unsqueeze
func.func @unsqueeze(%x: tensor<3x?xf32>) -> tensor<1x3x1x?xf32> {
  // CHECK: tensor.expand_shape %arg0 {{\[\[}}0, 1], [2, 3]] output_shape [1, 3, 1, %{{.*}}]
  %a = onnx.Constant() {value = dense<[0, 2]> : tensor<2xi64>} : () -> tensor<2xi64>
  %y = onnx.Unsqueeze(%x, %a) : (tensor<3x?xf32>, tensor<2xi64>) -> tensor<1x3x1x?xf32>
  return %y : tensor<1x3x1x?xf32>
}

// -----

// CHECK-LABEL: @unsqueeze_run_time
func.func @unsqueeze_run_time(%x: tensor<3xf32>, %a: tensor<1xi64>) -> tensor<?x?xf32> {
  // CHECK: cf.assert {{.*}}"an axis is out of range"
  // CHECK: tensor.reshape %arg0
  %y = onnx.Unsqueeze(%x, %a) : (tensor<3xf32>, tensor<1xi64>) -> tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}

// -----

// CHECK-LABEL: @depth_to_space
func.func @depth_to_space(%x: tensor<1x8x2x3xf32>) -> tensor<1x2x4x6xf32> {
  // CHECK: %[[BLOCKS:.*]] = tensor.expand_shape %arg0 {{.*}} output_shape [1, 2, 2, 2, 2, 3]
  // CHECK: %[[MOVED:.*]] = linalg.generic {{.*}} ins(%[[BLOCKS]] : {{.*}} outs(%{{.*}} : tensor<1x2x2x2x3x2xf32>)
  // CHECK: tensor.collapse_shape %[[MOVED]] {{\[\[}}0], [1], [2, 3], [4, 5]]
  %y = onnx.DepthToSpace(%x) {blocksize = 2 : i64} : (tensor<1x8x2x3xf32>) -> tensor<1x2x4x6xf32>
  return %y : tensor<1x2x4x6xf32>
}
