// RUN: assay-opt %s --convert-onnx-to-linalg --canonicalize --cse --split-input-file | FileCheck %s

// A chain over one row without reshapes.

// CHECK-LABEL: @layer
func.func @layer(%x: tensor<4x8xf32>, %s: tensor<8xf32>, %b: tensor<8xf32>) -> tensor<4x8xf32> {
  // CHECK: %[[SUM:.*]] = linalg.generic {{.*}}["parallel", "reduction"]} {{.*}} outs(%{{.*}} : tensor<4x1xf32>)
  // CHECK: %[[MEAN:.*]] = linalg.generic {{.*}}["parallel", "parallel"]} ins(%[[SUM]] :
  // CHECK: %[[SQUARES:.*]] = linalg.generic {{.*}}["parallel", "reduction"]} ins(%{{.*}}, %[[MEAN]] :
  // CHECK: %[[INVERSE:.*]] = linalg.generic {{.*}}["parallel", "parallel"]} ins(%[[SQUARES]] :
  // CHECK: math.sqrt
  // CHECK-NOT: tensor.{{expand|collapse}}_shape
  // CHECK: linalg.generic {{.*}}["parallel", "parallel"]} ins(%{{.*}}, %[[MEAN]], %[[INVERSE]], %{{.*}}, %{{.*}} :
  %y, %m, %v = onnx.LayerNormalization(%x, %s, %b) : (tensor<4x8xf32>, tensor<8xf32>, tensor<8xf32>) -> (tensor<4x8xf32>, tensor<4x1xf32>, tensor<4x1xf32>)
  return %y : tensor<4x8xf32>
}

// -----

// CHECK-LABEL: @group
func.func @group(%x: tensor<1x6x5xf32>, %s: tensor<6xf32>) -> tensor<1x6x5xf32> {
  // CHECK: %[[X:.*]] = tensor.expand_shape %{{.*}} {{\[\[}}0], [1, 2], [3]] output_shape [1, 2, 3, 5]
  // CHECK: %[[SCALE:.*]] = tensor.expand_shape %{{.*}} {{\[\[}}0, 1]] output_shape [2, 3]
  // CHECK: linalg.generic {{.*}}["parallel", "parallel", "reduction", "reduction"]} ins(%[[X]] :
  // CHECK: %[[Y:.*]] = linalg.generic {{.*}} ins(%[[X]], %{{.*}}, %{{.*}}, %[[SCALE]], %[[SCALE]] :
  // CHECK: tensor.collapse_shape %[[Y]]
  %y = onnx.GroupNormalization(%x, %s, %s) {num_groups = 2 : i64} : (tensor<1x6x5xf32>, tensor<6xf32>, tensor<6xf32>) -> tensor<1x6x5xf32>
  return %y : tensor<1x6x5xf32>
}

// -----

// CHECK-LABEL: @batch
func.func @batch(%x: tensor<1x6x5xf32>, %s: tensor<6xf32>) -> tensor<1x6x5xf32> {
  // CHECK: %[[FACTORS:.*]]:2 = linalg.generic {{.*}}iterator_types = ["parallel"]}
  // CHECK: linalg.generic {{.*}} ins(%{{.*}}, %[[FACTORS]]#0, %[[FACTORS]]#1 :
  // CHECK-NEXT: ^bb0
  // CHECK-NEXT: arith.mulf
  // CHECK-NEXT: arith.addf
  %y, %m, %v = onnx.BatchNormalization(%x, %s, %s, %s, %s) : (tensor<1x6x5xf32>, tensor<6xf32>, tensor<6xf32>, tensor<6xf32>, tensor<6xf32>) -> (tensor<1x6x5xf32>, tensor<6xf32>, tensor<6xf32>)
  return %y : tensor<1x6x5xf32>
}
