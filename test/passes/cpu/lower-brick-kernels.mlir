// RUN: assay-opt %s --lower-brick-kernels --canonicalize --cse | FileCheck %s
// RUN: assay-opt %s --lower-brick-kernels=lanes=8 | FileCheck %s --check-prefix=AVX2

#rows = affine_map<(m, n) -> (m, n)>
#columns = affine_map<(m, n) -> (n)>

// Two tiles of 32 columns, one of 8; two blocks of 8 rows.
// CHECK-LABEL: func.func private @matmul.count
// CHECK: %[[COUNT:.*]] = arith.constant 6 : index
// CHECK: return %[[COUNT]]

// The full tile: 8 x 2 accumulators over the depth, the bias on vectors.
// CHECK-LABEL: func.func private @matmul(
// CHECK-SAME: memref<16x64xf32>, %{{.*}}: memref<3x64x32xf32>, %{{.*}}: memref<72xf32>, %{{.*}}: memref<16x72xf32>, %[[LO:.*]]: index, %[[HI:.*]]: index)
// CHECK-SAME: kernel.entry
// CHECK: scf.for %{{.*}} = %[[LO]] to %[[HI]]
// CHECK: scf.if
// CHECK: scf.for %{{.*}} -> (vector<16xf32>, 
// CHECK-COUNT-16: vector.fma
// CHECK: scf.yield
// CHECK: vector.load %{{.*}} : memref<72xf32>
// CHECK: arith.addf %{{.*}} : vector<16xf32>
// CHECK: arith.maximumf %{{.*}} : vector<16xf32>
// CHECK: vector.store
// The last tile: one vector of which 8 lanes are stored.
// CHECK-COUNT-8: vector.fma
// CHECK-NOT: vector.fma
// CHECK: vector.maskedload
// CHECK: vector.maskedstore

// AVX2-LABEL: func.func private @matmul(
// AVX2: scf.for %{{.*}} -> (vector<8xf32>
// AVX2-COUNT-12: vector.fma
// AVX2: scf.yield
func.func private @matmul(%a: tensor<16x64xf32>, %b: tensor<3x64x32xf32>, %bias: tensor<72xf32>,
                          %out: tensor<16x72xf32>) -> tensor<16x72xf32> attributes {kernel.entry} {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<16x72xf32>
  %0 = kernel.matmul packed ins(%a, %b : tensor<16x64xf32>, tensor<3x64x32xf32>)
                            outs(%e : tensor<16x72xf32>)
  %1 = linalg.generic {indexing_maps = [#rows, #columns, #rows],
                       iterator_types = ["parallel", "parallel"]}
      ins(%0, %bias : tensor<16x72xf32>, tensor<72xf32>) outs(%out : tensor<16x72xf32>) {
  ^bb0(%x: f32, %y: f32, %z: f32):
    %2 = arith.addf %x, %y : f32
    %3 = arith.maximumf %2, %zero : f32
    linalg.yield %3 : f32
  } -> tensor<16x72xf32>
  return %1 : tensor<16x72xf32>
}

// Rows remain in any number: bricks of 8, 4, 2 and 1 rows.
// CHECK-LABEL: func.func private @dynamic_rows.count
// CHECK: arith.divui
// CHECK-LABEL: func.func private @dynamic_rows(
// CHECK-COUNT-16: vector.fma
// CHECK: scf.if
// CHECK-COUNT-8: vector.fma
// CHECK: scf.if
// CHECK: scf.if
func.func private @dynamic_rows(%a: tensor<?x64xf32>, %b: tensor<1x64x32xf32>, %out: tensor<?x32xf32>)
    -> tensor<?x32xf32> attributes {kernel.entry} {
  %0 = kernel.matmul packed ins(%a, %b : tensor<?x64xf32>, tensor<1x64x32xf32>)
                            outs(%out : tensor<?x32xf32>)
  return %0 : tensor<?x32xf32>
}

// One row of 8 pixels, padded: in a single tile each kernel column has its own
// loop, with as many pixels as lie inside.
// CHECK-LABEL: func.func private @conv.count
// CHECK: arith.constant 8 : index
// CHECK-LABEL: func.func private @conv(
// CHECK: arith.minsi
// CHECK: scf.for
// CHECK: scf.for
// CHECK-COUNT-14: vector.fma
// CHECK: scf.yield
// CHECK-COUNT-16: vector.fma
// CHECK: scf.yield
// CHECK-COUNT-14: vector.fma
// CHECK: scf.yield
func.func private @conv(%x: tensor<1x8x8x16xf32>, %w: tensor<1x144x32xf32>, %out: tensor<1x8x8x32xf32>)
    -> tensor<1x8x8x32xf32> attributes {kernel.entry} {
  %0 = kernel.conv2d ins(%x, %w : tensor<1x8x8x16xf32>, tensor<1x144x32xf32>)
                     outs(%out : tensor<1x8x8x32xf32>)
       {kernel_shape = array<i64: 3, 3>, strides = array<i64: 1, 1>,
        pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>}
  return %0 : tensor<1x8x8x32xf32>
}

// Vectors of channels, two rows of four pixels; rows outside the input are
// masked.
// CHECK-LABEL: func.func private @depthwise.count
// CHECK: arith.constant 4 : index
// CHECK-LABEL: func.func private @depthwise(
// CHECK: arith.cmpi {{.*}} : vector<16xi32>
// CHECK: vector.maskedload
// CHECK: vector.fma
func.func private @depthwise(%x: tensor<1x8x8x16xf32>, %w: tensor<9x16xf32>, %out: tensor<1x8x8x16xf32>)
    -> tensor<1x8x8x16xf32> attributes {kernel.entry} {
  %0 = kernel.depthwise_conv2d ins(%x, %w : tensor<1x8x8x16xf32>, tensor<9x16xf32>)
                               outs(%out : tensor<1x8x8x16xf32>)
       {kernel_shape = array<i64: 3, 3>, strides = array<i64: 1, 1>,
        pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>}
  return %0 : tensor<1x8x8x16xf32>
}

// Nine tiles in one block; 36 transformed inputs of each, 36 products, and the
// pixels of each tile, of which those beyond the border are not stored.
// CHECK-LABEL: func.func private @winograd.count
// CHECK: arith.constant 2 : index
// CHECK-LABEL: func.func private @winograd(
// CHECK-SAME: %[[LO:[a-z0-9]+]]: index, %{{[a-z0-9]+}}: index)
// CHECK: memref.alloca() {alignment = 64 : i64} : memref<5184xf32>
// CHECK: arith.cmpi eq, %{{.*}}, %[[LO]] : index
// CHECK: scf.if
// CHECK: vector.maskedload
// CHECK: scf.for {{.*}} -> (vector<16xf32>
// CHECK-COUNT-18: vector.fma
// CHECK: scf.yield
// CHECK: arith.cmpi slt
// CHECK: scf.if
// CHECK: vector.store
func.func private @winograd(%x: tensor<1x10x11x16xf32>, %w: tensor<72x16x32xf32>, %out: tensor<1x10x11x64xf32>)
    -> tensor<1x10x11x64xf32> attributes {kernel.entry} {
  %0 = kernel.winograd_conv2d ins(%x, %w : tensor<1x10x11x16xf32>, tensor<72x16x32xf32>)
                              outs(%out : tensor<1x10x11x64xf32>)
       {pads = array<i64: 1, 1, 1, 1>}
  return %0 : tensor<1x10x11x64xf32>
}
