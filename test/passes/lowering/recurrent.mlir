// RUN: assay-opt %s --convert-onnx-to-linalg --canonicalize --cse --split-input-file | FileCheck %s

// The products with W for all steps come before the loop.

// CHECK-LABEL: @lstm
func.func @lstm(%x: tensor<?x2x4xf32>, %w: tensor<1x12x4xf32>, %r: tensor<1x12x3xf32>) -> tensor<?x1x2x3xf32> {
  // CHECK: %[[ALL:.*]] = tensor.collapse_shape %{{.*}} {{\[\[}}0, 1], [2]] : tensor<?x2x4xf32> into tensor<?x4xf32>
  // CHECK: kernel.matmul transposed ins(%[[ALL]], %{{.*}} : tensor<?x4xf32>, tensor<12x4xf32>)
  // CHECK: scf.for %[[T:.*]] = %{{.*}} iter_args(%[[Y:.*]] = %{{.*}}, %[[H:.*]] = %{{.*}}, %{{.*}} = %{{.*}})
  // CHECK: %[[ROW:.*]] = arith.muli %[[T]], %{{.*}} : index
  // CHECK: tensor.extract_slice %{{.*}}[%[[ROW]], 0, 0] [2, 4, 3]
  // CHECK: kernel.matmul transposed ins(%[[H]], %{{.*}} : tensor<2x3xf32>, tensor<12x3xf32>)
  // CHECK: %[[STATE:.*]]:2 = linalg.generic {{.*}}["parallel", "parallel"]}
  // CHECK: %[[NEXT:.*]] = tensor.insert_slice %[[STATE]]#0 into %[[Y]][%[[T]], 0, 0, 0]
  // CHECK: scf.yield %[[NEXT]], %[[STATE]]#0, %[[STATE]]#1
  %y, %h, %c = onnx.LSTM(%x, %w, %r, _, _, _, _, _) : (tensor<?x2x4xf32>, tensor<1x12x4xf32>, tensor<1x12x3xf32>) -> (tensor<?x1x2x3xf32>, tensor<1x2x3xf32>, tensor<1x2x3xf32>)
  return %y : tensor<?x1x2x3xf32>
}
