// RUN: assay-opt %s --convert-onnx-to-linalg=release-constants=true | FileCheck %s

// The data of a weight that is packed goes, unless it is read elsewhere too.

// CHECK-LABEL: @products
func.func @products(%x: tensor<2x2xf32>) -> (tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>) {
  %once = onnx.Constant() {value = dense_resource<once> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
  %twice = onnx.Constant() {value = dense_resource<twice> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
  %again = onnx.Constant() {value = dense_resource<twice> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
  %a = onnx.MatMul(%x, %once) : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  %b = onnx.MatMul(%a, %twice) : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  %c = onnx.Add(%x, %again) : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  return %a, %b, %c : tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>
}

// CHECK: dialect_resources
// CHECK-DAG: packed: "0x
// CHECK-DAG: packed_1: "0x
// CHECK-DAG: twice: "0x040000000000803F000000400000404000008040"
// CHECK-DAG: once: "0x00000000"
{-#
  dialect_resources: {
    builtin: {
      once: "0x040000000000803F000000400000404000008040",
      twice: "0x040000000000803F000000400000404000008040"
    }
  }
#-}
