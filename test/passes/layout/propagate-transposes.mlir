// RUN: assay-opt %s --propagate-transposes | FileCheck %s

// CHECK-LABEL: func.func @elementwise
// CHECK-SAME: (%[[A:.*]]: tensor<1x8x8x4xf32>, %[[B:.*]]: tensor<1x8x8x4xf32>)
// CHECK-DAG: %[[S:.*]] = onnx.Constant() {value = dense<{{.*}}> : tensor<1x1x1x4xf32>}
// CHECK-NOT: onnx.Transpose
// CHECK: %[[SUM:.*]] = onnx.Add(%[[A]], %[[B]])
// CHECK: %[[MUL:.*]] = onnx.Mul(%[[SUM]], %[[S]])
// CHECK: %[[Y:.*]] = onnx.Clip(%[[MUL]], %{{.*}}, _)
// CHECK: return %[[Y]]
func.func @elementwise(%a: tensor<1x8x8x4xf32>, %b: tensor<1x8x8x4xf32>) -> tensor<1x8x8x4xf32> {
  %scale = onnx.Constant() {value = dense<[[[1.0]], [[2.0]], [[3.0]], [[4.0]]]> : tensor<4x1x1xf32>} : () -> tensor<4x1x1xf32>
  %low = onnx.Constant() {value = dense<0.0> : tensor<f32>} : () -> tensor<f32>
  %0 = onnx.Transpose(%a) {perm = array<i64: 0, 3, 1, 2>} : (tensor<1x8x8x4xf32>) -> tensor<1x4x8x8xf32>
  %1 = onnx.Transpose(%b) {perm = array<i64: 0, 3, 1, 2>} : (tensor<1x8x8x4xf32>) -> tensor<1x4x8x8xf32>
  %2 = onnx.Add(%0, %1) : (tensor<1x4x8x8xf32>, tensor<1x4x8x8xf32>) -> tensor<1x4x8x8xf32>
  %3 = onnx.Mul(%2, %scale) : (tensor<1x4x8x8xf32>, tensor<4x1x1xf32>) -> tensor<1x4x8x8xf32>
  %4 = onnx.Clip(%3, %low, _) : (tensor<1x4x8x8xf32>, tensor<f32>) -> tensor<1x4x8x8xf32>
  %5 = onnx.Transpose(%4) {perm = array<i64: 0, 2, 3, 1>} : (tensor<1x4x8x8xf32>) -> tensor<1x8x8x4xf32>
  return %5 : tensor<1x8x8x4xf32>
}

// Squeeze and excite: the mean, its gate and the product are all channels-last.
// CHECK-LABEL: func.func @gate
// CHECK-NOT: onnx.Transpose
// CHECK: onnx.ReduceMean(%{{.*}}, %{{.*}}) {{.*}}: (tensor<1x8x8x4xf32>, tensor<2xi64>) -> tensor<1x1x1x4xf32>
// CHECK: onnx.Sigmoid(%{{.*}}) : (tensor<1x1x1x4xf32>)
// CHECK: onnx.Mul(%{{.*}}, %{{.*}}) : (tensor<1x8x8x4xf32>, tensor<1x1x1x4xf32>)
func.func @gate(%a: tensor<1x8x8x4xf32>) -> tensor<1x8x8x4xf32> {
  %axes = onnx.Constant() {value = dense<[2, 3]> : tensor<2xi64>} : () -> tensor<2xi64>
  %0 = onnx.Transpose(%a) {perm = array<i64: 0, 3, 1, 2>} : (tensor<1x8x8x4xf32>) -> tensor<1x4x8x8xf32>
  %1 = onnx.ReduceMean(%0, %axes) {keepdims = 1 : i64} : (tensor<1x4x8x8xf32>, tensor<2xi64>) -> tensor<1x4x1x1xf32>
  %2 = onnx.Sigmoid(%1) : (tensor<1x4x1x1xf32>) -> tensor<1x4x1x1xf32>
  %3 = onnx.Mul(%0, %2) : (tensor<1x4x8x8xf32>, tensor<1x4x1x1xf32>) -> tensor<1x4x8x8xf32>
  %4 = onnx.Transpose(%3) {perm = array<i64: 0, 2, 3, 1>} : (tensor<1x4x8x8xf32>) -> tensor<1x8x8x4xf32>
  return %4 : tensor<1x8x8x4xf32>
}

