// RUN: assay-opt %s --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: @same_upper
func.func @same_upper(%x: tensor<1x3x224x?xf32>, %w: tensor<8x3x3x3xf32>) -> tensor<1x8x112x?xf32> {
  // CHECK: onnx.Conv(%{{.*}}, %{{.*}}, _) {{.*}}auto_pad = "SAME_UPPER"
  %y = onnx.Conv(%x, %w, _) {auto_pad = "SAME_UPPER", strides = array<i64: 2, 2>} : (tensor<1x3x224x?xf32>, tensor<8x3x3x3xf32>) -> tensor<1x8x112x?xf32>
  return %y : tensor<1x8x112x?xf32>
}

// CHECK-LABEL: @dilated_groups
func.func @dilated_groups(%x: tensor<2x4x9xf32>, %w: tensor<6x2x3xf32>, %b: tensor<6xf32>) -> tensor<2x6x7xf32> {
  %y = onnx.Conv(%x, %w, %b) {dilations = array<i64: 2>, group = 2 : i64, pads = array<i64: 1, 1>} : (tensor<2x4x9xf32>, tensor<6x2x3xf32>, tensor<6xf32>) -> tensor<2x6x7xf32>
  return %y : tensor<2x6x7xf32>
}

// CHECK-LABEL: @channels_last
func.func @channels_last(%x: tensor<1x8x9x4xf32>, %w: tensor<5x4x3x3xf32>) -> tensor<1x6x7x5xf32> {
  %y = onnx.Conv(%x, %w, _) {channels_last} : (tensor<1x8x9x4xf32>, tensor<5x4x3x3xf32>) -> tensor<1x6x7x5xf32>
  return %y : tensor<1x6x7x5xf32>
}

// CHECK-LABEL: @transpose_output_shape
func.func @transpose_output_shape(%x: tensor<1x1x3x3xf32>, %w: tensor<1x2x3x3xf32>) -> tensor<1x2x10x8xf32> {
  %y = onnx.ConvTranspose(%x, %w, _) {output_shape = array<i64: 10, 8>, strides = array<i64: 3, 2>} : (tensor<1x1x3x3xf32>, tensor<1x2x3x3xf32>) -> tensor<1x2x10x8xf32>
  return %y : tensor<1x2x10x8xf32>
}

// CHECK-LABEL: @transpose_padding
func.func @transpose_padding(%x: tensor<1x4x3x?xf32>, %w: tensor<4x2x3x3xf32>) -> tensor<1x4x8x?xf32> {
  %y = onnx.ConvTranspose(%x, %w, _) {group = 2 : i64, output_padding = array<i64: 1, 1>, strides = array<i64: 3, 2>, pads = array<i64: 1, 1, 1, 1>} : (tensor<1x4x3x?xf32>, tensor<4x2x3x3xf32>) -> tensor<1x4x8x?xf32>
  return %y : tensor<1x4x8x?xf32>
}

// -----

func.func @wrong_spatial(%x: tensor<1x3x8x8xf32>, %w: tensor<4x3x3x3xf32>) {
  // expected-error @+1 {{result 0 is 'tensor<1x4x8x8xf32>', but the operator gives 'tensor<1x4x6x6xf32>'}}
  %y = onnx.Conv(%x, %w, _) : (tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>) -> tensor<1x4x8x8xf32>
  return
}

// -----

func.func @groups(%x: tensor<1x3x8x8xf32>, %w: tensor<4x3x3x3xf32>) {
  // expected-error @+1 {{3 input channels do not divide into 2 groups}}
  %y = onnx.Conv(%x, %w, _) {group = 2 : i64} : (tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>) -> tensor<1x4x6x6xf32>
  return
}

// -----

func.func @channels(%x: tensor<1x4x8x8xf32>, %w: tensor<4x3x3x3xf32>) {
  // expected-error @+1 {{4 input channels in 1 groups need 4 in its dimension 1}}
  %y = onnx.Conv(%x, %w, _) : (tensor<1x4x8x8xf32>, tensor<4x3x3x3xf32>) -> tensor<1x4x6x6xf32>
  return
}

// -----

func.func @too_small(%x: tensor<1x3x2x8xf32>, %w: tensor<4x3x3x3xf32>) {
  // expected-error @+1 {{no output along spatial dimension 0: the window spans 3 of 2 positions padded by 0 and 0}}
  %y = onnx.Conv(%x, %w, _) : (tensor<1x3x2x8xf32>, tensor<4x3x3x3xf32>) -> tensor<1x4x?x6xf32>
  return
}

// -----

func.func @auto_pad(%x: tensor<1x3x8x8xf32>, %w: tensor<4x3x3x3xf32>) {
  // expected-error @+1 {{auto_pad is 'SAME', but NOTSET, SAME_UPPER, SAME_LOWER or VALID is expected}}
  %y = onnx.Conv(%x, %w, _) {auto_pad = "SAME"} : (tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>) -> tensor<1x4x6x6xf32>
  return
}

// -----

func.func @stride(%x: tensor<1x3x8x8xf32>, %w: tensor<4x3x3x3xf32>) {
  // expected-error @+1 {{strides has the value 0, but values from 1 to 1073741823 are accepted}}
  %y = onnx.Conv(%x, %w, _) {strides = array<i64: 0, 1>} : (tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>) -> tensor<1x4x6x6xf32>
  return
}

// -----

func.func @huge(%x: tensor<1x3x9223372036854775807xf32>, %w: tensor<4x3x3xf32>) {
  // expected-error @+1 {{spatial dimension 0 of size 9223372036854775807 is too large}}
  %y = onnx.Conv(%x, %w, _) {pads = array<i64: 2, 2>} : (tensor<1x3x9223372036854775807xf32>, tensor<4x3x3xf32>) -> tensor<1x4x?xf32>
  return
}

// -----

func.func @kernel_shape(%x: tensor<1x3x8x8xf32>, %w: tensor<4x3x3x3xf32>) {
  // expected-error @+1 {{W is 'tensor<4x3x3x3xf32>', but shape ?x?x5x5 is expected}}
  %y = onnx.Conv(%x, %w, _) {kernel_shape = array<i64: 5, 5>} : (tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>) -> tensor<1x4x6x6xf32>
  return
}

// -----

func.func @rank(%x: tensor<1x3xf32>, %w: tensor<4x3x3xf32>) {
  // expected-error @+1 {{X is 'tensor<1x3xf32>', but rank 3 or more is expected}}
  %y = onnx.Conv(%x, %w, _) : (tensor<1x3xf32>, tensor<4x3x3xf32>) -> tensor<1x4x6xf32>
  return
}
