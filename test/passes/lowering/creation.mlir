// RUN: assay-opt %s --convert-onnx-to-linalg --canonicalize --cse --split-input-file | FileCheck %s

// CHECK-LABEL: @constant
func.func @constant() -> tensor<2xui8> {
  // CHECK: arith.constant dense<[1, -1]> : tensor<2xi8>
  %y = onnx.Constant() {value = dense<[1, 255]> : tensor<2xui8>} : () -> tensor<2xui8>
  return %y : tensor<2xui8>
}

// -----

// CHECK-LABEL: @constant_of_shape
func.func @constant_of_shape(%s: tensor<2xi64>) -> tensor<?x?xi32> {
  // CHECK: cf.assert {{.*}}"ConstantOfShape: the shape is negative"
  // CHECK: linalg.fill ins(%c7_i32 : i32) outs(%{{.*}} : tensor<?x?xi32>)
  %y = onnx.ConstantOfShape(%s) {value = dense<7> : tensor<1xi32>} : (tensor<2xi64>) -> tensor<?x?xi32>
  return %y : tensor<?x?xi32>
}

// -----

// CHECK-LABEL: @shape
func.func @shape(%x: tensor<2x?x3xf32>) -> (tensor<2xi64>, tensor<i64>, tensor<1xi64>) {
  // CHECK: arith.constant dense<2> : tensor<1xi64>
  // CHECK: %[[D:.*]] = tensor.dim %arg0
  // CHECK: %[[I:.*]] = arith.index_cast %[[D]] : index to i64
  // CHECK: tensor.from_elements %[[I]], %c3_i64 : tensor<2xi64>
  // CHECK: arith.muli
  // CHECK: tensor.from_elements %{{.*}} : tensor<i64>
  %0 = onnx.Shape(%x) {start = -2 : i64} : (tensor<2x?x3xf32>) -> tensor<2xi64>
  %1 = onnx.Size(%x) : (tensor<2x?x3xf32>) -> tensor<i64>
  %2 = onnx.Shape(%x) {end = 1 : i64} : (tensor<2x?x3xf32>) -> tensor<1xi64>
  return %0, %1, %2 : tensor<2xi64>, tensor<i64>, tensor<1xi64>
}

// -----

// CHECK-LABEL: @range
func.func @range(%a: tensor<i64>, %b: tensor<i64>, %d: tensor<i64>) -> tensor<?xi64> {
  // CHECK: cf.assert {{.*}}"Range: delta is zero"
  // CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<?xi64>)
  // CHECK: arith.muli
  // CHECK: arith.addi
  %y = onnx.Range(%a, %b, %d) : (tensor<i64>, tensor<i64>, tensor<i64>) -> tensor<?xi64>
  return %y : tensor<?xi64>
}

// -----

// CHECK-LABEL: @one_hot
func.func @one_hot(%i: tensor<3xi64>, %d: tensor<i64>, %v: tensor<2xf32>) -> tensor<3x?xf32> {
  // CHECK: %[[OFF:.*]] = tensor.extract %arg2[%c0]
  // CHECK: %[[ON:.*]] = tensor.extract %arg2[%c1]
  // CHECK: linalg.generic {{.*}} ins(%arg0 : tensor<3xi64>) outs(%{{.*}} : tensor<3x?xf32>)
  // CHECK: %[[IS:.*]] = arith.cmpi eq
  // CHECK: arith.select %[[IS]], %[[ON]], %[[OFF]]
  %y = onnx.OneHot(%i, %d, %v) : (tensor<3xi64>, tensor<i64>, tensor<2xf32>) -> tensor<3x?xf32>
  return %y : tensor<3x?xf32>
}

// -----

// CHECK-LABEL: @eye_like
func.func @eye_like(%x: tensor<3x4xi32>) -> tensor<3x4xf32> {
  // CHECK: %[[ROW:.*]] = linalg.index 0
  // CHECK: %[[DIAGONAL:.*]] = arith.addi %[[ROW]], %c1
  // CHECK: arith.cmpi eq, %[[DIAGONAL]]
  %y = onnx.EyeLike(%x) {dtype = f32, k = 1 : i64} : (tensor<3x4xi32>) -> tensor<3x4xf32>
  return %y : tensor<3x4xf32>
}
