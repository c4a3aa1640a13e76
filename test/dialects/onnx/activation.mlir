// RUN: assay-opt %s | assay-opt | FileCheck %s

// CHECK-LABEL: @activations
func.func @activations(%x: tensor<2x?xf32>, %s: tensor<f32>, %t: tensor<i1>,
                       %slope: tensor<3xf32>, %w: tensor<4x3xf32>) {
  // CHECK: onnx.LeakyRelu(%{{.*}}) {alpha = 1.000000e-01 : f32} : (tensor<2x?xf32>) -> tensor<2x?xf32>
  %0 = onnx.LeakyRelu(%x) {alpha = 0.1 : f32} : (tensor<2x?xf32>) -> tensor<2x?xf32>
  // CHECK: onnx.Clip(%{{.*}}, _, %{{.*}}) : (tensor<2x?xf32>, tensor<f32>) -> tensor<2x?xf32>
  %1 = onnx.Clip(%x, _, %s) : (tensor<2x?xf32>, tensor<f32>) -> tensor<2x?xf32>
  // CHECK: onnx.Dropout(%{{.*}}, %{{.*}}, %{{.*}}) : (tensor<2x?xf32>, tensor<f32>, tensor<i1>) -> (tensor<2x?xf32>, tensor<2x?xi1>)
  %2:2 = onnx.Dropout(%x, %s, %t) : (tensor<2x?xf32>, tensor<f32>, tensor<i1>) -> (tensor<2x?xf32>, tensor<2x?xi1>)
  // CHECK: onnx.Softmax(%{{.*}}) {axis = -2 : i64} : (tensor<2x?xf32>) -> tensor<2x?xf32>
  %3 = onnx.Softmax(%x) {axis = -2 : i64} : (tensor<2x?xf32>) -> tensor<2x?xf32>
  // CHECK: onnx.PRelu(%{{.*}}, %{{.*}}) : (tensor<4x3xf32>, tensor<3xf32>) -> tensor<4x3xf32>
  %4 = onnx.PRelu(%w, %slope) : (tensor<4x3xf32>, tensor<3xf32>) -> tensor<4x3xf32>
  return
}
