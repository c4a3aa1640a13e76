// RUN: assay-opt %s --decompose-tensor-ops --split-input-file | FileCheck %s

// CHECK-LABEL: func.func @pad
// CHECK: %[[F:.*]] = linalg.fill
// CHECK: tensor.insert_slice %{{.*}} into %[[F]][1] [4] [1] : tensor<4xf32> into tensor<6xf32>
func.func @pad(%x: tensor<4xf32>) -> tensor<6xf32> {
  %zero = arith.constant 0.0 : f32
  %0 = tensor.pad %x low[1] high[1] {
  ^bb0(%i: index):
    tensor.yield %zero : f32
  } : tensor<4xf32> to tensor<6xf32>
  return %0 : tensor<6xf32>
}

// -----

// CHECK-LABEL: func.func @concat
// CHECK: %[[P:.*]] = tensor.insert_slice %{{.*}} into %{{.*}}[0] [4] [1]
// CHECK: tensor.insert_slice %{{.*}} into %[[P]][4] [3] [1]
func.func @concat(%a: tensor<4xf32>, %b: tensor<3xf32>) -> tensor<7xf32> {
  %0 = tensor.concat dim(0) %a, %b : (tensor<4xf32>, tensor<3xf32>) -> tensor<7xf32>
  return %0 : tensor<7xf32>
}

// -----

// Contractions keep their name, other named ops do not.
// CHECK-LABEL: func.func @named
// CHECK: linalg.matmul
// CHECK: linalg.generic {{.*}} ["parallel", "parallel"]
// CHECK-NOT: linalg.transpose
func.func @named(%a: tensor<4x8xf32>, %b: tensor<8x2xf32>, %c: tensor<4x2xf32>,
                 %e: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %0 = linalg.matmul ins(%a, %b : tensor<4x8xf32>, tensor<8x2xf32>) outs(%c : tensor<4x2xf32>) -> tensor<4x2xf32>
  %1 = linalg.transpose ins(%0 : tensor<4x2xf32>) outs(%e : tensor<2x4xf32>) permutation = [1, 0]
  return %1 : tensor<2x4xf32>
}

// -----

// CHECK-LABEL: func.func @elementwise
// CHECK-SAME: (%[[A:.*]]: tensor<?xf32>, %[[B:.*]]: tensor<?xf32>, %[[C:.*]]: i1)
// CHECK: linalg.generic {{.*}} ins(%[[C]], %[[A]], %[[B]] : i1, tensor<?xf32>, tensor<?xf32>)
// CHECK: arith.select %{{.*}}, %{{.*}}, %{{.*}} : f32
func.func @elementwise(%a: tensor<?xf32>, %b: tensor<?xf32>, %c: i1) -> tensor<?xf32> {
  %0 = arith.select %c, %a, %b : tensor<?xf32>
  return %0 : tensor<?xf32>
}

// -----

// A tensor without elements has the sizes of its init.
// CHECK-LABEL: func.func @nothing
// CHECK-NOT: linalg.generic
// CHECK: %[[E:.*]] = tensor.empty(%{{.*}}) : tensor<?x0xf32>
// CHECK: return %[[E]]
#id = affine_map<(d0, d1) -> (d0, d1)>
func.func @nothing(%x: tensor<?x0xf32>, %n: index) -> tensor<?x0xf32> {
  %e = tensor.empty(%n) : tensor<?x0xf32>
  %0 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<?x0xf32>) outs(%e : tensor<?x0xf32>) {
  ^bb0(%in: f32, %out: f32):
    %1 = math.roundeven %in : f32
    linalg.yield %1 : f32
  } -> tensor<?x0xf32>
  return %0 : tensor<?x0xf32>
}

// -----

// A sum of no elements is its init.
// CHECK-LABEL: func.func @no_terms
// CHECK-SAME: %{{.*}}: tensor<?x0xf32>, %[[INIT:.*]]: tensor<?xf32>)
// CHECK: return %[[INIT]]
#rows = affine_map<(d0, d1) -> (d0, d1)>
#sums = affine_map<(d0, d1) -> (d0)>
func.func @no_terms(%x: tensor<?x0xf32>, %init: tensor<?xf32>) -> tensor<?xf32> {
  %0 = linalg.generic {indexing_maps = [#rows, #sums], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<?x0xf32>) outs(%init : tensor<?xf32>) {
  ^bb0(%in: f32, %out: f32):
    %1 = arith.addf %out, %in : f32
    linalg.yield %1 : f32
  } -> tensor<?xf32>
  return %0 : tensor<?xf32>
}

// -----

// A tensor without elements has none in another shape, though the type may not
// say so.
// CHECK-LABEL: func.func @collapse_nothing
// CHECK-NOT: collapse_shape
// CHECK: tensor.empty({{.*}}) : tensor<?xf32>
func.func @collapse_nothing(%x: tensor<?x0xf32>) -> tensor<?xf32> {
  %0 = tensor.collapse_shape %x [[0, 1]] : tensor<?x0xf32> into tensor<?xf32>
  return %0 : tensor<?xf32>
}

// -----

// CHECK-LABEL: func.func @reshape_nothing
// CHECK-SAME: (%{{.*}}, %[[SHAPE:.*]]: tensor<2xi64>)
// CHECK: %[[SIZE:.*]] = tensor.extract %[[SHAPE]][%c1
// CHECK: %[[CAST:.*]] = arith.index_cast %[[SIZE]]
// CHECK: tensor.empty(%[[CAST]]) : tensor<3x?xf32>
func.func @reshape_nothing(%x: tensor<?x0xf32>, %shape: tensor<2xi64>) -> tensor<3x?xf32> {
  %0 = tensor.reshape %x(%shape) : (tensor<?x0xf32>, tensor<2xi64>) -> tensor<3x?xf32>
  return %0 : tensor<3x?xf32>
}

// -----

// CHECK-LABEL: func.func @loop_over_nothing
// CHECK-SAME: %[[X:.*]]: tensor<?x0xf32>
// CHECK: return %[[X]]
func.func @loop_over_nothing(%x: tensor<?x0xf32>, %f: f32) -> tensor<?x0xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = tensor.dim %x, %c0 : tensor<?x0xf32>
  %0 = scf.for %i = %c0 to %n step %c1 iter_args(%t = %x) -> tensor<?x0xf32> {
    %1 = tensor.insert %f into %t[%i, %c0] : tensor<?x0xf32>
    scf.yield %1 : tensor<?x0xf32>
  }
  return %0 : tensor<?x0xf32>
}

// -----

// CHECK-LABEL: func.func @product_of_nothing
// CHECK-SAME: %[[INIT:[a-z0-9]+]]: tensor<?x5xf32>)
// CHECK: linalg.fill ins(%cst{{.*}} : f32) outs(%[[INIT]] : tensor<?x5xf32>)
func.func @product_of_nothing(%a: tensor<?x0xf32>, %b: tensor<0x5xf32>, %init: tensor<?x5xf32>) -> tensor<?x5xf32> {
  %0 = kernel.matmul ins(%a, %b : tensor<?x0xf32>, tensor<0x5xf32>) outs(%init : tensor<?x5xf32>)
  return %0 : tensor<?x5xf32>
}
