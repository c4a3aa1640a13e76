// RUN: assay-opt %s --convert-onnx-to-linalg --canonicalize --cse --split-input-file | FileCheck %s

// Indices count from the end when negative and are clamped.

// CHECK-LABEL: @gather
func.func @gather(%x: tensor<10x4xf32>, %i: tensor<5xi64>) -> tensor<5x4xf32> {
  // CHECK: linalg.generic {{.*}} ins(%arg1 : tensor<5xi64>) outs(%{{.*}} : tensor<5x4xf32>)
  // CHECK: %[[I:.*]] = arith.index_cast %{{.*}} : i64 to index
  // CHECK: %[[FROM_END:.*]] = arith.addi %[[I]], %c10
  // CHECK: arith.select %{{.*}}, %[[FROM_END]], %[[I]]
  // CHECK: arith.maxsi
  // CHECK: %[[AT:.*]] = arith.minsi %{{.*}}, %c9
  // CHECK: tensor.extract %arg0[%[[AT]], %{{.*}}]
  %y = onnx.Gather(%x, %i) : (tensor<10x4xf32>, tensor<5xi64>) -> tensor<5x4xf32>
  return %y : tensor<5x4xf32>
}

// -----

// CHECK-LABEL: @gather_one
func.func @gather_one(%x: tensor<2x3x4xf32>) -> tensor<2x4xf32> {
  // CHECK: tensor.extract_slice %arg0[0, 2, 0] [2, 1, 4] [1, 1, 1] : tensor<2x3x4xf32> to tensor<2x4xf32>
  %i = onnx.Constant() {value = dense<-1> : tensor<i64>} : () -> tensor<i64>
  %y = onnx.Gather(%x, %i) {axis = 1 : i64} : (tensor<2x3x4xf32>, tensor<i64>) -> tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}

// -----

// Nothing can be gathered from a dimension that is empty at run time.

// CHECK-LABEL: @gather_dynamic
func.func @gather_dynamic(%x: tensor<?xf32>, %i: tensor<5xi32>) -> tensor<5xf32> {
  // CHECK: cf.assert {{.*}}"indices into an empty dimension"
  %y = onnx.Gather(%x, %i) : (tensor<?xf32>, tensor<5xi32>) -> tensor<5xf32>
  return %y : tensor<5xf32>
}

// -----

// CHECK-LABEL: @gather_elements
func.func @gather_elements(%x: tensor<3x4xf32>, %i: tensor<2x4xi64>) -> tensor<2x4xf32> {
  // CHECK: linalg.generic {{.*}} ins(%arg1 : tensor<2x4xi64>)
  // CHECK: %[[COLUMN:.*]] = linalg.index 1
  // CHECK: tensor.extract %arg0[%{{.*}}, %[[COLUMN]]]
  %y = onnx.GatherElements(%x, %i) : (tensor<3x4xf32>, tensor<2x4xi64>) -> tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}

// -----

// CHECK-LABEL: @gather_nd
func.func @gather_nd(%x: tensor<2x3x4xf32>, %i: tensor<2x5x1xi64>) -> tensor<2x5x4xf32> {
  // CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<2x5x4xf32>)
  // CHECK: %[[BATCH:.*]] = linalg.index 0
  // CHECK: tensor.extract %arg1[%[[BATCH]], %{{.*}}, %c0]
  // CHECK: tensor.extract %arg0[%[[BATCH]], %{{.*}}, %{{.*}}]
  %y = onnx.GatherND(%x, %i) {batch_dims = 1 : i64} : (tensor<2x3x4xf32>, tensor<2x5x1xi64>) -> tensor<2x5x4xf32>
  return %y : tensor<2x5x4xf32>
}

// -----

// Updates are applied in order; unsigned maxima are taken as such.

// CHECK-LABEL: @scatter_elements
func.func @scatter_elements(%x: tensor<3x4xui8>, %i: tensor<2x4xi64>, %u: tensor<2x4xui8>) -> tensor<3x4xui8> {
  // CHECK: scf.for {{.*}} iter_args(%{{.*}} = %arg0)
  // CHECK: scf.for
  // CHECK: arith.maxui
  // CHECK: tensor.insert
  %y = onnx.ScatterElements(%x, %i, %u) {reduction = "max"} : (tensor<3x4xui8>, tensor<2x4xi64>, tensor<2x4xui8>) -> tensor<3x4xui8>
  return %y : tensor<3x4xui8>
}

// -----

// CHECK-LABEL: @scatter_nd
func.func @scatter_nd(%x: tensor<4x5xf16>, %i: tensor<2x1xi64>, %u: tensor<2x5xf16>) -> tensor<4x5xf16> {
  // CHECK: %[[ROW:.*]] = tensor.extract %arg1[%{{.*}}, %c0]
  // CHECK: arith.addf %{{.*}}, %{{.*}} : f32
  // CHECK: tensor.insert
  %y = onnx.ScatterND(%x, %i, %u) {reduction = "add"} : (tensor<4x5xf16>, tensor<2x1xi64>, tensor<2x5xf16>) -> tensor<4x5xf16>
  return %y : tensor<4x5xf16>
}

// -----

// CHECK-LABEL: @reverse_sequence
func.func @reverse_sequence(%x: tensor<4x2xf32>, %n: tensor<2xi64>) -> tensor<4x2xf32> {
  // CHECK: linalg.generic {{.*}} ins(%arg1 : tensor<2xi64>)
  // CHECK: arith.minsi %{{.*}}, %c4
  // CHECK: tensor.extract %arg0
  %y = onnx.ReverseSequence(%x, %n) : (tensor<4x2xf32>, tensor<2xi64>) -> tensor<4x2xf32>
  return %y : tensor<4x2xf32>
}
