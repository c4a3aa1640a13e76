// RUN: assay-opt %s | assay-opt | FileCheck %s

// CHECK-LABEL: @unary
func.func @unary(%x: tensor<2x?xf32>, %u: tensor<*xf32>) {
  // CHECK: onnx.Abs(%{{.*}}) : (tensor<2x?xf32>) -> tensor<2x?xf32>
  %0 = onnx.Abs(%x) : (tensor<2x?xf32>) -> tensor<2x?xf32>
  // CHECK: onnx.Exp(%{{.*}}) : (tensor<*xf32>) -> tensor<*xf32>
  %1 = onnx.Exp(%u) : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.IsInf(%{{.*}}) {detect_negative = 0 : i64{{.*}}} : (tensor<2x?xf32>) -> tensor<2x?xi1>
  %2 = onnx.IsInf(%x) {detect_negative = 0 : i64} : (tensor<2x?xf32>) -> tensor<2x?xi1>
  return
}

// CHECK-LABEL: @broadcast
func.func @broadcast(%a: tensor<2x1x4xf32>, %b: tensor<3x1xf32>,
                     %c: tensor<?x?xf32>, %s: tensor<f32>) {
  // CHECK: -> tensor<2x3x4xf32>
  %0 = onnx.Add(%a, %b) : (tensor<2x1x4xf32>, tensor<3x1xf32>) -> tensor<2x3x4xf32>
  // A dynamic dimension against 1 stays dynamic, against n > 1 becomes n.
  // CHECK: -> tensor<2x?x4xf32>
  %1 = onnx.Mul(%a, %c) : (tensor<2x1x4xf32>, tensor<?x?xf32>) -> tensor<2x?x4xf32>
  // CHECK: -> tensor<3x?xi1>
  %2 = onnx.Less(%b, %c) : (tensor<3x1xf32>, tensor<?x?xf32>) -> tensor<3x?xi1>
  // CHECK: -> tensor<2x3x4xf32>
  %3 = onnx.Max(%a, %b, %s) : (tensor<2x1x4xf32>, tensor<3x1xf32>, tensor<f32>) -> tensor<2x3x4xf32>
  return
}

// CHECK-LABEL: @mixed
func.func @mixed(%a: tensor<2xf32>, %e: tensor<3x1xui8>, %p: tensor<2xi1>) {
  // CHECK: onnx.Pow(%{{.*}}, %{{.*}}) : (tensor<2xf32>, tensor<3x1xui8>) -> tensor<3x2xf32>
  %0 = onnx.Pow(%a, %e) : (tensor<2xf32>, tensor<3x1xui8>) -> tensor<3x2xf32>
  // CHECK: onnx.Where(%{{.*}}, %{{.*}}, %{{.*}}) : (tensor<2xi1>, tensor<3x1xui8>, tensor<3x1xui8>) -> tensor<3x2xui8>
  %1 = onnx.Where(%p, %e, %e) : (tensor<2xi1>, tensor<3x1xui8>, tensor<3x1xui8>) -> tensor<3x2xui8>
  // CHECK: onnx.Cast(%{{.*}}) {{{.*}}to = bf16} : (tensor<2xf32>) -> tensor<2xbf16>
  %2 = onnx.Cast(%a) {to = bf16} : (tensor<2xf32>) -> tensor<2xbf16>
  // CHECK: onnx.CastLike(%{{.*}}, %{{.*}}) {{.*}}: (tensor<2xf32>, tensor<3x1xui8>) -> tensor<2xui8>
  %3 = onnx.CastLike(%a, %e) : (tensor<2xf32>, tensor<3x1xui8>) -> tensor<2xui8>
  return
}
