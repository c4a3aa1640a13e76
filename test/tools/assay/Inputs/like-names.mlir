func.func @main(%x: tensor<2xf32> {onnx.name = "x"}) -> (tensor<2xf32> {onnx.name = "a/b"}, tensor<2xf32> {onnx.name = "a:b"}) {
  %0 = onnx.Relu(%x) : (tensor<2xf32>) -> tensor<2xf32>
  %1 = onnx.Neg(%x) : (tensor<2xf32>) -> tensor<2xf32>
  return %0, %1 : tensor<2xf32>, tensor<2xf32>
}
