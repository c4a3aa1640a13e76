// RUN: assay-opt %s --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: @batch
func.func @batch(%x: tensor<?x3x4x5xf32>, %c: tensor<3xf32>) -> tensor<?x3x4x5xf32> {
  %y, %m, %v = onnx.BatchNormalization(%x, %c, %c, %c, %c) : (tensor<?x3x4x5xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> (tensor<?x3x4x5xf32>, tensor<3xf32>, tensor<3xf32>)
  return %y : tensor<?x3x4x5xf32>
}

// CHECK-LABEL: @layer
func.func @layer(%x: tensor<2x?x5xf16>, %s: tensor<5xf16>) -> tensor<2x?x1xf32> {
  %y, %m, %v = onnx.LayerNormalization(%x, %s, _) : (tensor<2x?x5xf16>, tensor<5xf16>) -> (tensor<2x?x5xf16>, tensor<2x?x1xf32>, tensor<2x?x1xf32>)
  return %m : tensor<2x?x1xf32>
}

// CHECK-LABEL: @layer_stash
func.func @layer_stash(%x: tensor<2x3x5xbf16>, %s: tensor<3x5xbf16>) -> tensor<2x1x1xbf16> {
  %y, %m, %v = onnx.LayerNormalization(%x, %s, %s) {axis = 1 : i64, stash_type = 16 : i64} : (tensor<2x3x5xbf16>, tensor<3x5xbf16>, tensor<3x5xbf16>) -> (tensor<2x3x5xbf16>, tensor<2x1x1xbf16>, tensor<2x1x1xbf16>)
  return %m : tensor<2x1x1xbf16>
}

// CHECK-LABEL: @rms
func.func @rms(%x: tensor<2x3x5xf16>, %s: tensor<5xf32>) -> tensor<2x3x5xf32> {
  %y = onnx.RMSNormalization(%x, %s) : (tensor<2x3x5xf16>, tensor<5xf32>) -> tensor<2x3x5xf32>
  return %y : tensor<2x3x5xf32>
}

// -----

func.func @batch_channels(%x: tensor<2x3x4xf32>, %c: tensor<4xf32>) {
  // expected-error @+1 {{scale is 'tensor<4xf32>', but shape 3 is expected}}
  %y, %m, %v = onnx.BatchNormalization(%x, %c, %c, %c, %c) : (tensor<2x3x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> (tensor<2x3x4xf32>, tensor<3xf32>, tensor<3xf32>)
  return
}

// -----

func.func @layer_axis(%x: tensor<2x3xf32>, %s: tensor<3xf32>) {
  // expected-error @+1 {{axis 2 is outside [-2, 1]}}
  %y, %m, %v = onnx.LayerNormalization(%x, %s, _) {axis = 2 : i64} : (tensor<2x3xf32>, tensor<3xf32>) -> (tensor<2x3xf32>, tensor<2x1xf32>, tensor<2x1xf32>)
  return
}

// -----

func.func @group(%x: tensor<2x3x4xf32>, %c: tensor<3xf32>) {
  // expected-error @+1 {{num_groups is 2, but a positive divisor of the number of channels is expected}}
  %y = onnx.GroupNormalization(%x, %c, %c) {num_groups = 2 : i64} : (tensor<2x3x4xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<2x3x4xf32>
  return
}

// -----

func.func @lp(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{p is 3, but 1 or 2 is expected}}
  %y = onnx.LpNormalization(%x) {p = 3 : i64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @lrn(%x: tensor<2x3x4x4xf32>) {
  // expected-error @+1 {{size is 0, but 1 or more is expected}}
  %y = onnx.LRN(%x) {size = 0 : i64} : (tensor<2x3x4x4xf32>) -> tensor<2x3x4x4xf32>
  return
}

// -----

func.func @mean_variance(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{axis 2 is outside [-2, 1]}}
  %y = onnx.MeanVarianceNormalization(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}
