// RUN: assay-opt %s --convert-onnx-to-linalg --canonicalize --cse --split-input-file | FileCheck %s

// CHECK-DAG: #[[ID:.*]] = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-DAG: #[[COL:.*]] = affine_map<(d0, d1) -> (d0, 0)>
// CHECK-DAG: #[[ROW:.*]] = affine_map<(d0, d1) -> (d1)>

// CHECK-LABEL: @broadcast
func.func @broadcast(%a: tensor<2x1xf32>, %b: tensor<3xf32>) -> tensor<2x3xf32> {
  // CHECK: %[[INIT:.*]] = tensor.empty() : tensor<2x3xf32>
  // CHECK: linalg.generic {indexing_maps = [#[[COL]], #[[ROW]], #[[ID]]], iterator_types = ["parallel", "parallel"]}
  // CHECK-SAME: outs(%[[INIT]] : tensor<2x3xf32>)
  // CHECK: arith.addf %{{.*}}, %{{.*}} : f32
  %0 = onnx.Add(%a, %b) : (tensor<2x1xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// -----

// Sizes that are equal for certain need neither checks nor clamped indices.

// CHECK-LABEL: @dynamic_equal
func.func @dynamic_equal(%a: tensor<?xf32>) -> tensor<?xf32> {
  // CHECK-NOT: cf.assert
  // CHECK: linalg.generic {{.*}} ins(%{{.*}} : tensor<?xf32>)
  // CHECK: math.exp
  // CHECK: linalg.generic {{.*}} ins(%{{.*}}, %{{.*}} : tensor<?xf32>, tensor<?xf32>)
  // CHECK: arith.mulf
  %0 = onnx.Exp(%a) : (tensor<?xf32>) -> tensor<?xf32>
  %1 = onnx.Mul(%a, %0) : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  return %1 : tensor<?xf32>
}

// -----

// Either size may be 1 at run time.

// CHECK-LABEL: @dynamic_broadcast
// CHECK-SAME: (%[[A:.*]]: tensor<?xf32>, %[[B:.*]]: tensor<?xf32>)
func.func @dynamic_broadcast(%a: tensor<?xf32>, %b: tensor<?xf32>) -> tensor<?xf32> {
  // CHECK-DAG: %[[C0:.*]] = arith.constant 0 : index
  // CHECK-DAG: %[[C1:.*]] = arith.constant 1 : index
  // CHECK-DAG: %[[M:.*]] = tensor.dim %[[A]]
  // CHECK-DAG: %[[N:.*]] = tensor.dim %[[B]]
  // CHECK: %[[A1:.*]] = arith.cmpi eq, %[[M]], %[[C1]]
  // CHECK: %[[SIZE:.*]] = arith.select %[[A1]], %[[N]], %[[M]]
  // CHECK-COUNT-2: cf.assert %{{.*}}, "shapes do not broadcast"
  // CHECK: tensor.empty(%[[SIZE]])
  // CHECK: %[[I:.*]] = linalg.index 0
  // CHECK: %[[J:.*]] = arith.select %[[A1]], %[[C0]], %[[I]]
  // CHECK: tensor.extract %[[A]][%[[J]]]
  // CHECK: tensor.extract %[[B]]
  %0 = onnx.Sub(%a, %b) : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  return %0 : tensor<?xf32>
}

// -----

// CHECK-LABEL: @signedness
func.func @signedness(%a: tensor<4xui8>, %b: tensor<4xi8>) -> (tensor<4xui8>, tensor<4xi8>, tensor<4xi1>, tensor<4xf32>) {
  // CHECK: arith.maxui
  %0 = onnx.Max(%a, %a) : (tensor<4xui8>, tensor<4xui8>) -> tensor<4xui8>
  // CHECK: arith.maxsi
  %1 = onnx.Max(%b, %b) : (tensor<4xi8>, tensor<4xi8>) -> tensor<4xi8>
  // CHECK: arith.cmpi ult
  %2 = onnx.Less(%a, %a) : (tensor<4xui8>, tensor<4xui8>) -> tensor<4xi1>
  // CHECK: arith.uitofp
  %3 = onnx.Cast(%a) {to = f32} : (tensor<4xui8>) -> tensor<4xf32>
  return %0, %1, %2, %3 : tensor<4xui8>, tensor<4xi8>, tensor<4xi1>, tensor<4xf32>
}

// -----

// A zero divisor and INT_MIN / -1 must not reach the division.

// CHECK-LABEL: @integer_division
func.func @integer_division(%a: tensor<4xi32>, %b: tensor<4xi32>) -> tensor<4xi32> {
  // CHECK: ^bb0(%[[X:.*]]: i32, %[[Y:.*]]: i32, %{{.*}}: i32):
  // CHECK: %[[SAFE:.*]] = arith.select %{{.*}}, %{{.*}}, %[[Y]] : i32
  // CHECK: arith.divsi %[[X]], %[[SAFE]]
  %0 = onnx.Div(%a, %b) : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi32>
  return %0 : tensor<4xi32>
}

// -----

// CHECK-LABEL: @narrow_floats
func.func @narrow_floats(%a: tensor<4xf16>) -> tensor<4xf16> {
  // CHECK: %[[X:.*]] = arith.extf %{{.*}} : f16 to f32
  // CHECK: %[[Y:.*]] = math.exp %[[X]] : f32
  // CHECK: arith.truncf %[[Y]] : f32 to f16
  %0 = onnx.Exp(%a) : (tensor<4xf16>) -> tensor<4xf16>
  return %0 : tensor<4xf16>
}
