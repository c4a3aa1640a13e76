// RUN: assay-opt %s --convert-onnx-to-linalg | FileCheck %s
// RUN: not assay-opt %S/Inputs/unsupported.mlir --convert-onnx-to-linalg 2>&1 \
// RUN:   | FileCheck %s --check-prefix=STAY

// Unsigned integers become signless in signatures, calls and bodies.

// CHECK-LABEL: func.func @callee
// CHECK-SAME: (%[[X:.*]]: tensor<4xi8>) -> tensor<4xi8>
func.func @callee(%x: tensor<4xui8>) -> tensor<4xui8> {
  // CHECK: linalg.generic {{.*}} ins(%[[X]] : tensor<4xi8>)
  // CHECK: arith.xori
  // CHECK-NOT: unrealized_conversion_cast
  %y = onnx.BitwiseNot(%x) : (tensor<4xui8>) -> tensor<4xui8>
  return %y : tensor<4xui8>
}

// CHECK-LABEL: func.func @caller
func.func @caller(%x: tensor<4xui8>) -> tensor<4xui8> {
  // CHECK: call @callee(%{{.*}}) : (tensor<4xi8>) -> tensor<4xi8>
  %y = func.call @callee(%x) : (tensor<4xui8>) -> tensor<4xui8>
  return %y : tensor<4xui8>
}

// One error names all operators that stay, each with its node and the reason.
// STAY: error: unsupported operators: Abs, Equal, Dropout
// STAY: loc("node_a"): Abs has a tensor of unknown rank
// STAY: loc("node_b"): Equal has a string tensor
// STAY: loc("node_c"): Dropout in training mode; training_mode must be false or ratio 0
// STAY: loc("node_d"): Abs has a tensor of unknown rank
