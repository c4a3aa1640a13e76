func.func @main(%x: tensor<*xf32>, %s: tensor<4x!onnx.string>, %d: tensor<4xf32>) {
  %0 = onnx.Abs(%x) : (tensor<*xf32>) -> tensor<*xf32> loc("node_a")
  %1 = onnx.Equal(%s, %s) : (tensor<4x!onnx.string>, tensor<4x!onnx.string>) -> tensor<4xi1> loc("node_b")
  %t = onnx.Constant() {value = dense<true> : tensor<i1>} : () -> tensor<i1>
  %2:2 = onnx.Dropout(%d, _, %t) : (tensor<4xf32>, tensor<i1>) -> (tensor<4xf32>, tensor<4xi1>) loc("node_c")
  %3 = onnx.Abs(%x) : (tensor<*xf32>) -> tensor<*xf32> loc("node_d")
  return
}
