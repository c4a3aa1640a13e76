// RUN: assay-opt %s --split-input-file --verify-diagnostics | FileCheck %s

// Results of rank 7 are wrong on purpose: the error tells the inferred type.

// CHECK-LABEL: @round_trip
func.func @round_trip(%x: tensor<2x3x4xf32>, %p: tensor<6xi64>, %a: tensor<1xi64>) -> tensor<*xf32> {
  // CHECK: onnx.Transpose(%{{.*}}) {perm = array<i64: 2, 0, 1>} : (tensor<2x3x4xf32>) -> tensor<4x2x3xf32>
  %0 = onnx.Transpose(%x) {perm = array<i64: 2, 0, 1>} : (tensor<2x3x4xf32>) -> tensor<4x2x3xf32>
  // CHECK: onnx.Pad(%{{.*}}, %{{.*}}, _, _) {mode = "edge"}
  %1 = onnx.Pad(%x, %p, _, _) {mode = "edge"} : (tensor<2x3x4xf32>, tensor<6xi64>) -> tensor<?x?x?xf32>
  // CHECK: onnx.Squeeze(%{{.*}}, _) {{.*}} -> tensor<2x3x4xf32>
  %2 = onnx.Squeeze(%x, _) : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  // CHECK: onnx.Split(%{{.*}}, _) {axis = 2 : i64, num_outputs = 2 : i64} : (tensor<2x3x4xf32>) -> (tensor<2x3x2xf32>, tensor<2x3x2xf32>)
  %3:2 = onnx.Split(%x, _) {axis = 2 : i64, num_outputs = 2 : i64} : (tensor<2x3x4xf32>) -> (tensor<2x3x2xf32>, tensor<2x3x2xf32>)
  // CHECK: onnx.Concat(%{{.*}}, %{{.*}}) {axis = 2 : i64}
  %4 = onnx.Concat(%3#0, %3#1) {axis = 2 : i64} : (tensor<2x3x2xf32>, tensor<2x3x2xf32>) -> tensor<2x3x4xf32>
  // CHECK: onnx.Slice(%{{.*}}, %{{.*}}, %{{.*}}, _, %{{.*}})
  %5 = onnx.Slice(%x, %a, %a, _, %a) : (tensor<2x3x4xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<?x3x4xf32>
  %6 = onnx.Reshape(%x, %p) : (tensor<2x3x4xf32>, tensor<6xi64>) -> tensor<*xf32>
  return %6 : tensor<*xf32>
}

// -----

func.func @transpose(%x: tensor<2x?x4xf32>, %u: tensor<*xf32>) {
  // expected-error @+1 {{the operator gives 'tensor<4x?x2xf32>'}}
  %0 = onnx.Transpose(%x) : (tensor<2x?x4xf32>) -> tensor<1x1x1x1x1x1x1xf32>
  return
}

// -----

func.func @transpose_unranked(%u: tensor<*xf32>) {
  // expected-error @+1 {{the operator gives 'tensor<?x?xf32>'}}
  %0 = onnx.Transpose(%u) {perm = array<i64: 1, 0>} : (tensor<*xf32>) -> tensor<1x1x1x1x1x1x1xf32>
  return
}

// -----

func.func @transpose_twice(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{perm must be a permutation of 0 to 1}}
  %0 = onnx.Transpose(%x) {perm = array<i64: 1, 1>} : (tensor<2x3xf32>) -> tensor<3x3xf32>
  return
}

// -----

func.func @transpose_short(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{perm must be a permutation of 0 to 1}}
  %0 = onnx.Transpose(%x) {perm = array<i64: 0>} : (tensor<2x3xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @concat(%x: tensor<2x?xf32>, %y: tensor<?x3xf32>) {
  // expected-error @+1 {{the operator gives 'tensor<2x?xf32>'}}
  %0 = onnx.Concat(%x, %y) {axis = -1 : i64} : (tensor<2x?xf32>, tensor<?x3xf32>) -> tensor<1x1x1x1x1x1x1xf32>
  return
}

// -----

func.func @concat_mismatch(%x: tensor<2x3xf32>, %y: tensor<4x3xf32>) {
  // expected-error @+1 {{inputs may differ along axis 1 only, but dimension 0 of input 1 is 4 where another has 2}}
  %0 = onnx.Concat(%x, %y) {axis = 1 : i64} : (tensor<2x3xf32>, tensor<4x3xf32>) -> tensor<2x6xf32>
  return
}

// -----

func.func @concat_overflow(%x: tensor<4611686018427387904xi8>) {
  // expected-error @+1 {{the joined dimension does not fit 63 bits}}
  %0 = onnx.Concat(%x, %x) {axis = 0 : i64} : (tensor<4611686018427387904xi8>, tensor<4611686018427387904xi8>) -> tensor<?xi8>
  return
}

// -----

// The last chunk is smaller; a chunk may be empty.
func.func @split_uneven(%x: tensor<7xf32>) {
  %0:3 = onnx.Split(%x, _) {num_outputs = 3 : i64} : (tensor<7xf32>) -> (tensor<3xf32>, tensor<3xf32>, tensor<1xf32>)
  // expected-error @+1 {{result 4 is 'tensor<1xf32>', but the operator gives 'tensor<0xf32>'}}
  %1:5 = onnx.Split(%x, _) {num_outputs = 5 : i64} : (tensor<7xf32>) -> (tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>)
  return
}

// -----

func.func @split_sum(%x: tensor<7xf32>) {
  %s = onnx.Constant() {value = dense<[3, 3]> : tensor<2xi64>} : () -> tensor<2xi64>
  // expected-error @+1 {{split sizes must add up to the dimension 7, but add up to 6}}
  %0:2 = onnx.Split(%x, %s) : (tensor<7xf32>, tensor<2xi64>) -> (tensor<3xf32>, tensor<3xf32>)
  return
}

// -----

func.func @split_count(%x: tensor<7xf32>) {
  // expected-error @+1 {{num_outputs is 3, but the op has 2 results}}
  %0:2 = onnx.Split(%x, _) {num_outputs = 3 : i64} : (tensor<7xf32>) -> (tensor<3xf32>, tensor<3xf32>)
  return
}

// -----

// Positions past the end are clamped, negative steps go backwards.
func.func @slice(%x: tensor<10x8x?xf32>) {
  %starts = onnx.Constant() {value = dense<[-3, 100]> : tensor<2xi64>} : () -> tensor<2xi64>
  %ends = onnx.Constant() {value = dense<[9223372036854775807, -9223372036854775808]> : tensor<2xi64>} : () -> tensor<2xi64>
  %axes = onnx.Constant() {value = dense<[0, -2]> : tensor<2xi64>} : () -> tensor<2xi64>
  %steps = onnx.Constant() {value = dense<[2, -3]> : tensor<2xi64>} : () -> tensor<2xi64>
  // expected-error @+1 {{the operator gives 'tensor<2x3x?xf32>'}}
  %0 = onnx.Slice(%x, %starts, %ends, %axes, %steps) : (tensor<10x8x?xf32>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64>) -> tensor<1x1x1x1x1x1x1xf32>
  return
}

// -----

func.func @slice_run_time_starts(%x: tensor<10x8x6xf32>, %s: tensor<2xi64>) {
  // expected-error @+1 {{the operator gives 'tensor<?x?x6xf32>'}}
  %0 = onnx.Slice(%x, %s, %s, _, _) : (tensor<10x8x6xf32>, tensor<2xi64>, tensor<2xi64>) -> tensor<1x1x1x1x1x1x1xf32>
  return
}

// -----

func.func @slice_step(%x: tensor<10xf32>, %s: tensor<1xi64>) {
  %steps = onnx.Constant() {value = dense<0> : tensor<1xi64>} : () -> tensor<1xi64>
  // expected-error @+1 {{steps must not be zero}}
  %0 = onnx.Slice(%x, %s, %s, _, %steps) : (tensor<10xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<?xf32>
  return
}

// -----

func.func @slice_axis(%x: tensor<10xf32>, %s: tensor<1xi64>) {
  %axes = onnx.Constant() {value = dense<1> : tensor<1xi64>} : () -> tensor<1xi64>
  // expected-error @+1 {{axis 1 is outside [-1, 0]}}
  %0 = onnx.Slice(%x, %s, %s, %axes, _) : (tensor<10xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<?xf32>
  return
}

// -----

func.func @pad(%x: tensor<3x?x5xf32>) {
  %pads = onnx.Constant() {value = dense<[1, -2, 2, 4]> : tensor<4xi64>} : () -> tensor<4xi64>
  %axes = onnx.Constant() {value = dense<[0, -1]> : tensor<2xi64>} : () -> tensor<2xi64>
  // expected-error @+1 {{the operator gives 'tensor<6x?x7xf32>'}}
  %0 = onnx.Pad(%x, %pads, _, %axes) : (tensor<3x?x5xf32>, tensor<4xi64>, tensor<2xi64>) -> tensor<1x1x1x1x1x1x1xf32>
  return
}

// -----

func.func @pad_crop(%x: tensor<3xf32>) {
  %pads = onnx.Constant() {value = dense<[-2, -2]> : tensor<2xi64>} : () -> tensor<2xi64>
  // expected-error @+1 {{pads -2 and -2 do not fit dimension 0 of size 3}}
  %0 = onnx.Pad(%x, %pads, _, _) : (tensor<3xf32>, tensor<2xi64>) -> tensor<0xf32>
  return
}

// -----

func.func @pad_count(%x: tensor<3x3xf32>, %pads: tensor<2xi64>) {
  // expected-error @+1 {{pads must hold a begin and an end for each of 2 axes, but has 2 elements}}
  %0 = onnx.Pad(%x, %pads, _, _) : (tensor<3x3xf32>, tensor<2xi64>) -> tensor<?x?xf32>
  return
}

// -----

func.func @pad_mode(%x: tensor<3x3xf32>, %pads: tensor<4xi64>) {
  // expected-error @+1 {{mode must be constant, reflect, edge or wrap, but is 'mirror'}}
  %0 = onnx.Pad(%x, %pads, _, _) {mode = "mirror"} : (tensor<3x3xf32>, tensor<4xi64>) -> tensor<?x?xf32>
  return
}

// -----

// An input dimension above 1 stays; one of size 1 may grow.
func.func @expand_run_time(%x: tensor<3x1xf32>, %s: tensor<3xi64>) {
  // expected-error @+1 {{the operator gives 'tensor<?x3x?xf32>'}}
  %0 = onnx.Expand(%x, %s) : (tensor<3x1xf32>, tensor<3xi64>) -> tensor<1x1x1x1x1x1x1xf32>
  return
}

// -----

func.func @expand_mismatch(%x: tensor<3x2xf32>) {
  %s = onnx.Constant() {value = dense<[3, 4]> : tensor<2xi64>} : () -> tensor<2xi64>
  // expected-error @+1 {{'tensor<3x2xf32>' does not broadcast to [3, 4]}}
  %0 = onnx.Expand(%x, %s) : (tensor<3x2xf32>, tensor<2xi64>) -> tensor<3x4xf32>
  return
}

// -----

func.func @expand_too_large(%x: tensor<1x1xf32>) {
  %s = onnx.Constant() {value = dense<1073741824> : tensor<2xi64>} : () -> tensor<2xi64>
  %t = onnx.Constant() {value = dense<4294967296> : tensor<2xi64>} : () -> tensor<2xi64>
  %0 = onnx.Expand(%x, %s) : (tensor<1x1xf32>, tensor<2xi64>) -> tensor<1073741824x1073741824xf32>
  // expected-error @+1 {{result of shape [4294967296, 4294967296] and element type 'f32' is too large}}
  %1 = onnx.Expand(%x, %t) : (tensor<1x1xf32>, tensor<2xi64>) -> tensor<?x?xf32>
  return
}

// -----

func.func @tile(%x: tensor<3x?xf32>) {
  %r = onnx.Constant() {value = dense<[2, 3]> : tensor<2xi64>} : () -> tensor<2xi64>
  // expected-error @+1 {{the operator gives 'tensor<6x?xf32>'}}
  %0 = onnx.Tile(%x, %r) : (tensor<3x?xf32>, tensor<2xi64>) -> tensor<1x1x1x1x1x1x1xf32>
  return
}

// -----

func.func @tile_rank(%x: tensor<3x4xf32>, %r: tensor<3xi64>) {
  // expected-error @+1 {{repeats must have one element for each of 2 dimensions, but has 3}}
  %0 = onnx.Tile(%x, %r) : (tensor<3x4xf32>, tensor<3xi64>) -> tensor<?x?xf32>
  return
}

// -----

func.func @compress(%x: tensor<3x2xf32>) {
  %c = onnx.Constant() {value = dense<[true, false, true]> : tensor<3xi1>} : () -> tensor<3xi1>
  // expected-error @+1 {{the operator gives 'tensor<2x2xf32>'}}
  %0 = onnx.Compress(%x, %c) {axis = 0 : i64} : (tensor<3x2xf32>, tensor<3xi1>) -> tensor<1x1x1x1x1x1x1xf32>
  return
}

// -----

func.func @compress_long(%x: tensor<3x2xf32>, %c: tensor<3xi1>) {
  // expected-error @+1 {{condition has 3 elements, but only 2 can be selected from}}
  %0 = onnx.Compress(%x, %c) {axis = 1 : i64} : (tensor<3x2xf32>, tensor<3xi1>) -> tensor<3x?xf32>
  return
}

// -----

func.func @trilu(%x: tensor<3xf32>) {
  // expected-error @+1 {{input must be of rank 2 or more}}
  %0 = onnx.Trilu(%x, _) : (tensor<3xf32>) -> tensor<3xf32>
  return
}

// -----

func.func @reverse_sequence(%x: tensor<3x4xf32>, %n: tensor<3xi64>) {
  // expected-error @+1 {{sequence_lens must have one element for each of 4 sequences, but has 3}}
  %0 = onnx.ReverseSequence(%x, %n) : (tensor<3x4xf32>, tensor<3xi64>) -> tensor<3x4xf32>
  return
}

// -----

func.func @reverse_sequence_axes(%x: tensor<3x4xf32>, %n: tensor<4xi64>) {
  // expected-error @+1 {{batch_axis and time_axis must be 0 and 1 or 1 and 0, but are 1 and 1}}
  %0 = onnx.ReverseSequence(%x, %n) {time_axis = 1 : i64} : (tensor<3x4xf32>, tensor<4xi64>) -> tensor<3x4xf32>
  return
}
