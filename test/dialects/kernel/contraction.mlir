// RUN: assay-opt %s --split-input-file --verify-diagnostics | assay-opt --split-input-file | FileCheck %s

// CHECK-LABEL: func.func @matmul
func.func @matmul(%a: tensor<8x64xf32>, %b: tensor<2x64x32xf32>, %e: tensor<8x40xf32>,
                  %q: tensor<2x?x64xf32>, %k: tensor<1x?x64xf32>, %s: tensor<2x?x?xf32>) {
  // CHECK: kernel.matmul packed ins(%{{.*}}, %{{.*}} : tensor<8x64xf32>, tensor<2x64x32xf32>) outs(%{{.*}} : tensor<8x40xf32>)
  %0 = kernel.matmul packed ins(%a, %b : tensor<8x64xf32>, tensor<2x64x32xf32>)
                            outs(%e : tensor<8x40xf32>)
  // CHECK: kernel.matmul transposed ins(%{{.*}}, %{{.*}} : tensor<2x?x64xf32>, tensor<1x?x64xf32>)
  %1 = kernel.matmul transposed ins(%q, %k : tensor<2x?x64xf32>, tensor<1x?x64xf32>)
                                outs(%s : tensor<2x?x?xf32>)
  return
}

// CHECK-LABEL: func.func @convolutions
func.func @convolutions(%x: tensor<1x8x8x6xf32>, %w: tensor<2x27x32xf32>, %e: tensor<1x4x8x10xf32>,
                        %v: tensor<9x6xf32>, %f: tensor<1x8x8x6xf32>) {
  // CHECK: kernel.conv2d ins(%{{.*}}, %{{.*}} : tensor<1x8x8x6xf32>, tensor<2x27x32xf32>) outs(%{{.*}} : tensor<1x4x8x10xf32>)
  // CHECK-SAME: group = 2
  %0 = kernel.conv2d ins(%x, %w : tensor<1x8x8x6xf32>, tensor<2x27x32xf32>)
                     outs(%e : tensor<1x4x8x10xf32>)
       {kernel_shape = array<i64: 3, 3>, strides = array<i64: 2, 1>,
        pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>, group = 2 : i64}
  // CHECK: kernel.depthwise_conv2d
  %1 = kernel.depthwise_conv2d ins(%x, %v : tensor<1x8x8x6xf32>, tensor<9x6xf32>)
                               outs(%f : tensor<1x8x8x6xf32>)
       {kernel_shape = array<i64: 3, 3>, strides = array<i64: 1, 1>,
        pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>}
  return
}

// -----

func.func @unpacked_filter(%a: tensor<8x64xf32>, %b: tensor<64x40xf32>, %e: tensor<8x40xf32>) {
  // expected-error @below {{does not hold the columns of}}
  %0 = kernel.matmul packed ins(%a, %b : tensor<8x64xf32>, tensor<64x40xf32>)
                            outs(%e : tensor<8x40xf32>)
  return
}

// -----

func.func @depths_differ(%a: tensor<8x64xf32>, %b: tensor<63x40xf32>, %e: tensor<8x40xf32>) {
  // expected-error @below {{does not fit}}
  %0 = kernel.matmul ins(%a, %b : tensor<8x64xf32>, tensor<63x40xf32>)
                     outs(%e : tensor<8x40xf32>)
  return
}

// -----

func.func @padded_dynamic_width(%x: tensor<1x8x?x6xf32>, %w: tensor<1x54x32xf32>, %e: tensor<1x8x?x10xf32>) {
  // expected-error @below {{with pads needs a static width}}
  %0 = kernel.conv2d ins(%x, %w : tensor<1x8x?x6xf32>, tensor<1x54x32xf32>)
                     outs(%e : tensor<1x8x?x10xf32>)
       {kernel_shape = array<i64: 3, 3>, strides = array<i64: 1, 1>,
        pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>}
  return
}

// -----

func.func @wrong_filter(%x: tensor<1x8x8x6xf32>, %w: tensor<1x54x32xf32>, %e: tensor<1x8x8x40xf32>) {
  // expected-error @below {{filter must be [2, 54, 32]}}
  %0 = kernel.conv2d ins(%x, %w : tensor<1x8x8x6xf32>, tensor<1x54x32xf32>)
                     outs(%e : tensor<1x8x8x40xf32>)
       {kernel_shape = array<i64: 3, 3>, strides = array<i64: 1, 1>,
        pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>}
  return
}

// -----

func.func @winograd_channels(%x: tensor<1x8x8x6xf32>, %w: tensor<36x6x32xf32>, %e: tensor<1x8x8x32xf32>) {
  // expected-error @below {{needs multiples of 16 input and of 32 output channels}}
  %0 = kernel.winograd_conv2d ins(%x, %w : tensor<1x8x8x6xf32>, tensor<36x6x32xf32>)
                              outs(%e : tensor<1x8x8x32xf32>) {pads = array<i64: 1, 1, 1, 1>}
  return
}
