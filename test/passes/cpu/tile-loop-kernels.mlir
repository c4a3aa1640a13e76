// RUN: assay-opt %s --expose-kernel-buffers --simplify-loop-kernels --tile-loop-kernels --split-input-file | FileCheck %s

#id = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d0)>

// The chain runs in tiles of whole rows, with an intermediate of one tile.
// CHECK-LABEL: func.func private @kernel_1
// CHECK: scf.forall (%[[I:.*]]) = (0) to (64) step (16) shared_outs(%[[P:.*]] = %{{.*}}) -> (tensor<64x128xf32>)
// CHECK: %[[E:.*]] = tensor.empty() : tensor<16xf32>
// CHECK: %[[F:.*]] = linalg.fill ins(%{{.*}} : f32) outs(%[[E]] : tensor<16xf32>)
// CHECK: %[[X:.*]] = tensor.extract_slice %{{.*}}[%[[I]], 0] [16, 128] [1, 1]
// CHECK: %[[M:.*]] = linalg.generic {{.*}} ["parallel", "reduction"]} ins(%[[X]] : {{.*}}) outs(%[[F]] : tensor<16xf32>)
// CHECK: linalg.generic {{.*}} ["parallel", "parallel"]} ins(%{{.*}}, %[[M]] :
// CHECK: tensor.parallel_insert_slice %{{.*}} into %[[P]][%[[I]], 0] [16, 128] [1, 1]
func.func private @kernel_1(%x: tensor<64x128xf32>, %o: tensor<64x128xf32>) -> tensor<64x128xf32>
    attributes {kernel.entry} {
  %lowest = arith.constant 0xFF800000 : f32
  %e = tensor.empty() : tensor<64xf32>
  %f = linalg.fill ins(%lowest : f32) outs(%e : tensor<64xf32>) -> tensor<64xf32>
  %m = linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<64x128xf32>) outs(%f : tensor<64xf32>) {
  ^bb0(%a: f32, %b: f32):
    %0 = arith.maximumf %a, %b : f32
    linalg.yield %0 : f32
  } -> tensor<64xf32>
  %y = linalg.generic {indexing_maps = [#id, #row, #id], iterator_types = ["parallel", "parallel"]}
      ins(%x, %m : tensor<64x128xf32>, tensor<64xf32>) outs(%o : tensor<64x128xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %0 = arith.subf %a, %b : f32
    linalg.yield %0 : f32
  } -> tensor<64x128xf32>
  return %y : tensor<64x128xf32>
}

// -----

#id = affine_map<(d0, d1, d2) -> (d0, d1, d2)>

// An elementwise kernel is flattened and cut into blocks, the last one shorter.
// CHECK-LABEL: func.func private @kernel_2
// CHECK: memref.collapse_shape %{{.*}} {{\[}}[0, 1, 2]] : memref<1x500x100xf32> into memref<50000xf32>
// CHECK: scf.forall (%[[I:.*]]) = (0) to (50000) step (16384)
// CHECK: affine.min {{.*}}(%[[I]])
func.func private @kernel_2(%x: tensor<1x500x100xf32>, %o: tensor<1x500x100xf32>) -> tensor<1x500x100xf32>
    attributes {kernel.entry} {
  %y = linalg.exp ins(%x : tensor<1x500x100xf32>) outs(%o : tensor<1x500x100xf32>) -> tensor<1x500x100xf32>
  return %y : tensor<1x500x100xf32>
}

// -----

// A sum over nothing stays whole.

// CHECK-LABEL: @empty_reduction
// CHECK-NOT: scf.forall
// CHECK: return
func.func @empty_reduction(%x: memref<2x0xf32>, %y: memref<2xf32>) attributes {kernel.entry} {
  %zero = arith.constant 0.0 : f32
  %0 = bufferization.to_tensor %x restrict : memref<2x0xf32> to tensor<2x0xf32>
  %1 = bufferization.to_tensor %y restrict writable : memref<2xf32> to tensor<2xf32>
  %2 = linalg.fill ins(%zero : f32) outs(%1 : tensor<2xf32>) -> tensor<2xf32>
  %3 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>], iterator_types = ["parallel", "reduction"]} ins(%0 : tensor<2x0xf32>) outs(%2 : tensor<2xf32>) {
  ^bb0(%a: f32, %out: f32):
    %sum = arith.addf %out, %a : f32
    linalg.yield %sum : f32
  } -> tensor<2xf32>
  bufferization.materialize_in_destination %3 in restrict writable %y : (tensor<2xf32>, memref<2xf32>) -> ()
  return
}
