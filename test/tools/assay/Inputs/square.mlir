// A square whose side is the length of x times 2^32.
func.func @main(%x: tensor<?xf32> {onnx.name = "x"}) -> (tensor<?x?xf32> {onnx.name = "y"}) {
  %n = onnx.Shape(%x) : (tensor<?xf32>) -> tensor<1xi64>
  %f = onnx.Constant() {value = dense<4294967296> : tensor<2xi64>} : () -> tensor<2xi64>
  %s = onnx.Mul(%n, %f) : (tensor<1xi64>, tensor<2xi64>) -> tensor<2xi64>
  %y = onnx.ConstantOfShape(%s) : (tensor<2xi64>) -> tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}
