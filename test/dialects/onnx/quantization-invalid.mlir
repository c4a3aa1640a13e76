// RUN: assay-opt %s --verify-diagnostics --split-input-file

func.func @zero_point_shape(%x: tensor<4xf32>, %s: tensor<4xf32>, %z: tensor<i8>) {
  // expected-error @+1 {{zero point 'tensor<i8>' must have the shape of the scale, 'tensor<4xf32>'}}
  %0 = onnx.QuantizeLinear(%x, %s, %z) {axis = 0 : i64} : (tensor<4xf32>, tensor<4xf32>, tensor<i8>) -> tensor<4xi8>
  return
}

// -----

func.func @per_axis(%x: tensor<2x4xf32>, %s: tensor<2xf32>) {
  // expected-error @+1 {{scale 'tensor<2xf32>' must be a scalar or 'tensor<4xf32>' for axis 1 and block_size 0}}
  %0 = onnx.QuantizeLinear(%x, %s, _) : (tensor<2x4xf32>, tensor<2xf32>) -> tensor<2x4xui8>
  return
}

// -----

func.func @blocked(%x: tensor<2x5xi8>, %s: tensor<2x2xf32>) {
  // expected-error @+1 {{must be a scalar or 'tensor<2x3xf32>' for axis -1 and block_size 2}}
  %0 = onnx.DequantizeLinear(%x, %s, _) {axis = -1 : i64, block_size = 2 : i64} : (tensor<2x5xi8>, tensor<2x2xf32>) -> tensor<2x5xf32>
  return
}

// -----

func.func @output_dtype(%x: tensor<4xf32>, %s: tensor<f32>, %z: tensor<i8>) {
  // expected-error @+1 {{output_dtype is 'ui8', but the zero point has 'i8'}}
  %0 = onnx.QuantizeLinear(%x, %s, %z) {output_dtype = ui8} : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> tensor<4xi8>
  return
}

// -----

func.func @precision(%x: tensor<4xf32>, %s: tensor<f32>) {
  // expected-error @+1 {{precision is 11, but must be float (1), float16 (10) or bfloat16 (16)}}
  %0 = onnx.QuantizeLinear(%x, %s, _) {precision = 11 : i64} : (tensor<4xf32>, tensor<f32>) -> tensor<4xui8>
  return
}
