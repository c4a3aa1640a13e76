// RUN: assay-opt %s --convert-onnx-to-linalg --canonicalize | FileCheck %s

// The constant rhs is packed: column n of row k lies at [n / 32, k, n % 32].
// CHECK-LABEL: func.func @packed
// CHECK-SAME: (%[[X:.*]]: tensor<2x5x3xf32>)
// CHECK: %[[W:.*]] = arith.constant dense_resource<packed> : tensor<1x3x32xf32>
// CHECK: kernel.matmul packed ins(%[[X]], %[[W]] : tensor<2x5x3xf32>, tensor<1x3x32xf32>) outs(%{{.*}} : tensor<2x5x2xf32>)
func.func @packed(%x: tensor<2x5x3xf32>) -> tensor<2x5x2xf32> {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]> : tensor<3x2xf32>
  %y = onnx.MatMul(%x, %w) : (tensor<2x5x3xf32>, tensor<3x2xf32>) -> tensor<2x5x2xf32>
  return %y : tensor<2x5x2xf32>
}

// CHECK-LABEL: func.func @batches_broadcast
// CHECK: kernel.matmul ins(%{{.*}}, %{{.*}} : tensor<1x?x?x64xf32>, tensor<2x12x64x?xf32>) outs(%{{.*}} : tensor<2x12x?x?xf32>)
func.func @batches_broadcast(%q: tensor<?x?x64xf32>, %k: tensor<2x12x64x?xf32>) -> tensor<2x12x?x?xf32> {
  %y = onnx.MatMul(%q, %k) : (tensor<?x?x64xf32>, tensor<2x12x64x?xf32>) -> tensor<2x12x?x?xf32>
  return %y : tensor<2x12x?x?xf32>
}

// CHECK-LABEL: func.func @vectors
// CHECK: kernel.matmul ins(%{{.*}} : tensor<1x1x7xf32>, tensor<3x7x2xf32>) outs(%{{.*}} : tensor<3x1x2xf32>)
// CHECK: tensor.collapse_shape %{{.*}} : tensor<3x1x2xf32> into tensor<3x2xf32>
// CHECK: kernel.matmul ins(%{{.*}} : tensor<3x7x2xf32>, tensor<1x2x1xf32>) outs(%{{.*}} : tensor<3x7x1xf32>)
// CHECK: tensor.collapse_shape %{{.*}} : tensor<3x7x1xf32> into tensor<3x7xf32>
// CHECK: linalg.generic
// CHECK-SAME: ins(%{{.*}} : tensor<1x7xi32>, tensor<7x1xi32>)
// CHECK: tensor.collapse_shape %{{.*}} [] : tensor<1x1xi32> into tensor<i32>
func.func @vectors(%a: tensor<7xf32>, %b: tensor<3x7x2xf32>, %v: tensor<2xf32>, %i: tensor<7xi32>)
    -> (tensor<3x2xf32>, tensor<3x7xf32>, tensor<i32>) {
  %0 = onnx.MatMul(%a, %b) : (tensor<7xf32>, tensor<3x7x2xf32>) -> tensor<3x2xf32>
  %1 = onnx.MatMul(%b, %v) : (tensor<3x7x2xf32>, tensor<2xf32>) -> tensor<3x7xf32>
  %2 = onnx.MatMul(%i, %i) : (tensor<7xi32>, tensor<7xi32>) -> tensor<i32>
  return %0, %1, %2 : tensor<3x2xf32>, tensor<3x7xf32>, tensor<i32>
}

// Alpha is part of the packed constant; C is a consumer with identity maps.
// CHECK-LABEL: func.func @gemm_constant
// CHECK: %[[P:.*]] = kernel.matmul packed
// CHECK: linalg.generic
// CHECK-SAME: ins(%[[P]], %{{.*}} : tensor<1x2xf32>, tensor<2xf32>)
// CHECK-NOT: arith.mulf
// CHECK: arith.addf
func.func @gemm_constant(%a: tensor<1x3xf32>, %c: tensor<2xf32>) -> tensor<1x2xf32> {
  %b = arith.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
  %y = onnx.Gemm(%a, %b, %c) {transB = 1 : i64, alpha = 2.0 : f32}
      : (tensor<1x3xf32>, tensor<2x3xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}

// CHECK-LABEL: func.func @gemm
// CHECK: linalg.transpose
// CHECK: kernel.matmul transposed
// CHECK: arith.mulf
// CHECK: arith.addf
func.func @gemm(%a: tensor<3x?xf32>, %b: tensor<4x3xf32>, %c: tensor<4xf32>) -> tensor<?x4xf32> {
  %y = onnx.Gemm(%a, %b, %c) {transA = 1 : i64, transB = 1 : i64, alpha = 2.0 : f32}
      : (tensor<3x?xf32>, tensor<4x3xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}

// f16 is summed in f32.
// CHECK-LABEL: func.func @einsum
// CHECK: iterator_types = ["parallel", "parallel", "reduction", "parallel"]
// CHECK: arith.addf %{{.*}} : f32
// CHECK: arith.truncf
func.func @einsum(%a: tensor<2x3x4xf16>, %b: tensor<2x4x5xf16>) -> tensor<2x3x5xf16> {
  %y = onnx.Einsum(%a, %b) {equation = "bij,bjk->bik"}
      : (tensor<2x3x4xf16>, tensor<2x4x5xf16>) -> tensor<2x3x5xf16>
  return %y : tensor<2x3x5xf16>
}

// CHECK: packed: "0x40000000{{0000803F00000040(00000000){30}0000404000008040}}
