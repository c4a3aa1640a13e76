// RUN: assay-opt %s --convert-onnx-to-linalg --canonicalize --cse --split-input-file | FileCheck %s

// CHECK-DAG: #[[IN:.*]] = affine_map<(d0, d1, d2) -> (d1, d2, d0)>
// CHECK-LABEL: @transpose
func.func @transpose(%x: tensor<2x3x?xf32>) -> tensor<?x2x3xf32> {
  // CHECK: linalg.generic {indexing_maps = [#[[IN]], {{.*}}ins(%{{.*}} : tensor<2x3x?xf32>) outs(%{{.*}} : tensor<?x2x3xf32>)
  // CHECK-NEXT: ^bb0(%[[E:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: linalg.yield %[[E]]
  %y = onnx.Transpose(%x) {perm = array<i64: 2, 0, 1>} : (tensor<2x3x?xf32>) -> tensor<?x2x3xf32>
  return %y : tensor<?x2x3xf32>
}

// -----

// Insertions at running offsets; an empty input needs none.

// CHECK-LABEL: @concat
func.func @concat(%x: tensor<2x3xf32>, %n: tensor<2x0xf32>, %y: tensor<2x?xf32>) -> tensor<2x?xf32> {
  // CHECK: %[[D:.*]] = tensor.dim %arg2
  // CHECK: %[[SUM:.*]] = arith.addi %[[D]], %{{.*}} : index
  // CHECK: %[[INIT:.*]] = tensor.empty(%[[SUM]]) : tensor<2x?xf32>
  // CHECK: %[[A:.*]] = tensor.insert_slice %arg0 into %[[INIT]][0, 0] [2, 3] [1, 1]
  // CHECK: tensor.insert_slice %arg2 into %[[A]][0, 3] [2, %[[D]]] [1, 1]
  %z = onnx.Concat(%x, %n, %y) {axis = 1 : i64} : (tensor<2x3xf32>, tensor<2x0xf32>, tensor<2x?xf32>) -> tensor<2x?xf32>
  return %z : tensor<2x?xf32>
}

// -----

// CHECK-LABEL: @split
func.func @split(%x: tensor<7xf32>) -> (tensor<4xf32>, tensor<3xf32>) {
  // CHECK: tensor.extract_slice %arg0[0] [4] [1]
  // CHECK: tensor.extract_slice %arg0[4] [3] [1]
  %y:2 = onnx.Split(%x, _) {num_outputs = 2 : i64} : (tensor<7xf32>) -> (tensor<4xf32>, tensor<3xf32>)
  return %y#0, %y#1 : tensor<4xf32>, tensor<3xf32>
}

// -----

