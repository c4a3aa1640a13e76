// RUN: assay-opt %s --expose-kernel-buffers --tile-insertions | FileCheck %s

// A block receives what of each source falls into it.
// CHECK-LABEL: func.func private @kernel_1
// CHECK: scf.forall (%[[I:.*]]) = (0) to (114) step (2) shared_outs(%[[P:.*]] = %{{.*}}) -> (tensor<114x128x64xf32>)
// CHECK: %[[T:.*]] = tensor.extract_slice %[[P]][%[[I]], 0, 0]
// CHECK: %[[F:.*]] = linalg.fill ins(%{{.*}} : f32) outs(%[[T]] :
// CHECK: %[[S:.*]] = tensor.extract_slice %{{.*}}[%{{.*}}, 0, 0] [%[[N:.*]], 128, 64] [1, 1, 1] : tensor<112x128x64xf32>
// CHECK: %[[B:.*]] = tensor.insert_slice %[[S]] into %[[F]][%{{.*}}, 0, 0] [%[[N]], 128, 64] [1, 1, 1]
// CHECK: tensor.parallel_insert_slice %[[B]] into %[[P]][%[[I]], 0, 0]
func.func private @kernel_1(%x: tensor<112x128x64xf32>, %o: tensor<114x128x64xf32>) -> tensor<114x128x64xf32>
    attributes {kernel.entry} {
  %zero = arith.constant 0.0 : f32
  %f = linalg.fill ins(%zero : f32) outs(%o : tensor<114x128x64xf32>) -> tensor<114x128x64xf32>
  %y = tensor.insert_slice %x into %f[1, 0, 0] [112, 128, 64] [1, 1, 1]
      : tensor<112x128x64xf32> into tensor<114x128x64xf32>
  return %y : tensor<114x128x64xf32>
}
