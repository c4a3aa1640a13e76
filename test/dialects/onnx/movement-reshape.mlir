// RUN: assay-opt %s --split-input-file --verify-diagnostics

// Results of rank 7 are wrong on purpose: the error tells the inferred type.

func.func @zero_and_inferred(%x: tensor<?x3x4xf32>) {
  %s = onnx.Constant() {value = dense<[0, -1]> : tensor<2xi64>} : () -> tensor<2xi64>
  // expected-error @+1 {{the operator gives 'tensor<?x12xf32>'}}
  %0 = onnx.Reshape(%x, %s) : (tensor<?x3x4xf32>, tensor<2xi64>) -> tensor<1x1x1x1x1x1x1xf32>
  return
}

// -----

func.func @inferred_dynamic(%x: tensor<?x3x4xf32>) {
  %s = onnx.Constant() {value = dense<[-1, 12]> : tensor<2xi64>} : () -> tensor<2xi64>
  // expected-error @+1 {{the operator gives 'tensor<?x12xf32>'}}
  %0 = onnx.Reshape(%x, %s) : (tensor<?x3x4xf32>, tensor<2xi64>) -> tensor<1x1x1x1x1x1x1xf32>
  return
}

// -----

func.func @allowzero(%x: tensor<0x3xf32>) {
  %s = onnx.Constant() {value = dense<[3, 0]> : tensor<2xi64>} : () -> tensor<2xi64>
  // expected-error @+1 {{the operator gives 'tensor<3x0xf32>'}}
  %0 = onnx.Reshape(%x, %s) {allowzero = 1 : i64} : (tensor<0x3xf32>, tensor<2xi64>) -> tensor<1x1x1x1x1x1x1xf32>
  return
}

// -----

func.func @allowzero_inferred(%x: tensor<0x3xf32>) {
  %s = onnx.Constant() {value = dense<[-1, 0]> : tensor<2xi64>} : () -> tensor<2xi64>
  // expected-error @+1 {{shape may not hold both 0 and -1 when allowzero is set}}
  %0 = onnx.Reshape(%x, %s) {allowzero = 1 : i64} : (tensor<0x3xf32>, tensor<2xi64>) -> tensor<?x0xf32>
  return
}

// -----

func.func @run_time_shape(%x: tensor<2x3xf32>, %s: tensor<3xi64>) {
  // expected-error @+1 {{the operator gives 'tensor<?x?x?xf32>'}}
  %0 = onnx.Reshape(%x, %s) : (tensor<2x3xf32>, tensor<3xi64>) -> tensor<1x1x1x1x1x1x1xf32>
  return
}

// -----

func.func @two_inferred(%x: tensor<2x3xf32>) {
  %s = onnx.Constant() {value = dense<[-1, -1]> : tensor<2xi64>} : () -> tensor<2xi64>
  // expected-error @+1 {{shape may hold one -1 only}}
  %0 = onnx.Reshape(%x, %s) : (tensor<2x3xf32>, tensor<2xi64>) -> tensor<?x?xf32>
  return
}

// -----

func.func @count(%x: tensor<2x3xf32>) {
  %s = onnx.Constant() {value = dense<[4, -1]> : tensor<2xi64>} : () -> tensor<2xi64>
  // expected-error @+1 {{'tensor<2x3xf32>' cannot be reshaped to [4, -1]: the element counts differ}}
  %0 = onnx.Reshape(%x, %s) : (tensor<2x3xf32>, tensor<2xi64>) -> tensor<4x?xf32>
  return
}

// -----

func.func @overflow(%x: tensor<2x3xf32>) {
  %s = onnx.Constant() {value = dense<4611686018427387904> : tensor<2xi64>} : () -> tensor<2xi64>
  // expected-error @+1 {{the element count does not fit 63 bits}}
  %0 = onnx.Reshape(%x, %s) : (tensor<2x3xf32>, tensor<2xi64>) -> tensor<?x?xf32>
  return
}

// -----

