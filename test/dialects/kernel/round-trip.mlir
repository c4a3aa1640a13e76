// RUN: assay-opt %s | assay-opt | FileCheck %s
// RUN: assay-opt %s --mlir-print-op-generic | assay-opt | FileCheck %s

// CHECK-LABEL: func.func @dispatch
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[N:.*]]: index, %[[E:.*]]: tensor<4xf32>)
func.func @dispatch(%x: tensor<4xf32>, %n: index, %e: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: %[[Y:.*]] = kernel.dispatch ins(%[[A:.*]] = %[[X]] : tensor<4xf32>, %{{.*}} = %[[N]] : index) outs(%[[O:.*]] = %[[E]] : tensor<4xf32>) {
  %y = kernel.dispatch ins(%a = %x : tensor<4xf32>, %i = %n : index)
                       outs(%o = %e : tensor<4xf32>) {
    // CHECK: linalg.exp ins(%[[A]] : tensor<4xf32>) outs(%[[O]] : tensor<4xf32>)
    %0 = linalg.exp ins(%a : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
    // CHECK: kernel.yield %{{.*}} : tensor<4xf32>
    kernel.yield %0 : tensor<4xf32>
  }
  return %y : tensor<4xf32>
}

func.func private @kernel_1f(tensor<4xf32>, f32, tensor<4xf32>) -> tensor<4xf32>
    attributes {kernel.entry}

// CHECK-LABEL: func.func @call
func.func @call(%x: tensor<4xf32>, %s: f32, %e: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: kernel.call @kernel_1f ins(%{{.*}}, %{{.*}} : tensor<4xf32>, f32) outs(%{{.*}} : tensor<4xf32>) -> tensor<4xf32>
  %y = kernel.call @kernel_1f ins(%x, %s : tensor<4xf32>, f32)
                              outs(%e : tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// CHECK-LABEL: func.func @call_on_buffers
func.func @call_on_buffers(%x: memref<4xf32>, %s: f32, %y: memref<4xf32>) {
  // CHECK: kernel.call @kernel_1f ins(%{{.*}}, %{{.*}} : memref<4xf32>, f32) outs(%{{.*}} : memref<4xf32>)
  kernel.call @kernel_1f ins(%x, %s : memref<4xf32>, f32) outs(%y : memref<4xf32>)
  return
}