// CHECK-LABEL: func.func @movement
// CHECK: dense<[0, 1, 2, 0, 0, 3, 4, 0]>
// CHECK: onnx.Concat(%{{.*}}, %{{.*}}) {axis = 3 : i64} : (tensor<1x8x8x4xf32>, tensor<1x8x8x4xf32>) -> tensor<1x8x8x8xf32>
// CHECK: onnx.Pad({{.*}} -> tensor<1x12x14x8xf32>
// CHECK: onnx.Slice(%{{.*}}) : {{.*}} -> tensor<1x12x5x8xf32>
// CHECK: onnx.Transpose
func.func @movement(%a: tensor<1x8x8x4xf32>) -> tensor<1x8x12x5xf32> {
  %pads = onnx.Constant() {value = dense<[0, 0, 1, 2, 0, 0, 3, 4]> : tensor<8xi64>} : () -> tensor<8xi64>
  %start = onnx.Constant() {value = dense<2> : tensor<1xi64>} : () -> tensor<1xi64>
  %end = onnx.Constant() {value = dense<7> : tensor<1xi64>} : () -> tensor<1xi64>
  %axis = onnx.Constant() {value = dense<-1> : tensor<1xi64>} : () -> tensor<1xi64>
  %0 = onnx.Transpose(%a) {perm = array<i64: 0, 3, 1, 2>} : (tensor<1x8x8x4xf32>) -> tensor<1x4x8x8xf32>
  %1 = onnx.Concat(%0, %0) {axis = 1 : i64} : (tensor<1x4x8x8xf32>, tensor<1x4x8x8xf32>) -> tensor<1x8x8x8xf32>
  %2 = onnx.Pad(%1, %pads, _, _) : (tensor<1x8x8x8xf32>, tensor<8xi64>) -> tensor<1x8x12x14xf32>
  %3 = onnx.Slice(%2, %start, %end, %axis, _) : (tensor<1x8x12x14xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<1x8x12x5xf32>
  return %3 : tensor<1x8x12x5xf32>
}

// The patches of a vision transformer: rows and columns merge where they lie.
// CHECK-LABEL: func.func @patches
// CHECK: onnx.Reshape(%{{.*}}, %{{.*}}) {{.*}} : (tensor<1x8x8x4xf32>, tensor<3xi64>) -> tensor<1x64x4xf32>
// CHECK-NOT: onnx.Transpose
func.func @patches(%a: tensor<1x8x8x4xf32>) -> tensor<1x64x4xf32> {
  %shape = onnx.Constant() {value = dense<[1, 4, 64]> : tensor<3xi64>} : () -> tensor<3xi64>
  %0 = onnx.Transpose(%a) {perm = array<i64: 0, 3, 1, 2>} : (tensor<1x8x8x4xf32>) -> tensor<1x4x8x8xf32>
  %1 = onnx.Reshape(%0, %shape) : (tensor<1x4x8x8xf32>, tensor<3xi64>) -> tensor<1x4x64xf32>
  %2 = onnx.Transpose(%1) {perm = array<i64: 0, 2, 1>} : (tensor<1x4x64xf32>) -> tensor<1x64x4xf32>
  return %2 : tensor<1x64x4xf32>
}

// A pooled image has nothing to transpose.
// CHECK-LABEL: func.func @pooled
// CHECK-NOT: onnx.Transpose
// CHECK: onnx.Reshape(%{{.*}}, %{{.*}}) {{.*}} : (tensor<1x1x1x4xf32>, tensor<4xi64>) -> tensor<1x4x1x1xf32>
func.func @pooled(%a: tensor<1x1x1x4xf32>) -> tensor<1x4x1x1xf32> {
  %0 = onnx.Transpose(%a) {perm = array<i64: 0, 3, 1, 2>} : (tensor<1x1x1x4xf32>) -> tensor<1x4x1x1xf32>
  return %0 : tensor<1x4x1x1xf32>
}

// A scalar has no dimensions to group.
// CHECK-LABEL: func.func @scalar
// CHECK: onnx.Reshape(%{{.*}}, %{{.*}}) {{.*}} -> tensor<f32>
func.func @scalar(%a: tensor<1x1x1x1xf32>) -> tensor<f32> {
  %shape = onnx.Constant() {value = dense<> : tensor<0xi64>} : () -> tensor<0xi64>
  %0 = onnx.Transpose(%a) {perm = array<i64: 0, 3, 1, 2>} : (tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32>
  %1 = onnx.Reshape(%0, %shape) : (tensor<1x1x1x1xf32>, tensor<0xi64>) -> tensor<f32>
  return %1 : tensor<f32>
}

// An operand in the other layout is in the way.
// CHECK-LABEL: func.func @mixed
// CHECK: %[[T:.*]] = onnx.Transpose
// CHECK: onnx.Add(%[[T]], %{{.*}})
func.func @mixed(%a: tensor<1x8x8x4xf32>, %b: tensor<1x4x8x8xf32>) -> tensor<1x4x8x8xf32> {
  %0 = onnx.Transpose(%a) {perm = array<i64: 0, 3, 1, 2>} : (tensor<1x8x8x4xf32>) -> tensor<1x4x8x8xf32>
  %1 = onnx.Add(%0, %b) : (tensor<1x4x8x8xf32>, tensor<1x4x8x8xf32>) -> tensor<1x4x8x8xf32>
  return %1 : tensor<1x4x8x8xf32>
}
