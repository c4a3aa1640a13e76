// RUN: assay-opt %s --expose-kernel-buffers --simplify-loop-kernels --split-input-file | FileCheck %s

// The unit loop is dropped, the two others become one, on views of the buffers.
// CHECK-LABEL: func.func private @collapse(
// CHECK-SAME: %[[X:.*]]: memref<1x8x16xf32>, %[[O:.*]]: memref<1x8x16xf32>)
// CHECK-DAG: memref.collapse_shape %[[X]] {{\[}}[0, 1, 2]] : memref<1x8x16xf32> into memref<128xf32>
// CHECK-DAG: %[[V:.*]] = memref.collapse_shape %[[O]] {{\[}}[0, 1, 2]] : memref<1x8x16xf32> into memref<128xf32>
// CHECK: %[[Y:.*]] = linalg.generic
// CHECK-SAME: iterator_types = ["parallel"]
// CHECK: arith.mulf %{{.*}}, %{{.*}} fastmath<contract>
// CHECK: bufferization.materialize_in_destination %[[Y]] in restrict writable %[[V]]
func.func private @collapse(%x: tensor<1x8x16xf32>, %o: tensor<1x8x16xf32>) -> tensor<1x8x16xf32>
    attributes {kernel.entry} {
  %0 = linalg.map { arith.mulf } ins(%x, %x : tensor<1x8x16xf32>, tensor<1x8x16xf32>) outs(%o : tensor<1x8x16xf32>)
  return %0 : tensor<1x8x16xf32>
}

// -----

// The loop that walks both buffers contiguously goes innermost; sums may be
// reordered.
// CHECK: #[[LAST:.*]] = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-LABEL: func.func private @reduce(
// CHECK: linalg.generic {indexing_maps = [#[[LAST]],
// CHECK-SAME: iterator_types = ["reduction", "parallel"]
// CHECK: arith.addf %{{.*}}, %{{.*}} fastmath<reassoc,nsz,contract>
func.func private @reduce(%x: tensor<32x64xf32>, %o: tensor<64xf32>) -> tensor<64xf32>
    attributes {kernel.entry} {
  %0 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d1, d0)>, affine_map<(d0, d1) -> (d0)>],
                       iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<32x64xf32>) outs(%o : tensor<64xf32>) {
  ^bb0(%a: f32, %b: f32):
    %1 = arith.addf %a, %b : f32
    linalg.yield %1 : f32
  } -> tensor<64xf32>
  return %0 : tensor<64xf32>
}

// -----

// A divisor that is no sum of a row divides exactly.
// CHECK-LABEL: func.func private @divide(
// CHECK: arith.divf %{{[^ ]*}}, %{{[^ ]*}} : f32
func.func private @divide(%x: tensor<64xf32>, %s: tensor<f32>, %o: tensor<64xf32>) -> tensor<64xf32>
    attributes {kernel.entry} {
  %0 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> ()>, affine_map<(d0) -> (d0)>],
                       iterator_types = ["parallel"]}
      ins(%x, %s : tensor<64xf32>, tensor<f32>) outs(%o : tensor<64xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %1 = arith.divf %a, %b : f32
    linalg.yield %1 : f32
  } -> tensor<64xf32>
  return %0 : tensor<64xf32>
}
