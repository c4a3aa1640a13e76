// RUN: assay-opt %s --verify-diagnostics --split-input-file

func.func @shapes(%a: tensor<2xf32>, %b: tensor<3xf32>) {
  // expected-error @+1 {{inputs do not broadcast: 'tensor<2xf32>' 'tensor<3xf32>'}}
  %0 = onnx.Add(%a, %b) : (tensor<2xf32>, tensor<3xf32>) -> tensor<3xf32>
  return
}

// -----

func.func @element_types(%a: tensor<2xf32>, %b: tensor<2xf64>) {
  // expected-error @+1 {{input 1 has element type 'f64', but type variable T is already 'f32'}}
  %0 = onnx.Add(%a, %b) : (tensor<2xf32>, tensor<2xf64>) -> tensor<2xf32>
  return
}

// -----

func.func @float_only(%a: tensor<2xi32>) {
  // expected-error @+1 {{operand #0 must be tensor of 16-bit float or bfloat16 type or 32-bit float or 64-bit float values}}
  %0 = onnx.Exp(%a) : (tensor<2xi32>) -> tensor<2xi32>
  return
}

// -----

func.func @result(%a: tensor<2xf32>) {
  // expected-error @+1 {{result 0 is 'tensor<3xf32>', but the operator gives 'tensor<2xf32>'}}
  %0 = onnx.Neg(%a) : (tensor<2xf32>) -> tensor<3xf32>
  return
}

// -----

func.func @is_inf(%a: tensor<2xf32>) {
  // expected-error @+1 {{detect_positive is 2, but must be 0 or 1}}
  %0 = onnx.IsInf(%a) {detect_positive = 2 : i64} : (tensor<2xf32>) -> tensor<2xi1>
  return
}

// -----

func.func @bit_shift(%a: tensor<2xui8>) {
  // expected-error @+1 {{direction is 'UP', but must be 'LEFT' or 'RIGHT'}}
  %0 = onnx.BitShift(%a, %a) {direction = "UP"} : (tensor<2xui8>, tensor<2xui8>) -> tensor<2xui8>
  return
}

// -----

func.func @cast(%a: tensor<2xf32>) {
  // expected-error @+1 {{needs attribute to, the element type of the result}}
  %0 = onnx.Cast(%a) : (tensor<2xf32>) -> tensor<2xf16>
  return
}

// -----

func.func @variadic() {
  // expected-error @+1 {{needs at least one input}}
  %0 = onnx.Sum() : () -> tensor<2xf16>
  return
}
