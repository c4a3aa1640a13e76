func.func @main(%x: tensor<2xf32> {onnx.name = "x"}, %n: tensor<1xi64> {onnx.name = "n"}) -> (tensor<?xf32> {onnx.name = "y"}) {
  %y = onnx.Tile(%x, %n) : (tensor<2xf32>, tensor<1xi64>) -> tensor<?xf32>
  return %y : tensor<?xf32>
}
