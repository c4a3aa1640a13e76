// RUN: assay-opt %s --split-input-file --verify-diagnostics

// Results of rank 7 are wrong on purpose: the error tells the inferred type.

func.func @gather(%x: tensor<2x3x4xf32>, %i: tensor<5x?xi32>) {
  // expected-error @+1 {{the operator gives 'tensor<2x5x?x4xf32>'}}
  %0 = onnx.Gather(%x, %i) {axis = -2 : i64} : (tensor<2x3x4xf32>, tensor<5x?xi32>) -> tensor<1x1x1x1x1x1x1xf32>
  return
}

// -----

func.func @gather_range(%x: tensor<2x3xf32>) {
  %i = onnx.Constant() {value = dense<[0, -3]> : tensor<2xi64>} : () -> tensor<2xi64>
  // expected-error @+1 {{index -3 is outside [-2, 1]}}
  %0 = onnx.Gather(%x, %i) : (tensor<2x3xf32>, tensor<2xi64>) -> tensor<2x3xf32>
  return
}

// -----

func.func @gather_scalar(%x: tensor<f32>, %i: tensor<2xi64>) {
  // expected-error @+1 {{data is 'tensor<f32>', but rank 1 or more is expected}}
  %0 = onnx.Gather(%x, %i) : (tensor<f32>, tensor<2xi64>) -> tensor<2xf32>
  return
}

// -----

func.func @gather_elements(%x: tensor<2x3xf32>, %i: tensor<1x5xi64>) {
  // expected-error @+1 {{the operator gives 'tensor<1x5xf32>'}}
  %0 = onnx.GatherElements(%x, %i) {axis = 1 : i64} : (tensor<2x3xf32>, tensor<1x5xi64>) -> tensor<1x1x1x1x1x1x1xf32>
  return
}

// -----

func.func @gather_elements_size(%x: tensor<2x3xf32>, %i: tensor<1x5xi64>) {
  // expected-error @+1 {{dimension 1 of indices is 5, but data has 3 there}}
  %0 = onnx.GatherElements(%x, %i) : (tensor<2x3xf32>, tensor<1x5xi64>) -> tensor<1x5xf32>
  return
}

// -----

func.func @gather_nd(%x: tensor<?x3x4x5xf32>, %i: tensor<2x7x2xi64>) {
  // expected-error @+1 {{the operator gives 'tensor<2x7x5xf32>'}}
  %0 = onnx.GatherND(%x, %i) {batch_dims = 1 : i64} : (tensor<?x3x4x5xf32>, tensor<2x7x2xi64>) -> tensor<1x1x1x1x1x1x1xf32>
  return
}

// -----

func.func @gather_nd_tuple(%x: tensor<3x4xf32>, %i: tensor<7x3xi64>) {
  // expected-error @+1 {{the last dimension of indices must be 1 to 2, but is 3}}
  %0 = onnx.GatherND(%x, %i) : (tensor<3x4xf32>, tensor<7x3xi64>) -> tensor<7xf32>
  return
}

// -----

func.func @gather_nd_batch(%x: tensor<3x4xf32>, %i: tensor<2x1xi64>) {
  // expected-error @+1 {{the batch part of indices must have the shape of that of data, but it is [2] against [3]}}
  %0 = onnx.GatherND(%x, %i) {batch_dims = 1 : i64} : (tensor<3x4xf32>, tensor<2x1xi64>) -> tensor<2xf32>
  return
}

// -----

func.func @scatter_elements(%x: tensor<3x4xf32>, %i: tensor<2x4xi64>, %u: tensor<2x3xf32>) {
  // expected-error @+1 {{updates must have the shape of indices, but it is [2, 3] against [2, 4]}}
  %0 = onnx.ScatterElements(%x, %i, %u) : (tensor<3x4xf32>, tensor<2x4xi64>, tensor<2x3xf32>) -> tensor<3x4xf32>
  return
}

// -----

func.func @scatter_reduction(%x: tensor<3x4xf32>, %i: tensor<2x4xi64>, %u: tensor<2x4xf32>) {
  // expected-error @+1 {{reduction must be none, add, mul, max or min, but is 'sub'}}
  %0 = onnx.ScatterElements(%x, %i, %u) {reduction = "sub"} : (tensor<3x4xf32>, tensor<2x4xi64>, tensor<2x4xf32>) -> tensor<3x4xf32>
  return
}

// -----

func.func @scatter_nd(%x: tensor<3x4xf32>, %i: tensor<2x1xi64>, %u: tensor<2x3xf32>) {
  // expected-error @+1 {{updates must have the shape of the index tuples and their slices, but it is [2, 3] against [2, 4]}}
  %0 = onnx.ScatterND(%x, %i, %u) : (tensor<3x4xf32>, tensor<2x1xi64>, tensor<2x3xf32>) -> tensor<3x4xf32>
  return
}
