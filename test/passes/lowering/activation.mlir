// RUN: assay-opt %s --convert-onnx-to-linalg --canonicalize --cse --split-input-file | FileCheck %s

// NaN passes: a comparison that is false keeps x.

// CHECK-LABEL: @relu
func.func @relu(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
  // CHECK: ^bb0(%[[X:.*]]: f32, %{{.*}}: f32):
  // CHECK: %[[NEGATIVE:.*]] = arith.cmpf olt, %[[X]], %[[ZERO]] : f32
  // CHECK: arith.select %[[NEGATIVE]], %[[ZERO]], %[[X]] : f32
  %0 = onnx.Relu(%x) : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// CHECK-LABEL: @clip_above
// CHECK-SAME: (%[[X:.*]]: tensor<4xi32>, %[[MAX:.*]]: tensor<i32>)
func.func @clip_above(%x: tensor<4xi32>, %max: tensor<i32>) -> tensor<4xi32> {
  // CHECK: linalg.generic {{.*}} ins(%[[X]], %[[MAX]] : tensor<4xi32>, tensor<i32>)
  // CHECK-NOT: arith.maxsi
  // CHECK: arith.minsi
  %0 = onnx.Clip(%x, _, %max) : (tensor<4xi32>, tensor<i32>) -> tensor<4xi32>
  return %0 : tensor<4xi32>
}

// -----

// CHECK-LABEL: @dropout
// CHECK-SAME: (%[[X:.*]]: tensor<2x?xf32>)
func.func @dropout(%x: tensor<2x?xf32>) -> (tensor<2x?xf32>, tensor<2x?xi1>) {
  // CHECK: %[[MASK:.*]] = linalg.fill ins(%true : i1) outs(%{{.*}} : tensor<2x?xi1>)
  // CHECK: return %[[X]], %[[MASK]]
  %0:2 = onnx.Dropout(%x, _, _) : (tensor<2x?xf32>) -> (tensor<2x?xf32>, tensor<2x?xi1>)
  return %0#0, %0#1 : tensor<2x?xf32>, tensor<2x?xi1>
}

// -----

// CHECK-LABEL: @dropout_at_run_time
func.func @dropout_at_run_time(%x: tensor<4xf32>, %r: tensor<f32>, %t: tensor<i1>) -> tensor<4xf32> {
  // CHECK-DAG: %[[TRAINING:.*]] = tensor.extract %{{.*}}[] : tensor<i1>
  // CHECK-DAG: %[[RATIO:.*]] = tensor.extract %{{.*}}[] : tensor<f32>
  // CHECK: cf.assert %{{.*}}, "unsupported operators: Dropout
  %0:2 = onnx.Dropout(%x, %r, %t) : (tensor<4xf32>, tensor<f32>, tensor<i1>) -> (tensor<4xf32>, tensor<4xi1>)
  return %0#0 : tensor<4xf32>
}

// -----

// CHECK-LABEL: @softmax
func.func @softmax(%x: tensor<2x3x4xf16>) -> tensor<2x3x4xf16> {
  // CHECK: linalg.generic {{.*}}iterator_types = ["parallel", "reduction", "parallel"]} ins(%{{.*}} : tensor<2x3x4xf16>) outs(%{{.*}} : tensor<2x4xf32>)
  // CHECK: arith.maximumf
  // CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<2x3x4xf32>)
  // CHECK: arith.subf
  // CHECK: math.exp
  // CHECK: linalg.generic {{.*}}iterator_types = ["parallel", "reduction", "parallel"]} ins(%{{.*}} : tensor<2x3x4xf32>) outs(%{{.*}} : tensor<2x4xf32>)
  // CHECK: arith.addf %{{.*}}, %{{.*}} fastmath<reassoc>
  // CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<2x3x4xf16>)
  // CHECK: arith.divf
  // CHECK: arith.truncf
  %0 = onnx.Softmax(%x) {axis = 1 : i64} : (tensor<2x3x4xf16>) -> tensor<2x3x4xf16>
  return %0 : tensor<2x3x4xf16>
}
