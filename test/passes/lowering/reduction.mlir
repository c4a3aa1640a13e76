// RUN: assay-opt %s --convert-onnx-to-linalg --canonicalize --cse --split-input-file | FileCheck %s

// Half floats accumulate in f32.

// CHECK-DAG: #[[KEPT:.*]] = affine_map<(d0, d1) -> (d0, 0)>
// CHECK-LABEL: @mean_keeps_dims
func.func @mean_keeps_dims(%x: tensor<?x8xf16>) -> tensor<?x1xf16> {
  // CHECK-DAG: %[[COUNT:.*]] = arith.constant 8.000000e+00 : f32
  // CHECK: %[[SUM:.*]] = linalg.generic {{.*}}iterator_types = ["parallel", "reduction"]} ins(%{{.*}} : tensor<?x8xf16>) outs(%{{.*}} : tensor<?x1xf32>)
  // CHECK: arith.extf
  // CHECK: arith.addf
  // CHECK: linalg.generic {{.*}} ins(%[[SUM]] : tensor<?x1xf32>)
  // CHECK: arith.divf %{{.*}}, %[[COUNT]] : f32
  // CHECK: arith.truncf
  %axes = onnx.Constant() {value = dense<1> : tensor<1xi64>} : () -> tensor<1xi64>
  %y = onnx.ReduceMean(%x, %axes) : (tensor<?x8xf16>, tensor<1xi64>) -> tensor<?x1xf16>
  return %y : tensor<?x1xf16>
}

// -----

// CHECK-LABEL: @sum_drops_dims
func.func @sum_drops_dims(%x: tensor<2x3x4xi32>) -> tensor<2x4xi32> {
  // CHECK: %[[SUM:.*]] = linalg.generic {{.*}}iterator_types = ["parallel", "reduction", "parallel"]} {{.*}} outs(%{{.*}} : tensor<2x1x4xi32>)
  // CHECK: tensor.collapse_shape %[[SUM]] {{\[\[}}0, 1], [2]] : tensor<2x1x4xi32> into tensor<2x4xi32>
  %axes = onnx.Constant() {value = dense<-2> : tensor<1xi64>} : () -> tensor<1xi64>
  %y = onnx.ReduceSum(%x, %axes) {keepdims = 0 : i64} : (tensor<2x3x4xi32>, tensor<1xi64>) -> tensor<2x4xi32>
  return %y : tensor<2x4xi32>
}

// -----

// CHECK-LABEL: @unsigned_max
func.func @unsigned_max(%x: tensor<4xui8>) -> tensor<ui8> {
  // CHECK: %[[LEAST:.*]] = arith.constant 0 : i8
  // CHECK: linalg.fill ins(%[[LEAST]] : i8)
  // CHECK: arith.maxui
  %y = onnx.ReduceMax(%x, _) {keepdims = 0 : i64} : (tensor<4xui8>) -> tensor<ui8>
  return %y : tensor<ui8>
}

// -----

// Axes that only run time knows give a loop nest over the elements.

// CHECK-LABEL: @axes_at_run_time
func.func @axes_at_run_time(%x: tensor<2x3xf32>, %axes: tensor<1xi64>) -> tensor<?xf32> {
  // CHECK: cf.assert %{{.*}}, "a reduced axis is out of range"
  // CHECK: scf.for
  // CHECK: scf.for
  // CHECK: %[[SUM:.*]] = arith.addf
  // CHECK: tensor.insert %[[SUM]]
  // CHECK: %[[SHAPE:.*]] = tensor.from_elements %{{.*}} : tensor<1xindex>
  // CHECK: tensor.reshape %{{.*}}(%[[SHAPE]]) : (tensor<?x?xf32>, tensor<1xindex>) -> tensor<?xf32>
  %y = onnx.ReduceSum(%x, %axes) {keepdims = 0 : i64} : (tensor<2x3xf32>, tensor<1xi64>) -> tensor<?xf32>
  return %y : tensor<?xf32>
}

// -----

// CHECK-LABEL: @arg_max_last
func.func @arg_max_last(%x: tensor<2x3xf32>) -> tensor<2xi64> {
  // CHECK: %[[BEST:.*]]:2 = linalg.generic {{.*}}iterator_types = ["parallel", "reduction"]}
  // CHECK: linalg.index 1
  // CHECK: arith.cmpf oge
  // CHECK: return %[[BEST]]#1
  %y = onnx.ArgMax(%x) {axis = 1 : i64, keepdims = 0 : i64, select_last_index = 1 : i64} : (tensor<2x3xf32>) -> tensor<2xi64>
  return %y : tensor<2xi64>
}
