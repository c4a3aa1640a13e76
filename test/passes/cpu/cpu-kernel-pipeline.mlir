// RUN: assay-opt %s --cpu-kernel-pipeline=vector-bits=512 | FileCheck %s

// Words: pointer of %x, its dynamic dimension, bits of %s, pointer of %o, its
// dynamic dimension.
// CHECK-LABEL: llvm.func @kernel_1.body(
// CHECK-SAME: !llvm.ptr {llvm.noalias, llvm.noundef}, %{{.*}}: i64, %{{.*}}: f32,
// CHECK-SAME: passthrough = {{\[}}["prefer-vector-width", "512"]]
// CHECK-SAME: private
// CHECK-LABEL: llvm.func @kernel_1(
// CHECK-SAME: %[[W:.*]]: !llvm.ptr, %{{.*}}: i64, %{{.*}}: i64)
// CHECK: %[[P:.*]] = llvm.getelementptr %[[W]][2]
// CHECK: %[[S:.*]] = llvm.load %[[P]]
// CHECK: %[[T:.*]] = llvm.trunc %[[S]] : i64 to i32
// CHECK: llvm.bitcast %[[T]] : i32 to f32
// CHECK: llvm.call @kernel_1.body
// CHECK-LABEL: llvm.func @kernel_1.count(%{{.*}}: !llvm.ptr) -> i64
func.func private @kernel_1(%x: tensor<?xf32>, %s: f32, %o: tensor<?xf32>) -> tensor<?xf32>
    attributes {kernel.entry} {
  %0 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> ()>, affine_map<(d0) -> (d0)>],
                       iterator_types = ["parallel"]}
      ins(%x, %s : tensor<?xf32>, f32) outs(%o : tensor<?xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %1 = arith.mulf %a, %b : f32
    linalg.yield %1 : f32
  } -> tensor<?xf32>
  return %0 : tensor<?xf32>
}
