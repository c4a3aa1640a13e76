// RUN: assay-opt %s --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: @lstm
func.func @lstm(%x: tensor<?x2x4xf32>, %w: tensor<2x12x4xf32>, %r: tensor<2x12x3xf32>, %p: tensor<2x9xf32>) -> tensor<?x2x2x3xf32> {
  // CHECK: onnx.LSTM(%{{.*}}, %{{.*}}, %{{.*}}, _, _, _, _, %{{.*}})
  %y, %h, %c = onnx.LSTM(%x, %w, %r, _, _, _, _, %p) {direction = "bidirectional"} : (tensor<?x2x4xf32>, tensor<2x12x4xf32>, tensor<2x12x3xf32>, tensor<2x9xf32>) -> (tensor<?x2x2x3xf32>, tensor<2x2x3xf32>, tensor<2x2x3xf32>)
  return %y : tensor<?x2x2x3xf32>
}

// CHECK-LABEL: @gru_batch_first
func.func @gru_batch_first(%x: tensor<2x7x4xf32>, %w: tensor<1x9x4xf32>, %r: tensor<1x9x3xf32>, %n: tensor<2xi32>) -> tensor<2x1x3xf32> {
  %y, %h = onnx.GRU(%x, %w, %r, _, %n, _) {layout = 1 : i64, activations = ["sigmoid", "HardSigmoid"], activation_alpha = array<f32: 0.3>} : (tensor<2x7x4xf32>, tensor<1x9x4xf32>, tensor<1x9x3xf32>, tensor<2xi32>) -> (tensor<2x7x1x3xf32>, tensor<2x1x3xf32>)
  return %h : tensor<2x1x3xf32>
}

// -----

func.func @direction(%x: tensor<7x2x4xf32>, %w: tensor<1x3x4xf32>, %r: tensor<1x3x3xf32>) {
  // expected-error @+1 {{direction is 'both', but forward, reverse or bidirectional is expected}}
  %y, %h = onnx.RNN(%x, %w, %r, _, _, _) {direction = "both"} : (tensor<7x2x4xf32>, tensor<1x3x4xf32>, tensor<1x3x3xf32>) -> (tensor<7x1x2x3xf32>, tensor<1x2x3xf32>)
  return
}

// -----

func.func @activation(%x: tensor<7x2x4xf32>, %w: tensor<1x3x4xf32>, %r: tensor<1x3x3xf32>) {
  // expected-error @+1 {{activation function 'Swish' is unknown; accepted are Affine Elu HardSigmoid}}
  %y, %h = onnx.RNN(%x, %w, %r, _, _, _) {activations = ["Swish"]} : (tensor<7x2x4xf32>, tensor<1x3x4xf32>, tensor<1x3x3xf32>) -> (tensor<7x1x2x3xf32>, tensor<1x2x3xf32>)
  return
}

// -----

func.func @activation_count(%x: tensor<7x2x4xf32>, %w: tensor<1x12x4xf32>, %r: tensor<1x12x3xf32>) {
  // expected-error @+1 {{activations has 1 functions, but 3 are expected}}
  %y, %h, %c = onnx.LSTM(%x, %w, %r, _, _, _, _, _) {activations = ["Tanh"]} : (tensor<7x2x4xf32>, tensor<1x12x4xf32>, tensor<1x12x3xf32>) -> (tensor<7x1x2x3xf32>, tensor<1x2x3xf32>, tensor<1x2x3xf32>)
  return
}

// -----

func.func @weights(%x: tensor<7x2x4xf32>, %w: tensor<1x12x5xf32>, %r: tensor<1x12x3xf32>) {
  // expected-error @+1 {{W is 'tensor<1x12x5xf32>', but shape 1x12x4 is expected}}
  %y, %h, %c = onnx.LSTM(%x, %w, %r, _, _, _, _, _) : (tensor<7x2x4xf32>, tensor<1x12x5xf32>, tensor<1x12x3xf32>) -> (tensor<7x1x2x3xf32>, tensor<1x2x3xf32>, tensor<1x2x3xf32>)
  return
}
