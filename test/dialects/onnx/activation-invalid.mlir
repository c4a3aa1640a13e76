// RUN: assay-opt %s --verify-diagnostics --split-input-file

func.func @gelu(%x: tensor<2xf32>) {
  // expected-error @+1 {{approximate is 'erf', but must be 'none' or 'tanh'}}
  %0 = onnx.Gelu(%x) {approximate = "erf"} : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @softmax(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{axis 2 is outside [-2, 1]}}
  %0 = onnx.Softmax(%x) {axis = 2 : i64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @clip(%x: tensor<2x3xf32>, %min: tensor<3xf32>) {
  // expected-error @+1 {{min is 'tensor<3xf32>', but must be a scalar}}
  %0 = onnx.Clip(%x, %min) : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @prelu(%x: tensor<3xf32>, %slope: tensor<2x3xf32>) {
  // expected-error @+1 {{slope is 'tensor<2x3xf32>', which does not broadcast to shape 3}}
  %0 = onnx.PRelu(%x, %slope) : (tensor<3xf32>, tensor<2x3xf32>) -> tensor<3xf32>
  return
}
