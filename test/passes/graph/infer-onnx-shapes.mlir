// RUN: assay-opt %s --infer-onnx-shapes | FileCheck %s

// CHECK-LABEL: func.func @chain(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32>
// CHECK: onnx.Relu(%arg0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
// CHECK: return %{{.*}} : tensor<2x3xf32>
func.func @chain(%x: tensor<2x3xf32>) -> tensor<*xf32> {
  %0 = onnx.Relu(%x) : (tensor<2x3xf32>) -> tensor<*xf32>
  %1 = onnx.Tanh(%0) : (tensor<*xf32>) -> tensor<*xf32>
  return %1 : tensor<*xf32>
}

// What a declaration added to inference is kept.
// CHECK-LABEL: func.func @keeps
// CHECK: onnx.Relu(%arg0) : (tensor<?x3xf32>) -> tensor<4x3xf32>
func.func @keeps(%x: tensor<?x3xf32>) -> tensor<4x?xf32> {
  %0 = onnx.Relu(%x) : (tensor<?x3xf32>) -> tensor<4x?xf32>
  return %0 : tensor<4x?xf32>
}