func.func @zero_past_rank(%x: tensor<6xf32>) {
  %s = onnx.Constant() {value = dense<[6, 0]> : tensor<2xi64>} : () -> tensor<2xi64>
  // expected-error @+1 {{shape has 0 at position 1, but the input has only 1 dimensions}}
  %0 = onnx.Reshape(%x, %s) : (tensor<6xf32>, tensor<2xi64>) -> tensor<6x?xf32>
  return
}

// -----

func.func @flatten(%x: tensor<2x3x?x5xf32>) {
  // expected-error @+1 {{the operator gives 'tensor<6x?xf32>'}}
  %0 = onnx.Flatten(%x) {axis = -2 : i64} : (tensor<2x3x?x5xf32>) -> tensor<1x1x1x1x1x1x1xf32>
  return
}

// -----

func.func @flatten_all(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{the operator gives 'tensor<6x1xf32>'}}
  %0 = onnx.Flatten(%x) {axis = 2 : i64} : (tensor<2x3xf32>) -> tensor<1x1x1x1x1x1x1xf32>
  return
}

// -----

func.func @flatten_axis(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{axis 3 is outside [-2, 2]}}
  %0 = onnx.Flatten(%x) {axis = 3 : i64} : (tensor<2x3xf32>) -> tensor<6x1xf32>
  return
}

// -----

func.func @squeeze_axes(%x: tensor<1x3x?xf32>) {
  %a = onnx.Constant() {value = dense<[0, -1]> : tensor<2xi64>} : () -> tensor<2xi64>
  // expected-error @+1 {{the operator gives 'tensor<3xf32>'}}
  %0 = onnx.Squeeze(%x, %a) : (tensor<1x3x?xf32>, tensor<2xi64>) -> tensor<1x1x1x1x1x1x1xf32>
  return
}

// -----

func.func @squeeze_size(%x: tensor<1x3xf32>) {
  %a = onnx.Constant() {value = dense<1> : tensor<1xi64>} : () -> tensor<1xi64>
  // expected-error @+1 {{removes dimensions of size 1 only, but dimension 1 is 3}}
  %0 = onnx.Squeeze(%x, %a) : (tensor<1x3xf32>, tensor<1xi64>) -> tensor<1xf32>
  return
}

// -----

func.func @unsqueeze(%x: tensor<3x?xf32>) {
  %a = onnx.Constant() {value = dense<[0, -1]> : tensor<2xi64>} : () -> tensor<2xi64>
  // expected-error @+1 {{the operator gives 'tensor<1x3x?x1xf32>'}}
  %0 = onnx.Unsqueeze(%x, %a) : (tensor<3x?xf32>, tensor<2xi64>) -> tensor<1x1x1x1x1x1x1xf32>
  return
}

// -----

func.func @unsqueeze_twice(%x: tensor<3xf32>) {
  %a = onnx.Constant() {value = dense<[0, -3]> : tensor<2xi64>} : () -> tensor<2xi64>
  // expected-error @+1 {{axis -3 is given twice; axes must be distinct}}
  %0 = onnx.Unsqueeze(%x, %a) : (tensor<3xf32>, tensor<2xi64>) -> tensor<1x1x3xf32>
  return
}

// -----

func.func @depth_to_space(%x: tensor<2x12x3x?xf32>) {
  // expected-error @+1 {{the operator gives 'tensor<2x3x6x?xf32>'}}
  %0 = onnx.DepthToSpace(%x) {blocksize = 2 : i64} : (tensor<2x12x3x?xf32>) -> tensor<1x1x1x1x1x1x1xf32>
  return
}

// -----

func.func @depth_to_space_channels(%x: tensor<2x6x3x3xf32>) {
  // expected-error @+1 {{channels 6 must be a multiple of 4}}
  %0 = onnx.DepthToSpace(%x) {blocksize = 2 : i64} : (tensor<2x6x3x3xf32>) -> tensor<2x?x6x6xf32>
  return
}

// -----

func.func @space_to_depth(%x: tensor<2x3x6x4xf32>) {
  // expected-error @+1 {{the operator gives 'tensor<2x12x3x2xf32>'}}
  %0 = onnx.SpaceToDepth(%x) {blocksize = 2 : i64} : (tensor<2x3x6x4xf32>) -> tensor<1x1x1x1x1x1x1xf32>
  return
}
