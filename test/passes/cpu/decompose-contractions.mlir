// RUN: assay-opt %s --decompose-contractions | FileCheck %s

// CHECK-DAG: #[[LHS:.*]] = affine_map<(d0, d1, d2) -> (d0, d2)>
// CHECK-DAG: #[[PACKED:.*]] = affine_map<(d0, d1, d2) -> (d1 floordiv 32, d2, d1 mod 32)>
// CHECK-DAG: #[[INPUT:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d1 * 2 + d4, d2 + d5, (d3 floordiv 5) * 3 + d6)>
// CHECK-DAG: #[[TAPS:.*]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d4 * 3 + d5, d3)>

// CHECK-LABEL: func.func @matmul
// CHECK: linalg.fill
// CHECK: linalg.generic {indexing_maps = [#[[LHS]], #[[PACKED]], #{{.*}}], iterator_types = ["parallel", "parallel", "reduction"]}
func.func @matmul(%a: tensor<8x64xf32>, %b: tensor<2x64x32xf32>, %e: tensor<8x40xf32>) -> tensor<8x40xf32> {
  %0 = kernel.matmul packed ins(%a, %b : tensor<8x64xf32>, tensor<2x64x32xf32>)
                            outs(%e : tensor<8x40xf32>)
  return %0 : tensor<8x40xf32>
}

// CHECK-LABEL: func.func @conv
// CHECK: tensor.pad %{{.*}} low[0, 1, 1, 0] high[0, 1, 1, 0]
// CHECK: linalg.generic {indexing_maps = [#[[INPUT]], {{.*}} "reduction", "reduction", "reduction"]}
func.func @conv(%x: tensor<1x8x8x6xf32>, %w: tensor<2x27x32xf32>, %e: tensor<1x4x8x10xf32>) -> tensor<1x4x8x10xf32> {
  %0 = kernel.conv2d ins(%x, %w : tensor<1x8x8x6xf32>, tensor<2x27x32xf32>)
                     outs(%e : tensor<1x4x8x10xf32>)
       {kernel_shape = array<i64: 3, 3>, strides = array<i64: 2, 1>,
        pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>, group = 2 : i64}
  return %0 : tensor<1x4x8x10xf32>
}

// CHECK-LABEL: func.func @depthwise
// CHECK: linalg.generic {indexing_maps = [#{{.*}}, #[[TAPS]], {{.*}} "reduction", "reduction"]}
func.func @depthwise(%x: tensor<1x8x8x6xf32>, %w: tensor<9x6xf32>, %e: tensor<1x6x6x6xf32>) -> tensor<1x6x6x6xf32> {
  %0 = kernel.depthwise_conv2d ins(%x, %w : tensor<1x8x8x6xf32>, tensor<9x6xf32>)
                               outs(%e : tensor<1x6x6x6xf32>)
       {kernel_shape = array<i64: 3, 3>, strides = array<i64: 1, 1>,
        pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>}
  return %0 : tensor<1x6x6x6xf32>
}
