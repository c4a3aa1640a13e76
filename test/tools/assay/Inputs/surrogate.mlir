module attributes {onnx.graph_name = "surrogate", onnx.ir_version = 8 : i64, onnx.metadata_props = {assay.dataset = "cifar10", assay.inflation = "1", assay.intercept = "80", assay.max_distance = "1000", assay.noise = "1", assay.slope = "2", assay.version = "test"}, onnx.opset = 18 : i64} {
  func.func @main(%arg0: tensor<?x342xf32> {onnx.dim_params = ["N", ""], onnx.name = "features"}) -> (tensor<?x2xf32> {onnx.dim_params = ["N", ""], onnx.name = "scores"}, tensor<?xf32> {onnx.dim_params = ["N"], onnx.name = "distance"}) {
    %0 = onnx.Constant() {value = dense<0.000000e+00> : tensor<342xf32>} : () -> tensor<342xf32>
    %1 = onnx.Constant() {value = dense<1.000000e+00> : tensor<342xf32>} : () -> tensor<342xf32>
    %2 = onnx.Constant() {value = dense<-3.000000e+00> : tensor<f32>} : () -> tensor<f32>
    %3 = onnx.Constant() {value = dense<3.000000e+00> : tensor<f32>} : () -> tensor<f32>
    %4 = onnx.Constant() {value = dense<-1.000000e+01> : tensor<f32>} : () -> tensor<f32>
    %5 = onnx.Constant() {value = dense<1.000000e+01> : tensor<f32>} : () -> tensor<f32>
    %6 = onnx.Constant() {value = dense<0.00999999977> : tensor<342x1xf32>} : () -> tensor<342x1xf32>
    %7 = onnx.Constant() {value = dense<0.000000e+00> : tensor<1xf32>} : () -> tensor<1xf32>
    %8 = onnx.Constant() {value = dense<2.000000e-02> : tensor<342x1xf32>} : () -> tensor<342x1xf32>
    %9 = onnx.Constant() {value = dense<0.000000e+00> : tensor<1xf32>} : () -> tensor<1xf32>
    %10 = onnx.Constant() {value = dense<1> : tensor<1xi64>} : () -> tensor<1xi64>
    %11 = onnx.Sub(%arg0, %0) : (tensor<?x342xf32>, tensor<342xf32>) -> tensor<?x342xf32>
    %12 = onnx.Mul(%11, %1) : (tensor<?x342xf32>, tensor<342xf32>) -> tensor<?x342xf32>
    %13 = onnx.Clip(%12, %2, %3) : (tensor<?x342xf32>, tensor<f32>, tensor<f32>) -> tensor<?x342xf32>
    %14 = onnx.Gemm(%13, %6, %7) {alpha = 1.000000e+00 : f32, beta = 1.000000e+00 : f32, transA = 0 : i64, transB = 0 : i64} : (tensor<?x342xf32>, tensor<342x1xf32>, tensor<1xf32>) -> tensor<?x1xf32>
    %15 = onnx.Gemm(%13, %8, %9) {alpha = 1.000000e+00 : f32, beta = 1.000000e+00 : f32, transA = 0 : i64, transB = 0 : i64} : (tensor<?x342xf32>, tensor<342x1xf32>, tensor<1xf32>) -> tensor<?x1xf32>
    %16 = onnx.Concat(%14, %15) {axis = 1 : i64} : (tensor<?x1xf32>, tensor<?x1xf32>) -> tensor<?x2xf32>
    %17 = onnx.Clip(%12, %4, %5) : (tensor<?x342xf32>, tensor<f32>, tensor<f32>) -> tensor<?x342xf32>
    %18 = onnx.Mul(%17, %17) : (tensor<?x342xf32>, tensor<?x342xf32>) -> tensor<?x342xf32>
    %19 = onnx.ReduceMean(%18, %10) {keepdims = 0 : i64, noop_with_empty_axes = 0 : i64} : (tensor<?x342xf32>, tensor<1xi64>) -> tensor<?xf32>
    return %16, %19 : tensor<?x2xf32>, tensor<?xf32>
  }
}

