// RUN: assay-opt %s --convert-onnx-to-linalg --canonicalize --cse | FileCheck %s

// CHECK-DAG: #[[ID:.*]] = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-DAG: #[[AXIS:.*]] = affine_map<(d0, d1) -> (d1)>
// CHECK-DAG: #[[BLOCK:.*]] = affine_map<(d0, d1) -> (d0, d1 floordiv 2)>

// CHECK-LABEL: @per_axis
func.func @per_axis(%x: tensor<2x4xf32>, %s: tensor<4xf32>, %z: tensor<4xui8>) -> tensor<2x4xui8> {
  // CHECK-DAG: %[[LOW:.*]] = arith.constant 0.000000e+00 : f32
  // CHECK-DAG: %[[HIGH:.*]] = arith.constant 2.550000e+02 : f32
  // CHECK: linalg.generic {indexing_maps = [#[[ID]], #[[AXIS]], #[[AXIS]], #[[ID]]]
  // CHECK: arith.divf
  // CHECK: math.roundeven
  // CHECK: arith.uitofp
  // CHECK: arith.addf
  // CHECK: arith.select %{{.*}}, %{{.*}}, %[[LOW]]
  // CHECK: arith.select %{{.*}}, %{{.*}}, %[[HIGH]]
  // CHECK: arith.fptosi %{{.*}} : f32 to i32
  // CHECK: arith.trunci %{{.*}} : i32 to i8
  %0 = onnx.QuantizeLinear(%x, %s, %z) : (tensor<2x4xf32>, tensor<4xf32>, tensor<4xui8>) -> tensor<2x4xui8>
  return %0 : tensor<2x4xui8>
}

// CHECK-LABEL: @blocked
func.func @blocked(%x: tensor<2x3xi8>, %s: tensor<2x2xf32>) -> tensor<2x3xf32> {
  // CHECK: linalg.generic {indexing_maps = [#[[ID]], #[[BLOCK]], #[[ID]]]
  // CHECK: arith.extsi %{{.*}} : i8 to i32
  // CHECK: arith.sitofp
  // CHECK: arith.mulf
  %0 = onnx.DequantizeLinear(%x, %s, _) {block_size = 2 : i64} : (tensor<2x3xi8>, tensor<2x2xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}
