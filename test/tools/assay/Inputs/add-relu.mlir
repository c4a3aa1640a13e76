func.func @main(%x: tensor<?x3xf32> {onnx.name = "x"}) -> (tensor<?x3xf32> {onnx.name = "y"}) {
  %c = onnx.Constant() {value = dense<[1.0, -2.0, 0.5]> : tensor<3xf32>} : () -> tensor<3xf32>
  %s = onnx.Add(%x, %c) : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  %y = onnx.Relu(%s) : (tensor<?x3xf32>) -> tensor<?x3xf32>
  return %y : tensor<?x3xf32>
}
