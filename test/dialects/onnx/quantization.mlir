// RUN: assay-opt %s | assay-opt | FileCheck %s

// CHECK-LABEL: @granularities
func.func @granularities(%x: tensor<2x6x5xf32>, %s: tensor<f32>,
                         %a: tensor<6xf32>, %az: tensor<6xi8>,
                         %b: tensor<2x3x5xf32>) {
  // CHECK: onnx.QuantizeLinear(%{{.*}}, %{{.*}}, _) {{.*}}: (tensor<2x6x5xf32>, tensor<f32>) -> tensor<2x6x5xui8>
  %0 = onnx.QuantizeLinear(%x, %s, _) : (tensor<2x6x5xf32>, tensor<f32>) -> tensor<2x6x5xui8>
  // CHECK: -> tensor<2x6x5xi8>
  %1 = onnx.QuantizeLinear(%x, %a, %az) : (tensor<2x6x5xf32>, tensor<6xf32>, tensor<6xi8>) -> tensor<2x6x5xi8>
  // CHECK: -> tensor<2x6x5xi16>
  %2 = onnx.QuantizeLinear(%x, %b, _) {block_size = 2 : i64, output_dtype = i16} : (tensor<2x6x5xf32>, tensor<2x3x5xf32>) -> tensor<2x6x5xi16>
  // CHECK: onnx.DequantizeLinear(%{{.*}}, %{{.*}}, %{{.*}}) {{.*}}: (tensor<2x6x5xi8>, tensor<6xf32>, tensor<6xi8>) -> tensor<2x6x5xf32>
  %3 = onnx.DequantizeLinear(%1, %a, %az) : (tensor<2x6x5xi8>, tensor<6xf32>, tensor<6xi8>) -> tensor<2x6x5xf32>
  // CHECK: -> (tensor<2x6x5xui8>, tensor<f32>, tensor<ui8>)
  %4:3 = onnx.DynamicQuantizeLinear(%x) : (tensor<2x6x5xf32>) -> (tensor<2x6x5xui8>, tensor<f32>, tensor<ui8>)
  return
}
