// RUN: assay-opt %s --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: @matmul_batched
func.func @matmul_batched(%a: tensor<2x1x3x4xf32>, %b: tensor<5x4x?xf32>) -> tensor<2x5x3x?xf32> {
  // CHECK: onnx.MatMul(%{{.*}}, %{{.*}}) : (tensor<2x1x3x4xf32>, tensor<5x4x?xf32>) -> tensor<2x5x3x?xf32>
  %y = onnx.MatMul(%a, %b) : (tensor<2x1x3x4xf32>, tensor<5x4x?xf32>) -> tensor<2x5x3x?xf32>
  return %y : tensor<2x5x3x?xf32>
}

// CHECK-LABEL: @matmul_vectors
func.func @matmul_vectors(%a: tensor<4xf32>, %b: tensor<4xf32>) -> tensor<f32> {
  %y = onnx.MatMul(%a, %b) : (tensor<4xf32>, tensor<4xf32>) -> tensor<f32>
  return %y : tensor<f32>
}

// CHECK-LABEL: @matmul_vector_matrix
func.func @matmul_vector_matrix(%a: tensor<4xf32>, %b: tensor<2x4x3xf32>) -> tensor<2x3xf32> {
  %y = onnx.MatMul(%a, %b) : (tensor<4xf32>, tensor<2x4x3xf32>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// CHECK-LABEL: @gemm
func.func @gemm(%a: tensor<4x2xf32>, %b: tensor<3x4xf32>, %c: tensor<3xf32>) -> tensor<2x3xf32> {
  %y = onnx.Gemm(%a, %b, %c) {transA = 1 : i64, transB = 1 : i64} : (tensor<4x2xf32>, tensor<3x4xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// CHECK-LABEL: @einsum_ellipsis
func.func @einsum_ellipsis(%a: tensor<2x1x3x4xf32>, %b: tensor<5x4x6xf32>) -> tensor<2x5x3x6xf32> {
  %y = onnx.Einsum(%a, %b) {equation = "...ij, ...jk -> ...ik"} : (tensor<2x1x3x4xf32>, tensor<5x4x6xf32>) -> tensor<2x5x3x6xf32>
  return %y : tensor<2x5x3x6xf32>
}

// CHECK-LABEL: @einsum_implicit
func.func @einsum_implicit(%a: tensor<2x3xf32>, %b: tensor<3x4xf32>) -> tensor<4x2xf32> {
  %y = onnx.Einsum(%a, %b) {equation = "zj,jk"} : (tensor<2x3xf32>, tensor<3x4xf32>) -> tensor<4x2xf32>
  return %y : tensor<4x2xf32>
}

// CHECK-LABEL: @einsum_diagonal
func.func @einsum_diagonal(%a: tensor<5x3x3xf32>) -> tensor<5x3xf32> {
  %y = onnx.Einsum(%a) {equation = "...ii->...i"} : (tensor<5x3x3xf32>) -> tensor<5x3xf32>
  return %y : tensor<5x3xf32>
}

// -----

func.func @matmul_inner(%a: tensor<3x4xf32>, %b: tensor<5x6xf32>) {
  // expected-error @+1 {{inner dimensions 4 and 5 of 'tensor<3x4xf32>' and 'tensor<5x6xf32>' differ}}
  %y = onnx.MatMul(%a, %b) : (tensor<3x4xf32>, tensor<5x6xf32>) -> tensor<3x6xf32>
  return
}

// -----

func.func @matmul_scalar(%a: tensor<f32>, %b: tensor<5x6xf32>) {
  // expected-error @+1 {{A is 'tensor<f32>', but rank 1 or more is expected}}
  %y = onnx.MatMul(%a, %b) : (tensor<f32>, tensor<5x6xf32>) -> tensor<6xf32>
  return
}

// -----

func.func @gemm_bias(%a: tensor<3x4xf32>, %b: tensor<4x6xf32>, %c: tensor<3xf32>) {
  // expected-error @+1 {{C is 'tensor<3xf32>', which does not broadcast to shape 3x6}}
  %y = onnx.Gemm(%a, %b, %c) : (tensor<3x4xf32>, tensor<4x6xf32>, tensor<3xf32>) -> tensor<3x6xf32>
  return
}

// -----

func.func @gemm_inner(%a: tensor<3x4xf32>, %b: tensor<5x6xf32>) {
  // expected-error @+1 {{B is 'tensor<5x6xf32>', but shape 4x6 is expected}}
  %y = onnx.Gemm(%a, %b, _) : (tensor<3x4xf32>, tensor<5x6xf32>) -> tensor<3x6xf32>
  return
}

// -----

func.func @einsum_terms(%a: tensor<3x4xf32>) {
  // expected-error @+1 {{equation 'ij,jk' does not fit: the equation has 2 input terms for 1 inputs}}
  %y = onnx.Einsum(%a) {equation = "ij,jk"} : (tensor<3x4xf32>) -> tensor<3x6xf32>
  return
}

// -----

func.func @einsum_sizes(%a: tensor<3x4xf32>) {
  // expected-error @+1 {{dimension 1 of input 0 is 4, but the same label is 3 before}}
  %y = onnx.Einsum(%a) {equation = "ii"} : (tensor<3x4xf32>) -> tensor<f32>
  return
}

// -----

func.func @einsum_character(%a: tensor<3x4xf32>) {
  // expected-error @+1 {{'1' is no letter, ellipsis, comma or arrow}}
  %y = onnx.Einsum(%a) {equation = "i1->i"} : (tensor<3x4xf32>) -> tensor<3xf32>
  return
}

// -----

func.func @einsum_output(%a: tensor<3x4xf32>) {
  // expected-error @+1 {{output letter 'k' is in no input term}}
  %y = onnx.Einsum(%a) {equation = "ij->k"} : (tensor<3x4xf32>) -> tensor<3xf32>
  return
}