// CHECK-LABEL: @slice
func.func @slice(%x: tensor<10x?xf32>) -> tensor<4x?xf32> {
  // CHECK: tensor.extract_slice %arg0[1, 0] [4, %{{.*}}] [2, 1]
  %starts = onnx.Constant() {value = dense<-9> : tensor<1xi64>} : () -> tensor<1xi64>
  %ends = onnx.Constant() {value = dense<-2> : tensor<1xi64>} : () -> tensor<1xi64>
  %steps = onnx.Constant() {value = dense<2> : tensor<1xi64>} : () -> tensor<1xi64>
  %y = onnx.Slice(%x, %starts, %ends, _, %steps) : (tensor<10x?xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<4x?xf32>
  return %y : tensor<4x?xf32>
}

// -----

// A backward step reads element by element.

// CHECK-LABEL: @slice_backwards
func.func @slice_backwards(%x: tensor<10xf32>) -> tensor<10xf32> {
  // CHECK: linalg.generic
  // CHECK: %[[I:.*]] = linalg.index 0
  // CHECK: %[[AT:.*]] = arith.subi %c9, %[[I]]
  // CHECK: tensor.extract %arg0[%[[AT]]]
  %starts = onnx.Constant() {value = dense<-1> : tensor<1xi64>} : () -> tensor<1xi64>
  %ends = onnx.Constant() {value = dense<-9223372036854775808> : tensor<1xi64>} : () -> tensor<1xi64>
  %y = onnx.Slice(%x, %starts, %ends, _, %starts) : (tensor<10xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<10xf32>
  return %y : tensor<10xf32>
}

// -----

// CHECK-LABEL: @slice_run_time
func.func @slice_run_time(%x: tensor<10xf32>, %s: tensor<1xi64>, %e: tensor<1xi64>) -> tensor<?xf32> {
  // CHECK: tensor.extract %arg1
  // CHECK: arith.maxsi
  // CHECK: arith.minsi
  // CHECK: tensor.extract_slice %arg0[%{{.*}}] [%{{.*}}] [1] : tensor<10xf32> to tensor<?xf32>
  %y = onnx.Slice(%x, %s, %e, _, _) : (tensor<10xf32>, tensor<1xi64>, tensor<1xi64>) -> tensor<?xf32>
  return %y : tensor<?xf32>
}

// -----

// Negative pads crop what is then inserted.

// CHECK-LABEL: @pad_constant
func.func @pad_constant(%x: tensor<4x4xf32>, %v: tensor<f32>) -> tensor<6x3xf32> {
  // CHECK: %[[V:.*]] = tensor.extract %arg1[]
  // CHECK: %[[FILLED:.*]] = linalg.fill ins(%[[V]] : f32)
  // CHECK: %[[KEPT:.*]] = tensor.extract_slice %arg0[0, 1] [4, 3] [1, 1]
  // CHECK: tensor.insert_slice %[[KEPT]] into %[[FILLED]][2, 0] [4, 3] [1, 1]
  %pads = onnx.Constant() {value = dense<[2, -1, 0, 0]> : tensor<4xi64>} : () -> tensor<4xi64>
  %y = onnx.Pad(%x, %pads, %v, _) : (tensor<4x4xf32>, tensor<4xi64>, tensor<f32>) -> tensor<6x3xf32>
  return %y : tensor<6x3xf32>
}

// -----

// CHECK-LABEL: @pad_edge
func.func @pad_edge(%x: tensor<4xf32>) -> tensor<7xf32> {
  // CHECK: linalg.generic
  // CHECK: %[[I:.*]] = linalg.index 0
  // CHECK: %[[FROM:.*]] = arith.subi %[[I]], %c2
  // CHECK: %[[LOW:.*]] = arith.maxsi %[[FROM]], %c0
  // CHECK: %[[AT:.*]] = arith.minsi %[[LOW]], %c3
  // CHECK: tensor.extract %arg0[%[[AT]]]
  %pads = onnx.Constant() {value = dense<[2, 1]> : tensor<2xi64>} : () -> tensor<2xi64>
  %y = onnx.Pad(%x, %pads, _, _) {mode = "edge"} : (tensor<4xf32>, tensor<2xi64>) -> tensor<7xf32>
  return %y : tensor<7xf32>
}

// -----

// CHECK-LABEL: @expand_run_time
func.func @expand_run_time(%x: tensor<3x1xf32>, %s: tensor<2xi64>) -> tensor<3x?xf32> {
  // CHECK: cf.assert {{.*}}"Expand: the shape is negative"
  // CHECK: cf.assert {{.*}}"Expand: the input does not broadcast to the shape"
  // CHECK: linalg.generic {{.*}} ins(%arg0 : tensor<3x1xf32>) outs(%{{.*}} : tensor<3x?xf32>)
  %y = onnx.Expand(%x, %s) : (tensor<3x1xf32>, tensor<2xi64>) -> tensor<3x?xf32>
  return %y : tensor<3x?xf32>
}

// -----

// A repeated dimension is a broadcast one, collapsed.

// CHECK-DAG: #[[IN:.*]] = affine_map<(d0, d1, d2) -> (d1, d2)>
// CHECK-LABEL: @tile
func.func @tile(%x: tensor<3x4xf32>) -> tensor<6x4xf32> {
  // CHECK: %[[T:.*]] = linalg.generic {indexing_maps = [#[[IN]], {{.*}} outs(%{{.*}} : tensor<2x3x4xf32>)
  // CHECK: tensor.collapse_shape %[[T]] {{\[\[}}0, 1], [2]]
  %r = onnx.Constant() {value = dense<[2, 1]> : tensor<2xi64>} : () -> tensor<2xi64>
  %y = onnx.Tile(%x, %r) : (tensor<3x4xf32>, tensor<2xi64>) -> tensor<6x4xf32>
  return %y : tensor<6x4xf32>
}

// -----

// CHECK-LABEL: @trilu
func.func @trilu(%x: tensor<3x3xf32>) -> tensor<3x3xf32> {
  // CHECK: ^bb0(%[[E:.*]]: f32, %{{.*}}: f32):
  // CHECK: %[[KEPT:.*]] = arith.cmpi sge
  // CHECK: arith.select %[[KEPT]], %[[E]], %{{.*}} : f32
  %y = onnx.Trilu(%x, _) {upper = 0 : i64} : (tensor<3x3xf32>) -> tensor<3x3xf32>
  return %y : tensor<3x3xf32>
}

// -----

// Counts on the host, lists the selected rows, gathers them.

// CHECK-LABEL: @compress
func.func @compress(%x: tensor<3x2xf32>, %c: tensor<3xi1>) -> tensor<?x2xf32> {
  // CHECK: %[[COUNT:.*]] = scf.for {{.*}} -> (index)
  // CHECK: %[[LIST:.*]]:2 = scf.for {{.*}} -> (tensor<?xi64>, index)
  // CHECK: tensor.insert
  // CHECK: %[[ROWS:.*]] = tensor.extract_slice %[[LIST]]#0[0] [%[[COUNT]]] [1]
  // CHECK: linalg.generic {{.*}} ins(%[[ROWS]] : tensor<?xi64>) outs(%{{.*}} : tensor<?x2xf32>)
  %y = onnx.Compress(%x, %c) {axis = 0 : i64} : (tensor<3x2xf32>, tensor<3xi1>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// -----
// Nothing is inserted where there is nothing.
// CHECK-LABEL: func.func @concat_nothing
// CHECK-NOT: tensor.insert_slice
// CHECK: return
func.func @concat_nothing(%a: tensor<0x?xf32>, %b: tensor<?x2xf32>) -> tensor<0x?xf32> {
  %0 = onnx.Concat(%a, %b) {axis = 1 : i64} : (tensor<0x?xf32>, tensor<?x2xf32>) -> tensor<0x?xf32>
  return %0 : tensor<0x?xf32>
}
