// RUN: assay-opt %s --convert-onnx-to-linalg --canonicalize --cse --split-input-file | FileCheck %s

// Known sizes give tables of positions; axes of scale 1 stay.

// CHECK-LABEL: @nearest
func.func @nearest(%x: tensor<1x2x4xf32>) -> tensor<1x2x8xf32> {
  // CHECK: %[[AT:.*]] = arith.constant dense<{{\[\[}}0], [0], [1], [1], [2], [2], [3], [3]]> : tensor<8x1xi64>
  // CHECK: linalg.generic {{.*}} ins(%[[AT]] : tensor<8x1xi64>) outs(%{{.*}} : tensor<1x2x8xf32>)
  // CHECK: tensor.extract %arg0
  // CHECK-NOT: linalg.generic
  %s = onnx.Constant() {value = dense<[1.0, 1.0, 2.0]> : tensor<3xf32>} : () -> tensor<3xf32>
  %y = onnx.Resize(%x, _, %s, _) : (tensor<1x2x4xf32>, tensor<3xf32>) -> tensor<1x2x8xf32>
  return %y : tensor<1x2x8xf32>
}

// -----

// Integers are computed in f32, rounded half to even, saturated.

// CHECK-LABEL: @linear
func.func @linear(%x: tensor<4xui8>) -> tensor<2xui8> {
  // CHECK-DAG: %[[WEIGHTS:.*]] = arith.constant dense<5.000000e-01> : tensor<2x2xf32>
  // CHECK-DAG: %[[AT:.*]] = arith.constant dense<{{\[\[}}0, 1], [2, 3]]> : tensor<2x2xi64>
  // CHECK: %[[SUM:.*]] = linalg.generic {{.*}} ins(%[[AT]], %[[WEIGHTS]], %[[AT]], %[[WEIGHTS]] : {{.*}} outs(%{{.*}} : tensor<2xf32>)
  // CHECK: arith.uitofp
  // CHECK: arith.addf
  // CHECK: linalg.generic {{.*}} ins(%[[SUM]] : tensor<2xf32>)
  // CHECK: math.roundeven
  // CHECK: arith.fptoui
  %s = onnx.Constant() {value = dense<2> : tensor<1xi64>} : () -> tensor<1xi64>
  %y = onnx.Resize(%x, _, _, %s) {mode = "linear"} : (tensor<4xui8>, tensor<1xi64>) -> tensor<2xui8>
  return %y : tensor<2xui8>
}

// -----

// Positions and weights at run time; many or unknown taps run in a loop.

// CHECK-LABEL: @cubic_run_time
func.func @cubic_run_time(%x: tensor<?xf32>, %s: tensor<1xf32>) -> tensor<?xf32> {
  // CHECK: %[[AT:.*]] = linalg.generic {{.*}} outs(%{{.*}} : tensor<?x?xi64>)
  // CHECK: %[[RAW:.*]] = linalg.generic {{.*}} outs(%{{.*}} : tensor<?x?xf32>)
  // CHECK: %[[SUMS:.*]] = linalg.generic {{.*}}"reduction"]} ins(%[[RAW]] : tensor<?x?xf32>)
  // CHECK: %[[WEIGHTS:.*]] = linalg.generic {{.*}} ins(%[[RAW]], %[[SUMS]]
  // CHECK: linalg.generic {{.*}}"reduction"]} ins(%[[AT]], %[[WEIGHTS]]
  // CHECK: tensor.extract %arg0
  %y = onnx.Resize(%x, _, %s, _) {mode = "cubic", antialias = 1 : i64} : (tensor<?xf32>, tensor<1xf32>) -> tensor<?xf32>
  return %y : tensor<?xf32>
}

// -----

// CHECK-LABEL: @crop
func.func @crop(%x: tensor<4xf32>) -> tensor<3xf32> {
  // CHECK-DAG: %[[OUTSIDE:.*]] = arith.constant dense<[false, false, true]> : tensor<3xi1>
  // CHECK-DAG: %[[FILL:.*]] = arith.constant 9.000000e+00 : f32
  // CHECK: linalg.generic {{.*}} ins(%{{.*}}, %[[OUTSIDE]] :
  // CHECK: arith.select %{{.*}}, %[[FILL]], %{{.*}} : f32
  %roi = onnx.Constant() {value = dense<[0.0, 2.0]> : tensor<2xf32>} : () -> tensor<2xf32>
  %s = onnx.Constant() {value = dense<3> : tensor<1xi64>} : () -> tensor<1xi64>
  %y = onnx.Resize(%x, %roi, _, %s) {mode = "linear", coordinate_transformation_mode = "tf_crop_and_resize", extrapolation_value = 9.0 : f32} : (tensor<4xf32>, tensor<2xf32>, tensor<1xi64>) -> tensor<3xf32>
  return %y : tensor<3xf32>
}
