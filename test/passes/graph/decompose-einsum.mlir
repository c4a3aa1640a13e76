// RUN: assay-opt %s --canonicalize-onnx --split-input-file | FileCheck %s

// CHECK-LABEL: @attention_scores
// CHECK: %[[Q:.*]] = onnx.Transpose(%{{.*}}) {perm = array<i64: 0, 2, 1, 3>}
// CHECK: %[[LHS:.*]] = onnx.Reshape(%[[Q]], %{{.*}}) {{.*}} -> tensor<6x4x5xf32>
// CHECK: %[[K:.*]] = onnx.Transpose(%{{.*}}) {perm = array<i64: 0, 2, 3, 1>}
// CHECK: %[[RHS:.*]] = onnx.Reshape(%[[K]], %{{.*}}) {{.*}} -> tensor<6x5x7xf32>
// CHECK: %[[P:.*]] = onnx.MatMul(%[[LHS]], %[[RHS]])
// CHECK: onnx.Reshape(%[[P]], %{{.*}}) {{.*}} -> tensor<2x3x4x7xf32>
func.func @attention_scores(%q: tensor<2x4x3x5xf32>, %k: tensor<2x7x3x5xf32>) -> tensor<2x3x4x7xf32> {
  %y = onnx.Einsum(%q, %k) {equation = "bqhd,bkhd->bhqk"} : (tensor<2x4x3x5xf32>, tensor<2x7x3x5xf32>) -> tensor<2x3x4x7xf32>
  return %y : tensor<2x3x4x7xf32>
}

// -----

// A label that one input alone has is summed, a stretched one broadcast: no
// product of matrices.

// CHECK-LABEL: @no_product
// CHECK-COUNT-2: onnx.Einsum
func.func @no_product(%a: tensor<2x3xf32>, %b: tensor<3x4xf32>, %c: tensor<1x4xf32>) -> (tensor<2xf32>, tensor<2x4xf32>) {
  %y = onnx.Einsum(%a, %b) {equation = "ij,jk->i"} : (tensor<2x3xf32>, tensor<3x4xf32>) -> tensor<2xf32>
  %z = onnx.Einsum(%a, %c) {equation = "ij,jk->ik"} : (tensor<2x3xf32>, tensor<1x4xf32>) -> tensor<2x4xf32>
  return %y, %z : tensor<2xf32>, tensor<2x4xf32>
}
